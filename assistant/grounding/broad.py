"""Facts for broad questions: all lab results, a panel, `how am I doing`."""

from collections.abc import Sequence

import msgspec

from assistant.grounding.answer_values import of_values
from assistant.grounding.frames import frame
from assistant.grounding.intent import Intent
from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.match import as_asked
from assistant.grounding.reader import Reader
from assistant.grounding.search import latest_of_concept, of_concept
from assistant.grounding.topic import Topic
from assistant.grounding.understanding import Understanding
from assistant.grounding.windows import within
from assistant.records import facts
from assistant.records.dates import iso_day, shown_date
from assistant.records.facts import Fact
from assistant.records.facts.phrases import day_of
from assistant.records.facts.things import by_title
from assistant.records.model import CATEGORY_NAMES, Category, Record
from assistant.vault.query import RecordQuery

_MOST_CHANGES = 20
_UNREMARKABLE = frozenset(
    (
        *("n", "neg", "nd", "nr", "exp", "s", "null", "wnl", "in range", "within range", "not detected"),
        *("negative", "non-reactive", "nonreactive", "unremarkable", "optimal", "desirable", "sufficient"),
    )
)
"""Flags, folded, that say nothing is unusual; so does what begins with `normal` or `within normal`."""
_NORMAL = ("normal", "within normal")
_KEY_VALUES = (
    *("blood_pressure", "weight", "bmi", "heart_rate", "a1c", "glucose", "ldl", "hdl", "triglycerides"),
    *("total_cholesterol", "creatinine", "egfr", "hemoglobin", "tsh"),
)
"""The values that a first look shows, where there are any."""


def of_all_values(u: Understanding, topic: Topic) -> list[Fact]:
    """All results or measurements: those of a time, the newest day's, what changed, or the newest of each."""
    frame_, inside = topic.frame, within(topic.records, u.window)
    if u.asked.flagged:
        return _flagged(topic, inside)
    if topic.intent is Intent.COUNT:
        return [facts.count(inside, frame_)]
    if u.asked.intent is Intent.CHANGE:
        return _changes(u, topic, inside)
    if topic.intent in (Intent.LATEST, Intent.EARLIEST, Intent.PREVIOUS):
        return _of_one_day(u, topic, inside)
    if u.window is not None or u.asked.most:
        fact = facts.listed(inside, frame_, most=u.asked.most)
    else:
        newest = [group[0] for group in by_title(inside).values()]
        fact = facts.listed(newest, msgspec.structs.replace(frame_, noun=f"latest {frame_.noun}"))
    return [fact] if fact else []


def _flagged(topic: Topic, records: Sequence[Record]) -> list[Fact]:
    """Only what the source itself marks as anything but normal."""
    marked = [one for record in records for one in _marked(record)]
    frame_ = msgspec.structs.replace(
        topic.frame,
        noun=f"{topic.frame.noun} that the source flags",
        subject=f"{topic.frame.subject} that the source flags as abnormal",
    )
    fact = facts.flagged(marked, frame_)
    return [fact or facts.none(frame_)]


def _marked(record: Record) -> list[Record]:
    """The record if it is marked as a whole, else each of its components that is."""
    if _remarkable(record.interpretation):
        return [record]
    return [facts.as_record(record, part) for part in record.parts if _remarkable(part.interpretation)]


def _remarkable(flags: Sequence[str]) -> bool:
    said = [flag.strip().casefold() for flag in flags]
    return any(flag not in _UNREMARKABLE and not flag.startswith(_NORMAL) for flag in said)


def _of_one_day(u: Understanding, topic: Topic, records: Sequence[Record]) -> list[Fact]:
    days = sorted(
        {day for record in records if facts.tells(record) and (day := day_of(record.when))}, reverse=True
    )
    at = {Intent.LATEST: 0, Intent.PREVIOUS: u.steps, Intent.EARLIEST: len(days) - 1}[topic.intent]
    if not 0 <= at < len(days):
        return []
    chosen = [record for record in records if day_of(record.when) == days[at]]
    if u.asked.date or u.asked.elapsed:
        when = facts.last_time(chosen, topic.frame, ago=u.asked.elapsed)
        return [when] if when else []
    fact = facts.listed(chosen, msgspec.structs.replace(topic.frame, window=f"on {shown_date(days[at])}"))
    return [msgspec.structs.replace(fact, date=days[at])] if fact else []


