"""Where in a message patterns stand, when some of its words don't count."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from assistant.safety.lookup import Span, Spans
from assistant.safety.pattern import Pattern, Piece


class Reading:
    """Finds patterns among the names that stand in a message."""

    def __init__(
        self,
        stretches: Sequence[int],
        spans: Spans,
        hidden: frozenset[int] = frozenset(),
        denied: Mapping[int, int] | None = None,
    ) -> None:
        """`stretches` numbers for each word its sentence or its clause: the parts of a piece stay within one.

        `denied` names for a word the place of the negation bound to it.
        """
        self._stretches = stretches
        self._denied = denied or {}
        self._hidden = hidden
        self._all = spans
        self._left: dict[str, tuple[Span, ...]] = {"^": tuple(self._starts())}
        self._names = frozenset(spans) | {"^"}

    def spans(self, name: str) -> tuple[Span, ...]:
        """Where a name stands and counts, in order."""
        if name not in self._left:
            self._left[name] = tuple(_seen(self._all.get(name, ()), self._hidden))
        return self._left[name]

    @property
    def names(self) -> frozenset[str]:
        """What stands in the message at all, hidden or not."""
        return self._names

    def found(self, pattern: Pattern) -> list[Span]:
        """Where a pattern stands, undenied."""
        if not pattern.possible(self._names):
            return []
        pieces: list[list[Span]] = []
        for piece in pattern.pieces:
            spans = self._sequence(piece)
            if not spans:
                return []
            pieces.append(spans)
        return pieces[0] if len(pieces) == 1 else list(_together(pieces, pattern.within))

    def _any(self, part: frozenset[str]) -> list[Span]:
        return sorted({span for name in part & self._names for span in self.spans(name)})

    def _sequence(self, piece: Piece) -> list[Span]:
        spans = [span for span in self._any(piece.parts[0]) if span[0] not in self._denied]
        for part, gap in zip(piece.parts[1:], piece.gaps[1:], strict=True):
            if not spans:
                break
            spans = self._followed(spans, self._any(part), gap)
        return spans

    def _followed(self, spans: list[Span], nexts: list[Span], gap: int) -> list[Span]:
        joined: set[Span] = set()
        for start, end in spans:
            for index in range(bisect_left(nexts, (end, 0)), len(nexts)):
                begins, ends = nexts[index]
                if begins > end + gap:
                    break
                if self._stretches[start] == self._stretches[begins] and self._denied.get(begins, -1) < end:
                    joined.add((start, ends))
        return sorted(joined)

    def _starts(self) -> Iterable[Span]:
        """Each start of a stretch, also past a word like "please" or "so"."""
        polite = dict(self._all.get("@polite", ()))
        for place, stretch in enumerate(self._stretches):
            if place and self._stretches[place - 1] == stretch:
                continue
            end = place
            yield (place, end)
            while end in polite and end < polite[end] < len(self._stretches):
                end = polite[end]
                yield (place, end)


def _seen(spans: tuple[Span, ...], hidden: frozenset[int]) -> Iterable[Span]:
    if not hidden:
        return spans
    return [(at, end) for at, end in spans if at not in hidden and hidden.isdisjoint(range(at + 1, end))]


def _together(pieces: list[list[Span]], within: int) -> Iterable[Span]:
    """The first piece with the nearest of each other, where all of them stand within so many words."""
    for start, end in pieces[0]:
        near = [_nearest(spans, start) for spans in pieces[1:]]
        first = min(start, *(span[0] for span in near))
        last = max(end, *(span[1] for span in near))
        if last - first <= within:
            yield (first, last)


def _nearest(spans: list[Span], start: int) -> Span:
    index = bisect_left(spans, (start, 0))
    around = spans[max(index - 1, 0) : index + 1]
    return min(around, key=lambda span: abs(span[0] - start))
