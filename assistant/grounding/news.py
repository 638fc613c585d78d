"""What is new since the last visit, or since a day: begun, ended, given, measured again."""

from collections.abc import Sequence

from assistant.grounding.frames import noun
from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.reader import Reader
from assistant.grounding.search import latest_of_concept, of_concept
from assistant.grounding.understanding import Understanding
from assistant.records import facts
from assistant.records.dates import first_day, shown_date
from assistant.records.facts import Fact, Frame
from assistant.records.model import Record

_LAST = frozenset((Group.CONDITION, Group.MEDICINE, Group.ALLERGY))
"""Groups of things that go on, so that only those not seen before are new."""


def news(u: Understanding, reader: Reader, known: Lexicon) -> tuple[list[Fact], list[Record]]:
    """One fact for each kind of record with something new, after the day that it counts from."""
    made: list[Fact] = []
    about: list[Record] = []
    day = u.window.since if u.window is not None else None
    if day is None:
        visit = _last_visit(u, reader, known)
        if visit is None:
            return [facts.none(Frame("a visit to count from", u.today))], about
        made, about, day = [visit[0]], [visit[1]], first_day(visit[1].when)
    since = f"since {shown_date(day)}"
    told: list[Fact] = []
    for concept in u.concepts:
        if concept.group is not Group.VISIT:
            records = of_concept(concept, reader, known)
            told += _of_kind(concept, records, day, Frame(concept.name, u.today, since, noun(concept)))
            about += records
    return made + (told or [facts.none(Frame("anything new", u.today, since))]), about


def _last_visit(u: Understanding, reader: Reader, known: Lexicon) -> tuple[Fact, Record] | None:
    """The latest visit that took place up to today."""
    visits = known.concepts["visits"]
    held = [
        record
        for record in latest_of_concept(visits, reader, known)
        if "" < first_day(record.when) <= u.today
    ]
    fact = facts.last_time(held, Frame(visits.name, u.today, noun=noun(visits), general=True))
    if fact is None:
        return None
    return fact, next(record for record in held if record.id == fact.records[0])


def _of_kind(concept: Concept, records: Sequence[Record], day: str, about: Frame) -> list[Fact]:
    if concept.measured:
        made = [facts.measured_since(records, day, about)]
    elif concept.group in _LAST:
        made = [facts.begun_since(records, day, about), facts.ended_since(records, day, about)]
    else:
        made = [facts.begun_since(records, day, about, again=True)]
    return [fact for fact in made if fact is not None]
