"""Understand a question in a patient's words, from the words alone: no record is looked at."""

import datetime as dt
import re

import msgspec

from assistant.grounding.calendar_words import BARE_DATE
from assistant.grounding.careful import turning, unheeded
from assistant.grounding.follow_up import follow, points_back
from assistant.grounding.intent import Detail, Intent, Wants, wants
from assistant.grounding.lexicon import Concept, Group, Lexicon, lexicon
from assistant.grounding.opening import without_asides, without_chat
from assistant.grounding.pattern import Pattern, seek
from assistant.grounding.resolve import resolved
from assistant.grounding.scan import Scan, scan
from assistant.grounding.subjects import Subjects, subjects
from assistant.grounding.time_words import take
from assistant.grounding.understanding import CLINICAL, Understanding
from assistant.grounding.wording import reworded, told_apart, unjudged, without_others
from assistant.records.model import Category
from assistant.records.words import fold

_GREETINGS = frozenset(("hi", "hello", "hey", "ok", "okay", "please", "so", "well", "thanks", "um"))
_OF_TAKING = (Intent.CURRENT, Intent.DETAIL)
_BE = (("is",), ("are",), ("was",), ("were",), ("s",))
_MOST_CHARACTERS = 2000
"""Of a question; what comes after is for a model to read."""
_AHEAD = frozenset(("future_appointments", "goals", "care_plan", "family_history"))
"""What is about plans, aims or others anyway."""
_PLAIN = frozenset((Intent.LATEST, Intent.CURRENT, Intent.EVER, Intent.AT_TIME))
"""Kinds of questions that compare nothing."""
_PARTS = frozenset(("lower", "better"))
"""Where they stand in names, what is named differs: `lower number`."""
_WHICH_CONDITION = re.compile(
    r"\b(?:which|what) (?:(?:one )?of my )?(?:medical )?"
    r"(?:conditions?|diagnos[ei]s|problems?|illness(?:es)?|diseases?)\b"
)
_HINTED = (
    (Group.ALLERGY, Category.ALLERGIES),
    (Group.VACCINE, Category.IMMUNIZATIONS),
    (Group.MEDICINE, Category.MEDICATIONS),
)


def understand(
    question: str,
    *,
    today: dt.date,
    previous: Understanding | None = None,
    born: dt.date | None = None,
) -> Understanding:
    """What a question asks for. `previous` is what the question before it asked, for follow-ups.

    The same words, day and previous question give the same result.
    """
    known = lexicon()
    words_of_time = take(without_chat(question[:_MOST_CHARACTERS], known), today, born)
    spoken = reworded(_after_greeting(told_apart(fold(words_of_time.rest))), known)
    words = without_others(without_asides(spoken), known)
    asked = wants(" ".join(unjudged(words, known)), words_of_time.rest)
    used = set(fold(asked.threshold.digits)) if asked.threshold else set()
    read = tuple(word for word in words if word not in used)
    seen = None if asked.threshold else seek(read, words_of_time.window, known)
    if seen and _asks_otherwise(asked, seen.sought.pattern, words):
        seen = None
    found = seen.found if seen else scan(read, known)
    if known.idle.issuperset(found.leftover) and not found.spans:
        found = msgspec.structs.replace(found, leftover=(), content=())
    about = Subjects(seen.concepts) if seen else subjects(found, known)
    if about.narrowed and about.concepts == (known.concepts["conditions"],):
        asked, about = _as_its_reason(asked, about, " ".join(words))
    if seen:
        asked = msgspec.structs.replace(asked, pattern=seen.sought)
    elif not (about.concepts or found.leftover or (previous and points_back(words))):
        about = _implied(asked, found, known)
        if previous is not None and _alike(about.concepts, previous.concepts):
            about = Subjects()
    fresh = Understanding(
        question=question,
        today=today.isoformat(),
        asked=asked,
        intent=asked.intent or Intent.SUMMARY,
        concepts=about.concepts,
        narrowed=about.narrowed,
        content=found.content,
        leftover=found.leftover,
        apart=found.apart,
        numbers=found.numbers,
        window=words_of_time.window,
        unheeded=_unheeded(words, words_of_time.rest, about, asked),
        unread=words_of_time.unread,
        categories=_categories(about, found, asked, known),
        alongside=() if seen and not found.leftover else _alongside(about, found, words_of_time.unread),
        joined=found.joined,
    )
    whole = follow(fresh, words, previous)
    intent = resolved(whole)
    unsaid = whole.unheeded or (_turned(words, whole) if intent in _PLAIN else "")
    return msgspec.structs.replace(whole, intent=intent, unheeded=unsaid)