def _changes(u: Understanding, topic: Topic, records: Sequence[Record]) -> list[Fact]:
    made = []
    for group in by_title(records).values():
        found = facts.measures(group)
        if len(facts.comparable(found)[0]) > 1:
            fact = facts.change(found, topic.frame, since_last=u.window is None)
            made += [fact] if fact else []
    return made[:_MOST_CHANGES]


def of_panel(u: Understanding, topic: Topic, reader: Reader, lexicon: Lexicon) -> list[Fact]:
    """One fact for each part of a panel that has any value for the question."""
    made = []
    for member in topic.concept.members:
        concept = lexicon.concepts[member]
        records = as_asked(of_concept(concept, reader, lexicon), concept, lexicon)
        part = Topic(concept, topic.intent, frame(u, concept), tuple(records))
        made += [fact for fact in of_values(u, part)[:1] if fact.kind is not facts.FactKind.NONE]
    return made


def everything_in(u: Understanding, reader: Reader) -> list[Fact]:
    """`what happened in 2019`: what there is of each category in that time."""
    window = u.window
    if window is None:
        return []
    made = []
    for category in (
        Category.VISITS,
        Category.CONDITIONS,
        Category.PROCEDURES,
        Category.MEDICATIONS,
        Category.IMMUNIZATIONS,
        Category.LABS,
    ):
        query = RecordQuery(categories=(category,), since=window.since, until=window.until)
        noun = facts.NOUNS[category]
        fact = facts.listed(reader.find(query), facts.Frame(noun, u.today, window.words, noun))
        made += [fact] if fact else []
    return made or [facts.none(facts.Frame("anything", u.today, window.words))]


def summary(u: Understanding, reader: Reader, lexicon: Lexicon) -> tuple[list[Fact], list[Record]]:
    """A first look: what there is, what holds now, the newest key values; and the records that hold now."""
    made = [_overview(reader)]
    about: list[Record] = []
    if u.asked.intent is not Intent.SUMMARY and u.question.strip():
        return [fact for fact in made if fact] or [facts.none(facts.Frame("anything yet", u.today))], about
    for name in ("conditions", "medicines", "allergies"):
        concept = lexicon.concepts[name]
        records = of_concept(concept, reader, lexicon)
        made.append(facts.current(records, frame(_now(u), concept)))
        about += records
    made += [_newest_value(u, lexicon.concepts[name], reader, lexicon) for name in _KEY_VALUES]
    visits = lexicon.concepts["visits"]
    made.append(facts.last_time(latest_of_concept(visits, reader, lexicon), frame(_now(u), visits)))
    kept = [fact for fact in made if fact is not None]
    return kept or [facts.none(facts.Frame("anything to sum up", u.today))], about


def _now(u: Understanding) -> Understanding:
    return msgspec.structs.replace(u, window=None, leftover=(), narrowed=())


def _newest_value(u: Understanding, concept: Concept, reader: Reader, lexicon: Lexicon) -> Fact | None:
    records = as_asked(latest_of_concept(concept, reader, lexicon), concept, lexicon)
    found = facts.measures(records, concept.part)
    return facts.latest(found, frame(_now(u), concept))


def _overview(reader: Reader) -> Fact | None:
    """How many records of each category there are, and from when the newest is."""
    lines = []
    for category in Category:
        newest = reader.find(RecordQuery(categories=(category,), limit=1))
        if newest:
            count = reader.count(RecordQuery(categories=(category,)))
            lines.append(f"- {CATEGORY_NAMES[category]}: {count}{_newest(newest[0])}")
    if not lines:
        return None
    return Fact(facts.FactKind.OVERVIEW, "\n".join(["What is shared here, by category:", *lines]))


def _newest(record: Record) -> str:
    text = record.when.start or record.when.end or record.recorded
    return f", the newest from {shown_date(iso_day(text))}" if text else ""


def is_broad(topic: Topic) -> bool:
    """Whether a topic is all values of a category."""
    return topic.concept.everything and topic.concept.group in (
        Group.LAB,
        Group.VITAL,
        Group.ACTIVITY,
        Group.SLEEP,
    )
