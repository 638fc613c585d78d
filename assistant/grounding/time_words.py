"""Stretches of time in a question: `since 2019`, `last year`, `between May and July`, `5 years ago`.

From the words and today's date alone; the same words on the same day give the same window.
"""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable
from enum import StrEnum

import msgspec

from assistant.grounding.calendar_words import BARE_DATE, DATE, Days, days_of
from assistant.records.dates import shown_date


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


class TimeWords(msgspec.Struct, frozen=True):
    """What a question says about time, and what is left of it."""

    window: Window | None
    rest: str
    unread: str = ""
    """Words that only a birth date would make a stretch of time: `when I was 30`."""


NUMBERS = {
    **{
        word: n
        for n, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
        )
    },
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "a": 1,
    "an": 1,
    "couple": 2,
    "few": 3,
}
_NUMBER = (
    r"(?:\d{1,3}|(?:a\s+)?(?:couple|few)(?:\s+of)?|" + "|".join(w for w in NUMBERS if len(w) > 2) + r"|an?)"
)
_UNIT = r"(?P<unit>day|week|month|year|yr|decade)s?"
_PREPOSITION = r"(?:back\s+)?(?:in|on|during|for|of|around|about|from|at|near|throughout|last|this)"
_LEAD = (
    r"(?:(?:back\s+)?(?:in|on|during|for|of|around|about|from|at|near|over|throughout|within)\s+)?(?:the\s+)?"
)
_PART = r"(?P<part>early|mid|middle of|late|beginning of|start of|end of|first half of|second half of)[\s-]+"

_AT_AGE = (
    r"\b(?P<word>when|since|before|at|while)\s+(?:i\s+(?:was|turned|were)\s+|age\s+|the age of\s+)"
    r"(?P<age>\d{1,3})(?:\s+years?\s+old)?\b(?!\s*(?:mg|lb|kg|pounds|weeks|months|days))"
)
_IN_DECADE = r"\b(?:in|during)\s+my\s+(?:early\s+|late\s+|mid\s+)?(?P<years>[1-9]0)'?s\b"
_AGES = re.compile(f"{_AT_AGE}|{_IN_DECADE}")

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], dt.date, dt.date | None], Window | None]]


def take(question: str, today: dt.date, born: dt.date | None = None) -> TimeWords:
    """Find the first stretch of time in a question; `born` serves `when I was 30`, unread without it."""
    text = re.sub(r"[\u2010-\u2015]", "-", question.casefold().replace("\u2019", "'"))
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            window = read(match, today, born)
            if window is not None:
                rest = text[: match.start()] + " " + text[match.end() :]
                return TimeWords(window, " ".join(rest.split()))
    age = _AGES.search(text) if born is None else None
    if age is None:
        return TimeWords(None, " ".join(text.split()))
    rest = text[: age.start()] + " " + text[age.end() :]
    return TimeWords(None, " ".join(rest.split()), age.group())


def number_of(words: str) -> int:
    """The number that digits or a number word name."""
    if words.isdigit():
        return int(words)
    return next((NUMBERS[word] for word in words.split() if word in NUMBERS and word not in ("a", "an")), 1)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return dt.date.min
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _before(day: dt.date, count: int, unit: str) -> dt.date:
    if unit == "day":
        return day - dt.timedelta(days=count)
    if unit == "week":
        return day - dt.timedelta(weeks=count)
    return months_before(day, count * {"month": 1, "year": 12, "yr": 12, "decade": 120}[unit])


def _within(days: Days) -> Window:
    word = "on" if days.first == days.last else "in"
    return Window(Shape.WITHIN, days.first, days.last, f"{word} {days.shown}")


