"""One source's batches into the vault: what is new, what is known, whose it is, what it means.

While it isn't known whose something is (a Patient resource may come last), it is stored provisionally within
the transaction and counted apart; `settle` decides before anything is committed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from assistant.links.arrivals import Arrival, arrivals, is_newer
from assistant.links.owner import note_person
from assistant.links.reading import SUPPORTING, Reader
from assistant.links.report import FileReport, Found
from assistant.links.resource import resource_in
from assistant.links.rows import new_record
from assistant.links.whose import Persons, Whose, decide, told_apart
from assistant.records.model import Record, SetAside, Supporting
from assistant.records.person import Person, needs_person, read_person
from assistant.records.read import is_plain
from assistant.vault.events import EventStore
from assistant.vault.raws import KnownRaw, NewRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.session import Session
from connectors.model import Batch

NO_PERSON = "It doesn't say whose it is."
IN_DOUBT = "It can't be told whether it is yours."
SOMEONE_ELSE = "It belongs to another person."
AT_ONCE = 100
"""So many resources are read again together."""

Meaning = Record | Supporting | SetAside


class Placed(msgspec.Struct):
    """What became of one arrival."""

    part: str
    arrival: Arrival
    meaning: Meaning
    missing: tuple[str, ...]
    """References that it uses and that weren't known yet."""
    outcome: str
    """`new`, `updated`, `merged`, `set_aside` or `supporting`."""
    undecided: bool
    """Whether it isn't known yet whose it is."""
    raw: int = 0
    """Number of its raw row, once stored."""


class Provisional(msgspec.Struct):
    """What was stored of one part for a person not yet decided on."""

    counts: Counter[str] = msgspec.field(default_factory=Counter)
    set_aside: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    raws: list[int] = msgspec.field(default_factory=list)


