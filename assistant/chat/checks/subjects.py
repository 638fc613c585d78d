"""What a stretch of an answer is about, among the things that were sent."""

from assistant.chat.checks.sources import Sources
from assistant.grounding.lexicon import Concept, Lexicon
from assistant.grounding.scan import scan
from assistant.records.words import fold

Titles = frozenset[frozenset[str]]

_MEASURE_WORDS = frozenset(("mg", "ml", "mcg", "tablet", "capsule", "oral", "result", "level", "test", "lab"))
_NEAR = 4
"""Words around one that say which of the things it stands for is meant: `LDL` before `cholesterol`."""


class Subjects:
    """Finds the titles that words mean: by the words they share, and by what patients call things."""

    def __init__(self, sources: Sources, lexicon: Lexicon) -> None:
        self._titles = sources.titles
        self._lexicon = lexicon
        skipped = lexicon.common | _MEASURE_WORDS
        self._holding: dict[str, set[frozenset[str]]] = {}
        for title in self._titles:
            for word in title:
                if word not in skipped and not word.isdigit():
                    self._holding.setdefault(word, set()).add(title)

    def nearest(self, text: str, *, last: bool) -> Titles:
        """The titles that the last (or first) mention in a text means; empty where nothing is mentioned."""
        found = self._mentions(text)
        if not found:
            return frozenset()
        return max(found, key=lambda m: m[1])[2] if last else min(found, key=lambda m: m[0])[2]

    def every(self, text: str) -> Titles:
        """The titles that any mention in a text means."""
        return frozenset(title for _, _, titles in self._mentions(text) for title in titles)

    def _mentions(self, text: str) -> list[tuple[int, int, Titles]]:
        words = fold(text)
        found = [
            (s.start, s.end, self._meant(s.concept))
            for s in scan(words, self._lexicon, correcting=False).spans
        ]
        found = [mention for mention in found if mention[2]]
        covered = {at for start, end, _ in found for at in range(start, end)}
        free = [at for at, word in enumerate(words) if at not in covered and self._held(word)]
        return [*found, *((at, at + 1, self._narrowed(words, at)) for at in free)]

    def _held(self, word: str) -> set[frozenset[str]]:
        return self._holding.get(word) or self._holding.get(word.removesuffix("s"), set())

    def _narrowed(self, words: tuple[str, ...], place: int) -> Titles:
        meant = set(self._held(words[place]))
        around = range(max(0, place - _NEAR), min(len(words), place + _NEAR))
        for near in sorted(around, key=lambda at: abs(at - place)):
            meant = (meant & self._held(words[near])) or meant
        return frozenset(meant)

    def _meant(self, concept: Concept) -> Titles:
        return frozenset(
            title
            for title in self._titles
            if title.isdisjoint(concept.without) and any(title.issuperset(group) for group in concept.titles)
        )
