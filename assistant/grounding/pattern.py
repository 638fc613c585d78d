"""Which pattern over time a question asks for, from its words and the things it names alone.

The phrases stand in `lexicon_data/patterns.json`. A phrase counts only where what the question names fits it:
`compare` needs two measured things, `before and after` a measured thing and a medicine.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.phrases import compiled
from assistant.grounding.scan import Scan, scan
from assistant.grounding.window import Shape, Window
from assistant.records.facts import Side, Step

_NEWS = ("conditions", "medicines", "allergies", "labs", "vitals", "vaccines", "procedures")
"""What may be new since a day, in the order told."""
_MAY_DISAGREE = ("allergies", "conditions", "medicines")
_STEPS = (Step.WEEK, Step.MONTH, Step.YEAR)
_MISSABLE = frozenset((Group.LAB, Group.VITAL, Group.PROCEDURE, Group.VISIT, Group.ACTIVITY, Group.SLEEP))


class Pattern(StrEnum):
    """What is looked for over time, in the order tried."""

    DISAGREE = "disagree"
    NEWS = "news"
    BEFORE_AFTER = "before_after"
    RUN = "run"
    GAPS = "gaps"
    BY_TIME = "by_time"
    TOGETHER = "together"


class Sought(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pattern with what the words say beside it."""

    pattern: Pattern
    step: Step | None = None
    side: Side | None = None
    """For RUN; None for out of range either way."""
    now: bool = False
    """For RUN: how long it has been so, rather than how often in a row."""
    missed: bool = False
    """For GAPS: whether one was missed is asked."""


class Seen(msgspec.Struct, frozen=True):
    """A pattern that fits a question, and what the question then is about."""

    sought: Sought
    found: Scan
    concepts: tuple[Concept, ...]


class _Phrases(msgspec.Struct, forbid_unknown_fields=True):
    disagree: list[str]
    news: list[str]
    open_news: list[str]
    before_after: list[str]
    run: list[str]
    gaps: list[str]
    missed: list[str]
    together: list[str]
    week: list[str]
    month: list[str]
    year: list[str]
    high: list[str]
    low: list[str]
    in_range: list[str]
    now: list[str]
    words: frozenset[str]


class _Reader(msgspec.Struct, frozen=True):
    patterns: Mapping[str, re.Pattern[str]]
    words: frozenset[str]
    """Words that belong to a pattern rather than to a subject."""


@cache
def _reader() -> _Reader:
    data = files("assistant.grounding").joinpath("lexicon_data", "patterns.json").read_bytes()
    phrases = msgspec.json.decode(data, type=_Phrases)
    named = {name: getattr(phrases, name) for name in phrases.__struct_fields__ if name != "words"}
    return _Reader({name: compiled(listed) for name, listed in named.items()}, phrases.words)


def seek(words: tuple[str, ...], window: Window | None, known: Lexicon) -> Seen | None:
    """The first pattern whose phrases stand in the words and that fits what they name, else None."""
    said = _said(" ".join(words), window)
    if not said:
        return None
    extra = _reader().words
    named = scan(words, known).spans
    taken = {at for span in named for at in range(span.start, span.end)}
    kept = tuple(word for at, word in enumerate(words) if at in taken or word not in extra)
    found = scan(kept, known)
    concepts = tuple({span.concept.id: span.concept for span in found.spans}.values())
    for sought in said:
        about = _about(sought, concepts, found, known)
        if about is not None:
            return Seen(sought, found, about)
    return None


def _said(text: str, window: Window | None) -> list[Sought]:
    """Every pattern whose phrases stand in the words."""
    patterns = _reader().patterns

    def says(name: str) -> bool:
        return patterns[name].search(text) is not None

    step = next((step for step in _STEPS if says(step.value)), None)
    missed = says("missed")
    side = next((side for side in (Side.HIGH, Side.LOW) if says(side.value)), None)
    open_since = window is not None and window.shape is Shape.SINCE and says("open_news")
    told = {
        Pattern.DISAGREE: says("disagree"),
        Pattern.NEWS: says("news") or open_since,
        Pattern.BEFORE_AFTER: says("before_after"),
        Pattern.RUN: says("run"),
        Pattern.GAPS: missed or says("gaps"),
        Pattern.BY_TIME: step is not None,
        Pattern.TOGETHER: says("together"),
    }
    in_range = Side.IN if side is None and says("in_range") else side
    return [
        Sought(
            pattern,
            step=step if pattern is Pattern.BY_TIME else None,
            side=in_range if pattern is Pattern.RUN else None,
            now=pattern is Pattern.RUN and says("now"),
            missed=pattern is Pattern.GAPS and missed,
        )
        for pattern, here in told.items()
        if here
    ]


def _about(
    sought: Sought, concepts: tuple[Concept, ...], found: Scan, known: Lexicon
) -> tuple[Concept, ...] | None:
    """What the question is about under this pattern; None where the pattern doesn't fit what it names."""
    measured = tuple(c for c in concepts if c.measured and not c.everything)
    match sought.pattern:
        case Pattern.DISAGREE:
            return _of_matters(concepts, found, known)
        case Pattern.NEWS:
            return _of_news(concepts, found, known)
        case Pattern.BEFORE_AFTER:
            medicines = _medicines(concepts, measured, known)
            return (*measured, *medicines) if measured and (medicines or found.leftover) else None
        case Pattern.TOGETHER:
            return measured if len(measured) == 2 and not any(c.members for c in measured) else None
        case Pattern.GAPS:
            fits = all(c.group in _MISSABLE for c in concepts) if sought.missed else True
            return concepts if len(concepts) == 1 and fits else None
        case _:
            whole = len(measured) == len(concepts)
            alone = not concepts and not found.leftover
            return measured if alone or (measured and whole) else None


def _of_matters(concepts: tuple[Concept, ...], found: Scan, known: Lexicon) -> tuple[Concept, ...] | None:
    """The allergies, conditions and medicines named; all of them where nothing is."""
    if not concepts:
        return None if found.leftover else tuple(known.concepts[name] for name in _MAY_DISAGREE)
    groups = (Group.ALLERGY, Group.CONDITION, Group.MEDICINE)
    if any(concept.group not in groups for concept in concepts):
        return None
    allergen = any(c.group is Group.MEDICINE and not c.everything for c in concepts)
    allergies = known.concepts["allergies"]
    return (*concepts, allergies) if allergen and allergies not in concepts else concepts


def _of_news(concepts: tuple[Concept, ...], found: Scan, known: Lexicon) -> tuple[Concept, ...] | None:
    """Visits, and the kinds of records named; all kinds where none is."""
    others = [concept for concept in concepts if concept.group is not Group.VISIT]
    if found.leftover or any(concept.id not in _NEWS for concept in others):
        return None
    told = [concept.id for concept in others] or _NEWS
    return (known.concepts["visits"], *(known.concepts[name] for name in _NEWS if name in told))


def _medicines(
    concepts: tuple[Concept, ...], measured: tuple[Concept, ...], known: Lexicon
) -> tuple[Concept, ...]:
    """The medicines named; for `my medicine` those that are for what is measured."""
    named = tuple(concept for concept in concepts if concept.group is Group.MEDICINE)
    specific = tuple(concept for concept in named if not concept.everything)
    if specific or not named:
        return specific
    ids = (known.medicine_for.get(concept.id) for concept in measured)
    return tuple(known.concepts[name] for name in dict.fromkeys(ids) if name)
