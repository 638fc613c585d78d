"""Follow-ups: `and in 2019?`, `what about HDL?`, `and before that?`, `when was that?`, `is 96 good?`"""

import datetime as dt
import re

import msgspec

from assistant.grounding.intent import Detail, Intent
from assistant.grounding.lexicon import Group
from assistant.grounding.understanding import Understanding
from assistant.grounding.window import Shape, Window
from assistant.records.dates import shown_date
from assistant.records.model import Category

_OPENS = re.compile(r"^(?:ok |okay |so |well |but )?(?:and|what about|how about|what of|same for|also)\b")
_KEEPS_TIME = frozenset((Intent.EXPLAIN, Intent.DETAIL, Intent.LATEST, Intent.EVER, Intent.CURRENT))
_POINTS = re.compile(r"\b(?:that|it|this|those|them|they|these|one|ones|then|there)\b")
_CARRIES = frozenset(
    (
        *(Intent.COUNT, Intent.MINIMUM, Intent.MAXIMUM, Intent.AVERAGE, Intent.CHANGE),
        *(Intent.LIST, Intent.EVER, Intent.EARLIEST),
    )
)
"""Kinds of question that another stretch of time or another subject leaves in place."""
_SAME_TIME = re.compile(r"\b(?:that (?:year|month|time|day)|then|same (?:year|time|period)|back then)\b")
_NOW = re.compile(r"\b(?:now|currently|today|nowadays|these days|at the moment|latest|current)\b")
_ANY_TIME: tuple[Window | None, str] = (None, "")
_MOST_WORDS = 12
_FEW_WORDS = 3


def points_back(words: tuple[str, ...]) -> bool:
    """Whether the words lean on the question before: `who prescribed it`, `and why`."""
    text = " ".join(words)
    return len(words) <= _FEW_WORDS or bool(_OPENS.search(text) or _POINTS.search(text))


def follow(fresh: Understanding, words: tuple[str, ...], previous: Understanding | None) -> Understanding:
    """The question with what it leaves unsaid taken from the one before; unchanged where it says all."""
    if previous is None or len(words) > _MOST_WORDS:
        return fresh
    text = " ".join(words)
    if (fresh.concepts or fresh.leftover) and not _only_its_kind(fresh, text, previous):
        return _same_about_another(fresh, previous) if _OPENS.search(text) else fresh
    if not _refers(fresh, text):
        return fresh
    return _more_about_the_same(fresh, text, previous)


def _time(u: Understanding) -> tuple[Window | None, str] | None:
    """The stretch of time that a question names, or its words for an age; None where it names neither."""
    return (u.window, u.unread) if u.window is not None or u.unread else None


def _keeps_time(intent: Intent | None, text: str) -> bool:
    return intent in _KEEPS_TIME or _SAME_TIME.search(text) is not None


def _only_its_kind(fresh: Understanding, text: str, previous: Understanding) -> bool:
    """Whether the words name no more than the kind of thing that they point back to: `who prescribed it`."""
    before = {category for concept in previous.concepts for category in concept.categories}
    whom = fresh.asked.detail in (Detail.WHO, Detail.WHERE) and _POINTS.search(
        text.replace("that doctor", "")
    )
    general = all(
        concept.everything
        and (before.issuperset(concept.categories) or (whom and concept.group is Group.VISIT))
        for concept in fresh.concepts
    )
    return general and not fresh.leftover and _POINTS.search(text) is not None and bool(before)


def _refers(fresh: Understanding, text: str) -> bool:
    """Whether the words point back rather than ask about everything."""
    if fresh.asked.intent is Intent.SUMMARY:
        return False
    return bool(
        _OPENS.search(text)
        or _POINTS.search(text)
        or fresh.asked.intent
        or fresh.window
        or fresh.asked.date
        or fresh.asked.pattern
    )


def _same_about_another(fresh: Understanding, previous: Understanding) -> Understanding:
    """`what about HDL?`: the earlier question about another subject."""
    asked = fresh.asked
    window, unread = _time(fresh) or _time(previous) or _ANY_TIME
    if asked.intent is None and not asked.date and asked.pattern is None:
        asked = msgspec.structs.replace(previous.asked, detail=previous.asked.detail)
    return msgspec.structs.replace(
        fresh,
        asked=asked,
        window=window,
        unread=unread,
        alongside=_with_birth(fresh.alongside, unread),
        steps=previous.steps,
        follow_up=True,
    )


def _with_birth(alongside: tuple[Category, ...], age: str) -> tuple[Category, ...]:
    """With where the birth date stands, where an age is named."""
    return tuple(dict.fromkeys((*alongside, Category.ABOUT))) if age else alongside


def _more_about_the_same(fresh: Understanding, text: str, previous: Understanding) -> Understanding:
    """`and in 2019?`, `when was that?`: another question about the earlier subject."""
    asked, steps, here = fresh.asked, 1, _time(fresh)
    window, unread = here or _ANY_TIME
    before = _time(previous) or _ANY_TIME
    if asked.pattern is not None:
        window, unread = here or before
    elif asked.intent is None and asked.date:
        asked = msgspec.structs.replace(previous.asked, date=True)
        (window, unread), steps = here or before, previous.steps
    elif asked.intent is None and here is not None:
        kept = previous.asked.intent if previous.asked.intent in _CARRIES else None
        asked = msgspec.structs.replace(
            previous.asked, intent=kept, date=previous.asked.date and kept is not None
        )
    elif asked.intent is None:
        asked, (window, unread), steps = previous.asked, before, previous.steps
    elif asked.intent is Intent.PREVIOUS and here is None:
        steps = previous.steps + 1 if previous.intent is Intent.PREVIOUS else 1
        if previous.window is not None and previous.window.since is not None:
            asked, window = msgspec.structs.replace(asked, intent=Intent.LATEST), _before(previous.window)
    elif here is None and not _NOW.search(text) and _keeps_time(asked.intent, text):
        (window, unread), steps = before, previous.steps
    if (asked.why or asked.intent is Intent.DETAIL) and previous.intent is Intent.LATEST:
        asked = msgspec.structs.replace(asked, last=True)
    return msgspec.structs.replace(
        fresh,
        asked=asked,
        concepts=previous.concepts,
        narrowed=previous.narrowed,
        content=previous.content,
        leftover=previous.leftover,
        apart=previous.apart,
        numbers=fresh.numbers or previous.numbers,
        categories=previous.categories,
        alongside=_with_birth(previous.alongside, unread),
        joined=previous.joined,
        window=window,
        unread=unread,
        steps=steps,
        follow_up=True,
    )


def _before(window: Window) -> Window:
    first = dt.date.fromisoformat(window.since or "0001-01-02")
    last = (first - dt.timedelta(days=1)).isoformat()
    return Window(Shape.BEFORE, None, last, f"before {shown_date(first.isoformat())}")
