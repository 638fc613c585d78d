"""A question's words made ready to be read: told in one way, with what goes without saying put aside.

The data stands in `lexicon_data/wording.json`; nothing here depends on any patient's records.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice

import msgspec

from assistant.grounding.lexicon import Lexicon
from assistant.grounding.phrases import compiled

_LINKS = frozenset(("and", "or", "vs", "versus", "plus"))
_MASK = "it"
_MOST_SHARED = 3
_MOST_NOT_MEANT = 4
_NOT_THIS = re.compile(
    r"\b(?:(?:and |but |that is )?"
    r"(?:not|isn t|no|rather than|instead of|excluding|ignoring|other than|apart from))"
    r"(?: (?:the|my|counting|including|just|only|from|in|a|an|interested in|asking about|about))*(?= \w)"
)


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    rewrites: list[tuple[str, str]]
    asides: list[str]
    judgements: frozenset[str]
    alike: dict[str, tuple[str, ...]]
    together: dict[str, str]


class _Reader(msgspec.Struct, frozen=True):
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    asides: re.Pattern[str]
    judgements: frozenset[str]
    alike: Mapping[str, tuple[str, ...]]
    together: Mapping[str, str]


@cache
def _reader() -> _Reader:
    data = files("assistant.grounding").joinpath("lexicon_data", "wording.json").read_bytes()
    told = msgspec.json.decode(data, type=_Data)
    return _Reader(
        tuple((re.compile(pattern), instead) for pattern, instead in told.rewrites),
        compiled(told.asides),
        told.judgements,
        told.alike,
        told.together,
    )


def told_apart(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words that were run together as they are typed in a hurry, told apart: `whats` as `what s`."""
    together = _reader().together
    return tuple(part for word in words for part in together.get(word, word).split())


def without_others(words: tuple[str, ...], known: Lexicon) -> tuple[str, ...]:
    """The words without `not the LDL`, where another thing is named that is meant."""
    for match in islice(_NOT_THIS.finditer(" ".join(words)), _MOST_NOT_MEANT):
        start = len(match.string[: match.start()].split())
        end = start + len(match.group().split())
        for last in range(min(known.longest, len(words) - end), 0, -1):
            meant = known.meanings(words[end : end + last])
            if not (meant and meant[0].measured):
                continue
            end += last
            end += words[end : end + 1] in (
                ("one",),
                ("number",),
                ("value",),
                ("test",),
                ("result",),
                ("kind",),
            )
            left = (*words[:start], *words[end:])
            if any(_names_one(left, known, meant[0].id)):
                return left
    return words


def _names_one(words: tuple[str, ...], known: Lexicon, other: str) -> Iterator[bool]:
    """Whether each run of words names something measured other than this."""
    for length in range(1, min(known.longest, len(words)) + 1):
        for start in range(len(words) - length + 1):
            meant = known.meanings(words[start : start + length])
            yield bool(meant) and meant[0].measured and meant[0].id != other


def reworded(words: tuple[str, ...], known: Lexicon) -> tuple[str, ...]:
    """The words in the way that names are listed in: `took out my appendix` as `appendix removed`, and
    `good and bad cholesterol` as `good cholesterol and bad cholesterol`."""
    text = " ".join(words)
    for pattern, instead in _reader().rewrites:
        text = pattern.sub(instead, text)
    return _spread(tuple(text.split()), known)


def _spread(words: tuple[str, ...], known: Lexicon) -> tuple[str, ...]:
    """What two names share, said with each of them."""
    for at in range(1, len(words) - 1):
        if words[at] not in _LINKS:
            continue
        one, other = words[at - 1], words[at + 1]
        for end in range(at + 3, min(at + 2 + _MOST_SHARED, len(words)) + 1):
            after = words[at + 2 : end]
            if _both(known, (one, *after), (other, *after)) and not _named(known, (one,)):
                return (*words[:at], *after, words[at], *_spread(words[at + 1 :], known))
        before = words[at - 2 : at - 1]
        if before and _both(known, (*before, one), (*before, other)) and not _named(known, (other,)):
            return (*words[: at + 1], *before, *_spread(words[at + 1 :], known))
    return words


def _both(known: Lexicon, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return _named(known, one) and _named(known, other)


def _named(known: Lexicon, words: tuple[str, ...]) -> bool:
    return bool(known.meanings(words))


def unjudged(words: tuple[str, ...], known: Lexicon) -> tuple[str, ...]:
    """The words without those that judge only by their own meaning, where they stand in the name of
    something measured: `bad cholesterol` asks nothing about bad."""
    judging = _reader().judgements
    masked = list(words)
    for length in range(2, min(known.longest, len(words)) + 1):
        for start in range(len(words) - length + 1):
            name = words[start : start + length]
            if judging.isdisjoint(name) or not any(c.measured for c in known.meanings(name)):
                continue
            for at in range(start, start + length):
                if words[at] in judging:
                    masked[at] = _MASK
    return tuple(masked)


def put_aside(words: tuple[str, ...]) -> frozenset[int]:
    """The places of words that are used in an everyday sense, as `right` in `right now`."""
    found: set[int] = set()
    for match in _reader().asides.finditer(" ".join(words)):
        before = match.string[: match.start()].split()
        found.update(range(len(before), len(before) + len(match.group().split())))
    return frozenset(found)


def alike(word: str) -> tuple[str, ...]:
    """How records may put a word instead: beginnings of words, as `cardi` for `heart`."""
    return _reader().alike.get(word, ())