class Intake:
    """Takes the batches of one source within one transaction of one run."""

    def __init__(self, session: Session, *, source: str, run: int, owner: Person | None) -> None:
        self.source = source
        self._run = run
        self._owner = owner
        self._reader = Reader(source)
        self.go_on_in(session)
        self._provisional: dict[tuple[str, str], Provisional] = defaultdict(Provisional)
        self._incomplete: dict[int, tuple[str, ...]] = {}
        """Raws in force whose names have not all come, with what they miss."""
        self.persons = Persons()
        self.files: dict[str, FileReport] = {}

    def go_on_in(self, session: Session) -> None:
        """Go on within another transaction of the same run."""
        self._raws = RawStore(session)
        self._records = RecordStore(session)
        self._events = EventStore(session)
        self._reader.raws = self._raws

    def take(self, batch: Batch) -> None:
        """Store one batch, or count why not."""
        report = self.files.setdefault(batch.part, FileReport(batch.part, batch.format))
        report.problems += [Found(problem.at, problem.text) for problem in batch.problems]
        came = arrivals(batch, report)
        for arrival in came:
            self._meet(arrival)
        known = self._raws.current(self.source, [(arrival.type, arrival.rid) for arrival in came])
        placed = self._place_all(came, known, report)
        self._mark_merged(placed)
        self._store(placed, known)
        for one in placed:
            self._count(one, report)

    def settle(self, owner: Person | None) -> None:
        """Decide on everything provisional, then fill in names that came late."""
        for (part, person), provisional in self._provisional.items():
            report = self.files[part]
            whose = Whose.DOUBT if owner is None else decide(person, self.persons, owner)
            if owner is None or whose is Whose.OTHER:
                self._drop(provisional.raws)
                count = sum(provisional.counts.values()) - provisional.counts[SUPPORTING]
                why = SOMEONE_ELSE if owner is not None else "It isn't said whose chart this is."
                report.refuse(told_apart(self.persons, person), why, count)
            elif whose is Whose.DOUBT:
                self._raws.set_state(provisional.raws, "set_aside", IN_DOUBT)
                self._records.remove(provisional.raws)
                count = sum(provisional.counts.values())
                report.put_aside(told_apart(self.persons, person), IN_DOUBT, count)
            else:
                _add_counts(report, provisional)
        self._provisional.clear()
        self._owner = owner
        self._complete()

    def _meet(self, arrival: Arrival) -> None:
        self._reader.met(arrival.item, arrival.target)
        if arrival.type == "Patient":
            self.persons.describe(read_person(arrival.resource, arrival.item.full_url))
        else:
            note_person(self.persons, arrival.type, arrival.person)

    def _place_all(
        self, came: Sequence[Arrival], known: Mapping[tuple[str, str], KnownRaw], report: FileReport
    ) -> list[Placed]:
        """What became of each, in order; those that name others are read first."""
        placed: dict[int, Placed | None] = {}
        for at in sorted(range(len(came)), key=lambda at: needs_person(came[at].type)):
            placed[at] = self._place(came[at], known, report)
        self._reader.let_go()
        return [one for at in range(len(came)) if (one := placed[at]) is not None]

    def _place(
        self, arrival: Arrival, known: Mapping[tuple[str, str], KnownRaw], report: FileReport
    ) -> Placed | None:
        held = known.get((arrival.type, arrival.rid))
        if held is not None and (held.digest == arrival.item.digest or self._holds_newer(held, arrival)):
            self._count_held(report, held)
            return None
        whose = self._whose(arrival)
        if whose is Whose.OTHER:
            report.refuse(told_apart(self.persons, arrival.person or ""), SOMEONE_ELSE)
            return None
        meaning, missing = self._meaning(arrival, whose)
        undecided = whose is None and arrival.person is not None and needs_person(arrival.type)
        return Placed(report.path, arrival, meaning, missing, _outcome(meaning, held), undecided)

    def _whose(self, arrival: Arrival) -> Whose | None:
        """Whose it is, None if that can't be said yet or doesn't apply."""
        person = arrival.person
        if person is None or self._owner is None or not needs_person(arrival.type):
            return None
        if person in self.persons.described or person in self._owner.keys:
            return decide(person, self.persons, self._owner)
        return None

    def _meaning(self, arrival: Arrival, whose: Whose | None) -> tuple[Meaning, tuple[str, ...]]:
        if whose is Whose.DOUBT:
            return SetAside(IN_DOUBT), ()
        reading = self._reader.read(arrival.resource, arrival.target, plain=is_plain(arrival.item.body))
        if isinstance(reading.meaning, Record) and arrival.person is None and needs_person(arrival.type):
            return SetAside(NO_PERSON), ()
        return reading.meaning, reading.missing

    def _holds_newer(self, held: KnownRaw, arrival: Arrival) -> bool:
        kept = self._raws.get(held.n)
        return kept is not None and is_newer(resource_in(kept.body, kept.format, kept.rid), arrival.resource)

    def _mark_merged(self, placed: Iterable[Placed]) -> None:
        fresh = [
            p for p in placed if p.outcome == "new" and isinstance(p.meaning, Record) and p.meaning.event
        ]
        events = [p.meaning.event for p in fresh if isinstance(p.meaning, Record)]
        if not events or not self._events.other_sources(self.source):
            return
        elsewhere = self._events.told_elsewhere(self.source, events)
        for one in fresh:
            if isinstance(one.meaning, Record) and one.meaning.event in elsewhere:
                one.outcome = "merged"

    def _store(self, placed: Sequence[Placed], known: Mapping[tuple[str, str], KnownRaw]) -> None:
        replaced = [known[key].n for p in placed if (key := (p.arrival.type, p.arrival.rid)) in known]
        if replaced:
            self._raws.set_current(replaced, False)
            self._records.remove(replaced)
            for number in replaced:
                self._incomplete.pop(number, None)
        for one, number in zip(placed, self._raws.add([self._raw(p) for p in placed]), strict=True):
            one.raw = number
            if one.missing:
                self._incomplete[number] = one.missing
        self._records.add(
            [
                new_record(p.meaning, raw=p.raw, source=self.source)
                for p in placed
                if isinstance(p.meaning, Record)
            ]
        )

    def _raw(self, placed: Placed) -> NewRaw:
        item = placed.arrival.item
        states = {Record: "record", Supporting: SUPPORTING, SetAside: "set_aside"}
        return NewRaw(
            source=self.source,
            run=self._run,
            part=placed.part,
            at=item.at,
            format=item.format,
            type=placed.arrival.type,
            rid=placed.arrival.rid,
            full_url=item.full_url,
            digest=item.digest,
            body=item.body,
            person=placed.arrival.person,
            state=states[type(placed.meaning)],
            why=placed.meaning.why if isinstance(placed.meaning, SetAside) else "",
        )

    def _count(self, placed: Placed, report: FileReport) -> None:
        aside = (placed.arrival.type, placed.meaning.why) if isinstance(placed.meaning, SetAside) else None
        if placed.undecided and placed.arrival.person is not None:
            provisional = self._provisional[report.path, placed.arrival.person]
            provisional.raws.append(placed.raw)
            provisional.counts[placed.outcome] += 1
            if aside is not None:
                provisional.set_aside[aside] += 1
        elif aside is not None:
            report.put_aside(*aside)
        else:
            _raise_count(report, placed.outcome, 1)

    def _count_held(self, report: FileReport, held: KnownRaw) -> None:
        if held.state == "set_aside":
            kept = self._raws.get(held.n)
            report.put_aside(held.type or "?", kept.why if kept is not None else "")
        elif held.state == SUPPORTING:
            report.supporting += 1
        else:
            report.unchanged += 1

    def _drop(self, raws: list[int]) -> None:
        self._records.remove(raws)
        self._raws.remove(raws)

    def _complete(self) -> None:
        """Read again what used names that came after it; what still misses one waits for the next pages."""
        late = self._reader.late
        if not late:
            return
        completed = [n for n, missing in self._incomplete.items() if not late.isdisjoint(missing)]
        for start in range(0, len(completed), AT_ONCE):
            self._read_again(completed[start : start + AT_ONCE])
        late.clear()

    def _read_again(self, raws: Sequence[int]) -> None:
        for n in raws:
            del self._incomplete[n]
        read = []
        for held in self._raws.many(raws):
            if held.state != "record":
                continue
            reading = self._reader.read_stored(held)
            if isinstance(reading.meaning, Record):
                read.append(new_record(reading.meaning, raw=held.n, source=self.source))
            if reading.missing:
                self._incomplete[held.n] = reading.missing
        self._records.remove([new.raw for new in read])
        self._records.add(read)


def _outcome(meaning: Meaning, held: KnownRaw | None) -> str:
    if isinstance(meaning, Supporting):
        return SUPPORTING
    if isinstance(meaning, SetAside):
        return "set_aside"
    return "updated" if held is not None and held.state == "record" else "new"


def _add_counts(report: FileReport, provisional: Provisional) -> None:
    for outcome, count in provisional.counts.items():
        if outcome != "set_aside":
            _raise_count(report, outcome, count)
    for (what, why), count in provisional.set_aside.items():
        report.put_aside(what, why, count)


def _raise_count(report: FileReport, outcome: str, count: int) -> None:
    setattr(report, outcome, getattr(report, outcome) + count)
