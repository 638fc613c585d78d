"""The same question gets the same facts, whoever is asked and however often."""

import asyncio

from assistant.bootstrap import House
from assistant.chat.events import Outgoing, OutgoingReady
from assistant.chat.question import Question
from assistant.llm.models import NewModel
from assistant.records.model import Category
from assistant.sharing.model import Grant

QUESTIONS = (
    "How has my LDL changed since 2019?",
    "Am I allergic to penicillin?",
    "What medicines do I take?",
)
DESTINATIONS = ("offline", "scripted", "small")


def made(house: House, question: str, to: str) -> Outgoing:
    """The message that would go."""

    async def no(outgoing: Outgoing) -> bool:
        return False

    async def run() -> Outgoing:
        asked = house.chat.ask(Question(question, to, dry_run=True), no)
        (ready,) = [event.outgoing async for event in asked if isinstance(event, OutgoingReady)]
        return ready

    return asyncio.run(run())


def test_three_destinations_five_times_each_get_the_same_facts(house: House) -> None:
    house.models.add(NewModel("small", "openai", "m-1", "http://127.0.0.1:9/v1", narrow=True), None)
    house.sharing.share([Grant(to, category) for to in DESTINATIONS[1:] for category in Category])
    for question in QUESTIONS:
        facts = [
            [(fact.kind, fact.text, fact.records) for fact in made(house, question, to).message.facts]
            for to in DESTINATIONS
            for _ in range(5)
        ]
        assert facts[0]
        assert all(found == facts[0] for found in facts)
