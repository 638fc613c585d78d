"""All facts that answer a question, the answering one first."""

import datetime as dt

import msgspec

from assistant.grounding.answer_about import ABOUT_ME, of_person
from assistant.grounding.answer_events import of_events
from assistant.grounding.answer_patterns import of_pattern
from assistant.grounding.answer_values import of_values
from assistant.grounding.broad import everything_in, is_broad, of_all_values, of_panel, summary
from assistant.grounding.doubt import doubt, doubtful, without_subject
from assistant.grounding.intent import Intent
from assistant.grounding.lexicon import Group, Lexicon
from assistant.grounding.match import as_asked
from assistant.grounding.reader import Reader
from assistant.grounding.resolve import resolved
from assistant.grounding.time_words import take
from assistant.grounding.topic import Topic, topics
from assistant.grounding.understanding import Understanding
from assistant.records import facts
from assistant.records.facts import Fact, FactKind
from assistant.records.facts.measures import measure
from assistant.records.model import Category, Record
from assistant.vault.query import RecordQuery

_VALUED = frozenset((Group.LAB, Group.VITAL, Group.ACTIVITY, Group.SLEEP, Group.ABOUT))
_AS_EVENTS = frozenset((Intent.COUNT, Intent.DETAIL, Intent.EVER))
_NOW_AND_THEN = frozenset((Intent.EVER, Intent.LATEST))


class Answer(msgspec.Struct, frozen=True):
    """The facts, and the records that bear on the question."""

    facts: tuple[Fact, ...]
    about: tuple[Record, ...] = ()
    """All records of the question's subjects, those that no fact may rest on included."""
    near: tuple[Record, ...] = ()
    """Records that share only some words with the question."""


def answer(understanding: Understanding, reader: Reader, known: Lexicon) -> Answer:
    """Work out what a question asks over what a reader returns; that there is nothing, where there is not."""
    u = _with_age(understanding, reader)
    if u.unread:
        return Answer((facts.no_birth_date(u.unread),))
    patterned = of_pattern(u, reader, known)
    if patterned is not None:
        return Answer(tuple(dict.fromkeys(patterned[0])), about=tuple(patterned[1]))
    if u.intent is Intent.SUMMARY:
        made, about = summary(u, reader, known)
        return Answer((*without_subject(u), *made), about=tuple(about))
    if not u.concepts and not u.leftover:
        return Answer((*without_subject(u), *everything_in(u, reader)))
    found = topics(u, reader, known)
    answers = [of_topic(u, topic, reader, known) or [facts.none(topic.frame)] for topic in found.topics]
    answers.sort(key=lambda made: made[0].kind is FactKind.NONE)
    unsure = doubt(u, found.topics) if answers[0][0].kind is not FactKind.NONE else ""
    told = tuple(dict.fromkeys(fact for made in answers for fact in made))
    return Answer(
        facts=(doubtful(unsure), *told) if unsure else told,
        about=tuple(record for topic in found.topics for record in topic.records),
        near=found.near,
    )


def _with_age(u: Understanding, reader: Reader) -> Understanding:
    """`when I was 30` as a stretch of time, where a birth date can be seen."""
    if not u.unread:
        return u
    born = facts.birth_date(reader.find(RecordQuery(categories=(Category.ABOUT,), kinds=("Patient",))))
    if born is None:
        return u
    window = take(u.unread, dt.date.fromisoformat(u.today), dt.date.fromisoformat(born)).window
    placed = msgspec.structs.replace(u, window=window, unread="")
    return msgspec.structs.replace(placed, intent=resolved(placed))


def of_topic(u: Understanding, topic: Topic, reader: Reader, known: Lexicon) -> list[Fact]:
    """The facts about one subject; none where nothing answers."""
    topic = msgspec.structs.replace(topic, records=tuple(as_asked(topic.records, topic.concept, known)))
    if topic.concept.id == ABOUT_ME:
        return of_person(u, topic)
    if is_broad(topic):
        return of_all_values(u, topic)
    if topic.concept.members and not (topic.records and _about_the_panel(u, topic)):
        return of_panel(u, topic, reader, known)
    as_event = topic.intent in _AS_EVENTS and u.asked.threshold is None
    if topic.concept.group in _VALUED and not topic.concept.members and not as_event:
        made = of_values(u, topic)
        if made or any(measure(record, topic.concept.part) for record in topic.records):
            return made
    return of_events(u, topic, reader) or _outside(u, topic)


def _about_the_panel(u: Understanding, topic: Topic) -> bool:
    """Whether the panel itself is asked about (when, how many) rather than what it measured."""
    return u.asked.date or u.asked.elapsed or topic.intent in _AS_EVENTS or topic.intent is Intent.PREVIOUS


def _outside(u: Understanding, topic: Topic) -> list[Fact]:
    """With nothing in the stretch of time asked about: that, and the last time at all."""
    if u.window is None or topic.intent not in _NOW_AND_THEN or topic.concept.everything:
        return []
    anytime = msgspec.structs.replace(topic.frame, window="")
    fact = facts.last_time(topic.records, anytime)
    return [facts.none(topic.frame), fact] if fact else []
