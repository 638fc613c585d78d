"""Finds every listed name in a message in one walk over its words."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from assistant.safety.normal import Word
from assistant.safety.pattern import words_of

Span: TypeAlias = tuple[int, int]
"""First word, and the one after the last."""
Spans: TypeAlias = Mapping[str, tuple[Span, ...]]
_Joined: TypeAlias = Mapping[str, list[tuple[str, tuple[str, ...]]]]


class Message(msgspec.Struct, frozen=True):
    """A message's words, and for each the listed words it may stand for."""

    words: tuple[Word, ...]
    meant: tuple[frozenset[str], ...]


class Lookup:
    """The names that are looked for: words, words joined, groups of these, numbers within bounds."""

    def __init__(self, names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> None:
        """Groups may name groups."""
        self._alone: set[str] = set()
        self._joined: dict[str, dict[str, list[tuple[str, tuple[str, ...]]]]] = {}
        self._numbers: list[tuple[str, float, float]] = []
        self._groups: dict[str, list[str]] = {}
        for name in names:
            self._add(name)
        for group in groups:
            for name in _members(group, groups):
                self._groups.setdefault(name, []).append(f"@{group}")

    def spans(self, message: Message) -> Spans:
        """Where each name that stands in the message stands, in order."""
        found: dict[str, list[Span]] = {}
        for place, meant in enumerate(message.meant):
            if message.words[place].text[0].isdigit():
                self._add_numbers(message, place, found)
            for word in meant:
                if word in self._alone:
                    found.setdefault(word, []).append((place, place + 1))
                if word in self._joined and place + 1 < len(message.meant):
                    self._add_joined(message, place, self._joined[word], found)
        grouped: dict[str, set[Span]] = {}
        for name, spans in found.items():
            for group in self._groups.get(name, ()):
                grouped.setdefault(group, set()).update(spans)
        once = {name: tuple(dict.fromkeys(spans)) for name, spans in found.items()}
        return once | {name: tuple(sorted(spans)) for name, spans in grouped.items()}

    def _add(self, name: str) -> None:
        if name[0] == "#":
            low, _, high = name[1:].partition("-")
            self._numbers.append((name, float(low), float(high)))
            return
        match words_of(name):
            case (word,):
                self._alone.add(word)
            case (first, second, *others):
                self._joined.setdefault(first, {}).setdefault(second, []).append((name, tuple(others)))

    def _add_numbers(self, message: Message, place: int, found: dict[str, list[Span]]) -> None:
        value = float(message.words[place].text)
        for name, low, high in self._numbers:
            if low <= value <= high:
                found.setdefault(name, []).append((place, place + 1))

    def _add_joined(
        self, message: Message, place: int, joined: _Joined, found: dict[str, list[Span]]
    ) -> None:
        for second in message.meant[place + 1]:
            for name, others in joined.get(second, ()):
                end = place + 2 + len(others)
                after = message.meant[place + 2 : end]
                if len(after) == len(others) and all(map(_stands_in, others, after)):
                    found.setdefault(name, []).append((place, end))


def _stands_in(word: str, meant: frozenset[str]) -> bool:
    return word in meant


def _members(group: str, groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    members: set[str] = set()
    for name in groups[group]:
        members |= _members(name[1:], groups) if name[0] == "@" else {name}
    return members
