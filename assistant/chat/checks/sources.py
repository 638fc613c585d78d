"""What was sent, as single statements: one number (or date), its unit, its dates and what it is about."""

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from assistant.chat.checks.dating import dated
from assistant.chat.checks.marks import Day, Number, counts, days, numbers
from assistant.grounding.lexicon import Lexicon
from assistant.grounding.scan import scan
from assistant.records.words import fold
from assistant.sharing.model import Item, Message

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d])|\n")
_PIECE = re.compile(r"; ")
_PERIOD = re.compile(r"[ ,]*(?:to [ ,]*)?")


class Statement(msgspec.Struct, frozen=True):
    """One number or date that stands in what was sent."""

    ref: str
    """`3` for a record, `F1` for a fact."""
    items: tuple[int, ...]
    """The records in the message that it is about."""
    words: frozenset[str]
    """What it is about, folded."""
    number: Number | None = None
    days: tuple[Day, ...] = ()
    """When it was; empty where that is not said beside it."""
    span: bool = False
    """It is a limit of the source's own range, not something measured."""


class Sources(msgspec.Struct, frozen=True):
    """All statements of a message, and the titles of its records."""

    statements: tuple[Statement, ...]
    titles: tuple[frozenset[str], ...]
    nouns: frozenset[str]
    """Words that stand after a bare number somewhere: what is counted."""
    pairs: frozenset[tuple[str, str]]
    """A word and the number after it in the name of something: `type 2`, `PCV 13`."""


def sources(message: Message, lexicon: Lexicon) -> Sources:
    """Read everything that a message says of the patient."""
    found: list[Statement] = []
    for item in message.items:
        found += _of_item(item)
    for fact in message.facts:
        found += _of_text(fact.ref, fact.items, fact.text)
    for result in (text for done in message.rounds for text in done.results):
        found += _of_text("look-up", (), result)
    titles = {frozenset(fold(name)) for item in message.items for name in _names(item.text)}
    titles |= {title for fact in message.facts for title in _named(fact.text, lexicon)}
    titles.discard(frozenset())
    counted = {s.number.noun for s in found if s.number is not None and s.number.noun}
    names = [name for item in message.items for name in _names(item.text)]
    names += [name for fact in message.facts for name in _listed(fact.text)]
    pairs = {pair for name in names for pair in pairwise(fold(name)) if pair[1].isdigit()}
    return Sources(tuple(found), tuple(sorted(titles, key=sorted)), frozenset(counted), frozenset(pairs))


def _names(line: str) -> Iterator[str]:
    """The title of a record's line, and those of its parts."""
    for at, piece in enumerate(_PIECE.split(line)):
        name = re.split(r": | \(|(?<=[A-Za-z]) (?=[<>\d])", piece, maxsplit=1)[0]
        part = re.search(r" [<>]?\d", piece) and ": " not in piece and not _when(piece)
        if (at == 0 or part) and not name.startswith("range "):
            yield name


def _named(text: str, lexicon: Lexicon) -> Iterator[frozenset[str]]:
    """What the sentences of a fact are about: the name that a line of a list opens with, and what patients'
    words name."""
    yield from (frozenset(fold(name)) for name in _listed(text))
    for sentence in _SENTENCE.split(text):
        words = fold(sentence)
        for span in scan(words, lexicon, correcting=False).spans:
            yield from (frozenset(title) for title in span.concept.titles if set(words) >= set(title))


def _listed(text: str) -> Iterator[str]:
    """The names that the lines of a fact's list open with."""
    for sentence in _SENTENCE.split(text):
        name = re.split(r"[,:(]", sentence[2:], maxsplit=1)[0]
        if sentence.startswith("- ") and not any(days(name)) and len(fold(name)) > 1:
            yield name


def _when(piece: str) -> tuple[Day, ...]:
    """The dates of a piece that is nothing but a date or the two ends of a period."""
    found = tuple(days(piece))
    rest = piece
    for day in found:
        rest = rest.replace(day.text, "", 1)
    return found if found and _PERIOD.fullmatch(rest.removeprefix("recorded ")) else ()


