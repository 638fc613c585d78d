"""Replay a session without a screen: in a vault of its own that is gone afterwards, every message approved
to whom the session's grants let it go.
"""

import asyncio
import datetime as dt
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import aclosing
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import msgspec

from assistant.bootstrap import House, make_house
from assistant.chat.checking import check
from assistant.chat.events import (
    Answer,
    AnswerDelta,
    Finished,
    NotSent,
    Outgoing,
    QuestionSaved,
    Sending,
)
from assistant.chat.question import Question
from assistant.clock import Clock, utc_now
from assistant.errors import ModelFailed, NothingDone, Refused
from assistant.links.importer import bring_in
from assistant.links.report import Totals
from assistant.llm.base import Usage
from assistant.llm.scripted import ScriptedBackend
from assistant.sharing.model import Destination
from assistant.simulate.plan import Asked, Plan, connectors, model_of


class Turn(msgspec.Struct):
    """What came of one question asked once."""

    sent: list[Outgoing] = []
    """Every message that left (or was read here), in order."""
    pieces: list[str] = []
    answer: Answer | None = None
    usage: Usage = Usage()
    why: str | None = None
    """Why nothing was sent."""
    failure: ModelFailed | None = None
    first: float | None = None
    total: float = 0.0


class Replayed(msgspec.Struct, frozen=True):
    """A session with everything that came of it."""

    plan: Plan
    records: Totals
    turns: Mapping[tuple[int, str], list[Turn]]
    """By question and destination, one for each time."""


Told = Callable[[Asked, str, int, Turn], None]
"""Is told each turn when it is over: the question, whom, which time (from 1), and what came of it."""


def replay(
    plan: Plan, *, times: int = 1, keys: Mapping[str, str] | None = None, told: Told = lambda *_: None
) -> Replayed:
    """Run a session so many times, each time in fresh chats.

    Raises:
        NothingDone: its records can't be read.
    """
    with tempfile.TemporaryDirectory(prefix="chartside-simulate-") as folder:
        house, _ = make_house(secrets.token_hex(32), home=Path(folder) / "home", clock=_clock(plan))
        try:
            return asyncio.run(_Replay(house, plan, times, keys or {}, told).run())
        finally:
            house.vault.close()


class _Replay:
    """One session under way in its vault."""

    def __init__(self, house: House, plan: Plan, times: int, keys: Mapping[str, str], told: Told) -> None:
        self._house = house
        self._plan = plan
        self._times = times
        self._keys = keys
        self._told = told

    async def run(self) -> Replayed:
        """Fill the vault, share, and ask everything."""
        records = await self._fill()
        self._let_answer()
        self._house.sharing.share(self._plan.grants)
        turns: dict[tuple[int, str], list[Turn]] = {}
        for time in range(1, self._times + 1):
            for destination in self._plan.destinations:
                chat: str | None = None
                for asked in self._plan.asked:
                    if destination.id in asked.to:
                        chat, turn = await self._ask(asked, destination.id, chat)
                        turns.setdefault((asked.n, destination.id), []).append(turn)
                        self._told(asked, destination.id, time, turn)
        return Replayed(self._plan, records, turns)

    async def _fill(self) -> Totals:
        house, patient = self._house, self._plan.session.patient
        report = await bring_in(house.vault, connectors(self._plan), clock=house.clock, patient=patient)
        if not report.usable:
            raise NothingDone(
                f"{self._plan.path}: nothing in its records could be used.",
                "Look what `chartside import --dry-run` says of them.",
            )
        return report.totals

    def _let_answer(self) -> None:
        for new in self._plan.session.destinations:
            if new.adapter != "scripted":
                self._house.models.add(model_of(new), self._keys.get(new.id))
        asked = len(self._plan.asked) * self._times
        replies = {new.id: new.replies for new in self._plan.session.destinations}
        for destination in self._plan.destinations:
            if destination.adapter == "scripted" and destination.id in replies:
                enough = islice(cycle(replies[destination.id]), asked)
                self._house.voices.put(ScriptedBackend(list(enough), destination))

    async def _ask(self, asked: Asked, to: str, chat: str | None) -> tuple[str | None, Turn]:
        question = Question(asked.ask, to, chat if asked.follows else None)
        turn = Turn()
        began = perf_counter()
        try:
            async with aclosing(self._house.chat.ask(question, self._approve)) as events:
                async for event in events:
                    match event:
                        case QuestionSaved(chat=saved):
                            chat = saved
                        case Sending(outgoing=outgoing):
                            turn.sent.append(outgoing)
                        case AnswerDelta(text=text):
                            turn.first = turn.first or perf_counter() - began
                            turn.pieces.append(text)
                        case NotSent(why=why):
                            turn.why = self._reason(to, why)
                        case Finished(answer=answer, usage=usage):
                            turn.answer, turn.usage = answer, usage
        except (ModelFailed, Refused) as error:
            _broke_off(turn, error)
        turn.total = perf_counter() - began
        return chat, turn

    async def _approve(self, outgoing: Outgoing) -> bool:
        return outgoing.destination.id in self._plan.consent

    def _reason(self, to: str, why: str) -> str:
        return why if to in self._plan.consent else f"the file has no grant for {to}."


def _broke_off(turn: Turn, error: ModelFailed | Refused) -> None:
    """What is known of a turn that ended in the middle."""
    if turn.sent and not (isinstance(error, ModelFailed) and error.sent):
        turn.sent.pop()
    if isinstance(error, ModelFailed):
        turn.failure = error
    else:
        turn.why = error.text
    if turn.pieces and turn.sent:
        turn.answer = check("".join(turn.pieces), turn.sent[-1].message)


def _clock(plan: Plan) -> Clock:
    today = plan.session.today
    if today is None:
        return utc_now
    noon = dt.datetime.combine(today, dt.time(12)).astimezone()
    return lambda: noon


def whereto(plan: Plan) -> tuple[Destination, ...]:
    """To whom messages will leave this computer."""
    asked = {to for question in plan.asked for to in question.to}
    return tuple(
        destination
        for destination in plan.destinations
        if destination.id in asked & plan.consent and not destination.stays_here
    )
