"""Find what a question is about: spans of words that name concepts, and the content words around them."""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from assistant.grounding.lexicon import Concept, Group, Lexicon
from assistant.grounding.wording import put_aside

_BY_HINT = (Group.ALLERGY, Group.VACCINE, Group.MEDICINE, Group.LAB, Group.CONDITION)
"""Which group wins where the words around a name hint at several."""


_SIDES = frozenset(("left", "right", "lower", "upper"))
_AND = frozenset(("and", "or", "vs", "versus", "plus"))


class Span(msgspec.Struct, frozen=True):
    """Some words of a question that name one thing."""

    start: int
    end: int
    concept: Concept


class Scan(msgspec.Struct, frozen=True):
    """What the words of a question name."""

    spans: tuple[Span, ...]
    """In the order of the words, none overlapping."""
    leftover: tuple[str, ...]
    """Content words that no span holds."""
    apart: tuple[str, ...]
    """Of those, the ones that `and` or `or` sets beside a span: a subject of their own."""
    content: tuple[str, ...]
    """All content words in order, those of spans included."""
    numbers: tuple[str, ...]
    hints: frozenset[Group]
    purpose: bool
    """`for` stands in it: what is named may be what something is for."""
    joined: bool
    """`and`, `or` stand between spans: they are things of their own."""


def scan(words: tuple[str, ...], lexicon: Lexicon, *, correcting: bool = True) -> Scan:
    """Name what the words of a question are about; small misspellings are taken for what they resemble,
    unless `correcting` is off."""
    known = tuple(corrected(word, lexicon) for word in words) if correcting else words
    hints = _hints(known, lexicon)
    spans = _spans(known, lexicon, hints)
    covered = {at for span in spans for at in range(span.start, span.end)}
    passed = covered | put_aside(known) | _no_side(known, lexicon)
    free = [at for at, word in enumerate(known) if at not in passed and _carries(word, lexicon)]
    apart = [at for at in free if spans and known[at] not in lexicon.qualifiers and _beside(known, at)]
    named = [at for at in covered if known[at] not in lexicon.common or len(covered) == 1]
    between = {word for one, other in pairwise(spans) for word in known[one.end : other.start]}
    return Scan(
        spans=spans,
        leftover=_words(known, set(free) - set(apart)),
        apart=_words(known, apart),
        content=_words(known, {*named, *free} - set(apart)),
        numbers=tuple(word for at, word in enumerate(known) if at not in covered and word.isdigit()),
        hints=_outside(known, spans, hints, lexicon),
        purpose="for" in known,
        joined=bool(between & _AND),
    )


def _no_side(words: tuple[str, ...], lexicon: Lexicon) -> set[int]:
    """Places where `lower` or `right` stands beside nothing that has sides: `is it lower now`."""
    return {
        at
        for at, word in enumerate(words)
        if word in _SIDES
        and (at + 1 == len(words) or words[at + 1] in lexicon.common)
        and (at == 0 or words[at - 1] not in lexicon.qualifiers)
    }


def _hints(words: tuple[str, ...], lexicon: Lexicon) -> frozenset[Group]:
    """Which kinds of things the words around point to; a cue may be several words."""
    text = f" {' '.join(words)} "
    return frozenset(
        group for group, cues in lexicon.hints.items() if any(f" {cue} " in text for cue in cues)
    )


def _outside(
    words: tuple[str, ...], spans: tuple[Span, ...], hints: frozenset[Group], lexicon: Lexicon
) -> frozenset[Group]:
    """The hints without that of an allergy where its word is only a part of another thing's name."""
    names = {at for s in spans if s.concept.group is Group.MEDICINE for at in range(s.start, s.end)}
    free = {word for at, word in enumerate(words) if at not in names}
    cues = lexicon.hints.get(Group.ALLERGY, frozenset())
    return hints if cues & free else hints - {Group.ALLERGY}


def _carries(word: str, lexicon: Lexicon) -> bool:
    return not word.isdigit() and word not in lexicon.common


def _beside(words: tuple[str, ...], at: int) -> bool:
    return bool(_AND & {*words[max(0, at - 1) : at], *words[at + 1 : at + 2]})


def _words(words: tuple[str, ...], places: Iterable[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words[at] for at in sorted(places)))


def _spans(words: tuple[str, ...], lexicon: Lexicon, hints: frozenset[Group]) -> tuple[Span, ...]:
    """The longest names first, then the leftmost."""
    taken = [False] * len(words)
    found = []
    for length in range(min(lexicon.longest, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            if any(taken[start : start + length]):
                continue
            meanings = lexicon.meanings(words[start : start + length])
            if meanings:
                taken[start : start + length] = [True] * length
                found.append(Span(start, start + length, _likeliest(meanings, hints)))
    return tuple(sorted(found, key=lambda span: span.start))


def _likeliest(meanings: tuple[Concept, ...], hints: frozenset[Group]) -> Concept:
    for group in _BY_HINT:
        if group in hints:
            for concept in meanings:
                if concept.group is group:
                    return concept
    return meanings[0]


def corrected(word: str, lexicon: Lexicon) -> str:
    """The word, or the one known word that is a single slip of the pen away from it."""
    if len(word) < 6 or word.isdigit() or word in lexicon.vocabulary or word in lexicon.common:
        return word
    if word in lexicon.qualifiers or word.rstrip("s") in lexicon.vocabulary:
        return word
    near = sorted(k for k in lexicon.vocabulary | lexicon.common if len(k) > 4 and one_slip(word, k))
    meanings = {lexicon.meanings((known,)) for known in near}
    alike = len(near) == 1 or (len(meanings) == 1 and () not in meanings)
    return near[0] if alike and near else word


def one_slip(a: str, b: str) -> bool:
    """Whether one letter added, dropped or changed, or two neighbours swapped, turns one into the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    if len(a) == len(b):
        return rest_a[1:] == rest_b[1:] or (rest_a[2:] == rest_b[2:] and rest_a[:2] == rest_b[1::-1])
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]
