"""The time, as something that can be handed in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time now, with a zone."""


def utc_now() -> datetime:
    """The computer's time, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """UTC in ISO 8601 to the second: `2026-02-03T10:15:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_stamp(text: str) -> datetime | None:
    """The moment that `stamp` wrote; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
