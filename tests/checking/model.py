"""What the frozen corpora are made of. Values only."""

from typing import Literal

import msgspec

from assistant.records.model import Category

Role = Literal["value", "unit", "date", "count", "strength", "limit", "change"]
Kind = Literal["digit", "swap", "unit", "date", "negation"]


class Span(msgspec.Struct, frozen=True, array_like=True):
    """One number, unit or date in an answer, and what it is said of. Offsets are in characters."""

    at: int
    end: int
    role: Role
    thing: str
    """What it is said of, as the records name it."""
    when: str
    """ISO day, month or year that the answer gives with it; empty where it gives none."""
    value: str
    """The value that it belongs to; empty where it belongs to none."""
    start: int
    stop: int
    """The sentence that it stands in (for a heading: with what stands under it)."""


class Frozen(msgspec.Struct, frozen=True):
    """A right answer to one of the frozen messages."""

    message: int
    text: str
    spans: tuple[Span, ...]
    shapes: tuple[str, ...]
    """The templates that it was written by."""


class Mutation(msgspec.Struct, frozen=True):
    """A right answer made wrong in one way."""

    kind: Kind
    answer: int
    text: str
    places: tuple[tuple[int, int], ...]
    """Where the wrong text stands now."""
    sentences: tuple[tuple[int, int], ...]
    """The sentences around it, now and (same order) in `before`."""
    before: tuple[tuple[int, int], ...]


class Source(msgspec.Struct, frozen=True):
    """A record that a sentence may cite."""

    category: Category
    text: str


class Sentence(msgspec.Struct, frozen=True):
    """Something a model may say, with the records that it was given; `[1]` is the first of them."""

    text: str
    sources: tuple[Source, ...]
    advice: bool
    """Whether it diagnoses, or tells the patient to change a medicine, on nobody's word."""
    frame: str
