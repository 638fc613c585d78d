"""Where reading stopped, as the opaque string that goes back to the connector."""

from datetime import datetime
from hashlib import sha256

import msgspec

from connectors.errors import SourceUnreadable
from connectors.smart.coverage import Outcome, State
from connectors.smart.walk import Start

LONGEST = 8192
"""Characters of a cursor."""


class Done(msgspec.Struct, frozen=True, array_like=True):
    """One search that ended."""

    state: State
    came: int = 0
    promised: int | None = None
    text: str = ""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a sync has come."""

    chart: str
    """Whose chart on which server, so that a cursor is not taken for another's."""
    began: datetime
    since: datetime | None = None
    done: dict[str, Done] = {}
    """Searches that ended, by their id."""
    at: str | None = None
    """The search in whose middle it stopped."""
    after: Start | None = None
    turns: int = 0
    """Batches handed over so far."""
    followed: int = 0
    foreign: int = 0
    left: int = 0


def chart(base: str, patient: str) -> str:
    """A short name for one patient's chart on one server."""
    return sha256(f"{base}\n{patient}".encode()).hexdigest()[:16]


def write(place: Place) -> str | None:
    """The cursor; None where it would be too long: reading then resumes from an earlier one."""
    text = msgspec.json.encode(place).decode()
    return text if len(text) <= LONGEST else None


def read(text: str, wanted: str) -> Place:
    """The place that a cursor means. `wanted` is the chart that it has to be of.

    Raises:
        SourceUnreadable: it is none, or of another chart.
    """
    try:
        place = msgspec.json.decode(text, type=Place)
    except (msgspec.MsgspecError, UnicodeError):
        place = None
    if place is None or place.chart != wanted:
        raise SourceUnreadable(
            "Reading can't go on from there",
            "The place where the last sync stopped is not known any more.",
            "Start the sync again: it begins anew, and nothing is kept twice.",
        )
    return place


def outcome(done: Done) -> Outcome:
    """What came of a search that ended before."""
    return Outcome(done.state, done.came, done.promised, done.text)


def done(outcome: Outcome) -> Done:
    """The same, to be kept in a cursor."""
    return Done(outcome.state, outcome.came, outcome.promised, outcome.text)
