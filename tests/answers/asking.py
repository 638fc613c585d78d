"""A vault with one bundle in it, and what the product makes of questions to it."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from assistant.bootstrap import House, make_house, words_for
from assistant.chat.prepare import BUDGET_TOKENS, Asked, Draft, draft
from assistant.grounding.ground import ground
from assistant.grounding.tokens import estimate
from assistant.links.importer import bring_in
from assistant.records.facts import Fact
from assistant.records.identity import record_id, source_id
from assistant.records.model import Category
from assistant.records.show import line
from assistant.sharing.model import OFFLINE
from assistant.sharing.reader import SharedReader
from assistant.vault.query import EVERYTHING, Atom, Reach, RecordQuery
from assistant.vault.records import RecordStore
from tests.answers.baselines import Bm25, Line
from tests.answers.chart import Chart
from tests.answers.families import Case
from tests.fakes.in_process import InProcessFile

PASSPHRASE = "an invented patient's passphrase"


class Answered(msgspec.Struct, frozen=True):
    """What the product gives for a question; records and citations by resource id."""

    facts: tuple[Fact, ...]
    given: tuple[str, ...]
    tokens: int
    off: tuple[Category, ...]


class Patient:
    """One open vault with one patient's bundle."""

    def __init__(self, house: House, chart: Chart) -> None:
        self._house = house
        self._today = chart.today
        self._resources = _resources(chart)
        self._lines: dict[Reach, tuple[Sequence[Line], Bm25]] = {}

    @property
    def resources(self) -> frozenset[str]:
        """Ids of the resources that are records in the vault."""
        with self._house.vault.read() as session:
            held = RecordStore(session).ids(EVERYTHING, RecordQuery())
        return frozenset(self._resources[record] for record in held if record in self._resources)

    def answered(self, case: Case) -> Answered:
        """The message of a question and the facts in it, as `offline` would answer it."""
        with self._house.vault.read() as session:
            store = RecordStore(session)
            drafted = self._draft(case, store)
            grounded = ground(
                drafted.understanding,
                SharedReader(store, drafted.reach),
                budget_tokens=BUDGET_TOKENS,
                estimate=estimate,
            )
        message = drafted.message
        assert [fact.text for fact in grounded.facts] == [fact.text for fact in message.facts]
        facts = (
            msgspec.structs.replace(fact, records=tuple(map(self._resource, fact.records)))
            for fact in grounded.facts
        )
        return Answered(
            facts=tuple(facts),
            given=tuple(self._resource(item.record) for item in message.items),
            tokens=sum(item.tokens for item in message.items) + sum(estimate(f.text) for f in message.facts),
            off=drafted.local.off,
        )

    def lines(self, case: Case) -> tuple[Sequence[Line], Bm25]:
        """All granted records newest first, and the index over them."""
        reach = _reach(case.off)
        if reach not in self._lines:
            with self._house.vault.read() as session:
                records = SharedReader(RecordStore(session), reach).find(RecordQuery())
            lines = [Line(self._resource(record.id), line(record, record.elements)) for record in records]
            self._lines[reach] = lines, Bm25(lines)
        return self._lines[reach]

    def _draft(self, case: Case, store: RecordStore) -> Draft:
        previous = None
        for question in (case.previous, case.question):
            if question is not None:
                drafted = draft(
                    Asked(question, (), previous),
                    destination=OFFLINE,
                    store=store,
                    reach=_reach(case.off),
                    words=words_for(OFFLINE),
                    today=self._today,
                )
                previous = drafted.understanding
        return drafted

    def _resource(self, record: str) -> str:
        return self._resources.get(record, record)


def _reach(off: Sequence[Category]) -> Reach:
    return tuple(Atom(category, labelled=True) for category in Category if category not in off)


def _resources(chart: Chart) -> dict[str, str]:
    """Resource ids by record id."""
    source = source_id("file", str(chart.path))
    return {
        record_id(source, f"{resource['resourceType']}/{resource['id']}"): str(resource["id"])
        for resource in chart.held
        if "id" in resource
    }


@contextmanager
def patient(chart: Chart, home: Path) -> Iterator[Patient]:
    """A vault with this chart brought in; the first Patient is the owner where it holds two."""

    def clock() -> dt.datetime:
        return dt.datetime.combine(chart.today, dt.time(12), dt.UTC)

    owner = next(str(r["id"]) for r in chart.held if r["resourceType"] == "Patient")
    house, _ = make_house(PASSPHRASE, home=home, clock=clock)
    asyncio.run(bring_in(house.vault, [InProcessFile(chart.path)], clock=clock, patient=owner))
    try:
        yield Patient(house, chart)
    finally:
        house.vault.close()
