"""The records that a question is about, one topic for each of its subjects."""

from collections.abc import Sequence

import msgspec

from assistant.grounding.frames import frame
from assistant.grounding.intent import Intent
from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.match import is_own, names, texts_of
from assistant.grounding.reader import Reader
from assistant.grounding.resolve import intent_for
from assistant.grounding.search import (
    by_words,
    exactly_named,
    latest_of_concept,
    narrow,
    of_concept,
    of_concept_in,
    score,
    stem,
)
from assistant.grounding.understanding import CLINICAL, Understanding
from assistant.grounding.window import Shape
from assistant.records.facts import Frame, newest
from assistant.records.facts.measures import measure
from assistant.records.model import Category, Record
from assistant.records.words import fold

_GROUPS: dict[Category, Group] = {
    Category.LABS: Group.LAB,
    Category.VITALS: Group.VITAL,
    Category.MEDICATIONS: Group.MEDICINE,
    Category.CONDITIONS: Group.CONDITION,
    Category.IMMUNIZATIONS: Group.VACCINE,
    Category.ALLERGIES: Group.ALLERGY,
    Category.PROCEDURES: Group.PROCEDURE,
    Category.VISITS: Group.VISIT,
    Category.NOTES: Group.NOTE,
    Category.ABOUT: Group.ABOUT,
    Category.INSURANCE: Group.INSURANCE,
    Category.ACTIVITY: Group.ACTIVITY,
    Category.SLEEP: Group.SLEEP,
}
_STRICT = frozenset((Intent.EVER, Intent.LATEST, Intent.COUNT, Intent.EARLIEST, Intent.DETAIL))
_BOTH_ENDS = frozenset((Shape.SINCE, Shape.ROLLING, Shape.BETWEEN))
"""Stretches that a change begins and ends in."""
_MOST_THINGS = 6
_IN_ALL = frozenset(("blood", "serum", "plasma"))
_MOST_NEAR = 5
_PREFIXED = 3
"""Letters that the beginning of a word has at least to tell anything."""
_NEAR = 0.51
"""Part of the words that a title must hold to be told beside a none."""
_ENOUGH = 0.6
"""Part of a question's words that a title must hold when no title holds them all."""


class Topic(msgspec.Struct, frozen=True):
    """One subject of a question with the records that are it."""

    concept: Concept
    intent: Intent
    frame: Frame
    records: tuple[Record, ...]
    searched: bool = False
    """It was found by words, not by a concept of the lexicon."""
    unheld: tuple[str, ...] = ()
    """Words of the question that may change what is meant and that none of the records hold."""


class Topics(msgspec.Struct, frozen=True):
    """All subjects of a question; `near` are records that share only some words with it."""

    topics: tuple[Topic, ...]
    near: tuple[Record, ...] = ()


def topics(u: Understanding, reader: Reader, lexicon: Lexicon) -> Topics:
    """Look up what a question is about."""
    if not u.concepts:
        return _by_words(u, u.leftover or u.content, reader, lexicon)
    general = any(concept.everything for concept in u.concepts)
    if not u.joined and not general and (u.leftover or len(u.concepts) > 1):
        spelled = _spelled_out(u, reader, lexicon)
        if spelled is not None:
            return spelled
    known = [topic for concept in u.concepts for topic in _of_concept(u, concept, reader, lexicon)]
    others = _by_words(u, u.apart, reader, lexicon) if u.apart else Topics(())
    return Topics((*known, *others.topics), others.near)


def _of_concept(u: Understanding, concept: Concept, reader: Reader, lexicon: Lexicon) -> list[Topic]:
    u = msgspec.structs.replace(u, leftover=_telling(u, concept, lexicon))
    records = _looked_up(u, concept, reader, lexicon)
    if not records and concept.otherwise:
        concept = lexicon.concepts[concept.otherwise]
        records = of_concept(concept, reader, lexicon)
    intent, unheld = intent_for(u, concept), tuple[str, ...]()
    if u.narrowed:
        narrowed = [record for record in records if any(names(record, other) for other in u.narrowed)]
        if not narrowed and concept.group is Group.VISIT:
            return [topic for other in u.narrowed for topic in _plain(u, other, reader, lexicon)]
        records, unheld = narrowed, _unheld(u.leftover, narrowed, lexicon)
    else:
        records, unheld = _by_leftover(u, concept, intent, records, lexicon)
    if not records and not u.joined and (u.leftover or concept.measured):
        spelled = _spelled_out(u, reader, lexicon)
        if spelled is not None:
            return list(spelled.topics)
    records = exactly_named(records, fold(u.question))
    about = frame(u, concept)
    if concept.everything and (u.narrowed or u.leftover) and not (concept.measured and u.asked.flagged):
        concept = msgspec.structs.replace(concept, everything=False)
        intent = intent_for(u, concept)
    return [Topic(concept, intent, about, tuple(records), unheld=unheld)]


def _looked_up(u: Understanding, concept: Concept, reader: Reader, lexicon: Lexicon) -> list[Record]:
    """The records of a concept; not a whole series where its newest or a stretch of time is enough."""
    intent = intent_for(u, concept)
    bounded = u.window is not None and (intent is not Intent.CHANGE or u.window.shape in _BOTH_ENDS)
    if u.window is not None and concept.measured and bounded:
        return of_concept_in(u.window, concept, reader, lexicon)
    alone = not (u.narrowed or u.leftover or u.window or u.joined)
    if alone and intent is Intent.LATEST:
        return latest_of_concept(concept, reader, lexicon)
    return of_concept(concept, reader, lexicon)


