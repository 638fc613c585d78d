"""Which records lie in a stretch of time."""

from collections.abc import Iterable

from assistant.grounding.window import Window
from assistant.records.dates import first_day, last_day, span
from assistant.records.model import Category, Record, When

_HELD = frozenset((Category.CONDITIONS, Category.MEDICATIONS, Category.ALLERGIES, Category.INSURANCE))


def within(records: Iterable[Record], window: Window | None) -> list[Record]:
    """Those that started in the window, whatever day their date can mean; none without a date."""
    if window is None:
        return list(records)
    return [record for record in records if started_in(record, window)]


def started_in(record: Record, window: Window) -> bool:
    """Whether every day that the start of a record can mean lies in the window."""
    start = record.when.start or record.when.end or record.recorded or ""
    first, last = span(start)
    return (
        bool(first)
        and (window.since is None or window.since <= first)
        and (window.until is None or last <= window.until)
    )


def held_in(records: Iterable[Record], window: Window | None) -> list[Record]:
    """Those that started in the window or, of things that hold for a time, are known to have held in it."""
    if window is None:
        return list(records)
    return [record for record in records if started_in(record, window) or _held(record, window)]


def _held(record: Record, window: Window) -> bool:
    if record.category not in _HELD or not record.when.start:
        return False
    if window.until is not None and first_day(When(start=record.when.start)) > window.until:
        return False
    if record.when.end:
        return window.since is None or last_day(When(start=record.when.end)) >= window.since
    return record.current is True
