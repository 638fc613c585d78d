"""A stretch of time that a question asks about."""

from enum import StrEnum

import msgspec


class Shape(StrEnum):
    """How the words bound the time."""

    WITHIN = "within"
    """In, on or during a date."""
    SINCE = "since"
    BEFORE = "before"
    BETWEEN = "between"
    ROLLING = "rolling"
    """The last so many days, months or years up to today."""
    AGO = "ago"
    """Around a day some time ago."""


class Window(msgspec.Struct, frozen=True):
    """A stretch of ISO days; an end that is not set is open."""

    shape: Shape
    since: str | None
    until: str | None
    words: str
    """For a sentence: `in 2019`, `since Mar 2019`, `in the last 5 years`."""
    target: str | None = None
    """The day asked for, where the window was drawn around one."""
