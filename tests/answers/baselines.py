"""Two ways to choose records that anybody would think of first, to be better than."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

_K1 = 1.2
_B = 0.75


class Line(msgspec.Struct, frozen=True):
    """A granted record as a model would read it."""

    record: str
    text: str


def within(lines: Sequence[Line], budget: int, estimate: Callable[[str], int]) -> list[Line]:
    """Those that fit into so many tokens, in order; a later one may fit where an earlier doesn't."""
    kept = []
    for line in lines:
        cost = estimate(line.text)
        if cost <= budget:
            kept.append(line)
            budget -= cost
    return kept


class Bm25:
    """Okapi BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over lower-cased words."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._counts = [Counter(words(line.text)) for line in lines]
        self._lengths = [counts.total() for counts in self._counts]
        self._mean = sum(self._lengths) / max(len(lines), 1)
        self._holding = Counter(word for counts in self._counts for word in counts)

    def ranked(self, question: str) -> list[Line]:
        """Lines that share a word with a question, best first; of equals the earlier first."""
        asked = {word: self._rarity(word) for word in words(question) if self._holding[word]}
        scored = [(self._score(asked, n), n) for n in range(len(self._lines))]
        return [self._lines[n] for score, n in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0]

    def _rarity(self, word: str) -> float:
        held = self._holding[word]
        return math.log(1 + (len(self._lines) - held + 0.5) / (held + 0.5))

    def _score(self, asked: dict[str, float], n: int) -> float:
        counts, length = self._counts[n], _K1 * (1 - _B + _B * self._lengths[n] / self._mean)
        return sum(rarity * counts[w] * (_K1 + 1) / (counts[w] + length) for w, rarity in asked.items())


def words(text: str) -> list[str]:
    """The words and numbers of a text in small letters."""
    return re.findall(r"[a-z0-9]+", text.lower())
