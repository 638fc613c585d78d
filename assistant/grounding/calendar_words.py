"""Dates as people write them, each read as the days it can mean. Pure text; nothing is looked up."""

import datetime as dt
import re
from calendar import monthrange

import msgspec

from assistant.records.dates import shown_date

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary|uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_FULL_MONTH = r"(?:january|february|april|june|july|august|september|october|november|december)\b"
_YEAR = r"(?:19|20)\d\d(?!\d|[/.]\d|-\d\d(?!\d\d))(?!\s*(?:mg|mcg|iu|ml|units?|steps|calories|kcal|%))"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"

_FORMS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?:19|20)\d\d-\d\d(?:-\d\d)?(?!\d)"),
    ("day_month_year", rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+(?:of\s+)?{_YEAR}"),
    ("month_day_year", rf"{_MONTH}\s+(?:the\s+)?{_DAY}(?:,\s*|\s+(?:of\s+)?){_YEAR}"),
    ("month_year", rf"{_MONTH},?\s+(?:of\s+)?{_YEAR}"),
    ("slashes", r"\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d(?!\d)"),
    ("month_slash_year", r"(?:1[0-2]|0?[1-9])/(?:19|20)\d\d(?!\d)"),
    ("day_month", rf"{_DAY}\s+(?:of\s+)?{_MONTH}"),
    ("month_day", rf"{_MONTH}\s+(?:the\s+)?{_DAY}(?!\d)"),
    ("year", rf"{_YEAR}"),
    ("today", r"today|yesterday"),
    ("full_month", _FULL_MONTH),
    ("month", _MONTH),
)
DATE = "(?:" + "|".join(rf"(?<![\d/.]){form}" for _, form in _FORMS) + ")"
"""Matches a date anywhere that a preposition announces one (bare `may` and `march` included)."""
BARE_DATE = "(?:" + "|".join(rf"(?<![\d/.]){form}" for name, form in _FORMS if name != "month") + ")"
"""Matches a date that needs no preposition to be one."""

_PATTERNS = tuple((name, re.compile(form)) for name, form in _FORMS)


class Days(msgspec.Struct, frozen=True):
    """The first and last ISO day that a date can mean, and the date as shown to a person."""

    first: str
    last: str
    shown: str


def days_of(text: str, today: dt.date) -> Days | None:
    """What a matched date means; one without a year is the latest not after today. None if no such day."""
    for name, pattern in _PATTERNS:
        if pattern.fullmatch(text):
            return _read(name, text, today)
    return None


def span(iso: str) -> Days | None:
    """The days of an ISO date at its precision; None where there is no such date."""
    try:
        numbers = [int(part) for part in iso.split("-")]
        first = dt.date(*[*numbers, 1, 1][:3])
    except ValueError:
        return None
    month = 12 if len(numbers) == 1 else first.month
    day = first.day if len(numbers) == 3 else monthrange(first.year, month)[1]
    return Days(first.isoformat(), dt.date(first.year, month, day).isoformat(), shown_date(iso))


def _read(name: str, text: str, today: dt.date) -> Days | None:
    if name == "iso" or name == "year":
        return span(text)
    if name == "today":
        return span((today - dt.timedelta(days=text == "yesterday")).isoformat())
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if name == "slashes":
        return _slashes(text, numbers)
    if name == "month_slash_year":
        return span(f"{numbers[1]}-{numbers[0]:02d}")
    month = _month_number(text)
    if name == "month_year":
        return span(f"{numbers[0]}-{month:02d}")
    if name in ("day_month_year", "month_day_year"):
        return span(f"{numbers[1]}-{month:02d}-{numbers[0]:02d}")
    if name in ("day_month", "month_day"):
        return _latest_day(month, numbers[0], today)
    year = today.year if month <= today.month else today.year - 1
    return span(f"{year}-{month:02d}")


def _month_number(text: str) -> int:
    word = re.search(r"[a-z]{3,}(?=[\s.,]|$)", text.replace(" of ", " ").replace("the ", ""))
    start = word.group()[:3] if word else text[:3]
    return _MONTHS.index(start) // 4 + 1


def _slashes(text: str, numbers: list[int]) -> Days | None:
    """Month first, as the sources' country writes it, unless dots or a number over 12 say day first."""
    first, second, year = numbers
    month, day = (second, first) if "." in text or first > 12 else (first, second)
    return span(f"{year}-{month:02d}-{day:02d}")


def _latest_day(month: int, day: int, today: dt.date) -> Days | None:
    for year in range(today.year, today.year - 5, -1):
        days = span(f"{year}-{month:02d}-{day:02d}")
        if days is not None and days.first <= today.isoformat():
            return days
    return None
