"""Dates in options: a day, a month or a year, in ISO 8601."""

import calendar
import datetime as dt
import re

from assistant.errors import UsageError

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def first_day_of(text: str | None) -> str | None:
    """The first day that a date means, as an ISO day."""
    return _edge(text, last=False)


def last_day_of(text: str | None) -> str | None:
    """The last day that a date means, as an ISO day."""
    return _edge(text, last=True)


def _edge(text: str | None, *, last: bool) -> str | None:
    if text is None:
        return None
    found = _DATE.match(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        month = month or (12 if last else 1)
        day = day or (calendar.monthrange(int(year or 1), month)[1] if last else 1)
        return dt.date(int(year or 1), month, day).isoformat()
    except ValueError:
        raise UsageError(f"“{text}” is not a date.", "Write it as 2024-03-01, 2024-03 or 2024.") from None
