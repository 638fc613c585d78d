"""The reviewed data behind the recognizer: groups of words, frames and rules, from `rule_data/*.json`."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from assistant.safety.lookup import Lookup, Message
from assistant.safety.model import Urgent
from assistant.safety.normal import plain_words
from assistant.safety.pattern import WITHIN, Pattern, entries, names_in, parse, words_of
from assistant.safety.spelling import Spelling


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What brings up a card: any of these patterns, unless one of the others stands there too."""

    id: str
    kind: Urgent
    about: str
    source: str
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()
    within: int = WITHIN


class Reach(StrEnum):
    """How far a frame speaks: its own words, those near in its clause, the sentence up to it or whole."""

    OWN = "own"
    NEAR = "near"
    BEFORE = "before"
    SENTENCE = "sentence"


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form of words that makes its clause one about records, the past, a meaning or things in general.

    A clause in which `unless` stands is left as it is; where `void` stands anywhere, the frame says nothing.
    """

    id: str
    about: str
    hides: tuple[Urgent, ...]
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    reach: Reach = Reach.NEAR


class _Frames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    openings: tuple[str, ...]
    frames: tuple[Frame, ...]


class CompiledRule(msgspec.Struct, frozen=True):
    """A rule with its patterns parsed."""

    of: Rule
    any: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]

    def standing(self, names: frozenset[str]) -> bool:
        """Whether one of its patterns could stand where these names stand."""
        return any(pattern.possible(names) for pattern in self.any)


class CompiledFrame(msgspec.Struct, frozen=True):
    """A frame with its patterns parsed."""

    of: Frame
    any: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    void: tuple[Pattern, ...]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    groups: dict[str, str]
    short_forms: dict[str, str]
    misspelled: dict[str, str]
    right_as_written: str


class Reviewed(msgspec.Struct, frozen=True):
    """All of it, ready to be looked for."""

    short_forms: Mapping[str, str]
    misspelled: Mapping[str, str]
    rules: tuple[CompiledRule, ...]
    frames: tuple[CompiledFrame, ...]
    openings: tuple[Pattern, ...]
    """With what a new clause begins inside a sentence, though no comma stands before it."""
    lookup: Lookup
    spelling: Spelling

    def message(self, text: str) -> Message:
        """A text's words, with slips forgiven."""
        words = plain_words(text, self.short_forms)
        read = {word.text: self._read(word.text) for word in words}
        return Message(words, tuple(read[word.text] for word in words))

    def possible(self, kind: Urgent, names: frozenset[str]) -> Iterable[CompiledRule]:
        """The rules of a kind, without those that can't be met where only these names stand."""
        return (rule for rule in self.rules if rule.of.kind is kind and rule.standing(names))

    def _read(self, written: str) -> frozenset[str]:
        return self.spelling.read(self.misspelled.get(written, written))


def rules() -> tuple[Rule, ...]:
    """The rules as they are written."""
    return msgspec.json.decode(_bytes("rules"), type=tuple[Rule, ...])


@cache
def reviewed() -> Reviewed:
    """Read once: the data never changes while the program runs."""
    words = msgspec.json.decode(_bytes("words"), type=_Words)
    frames = msgspec.json.decode(_bytes("frames"), type=_Frames)
    groups = {name: entries(written) for name, written in words.groups.items()}
    compiled = tuple(
        CompiledRule(rule, _parsed(rule.any, rule.within), _parsed(rule.unless, rule.within))
        for rule in rules()
    )
    framed = tuple(_framed(one) for one in frames.frames)
    openings = _parsed(frames.openings)
    patterns = [*openings]
    patterns += (pattern for rule in compiled for pattern in (*rule.any, *rule.unless))
    patterns += (pattern for frame in framed for pattern in (*frame.any, *frame.unless, *frame.void))
    names = {name for entry in groups.values() for name in entry}
    names |= {name for pattern in patterns for name in names_in(pattern)}
    listed = {word for name in names for word in words_of(name)} | set(words.misspelled.values())
    spelling = Spelling(listed, words.right_as_written.split())
    lookup = Lookup(names, groups)
    return Reviewed(words.short_forms, words.misspelled, compiled, framed, openings, lookup, spelling)


def _framed(frame: Frame) -> CompiledFrame:
    return CompiledFrame(frame, _parsed(frame.any), _parsed(frame.unless), _parsed(frame.void))


def _parsed(written: tuple[str, ...], within: int = WITHIN) -> tuple[Pattern, ...]:
    return tuple(parse(one, within) for one in written)


def _bytes(name: str) -> bytes:
    return files("assistant.safety").joinpath("rule_data", f"{name}.json").read_bytes()
