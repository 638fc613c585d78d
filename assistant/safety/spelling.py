"""Which words of a fixed list a written word may stand for, where a finger slipped.

One slip (a letter left out, put in, changed, or two swapped) is forgiven in words of five letters or more,
two in words of nine or more. Candidates are found by left-out letters (W. Garbe,
symmetric delete).
"""

import re
from collections.abc import Iterable, Iterator

_DOUBLED = re.compile(r"(.)\1")
_ONE_SLIP, _TWO_SLIPS, _LONGEST = 5, 9, 24


class Spelling:
    """A fixed list of words that is looked up with slips forgiven."""

    def __init__(self, listed: Iterable[str], right_as_written: Iterable[str]) -> None:
        """`right_as_written` are words that are near a listed one and still mean themselves."""
        self._listed = frozenset(listed)
        self._right = frozenset(right_as_written)
        self._near: dict[str, list[str]] = {}
        for word in self._listed:
            for shorter in _shortened(word, _forgiven(word)):
                self._near.setdefault(shorter, []).append(word)

    def read(self, written: str) -> frozenset[str]:
        """The listed words it stands for: itself where it is listed, else the nearest; maybe none."""
        if written in self._listed:
            return frozenset((written,))
        if written in self._right or not 4 <= len(written) <= _LONGEST:
            return frozenset()
        single = _DOUBLED.sub(r"\1", written)
        return self._nearest(written) or self._nearest(single) | self._listed.intersection((single,))

    def _nearest(self, written: str) -> frozenset[str]:
        slips = 2 if len(written) >= _TWO_SLIPS - 1 else 1
        candidates = {word for one in _shortened(written, slips) for word in self._near.get(one, ())}
        distances = {word: _slips(written, word) for word in candidates}
        fitting = {word: far for word, far in distances.items() if far <= _forgiven(word)}
        least = min(fitting.values(), default=0)
        return frozenset(word for word, far in fitting.items() if far == least)


def _forgiven(word: str) -> int:
    return (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS)


def _shortened(word: str, slips: int) -> Iterator[str]:
    shorter = {word}
    yield word
    for _ in range(slips):
        shorter = {one[:i] + one[i + 1 :] for one in shorter for i in range(len(one))}
        yield from shorter


def _slips(one: str, other: str) -> int:
    """Optimal string alignment distance: letters left out, put in, changed, and neighbors swapped."""
    before: list[int] = []
    row: list[int] = [*range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