def _as_its_reason(asked: Wants, about: Subjects, text: str) -> tuple[Wants, Subjects]:
    """`which condition is metformin for` asks for what the medicine's own record gives as its reason."""
    things = (Group.MEDICINE, Group.PROCEDURE)
    if not all(concept.group in things for concept in about.narrowed):
        return asked, about
    if asked.detail is None and _WHICH_CONDITION.search(text):
        asked = msgspec.structs.replace(asked, intent=Intent.DETAIL, detail=Detail.WHY)
    return asked, Subjects(about.narrowed) if asked.detail is Detail.WHY else about


def _turned(words: tuple[str, ...], u: Understanding) -> str:
    """The word that compares or divides where the answer would do neither."""
    return "" if u.asked.pattern is not None else turning(words, _named(u.concepts) | _PARTS)


def _unheeded(words: tuple[str, ...], rest: str, about: Subjects, asked: Wants) -> str:
    """The words that the reading takes no account of; a second date is one of them."""
    if asked.pattern is not None:
        return ""
    concepts = (*about.concepts, *about.narrowed)
    if any(concept.id in _AHEAD for concept in concepts):
        return ""
    date = re.search(
        rf"\b(?:and|or|in|on|since|before|after|until|from)\s+(?:in\s+)?(?P<date>{BARE_DATE})", rest
    )
    if date:
        return date["date"]
    said = unheeded(words, _named(concepts))
    return "" if said.startswith(("since", "between")) and (asked.elapsed or asked.since_last) else said


def _named(concepts: tuple[Concept, ...]) -> frozenset[str]:
    return frozenset(word for concept in concepts for title in concept.titles for word in title)


def _asks_otherwise(asked: Wants, pattern: Pattern, words: tuple[str, ...]) -> bool:
    """Whether the words ask for what this pattern would not answer: a dose, how many tests a year,
    the newest of two things."""
    counts = asked.intent is Intent.COUNT and asked.instances and pattern is Pattern.BY_TIME
    what = words[:1] == ("what",) and words[1:2] in _BE
    newest = pattern is Pattern.TOGETHER and (asked.last or asked.present or what)
    return counts or newest or (asked.detail is not None and pattern is not Pattern.DISAGREE)


def _alike(implied: tuple[Concept, ...], before: tuple[Concept, ...]) -> bool:
    """Whether what goes without saying is what the question before was about."""
    reached = {category for concept in before for category in concept.categories}
    return any(reached.issuperset(concept.categories) for concept in implied)


def _after_greeting(words: tuple[str, ...]) -> tuple[str, ...]:
    start = next((at for at, word in enumerate(words) if word not in _GREETINGS), len(words))
    return words[start:]


def _implied(asked: Wants, found: Scan, known: Lexicon) -> Subjects:
    """`what am I taking`, `what's wrong with me`, `anything abnormal`: the subject goes without saying."""
    if Group.MEDICINE in found.hints:
        return Subjects((known.concepts["medicines"],))
    if asked.detail in (Detail.WHO, Detail.WHERE):
        return Subjects((known.concepts["visits"],))
    if asked.flagged:
        return Subjects((known.concepts["labs"],))
    if asked.intent is Intent.CURRENT and asked.value:
        return Subjects((known.concepts["conditions"],))
    return Subjects()


def _categories(about: Subjects, found: Scan, asked: Wants, known: Lexicon) -> tuple[Category, ...]:
    """Where to look: the subjects' own categories, else what the words around say; empty: everywhere."""
    reached = {category for concept in about.concepts for category in _of(concept, known)}
    if not about.concepts and found.leftover:
        reached = {
            category
            for group, category in _HINTED
            if group in found.hints and (group is not Group.MEDICINE or asked.intent in _OF_TAKING)
        }
    return tuple(category for category in Category if category in reached)


def _alongside(about: Subjects, found: Scan, age: str) -> tuple[Category, ...]:
    """Where a condition may be named that has no record of its own, and a birth date where an age is named;
    with words left over or several names in a row, everywhere that a longer name may stand."""
    if found.apart or (about.concepts and not found.joined and (found.leftover or len(about.concepts) > 1)):
        return CLINICAL
    groups = {concept.group for concept in about.concepts if not concept.everything}
    also: set[Category] = {Category.ABOUT} if age else set()
    if Group.CONDITION in groups:
        also |= {Category.ABOUT, Category.VISITS, Category.MEDICATIONS}
    if any(concept.group is Group.VISIT for concept in about.concepts):
        also |= {category for concept in about.narrowed for category in concept.categories}
    return tuple(category for category in Category if category in also)


def _of(concept: Concept, known: Lexicon) -> tuple[Category, ...]:
    members = (category for member in concept.members for category in known.concepts[member].categories)
    return (*concept.categories, *members)