def _of_item(item: Item) -> Iterator[Statement]:
    ref, about = str(item.ref), (item.ref,)
    pieces = _PIECE.split(item.text)
    when = next((found for piece in pieces if (found := _when(piece))), ())
    title = frozenset(fold(next(_names(item.text), "")))
    yield Statement(ref, about, title, days=when)
    for at, piece in enumerate(pieces):
        if _when(piece):
            continue
        span = piece.startswith("range ")
        own = title if at == 0 or span else title | frozenset(fold(piece))
        inside = tuple(days(piece))
        for number in numbers(piece, inside):
            limit = span or "(range" in piece[: number.start]
            for one, words in _sides(number, own):
                yield Statement(ref, about, words, one, (*when, *inside), limit)
        for day in inside:
            yield Statement(ref, about, own, days=(day,))
    yield from _pressure(ref, about, title, pieces, when)


def _pressure(
    ref: str, about: tuple[int, ...], title: frozenset[str], pieces: list[str], when: tuple[Day, ...]
) -> Iterator[Statement]:
    """A blood pressure as people say it, `118/72`, where its two parts stand one after the other."""
    for upper, lower in pairwise(pieces):
        first, second = next(numbers(upper, ()), None), next(numbers(lower, ()), None)
        if first and second and {"systolic"} <= set(fold(upper)) and {"diastolic"} <= set(fold(lower)):
            both = msgspec.structs.replace(first, values=(first.values[0], second.values[0]))
            yield Statement(ref, about, title, both, when)


def _of_text(ref: str, about: tuple[int, ...], text: str) -> Iterator[Statement]:
    """Sentence by sentence: each number with the date beside it; a range with what came before it, a line
    of a list with what stands over the list."""
    before: frozenset[str] = frozenset()
    heading: frozenset[str] = frozenset()
    for sentence in _SENTENCE.split(text):
        inside = tuple(days(sentence))
        span = "range is" in sentence
        listed = sentence.startswith("- ")
        words = frozenset(fold(sentence)) | (before if span else heading if listed else frozenset())
        found = tuple(numbers(sentence, inside))
        for number in found:
            leads = listed and bool(inside) and inside[0].start <= 2
            when = inside[:1] if leads else dated(sentence, number, found, inside)
            when = inside if counts(number) else when or beside(sentence, number, inside)
            for one in _sides(number, words):
                yield Statement(ref, about, one[1], one[0], when, span)
        for day in inside:
            yield Statement(ref, about, words, days=(day,))
        before = words
        heading = heading if listed or span else words


def _sides(number: Number, words: frozenset[str]) -> Iterator[tuple[Number, frozenset[str]]]:
    """The number itself; of a blood pressure also the upper and the lower value, by their names."""
    yield number, words
    if len(number.values) == 2:
        for value, side in zip(number.values, ("systolic", "diastolic"), strict=True):
            yield msgspec.structs.replace(number, values=(value,)), words | {side}


_THEN = re.compile(
    r"[\s,(\[|]*(?:(?:on|in|from|at|as|of|dated|measured|taken|recorded|drawn|collected|tested|result|reading"
    r"|value|back|is|was|the|your|latest|for|since)[\s,(|:]*){0,4}",
    re.IGNORECASE,
)


def beside(sentence: str, number: Number, inside: tuple[Day, ...]) -> tuple[Day, ...]:
    """The date that follows a number with nothing but small words between, or that opens what it stands in:
    `96 mg/dL on 10 Feb 2026`, `10 Feb 2026: 96 mg/dL`."""
    for day in inside:
        if day.start >= number.end and _THEN.fullmatch(sentence[number.end : day.start]):
            return (day,)
        if day.end <= number.start and sentence[day.end : number.start].strip() in (":", "", "|"):
            return (day,)
    return ()
