"""Paging by dates: an answer covers some years before a date, and says when there is more.

The next window is asked for as the answer says; where it doesn't say, right below the oldest date that came,
or below the window itself. A window that isn't older than the one before ends it, and so does their number.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

YEARS = 3
MOST = 80
"""Windows of one tool: more than any life has."""
FLOOR = date(1890, 1, 1)

NO_PROGRESS = "The server keeps pointing to the same dates, so the rest may be missing."
ENDLESS = "There are more answers than can be right, so reading stopped here."

_MORE = re.compile(r"More data available\W*\b(Yes|True)\b", re.IGNORECASE)
_BEFORE = re.compile(r"beforeDate\W{1,6}(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_YEARS = re.compile(r"\byears\W{1,6}(\d{1,3})\b", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Window(msgspec.Struct, frozen=True):
    """One question: `years` years before a day; before today where there is none."""

    years: int = YEARS
    before: date | None = None
    number: int = 1
    """Which window of its tool it is, from 1."""

    @property
    def arguments(self) -> dict[str, int | str]:
        """What the tool is told."""
        said: dict[str, int | str] = {"years": self.years}
        if self.before is not None:
            said["beforeDate"] = self.before.isoformat()
        return said


class NextWindow(msgspec.Struct, frozen=True):
    """What follows an answer: another window, the end, or an end before the end with `problem`."""

    window: Window | None
    problem: str = ""


def more(text: str) -> bool:
    """Whether an answer says that there is more."""
    return _MORE.search(text) is not None


def after(window: Window, text: str, days: Iterable[str], today: date) -> NextWindow:
    """What to ask after an answer; `text` is what it says around its tables, `days` the dates of its rows."""
    if not more(text):
        return NextWindow(None)
    before = _next_before(window, text, days, today)
    if before >= (window.before or today + timedelta(days=1)):
        return NextWindow(None, NO_PROGRESS)
    if window.number >= MOST or before < FLOOR:
        return NextWindow(None, ENDLESS)
    said = _YEARS.search(text)
    years = int(said[1]) if said and 0 < int(said[1]) <= 150 else window.years
    return NextWindow(Window(years, before, window.number + 1))


def _next_before(window: Window, text: str, days: Iterable[str], today: date) -> date:
    said = [day for match in _BEFORE.finditer(text) if (day := _day(match[1])) is not None]
    if said:
        return said[-1]
    came = [day for value in days if (day := _day(value[:10])) is not None]
    if came:
        # The oldest day may be cut in two: it is asked for again, and its repeats are known.
        return min(came) + timedelta(days=1)
    start = window.before or today
    return start - timedelta(days=365 * window.years)


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
