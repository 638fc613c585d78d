"""What somebody may have meant to type: one letter too many, too few, wrong, or two changed places."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from string import ascii_lowercase

SHORTEST = 4
"""Shorter words are not corrected: too many others are near."""

MOST_READINGS = 8
_LONGEST = 20


def near(typed: Sequence[str], known: Callable[[Iterable[str]], Iterator[str]]) -> list[list[str]] | None:
    """Readings of each word; None where nothing is to be corrected, or nothing near is known.

    `known` gives those of its argument with which a listed word begins. A word that does so is left alone.
    """
    readings: list[list[str]] = []
    for word in typed:
        if any(True for _ in known([word])):
            readings.append([word])
        elif SHORTEST <= len(word) <= _LONGEST and (
            found := list(islice(known(_one_off(word)), MOST_READINGS))
        ):
            readings.append(found)
        else:
            return None
    return readings if any(one != [word] for one, word in zip(readings, typed, strict=True)) else None


def _one_off(word: str) -> Iterator[str]:
    """Words one change away, likelier slips first. The first letter is rarely wrong, and is kept."""
    splits = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    yield from (f"{a}{b[1]}{b[0]}{b[2:]}" for a, b in splits if len(b) > 1)
    yield from (f"{a}{b[1:]}" for a, b in splits if b)
    yield from (f"{a}{letter}{b[1:]}" for a, b in splits if b for letter in ascii_lowercase)
    yield from (f"{a}{letter}{b}" for a, b in splits for letter in ascii_lowercase)