def _between(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    end = _end(match["b"], today)
    start = days_of(match["a"], today)
    if start is None or end is None:
        return None
    if start.first > end.last:
        start, end = end, start
    return Window(Shape.BETWEEN, start.first, end.last, f"between {start.shown} and {end.shown}")


def _end(text: str, today: dt.date) -> Days | None:
    if text in ("now", "today", "present", "the present"):
        return Days(today.isoformat(), today.isoformat(), "today")
    return days_of(text, today)


def _since(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    days = days_of(match["a"], today)
    if days is None:
        return None
    if match["word"].startswith("after"):
        first = dt.date.fromisoformat(days.last) + dt.timedelta(days=1)
        return Window(Shape.SINCE, first.isoformat(), None, f"after {days.shown}")
    return Window(Shape.SINCE, days.first, None, f"since {days.shown}")


def _until(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    days = days_of(match["a"], today)
    if days is None:
        return None
    if match["word"] in ("before", "prior to", "earlier than"):
        last = dt.date.fromisoformat(days.first) - dt.timedelta(days=1)
        return Window(Shape.BEFORE, None, last.isoformat(), f"before {days.shown}")
    return Window(Shape.BEFORE, None, days.last, f"up to {days.shown}")


def _ago(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window:
    count, unit = number_of(match["n"]), match["unit"]
    target = _before(today, count, unit)
    words = f"{count} {_unit_name(unit)}{'s' if count > 1 else ''} ago"
    if match["word"] and match["word"].strip() in ("since", "from", "after", "starting"):
        return Window(Shape.SINCE, target.isoformat(), None, f"since {shown_date(target.isoformat())}")
    slack = {"day": 0, "week": 4, "month": 16, "year": 183, "yr": 183, "decade": 730}[unit]
    first, last = target - dt.timedelta(days=slack), min(target + dt.timedelta(days=slack), today)
    return Window(Shape.AGO, first.isoformat(), last.isoformat(), f"about {words}", target.isoformat())


def _unit_name(unit: str) -> str:
    return "year" if unit == "yr" else unit


def _rolling(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window:
    count = number_of(match["n"]) if match["n"] else 1
    unit = _unit_name(match["unit"])
    first = _before(today, count, unit)
    words = f"in the last {count} {unit}s" if count > 1 else f"in the last {unit}"
    return Window(Shape.ROLLING, first.isoformat(), today.isoformat(), words)


def _calendar(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window:
    last, unit = match["which"] != "this", _unit_name(match["unit"])
    since = bool(match["word"]) and match["word"].strip() == "since"
    if unit == "week":
        monday = today - dt.timedelta(days=today.weekday() + 7 * last)
        first, end, words = (
            monday,
            monday + dt.timedelta(days=6),
            f"in the week of {shown_date(monday.isoformat())}",
        )
    elif unit == "month":
        first = months_before(today.replace(day=1), int(last))
        end = first.replace(day=monthrange(first.year, first.month)[1])
        words = f"in {shown_date(first.isoformat()[:7])}"
    else:
        year = today.year - last
        first, end, words = dt.date(year, 1, 1), dt.date(year, 12, 31), f"in {year}"
    if since:
        return Window(Shape.SINCE, first.isoformat(), None, "since " + words.split(" ", 1)[1])
    return Window(Shape.WITHIN, first.isoformat(), end.isoformat(), words)


def _decade(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    names = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70}
    names |= {"eighties": 80, "nineties": 90}
    text = match["decade"].rstrip("s").replace("'", "")
    year = int(text) if text.isdigit() else names[match["decade"]]
    if year < 100:
        year += 2000 if 2000 + year <= today.year else 1900
    return Window(Shape.WITHIN, f"{year}-01-01", f"{year + 9}-12-31", f"in the {year}s")


def _part_of_year(match: re.Match[str], _: dt.date, __: dt.date | None) -> Window | None:
    year, part = match["year"], match["part"].strip()
    months = {"early": (1, 4), "mid": (5, 8), "middle of": (5, 8), "late": (9, 12), "beginning of": (1, 3)}
    months |= {"start of": (1, 3), "end of": (10, 12), "first half of": (1, 6), "second half of": (7, 12)}
    first, last = months[part]
    since, until = f"{year}-{first:02d}-01", f"{year}-{last:02d}-{monthrange(int(year), last)[1]}"
    words = f"between {shown_date(since[:7])} and {shown_date(until[:7])}"
    return Window(Shape.WITHIN, since, until, words)


def _age(match: re.Match[str], _: dt.date, born: dt.date | None) -> Window | None:
    if born is None:
        return None
    age = int(match["age"])
    first, end = months_before(born, -12 * age), months_before(born, -12 * (age + 1)) - dt.timedelta(days=1)
    if match["word"] == "since":
        return Window(Shape.SINCE, first.isoformat(), None, f"since you were {age}")
    if match["word"] == "before":
        last = first - dt.timedelta(days=1)
        return Window(Shape.BEFORE, None, last.isoformat(), f"before you were {age}")
    return Window(Shape.WITHIN, first.isoformat(), end.isoformat(), f"when you were {age}")


def _age_decade(match: re.Match[str], _: dt.date, born: dt.date | None) -> Window | None:
    if born is None:
        return None
    age = int(match["years"])
    first, end = months_before(born, -12 * age), months_before(born, -12 * (age + 10)) - dt.timedelta(days=1)
    return Window(Shape.WITHIN, first.isoformat(), end.isoformat(), f"in your {age}s")


def _in(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    days = days_of(match["a"], today)
    return _within(days) if days is not None else None


def _rule(pattern: str, read: Callable[[re.Match[str], dt.date, dt.date | None], Window | None]) -> _Rule:
    return re.compile(pattern), read


_A, _B = f"(?P<a>{DATE})", f"(?P<b>{DATE}|now\\b|today\\b|(?:the\\s+)?present\\b)"
_RULES: tuple[_Rule, ...] = (
    _rule(
        rf"\b(?:between|from|in|during|for|of)\s+(?:the\s+years\s+)?{_A}\s*(?:and|to|until|till|through|thru|-)\s*{_B}",
        _between,
    ),
    _rule(rf"(?<![\w/-])(?P<a>{BARE_DATE})\s*(?:to|until|till|through|thru|-)\s*{_B}", _between),
    _rule(
        r"\b(?P<word>(?:since|from|after|starting|compared to|in|during|around|about)\s+)?"
        r"(?:about\s+|around\s+)?"
        rf"(?P<n>{_NUMBER})\s+{_UNIT}\s+(?:ago|back|earlier)\b",
        _ago,
    ),
    _rule(
        r"\b(?P<word>since|after|starting(?: in)?|beginning(?: in)?)\s+(?:the\s+)?"
        rf"(?:(?:start|beginning|end)\s+of\s+|year\s+)?{_A}",
        _since,
    ),
    _rule(rf"\b(?P<word>from)\s+{_A}\s+(?:on|onwards?|forward)\b", _since),
    _rule(rf"\b(?P<word>before|prior to|earlier than|until|till|up to|by)\s+(?:the\s+year\s+)?{_A}", _until),
    _rule(
        rf"\b(?:(?:in|over|during|within|for|of|from)\s+)?(?:the\s+|my\s+)?(?:last|past|previous)\s+"
        rf"(?P<n>{_NUMBER})\s+{_UNIT}\b",
        _rolling,
    ),
    _rule(
        rf"\b(?:(?:in|over|during|within|for)\s+the\s+(?:last|past|previous)|(?:the\s+)?past)\s+(?P<n>){_UNIT}\b",
        _rolling,
    ),
    _rule(
        r"\b(?P<word>(?:since|in|during|from|of)\s+)?(?:so far\s+)?(?P<which>last|this)\s+"
        rf"{_UNIT}\b(?!\s+old)",
        _calendar,
    ),
    _rule(rf"\b{_LEAD}{_PART}(?P<year>(?:19|20)\d\d)\b", _part_of_year),
    _rule(
        r"\b(?:(?:in|during|from|of|throughout)\s+)?(?:the\s+)?(?:early\s+|late\s+|mid\s+)?"
        r"(?P<decade>(?:19|20)\d0'?s\b|(?:(?<=the )|(?<=early )|(?<=late )|(?<=mid ))'?[1-9]0'?s\b"
        r"|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)",
        _decade,
    ),
    _rule(_AT_AGE, _age),
    _rule(_IN_DECADE, _age_decade),
    _rule(rf"(?:\b{_PREPOSITION}\s+(?:the\s+)?(?:year\s+)?)?(?<![\w/-])(?P<a>{BARE_DATE})", _in),
    _rule(rf"\b{_PREPOSITION}\s+(?P<a>{DATE})", _in),
)
