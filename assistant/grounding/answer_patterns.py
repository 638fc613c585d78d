"""Facts about patterns over time: each kind of pattern from the subjects that a question names."""

from collections.abc import Sequence

import msgspec

from assistant.grounding.frames import frame
from assistant.grounding.intent import Intent
from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.match import as_asked, names
from assistant.grounding.news import news
from assistant.grounding.pattern import Pattern, Sought
from assistant.grounding.reader import Reader
from assistant.grounding.search import by_words, of_concept
from assistant.grounding.topic import Topic, topics
from assistant.grounding.understanding import Understanding, listed
from assistant.grounding.windows import started_in, within
from assistant.records import facts
from assistant.records.facts import Fact, Frame, Measure
from assistant.records.model import Category, Record

Made = tuple[list[Fact], list[Record]]
"""Facts, and all records of what they are about."""


def of_pattern(u: Understanding, reader: Reader, known: Lexicon) -> Made | None:
    """What a pattern gives; None where no pattern is asked for or there is nothing to work it out from."""
    sought = u.asked.pattern
    if sought is None:
        return None
    match sought.pattern:
        case Pattern.NEWS:
            return news(u, reader, known)
        case Pattern.DISAGREE:
            return _disagreements(u, reader, known)
        case Pattern.BEFORE_AFTER:
            made = _before_after(u, reader, known)
        case Pattern.TOGETHER:
            made = _together(u, reader, known)
        case _:
            made = _of_each(u, sought, reader, known)
    return made if made[0] else None


def _of_each(u: Understanding, sought: Sought, reader: Reader, known: Lexicon) -> Made:
    made: list[Fact] = []
    about: list[Record] = []
    for topic in _topics(u, reader, known):
        fact = _of_one(u, sought, topic, known)
        made += [fact] if fact else []
        about += topic.records
    return made, about


def _of_one(u: Understanding, sought: Sought, topic: Topic, known: Lexicon) -> Fact | None:
    if sought.pattern is Pattern.GAPS:
        return facts.gaps(within(topic.records, u.window), topic.frame, missed=sought.missed)
    found = _values(u, topic, known)
    if sought.pattern is Pattern.RUN:
        return facts.runs(found, topic.frame, sought.side, now=sought.now)
    return facts.by_time(found, topic.frame, sought.step) if sought.step else None


def _topics(u: Understanding, reader: Reader, known: Lexicon) -> list[Topic]:
    """The subjects with all their records, whatever the time; a panel as its parts."""
    asked = msgspec.structs.replace(u.asked, intent=Intent.LIST)
    many = len(u.concepts) > 1
    whole = msgspec.structs.replace(u, asked=asked, intent=Intent.LIST, window=None, joined=u.joined or many)
    found = []
    for topic in topics(whole, reader, known).topics:
        parts = [known.concepts[name] for name in topic.concept.members]
        found += [_part(u, part, reader, known) for part in parts] or [topic]
    framed = [msgspec.structs.replace(t.frame, window=u.window.words if u.window else "") for t in found]
    return [msgspec.structs.replace(t, frame=f) for t, f in zip(found, framed, strict=True)]


def _part(u: Understanding, concept: Concept, reader: Reader, known: Lexicon) -> Topic:
    records = tuple(of_concept(concept, reader, known))
    return Topic(concept, Intent.LIST, frame(u, concept), records)


def _values(u: Understanding, topic: Topic, known: Lexicon) -> list[Measure]:
    found = facts.measures(as_asked(topic.records, topic.concept, known), topic.concept.part)
    return [m for m in found if u.window is None or started_in(m.record, u.window)]


def _together(u: Understanding, reader: Reader, known: Lexicon) -> Made:
    both = _topics(u, reader, known)
    if len(both) != 2:
        return [], []
    fact = facts.together(_values(u, both[0], known), _values(u, both[1], known), both[0].frame)
    return ([fact] if fact else []), [record for topic in both for record in topic.records]


def _before_after(u: Understanding, reader: Reader, known: Lexicon) -> Made:
    medicines = [concept for concept in u.concepts if concept.group is Group.MEDICINE]
    taken = [record for concept in medicines for record in of_concept(concept, reader, known)]
    if not medicines and u.leftover:
        taken = list(by_words(u.leftover, (Category.MEDICATIONS,), reader).records)
    measured = tuple(concept for concept in u.concepts if concept.measured)
    alone = msgspec.structs.replace(u, concepts=measured, leftover=(), window=None)
    made: list[Fact] = []
    about: list[Record] = list(taken)
    for topic in _topics(alone, reader, known):
        about += topic.records
        fact = facts.before_after(_values(alone, topic, known), taken)
        made += [fact] if fact else []
    if not taken and medicines:
        return [facts.none(frame(u, concept)) for concept in medicines], about
    return made, about


def _disagreements(u: Understanding, reader: Reader, known: Lexicon) -> Made:
    things = [concept for concept in u.concepts if not concept.everything]
    about: list[Record] = []
    for concept in u.concepts:
        own = of_concept(concept, reader, known)
        about += (
            [r for r in own if any(names(r, c) for c in things)] if concept.everything and things else own
        )
    made = facts.disagreements(about)
    named = listed(tuple(concept.name for concept in things or u.concepts))
    subject = f"a contradiction about {named} (compared: allergies and conditions both held and ruled out,"
    none = facts.none(Frame(f"{subject} medicines with two doses)", u.today))
    return made or [none], _unique(about)


def _unique(records: Sequence[Record]) -> list[Record]:
    return list({record.id: record for record in records}.values())