def _telling(u: Understanding, concept: Concept, lexicon: Lexicon) -> tuple[str, ...]:
    """Words left over that can tell records of a concept apart: where something is measured a body part says
    only what the test is about, and everything is found in blood."""
    soft = lexicon.qualifiers - lexicon.specimens if concept.measured else _IN_ALL
    return tuple(word for word in u.leftover if word not in soft)


def _plain(u: Understanding, concept: Concept, reader: Reader, lexicon: Lexicon) -> list[Topic]:
    records = of_concept(concept, reader, lexicon)
    alone = msgspec.structs.replace(u, narrowed=(), concepts=(concept,))
    return [Topic(concept, intent_for(alone, concept), frame(alone, concept), tuple(records))]


def _by_leftover(
    u: Understanding, concept: Concept, intent: Intent, records: Sequence[Record], lexicon: Lexicon
) -> tuple[list[Record], tuple[str, ...]]:
    """Words beside the name pick among its records; those that change what is meant must be there. With them,
    the words that none of the records hold."""
    if not u.leftover or u.joined:
        return list(records), _unheld(u.leftover, records, lexicon)
    telling = tuple(word for word in u.leftover if word not in lexicon.idle)
    for words in (u.leftover, telling):
        kept = narrow(records, words) if words else list(records)
        if kept:
            return kept, ()
    must = [word for word in telling if word in lexicon.qualifiers]
    if must:
        kept = narrow(records, must)
        return kept, _unheld(telling, kept, lexicon)
    if concept.everything and (intent in _STRICT or concept.group is Group.ALLERGY):
        return [], telling
    return list(records), telling


def _unheld(words: Sequence[str], records: Sequence[Record], lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(word for word in words if word not in lexicon.idle and not narrow(records, (word,)))


def _spelled_out(u: Understanding, reader: Reader, lexicon: Lexicon) -> Topics | None:
    """Where all content words of a question stand in one title, the records of that title."""
    if len(u.content) < 2:
        return None
    kept = [
        r for r in by_words(u.content, u.reached or CLINICAL, reader).records if _title_holds(r, u.content)
    ]
    if not kept:
        return None
    own = [record for record in kept if any(is_own(record, concept, lexicon) for concept in u.concepts)]
    if not own and all(concept.measured for concept in u.concepts):
        own = [record for record in kept if measure(record) is not None]
        if not own:
            return None
    return Topics(tuple(_things(u, u.content, own or kept)))


def _title_holds(record: Record, words: Sequence[str]) -> bool:
    held = fold(record.title)
    return all(any(part.startswith(stem(word)) for part in held) for word in words)


def _by_words(u: Understanding, words: Sequence[str], reader: Reader, lexicon: Lexicon) -> Topics:
    found = by_words(words, u.reached or CLINICAL, reader)
    telling = tuple(word for word in words if word not in lexicon.idle)
    if not found.whole and 0 < len(telling) < len(words):
        return _by_words(u, telling, reader, lexicon)
    records = [record for record in found.records if _as_written(record, words)]
    if not _enough(records, words, 1 if found.whole else _ENOUGH):
        near = records if found.whole else [r for r in records if _enough([r], words, _NEAR)]
        return Topics((_nothing(u, words),), tuple(near[:_MOST_NEAR]))
    unheld = _unheld(words, records, lexicon)
    made = (msgspec.structs.replace(topic, unheld=unheld) for topic in _things(u, words, records))
    return Topics(tuple(made))


def _as_written(record: Record, words: Sequence[str]) -> bool:
    """Whether a name holds the shortest words whole: a lone letter begins many words."""
    short = {word for word in words if len(word) < _PREFIXED}
    return not short or any(short & {*fold(text)} for text in texts_of(record))


def _enough(records: Sequence[Record], words: Sequence[str], part: float) -> bool:
    """Whether a name of the best record holds so large a part of the words, not only its text."""
    best = max((score(record, words)[0] for record in records[:1]), default=0)
    return best > 0 and best >= part * len(words)


def _nothing(u: Understanding, words: Sequence[str]) -> Topic:
    concept = _stand_in(u.categories[0] if u.categories else Category.LABS, " ".join(words))
    return Topic(concept, Intent.LATEST, frame(u, None, concept.name), (), searched=True)


def _stand_in(category: Category, name: str) -> Concept:
    return Concept(id="", name=name, group=_GROUPS[category], categories=(category,))


def _things(u: Understanding, words: Sequence[str], records: Sequence[Record]) -> list[Topic]:
    """Records found by words, as things of their own: values by title, all else by category."""
    groups: dict[tuple[Category, str], list[Record]] = {}
    for record in records:
        valued = _GROUPS[record.category] in (
            Group.LAB,
            Group.VITAL,
            Group.ACTIVITY,
            Group.SLEEP,
            Group.ABOUT,
        )
        title = record.title.casefold() if valued and measure(record) is not None else ""
        groups.setdefault((record.category, title), []).append(record)
    made = []
    for (category, title), group in list(groups.items())[:_MOST_THINGS]:
        concept = _stand_in(category, group[0].title if title else " ".join(words))
        intent = intent_for(u, concept)
        made.append(Topic(concept, intent, frame(u, None, concept.name), tuple(newest(group)), searched=True))
    return made
