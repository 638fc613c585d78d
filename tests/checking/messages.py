"""Messages as they go out about the invented sample patient, to be frozen."""

import asyncio
import datetime as dt
import tempfile
from pathlib import Path

import msgspec

from assistant.bootstrap import House, make_house, sample_sources
from assistant.chat.events import Outgoing, OutgoingReady
from assistant.chat.question import Question
from assistant.links.importer import bring_in
from assistant.records.model import Category
from assistant.sharing.model import Grant, Message

NOW = dt.datetime(2026, 11, 22, 10, 15, tzinfo=dt.UTC)


def messages(questions: list[str]) -> list[Message]:
    """What each question would send where everything is shared, without the instructions."""
    with tempfile.TemporaryDirectory() as folder:
        house, _ = make_house("an invented passphrase", home=Path(folder) / "home", clock=lambda: NOW)
        asyncio.run(bring_in(house.vault, sample_sources(), clock=lambda: NOW))
        house.sharing.share(Grant("scripted", category) for category in Category)
        asked = [asyncio.run(_message(house, question)) for question in questions]
        house.vault.close()
    return [msgspec.structs.replace(message, instructions="", tools=(), prompts=()) for message in asked]


async def _message(house: House, question: str) -> Message:
    async def no(outgoing: Outgoing) -> bool:
        return outgoing is None

    asked = house.chat.ask(Question(question, "scripted", dry_run=True), no)
    ready = [event async for event in asked if isinstance(event, OutgoingReady)]
    return ready[0].outgoing.message
