"""Where reading a server of tools stopped, as the opaque string that goes back to the connector."""

from datetime import datetime
from hashlib import sha256

import msgspec

from connectors.errors import SourceUnreadable
from connectors.mcp.windows import Window
from connectors.smart.cursor import LONGEST, Done

MOST_EDGE = 300


class At(msgspec.Struct, frozen=True, array_like=True):
    """Inside one question: which window comes next, and what came of those before."""

    window: Window
    came: int
    left_out: int
    """Rows that could not be read."""
    short: str
    """What is already missing, as a sentence."""
    edge: tuple[str, ...] = ()
    """Short names of records that the next window may repeat."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a reading has come."""

    source: str
    """Which server, so that a cursor is not taken for another's."""
    began: datetime
    done: dict[str, Done] = {}
    """Questions that ended, by their id."""
    at: str | None = None
    """The question in whose middle it stopped."""
    after: At | None = None
    turns: int = 0
    """Batches handed over so far."""


def source(address: str) -> str:
    """A short name for one server."""
    return sha256(address.encode()).hexdigest()[:16]


def write(place: Place) -> str | None:
    """The cursor; None where it would be too long: reading then resumes from an earlier one."""
    text = msgspec.json.encode(place).decode()
    return text if len(text) <= LONGEST else None


def read(text: str, wanted: str) -> Place:
    """The place that a cursor means; `wanted` is the server that it has to be of.

    Raises:
        SourceUnreadable: it is none, or of another server.
    """
    try:
        place = msgspec.json.decode(text, type=Place)
    except (msgspec.MsgspecError, UnicodeError):
        place = None
    if place is None or place.source != wanted:
        raise SourceUnreadable(
            "Reading can't go on from there",
            "The place where the last sync stopped is not known any more.",
            "Start the sync again: it begins anew, and nothing is kept twice.",
        )
    return place
