"""FHIR dates (R4 datatypes: date, dateTime, instant, Period): read as written, compared, shown.

Partial dates stay partial and a date alone is never shifted. For sorting, a time is taken to UTC (one
without an offset is read as UTC), a partial date counts as its first day at 00:00. Days are those of the
source's own offset.
"""

import re
from calendar import monthrange
from datetime import datetime
from functools import lru_cache

from assistant.records.model import When

_SHAPE = re.compile(
    r"(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])"
    r"(?:-(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?"
    r"\s?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?)?)?",
    re.ASCII,
)
_TIME = re.compile(r"(.{10})[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST = {4: "-01-01T00:00:00Z", 7: "-01T00:00:00Z", 10: "T00:00:00Z"}
_EARLIEST = "0001-01-01T00:00:00Z"
_LATEST = "9999-12-31T23:59:59Z"


def is_date(text: str) -> bool:
    """Whether the text is a date or time that exists, at any precision FHIR knows (seconds may be missing,
    a leap second is one)."""
    if len(text) > 10 and text[4] == text[7] == "-" and text[10] == "T" and text[13:14] == ":":
        # Much faster than the pattern, for what nearly every source writes.
        try:
            datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return True
    if _SHAPE.fullmatch(text) is None:
        return False
    return text[8:10] <= "28" or int(text[8:10]) <= monthrange(int(text[:4]), int(text[5:7]))[1]


def has_time(text: str) -> bool:
    """Whether a date has a time of day."""
    return len(text) > 10


def utc_minute(text: str) -> str:
    """`YYYY-MM-DDTHH:MM` in UTC for a time; the date as written where there is no time."""
    return _utc(text)[:16] if has_time(text) else text


@lru_cache(maxsize=4096)
def _utc(text: str) -> str:
    if len(text) <= 10:
        return f"{text}{_FIRST[len(text)]}"
    if text.endswith(("Z", "+00:00")) and text[16] == ":" and text[17:19] != "60":
        return f"{text[:10]}T{text[11:19]}Z"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _odd_time(text)
    ahead = moment.utcoffset()
    moment = moment.replace(tzinfo=None)
    if ahead is not None:
        try:
            moment -= ahead
        except OverflowError:
            return _EARLIEST if moment.year == 1 else _LATEST
    return f"{moment.isoformat()[:19]}Z"


def _odd_time(text: str) -> datetime:
    """A time that the standard library won't read: a leap second counts as the second before."""
    shape = _TIME.fullmatch(text)
    if shape is None:
        return datetime.fromisoformat(text[:10])
    day, minute, second, offset = shape.groups()
    return datetime.fromisoformat(f"{day}T{minute}:{min(int(second or 0), 59):02d}{offset or ''}")


def sort_key(when: When) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ` in UTC, by the start or, where there is none, the end; empty without a date."""
    text = when.start or when.end
    return _utc(text) if text else ""


def iso_day(text: str) -> str:
    """The date part at its precision, in the source's own offset: `2019`, `2019-05`, `2019-05-03`."""
    return text[:10]


def _last(text: str) -> str:
    day = text[:10]
    if len(day) == 4:
        return f"{day}-12-31"
    if len(day) == 7:
        return f"{day}-{monthrange(int(day[:4]), int(day[5:]))[1]:02d}"
    return day


def span(text: str) -> tuple[str, str]:
    """The earliest and the latest ISO day that a date as written can mean; both empty without one."""
    if len(text) >= 10:
        return text[:10], text[:10]
    return (f"{text}{_FIRST[len(text)][:-10]}", _last(text)) if text else ("", "")


def first_day(when: When) -> str:
    """The earliest ISO day that the date can mean; empty without a date."""
    return span(when.start or when.end or "")[0]


def last_day(when: When) -> str:
    """The latest ISO day that the date can mean: of the end where there is one, else of the start."""
    text = when.end or when.start
    return _last(text) if text else ""


def shown_date(text: str) -> str:
    """`3 Feb 2026`, `Feb 2026` or `2026`: month names, the source's own day. Text that is no date stays."""
    if not is_date(text):
        return text
    if len(text) == 4:
        return text
    month = _MONTHS[int(text[5:7]) - 1]
    return f"{month} {text[:4]}" if len(text) == 7 else f"{int(text[8:10])} {month} {text[:4]}"


def shown_when(when: When) -> str:
    """The date or the two ends of a period, for a person; empty without a date."""
    start = shown_date(when.start) if when.start else None
    end = shown_date(when.end) if when.end else None
    if start is None:
        return f"until {end}" if end else ""
    return start if end is None or end == start else f"{start} to {end}"
