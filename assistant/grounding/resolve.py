"""Which kind of answer a question gets, where its words leave that to what it is about."""

import re

from assistant.grounding.intent import Detail, Intent
from assistant.grounding.lexicon import Concept, Group
from assistant.grounding.understanding import Understanding
from assistant.grounding.window import Shape

_HELD = frozenset((Group.MEDICINE, Group.ALLERGY, Group.CONDITION, Group.INSURANCE))
"""Groups of things that hold for a time rather than happen once."""
_FOR_VISITS = frozenset((Group.VISIT, Group.NOTE, Group.ABOUT))
"""`what should I ask at my next appointment` is about everything."""
_OF_VALUES = frozenset((Intent.CHANGE, Intent.MINIMUM, Intent.MAXIMUM, Intent.AVERAGE, Intent.AT_TIME))


_COMPARABLE = frozenset((None, Intent.EVER, Intent.LATEST, Intent.CURRENT, Intent.EXPLAIN, Intent.AT_TIME))


_ON_FILE = re.compile(
    r"^(?!.*\b(?:am|are|is|was|were|do|does|did|have|has|had|ever|any|if|whether)\b.* on (?:file|record))"
    r".*\bon (?:the |my )?(?:file|records?)\b"
)
"""Says only where it is looked up, unless it stands in a question for a yes or no."""
_AND_WHAT = re.compile(r"\b(?:and|if so),? what(?:'s| is| was| were| are)\b")
"""Asks for the value beside whether there is one."""
_WHERE_NOW = re.compile(r"\bwhere(?:'s| is| are| does| do)\b")
"""Of a value: how high it is, not the place."""


def resolved(u: Understanding) -> Intent:
    """The intent for the first subject; SUMMARY where there is no subject at all."""
    if u.asked.intent is Intent.SUMMARY and all(concept.group in _FOR_VISITS for concept in u.concepts):
        return Intent.SUMMARY
    if u.concepts:
        return intent_for(u, u.concepts[0])
    if not u.leftover:
        return Intent.LIST if u.window is not None else Intent.SUMMARY
    if u.asked.intent in (None, Intent.SUMMARY):
        return Intent.AT_TIME if u.window is not None else Intent.LATEST
    return u.asked.intent


def intent_for(u: Understanding, concept: Concept) -> Intent:
    """The intent for one subject."""
    asked = u.asked.intent
    if asked is Intent.SUMMARY:
        asked = None
    if concept.everything:
        return _of_all(u, concept, asked)
    if concept.group is Group.ABOUT and asked is Intent.EVER:
        asked = None
    if concept.measured or concept.group is Group.ABOUT:
        return _of_measured(u, concept, asked)
    if _why(u, asked):
        return Intent.DETAIL
    return _of_happening(u, concept, asked)


def _why(u: Understanding, asked: Intent | None) -> bool:
    """Whether the reason of something that was done, is taken or holds is asked for."""
    return u.asked.why and asked not in (Intent.COUNT, Intent.DETAIL, Intent.CHANGE)


def _extreme(u: Understanding, concept: Concept) -> Intent | None:
    """The end of its values that `worst` or `best` means, where people agree on one."""
    if not (u.asked.extreme and concept.worse):
        return None
    return Intent.MAXIMUM if (u.asked.extreme == "worst") == (concept.worse == "high") else Intent.MINIMUM


def _against_then(u: Understanding, asked: Intent | None) -> bool:
    """`is it higher than in 2014`: now is compared with the time that is named."""
    within = u.window is not None and u.window.shape is Shape.WITHIN
    return within and u.asked.versus and u.asked.threshold is None and asked in _COMPARABLE


def _of_measured(u: Understanding, concept: Concept, asked: Intent | None) -> Intent:
    if u.asked.detail is Detail.WHERE and _WHERE_NOW.search(u.question.casefold()):
        asked = None
    extreme = _extreme(u, concept)
    if extreme is not None:
        return extreme
    if _against_then(u, asked):
        return Intent.CHANGE
    if asked is Intent.LATEST and u.window is not None and u.window.shape is Shape.AGO:
        return Intent.AT_TIME
    if asked is Intent.CURRENT:
        return Intent.LATEST
    if asked is Intent.EVER and (u.asked.date or u.asked.elapsed):
        return Intent.LATEST
    words = u.question.casefold()
    named = u.asked.value or _ON_FILE.search(words) or _AND_WHAT.search(words)
    if (asked is Intent.EVER and named) or _how_much(u, asked):
        asked = None
    if asked is not None:
        return asked
    if u.window is None or u.asked.date:
        return Intent.LATEST
    return Intent.AT_TIME


def _how_much(u: Understanding, asked: Intent | None) -> bool:
    """`how many platelets do I have` asks for a value."""
    return asked is Intent.COUNT and u.asked.threshold is None and not u.asked.instances


def _of_happening(u: Understanding, concept: Concept, asked: Intent | None) -> Intent:
    dated = u.asked.date or u.asked.elapsed
    if asked in (Intent.EVER, Intent.CURRENT, Intent.EXPLAIN, None) and dated and not u.asked.ends:
        return Intent.LATEST
    if asked is None or asked is Intent.EXPLAIN:
        if u.window is not None:
            return Intent.EVER
        return Intent.CURRENT if concept.group is Group.MEDICINE else Intent.EVER
    if asked in _OF_VALUES or (asked is Intent.EVER and u.asked.value):
        return Intent.LIST
    if asked is Intent.CURRENT and concept.group not in _HELD:
        return Intent.EVER
    return asked


def _of_all(u: Understanding, concept: Concept, asked: Intent | None) -> Intent:
    dated = u.asked.date or u.asked.elapsed
    if asked in (Intent.COUNT, Intent.DETAIL):
        return asked
    if _why(u, asked) and not concept.measured:
        return Intent.DETAIL
    if asked is Intent.EARLIEST and not dated and u.window is not None:
        return Intent.LIST
    held = holds_for_a_time(concept)
    in_turn = asked in (Intent.PREVIOUS, Intent.EARLIEST) or (asked is Intent.LATEST and not held)
    if in_turn or dated:
        return asked if asked in (Intent.PREVIOUS, Intent.EARLIEST) else Intent.LATEST
    if u.narrowed and asked in (Intent.EVER, Intent.CURRENT):
        return Intent.EVER
    if not held or u.window is not None:
        return Intent.LIST
    past = asked in (Intent.EVER, Intent.LIST) and u.asked.once and not u.asked.present
    return Intent.LIST if past else Intent.CURRENT


def holds_for_a_time(concept: Concept) -> bool:
    """Whether its things hold for a time, so that a bare mention means those that hold now."""
    return concept.kinds == ("CareTeam",) or (concept.group in _HELD and "Claim" not in concept.kinds)
