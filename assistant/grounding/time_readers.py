"""What each way of naming a stretch of time means; `time_words` finds them.

Each takes the match, today, and the birth date where it is known; None where the words name no time.
"""

import datetime as dt
import re
from calendar import monthrange

from assistant.grounding.calendar_words import Days, days_of
from assistant.grounding.window import Shape, Window
from assistant.records.dates import shown_date

_WORDS = "one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {word: n for n, word in enumerate(_WORDS.split(), 1)} | {"fifteen": 15, "twenty": 20}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month that each begins with."""
NUMBERS |= {"a": 1, "an": 1, "couple": 2, "few": 3}
"""Number words, as far as people use them for a stretch of time."""


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
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return dt.date.fromordinal(max(1, day.toordinal() - days))
    return months_before(day, count * {"month": 1, "year": 12, "yr": 12, "decade": 120}[unit])


def _within(days: Days) -> Window:
    word = "on" if days.first == days.last else "in"
    return Window(Shape.WITHIN, days.first, days.last, f"{word} {days.shown}")


def between(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    """`between A and B`, in either order."""
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


def since(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    """`since A`; `after A` starts the day after it."""
    days = days_of(match["a"], today)
    if days is None:
        return None
    if match["word"].startswith("after"):
        first = dt.date.fromisoformat(days.last) + dt.timedelta(days=1)
        return Window(Shape.SINCE, first.isoformat(), None, f"after {days.shown}")
    return Window(Shape.SINCE, days.first, None, f"since {days.shown}")


def until(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    """`before A` ends the day before it; `until A` holds A."""
    days = days_of(match["a"], today)
    if days is None:
        return None
    if match["word"] in ("before", "prior to", "earlier than"):
        last = dt.date.fromisoformat(days.first) - dt.timedelta(days=1)
        return Window(Shape.BEFORE, None, last.isoformat(), f"before {days.shown}")
    return Window(Shape.BEFORE, None, days.last, f"up to {days.shown}")


def some_time_ago(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window:
    """`5 years ago`: around that day; `since 5 years ago`: from it on."""
    count, unit = number_of(match["n"]), match["unit"]
    target = _before(today, count, unit)
    words = f"{count} {_unit_name(unit)}{'s' if count > 1 else ''} ago"
    if match["word"] and match["word"].strip() in ("since", "from", "after", "starting"):
        return Window(Shape.SINCE, target.isoformat(), None, f"since {shown_date(target.isoformat())}")
    slack = {"day": 0, "week": 4, "month": 16, "year": 183, "yr": 183, "decade": 730}[unit]
    first, last = _before(target, slack, "day"), min(target + dt.timedelta(days=slack), today)
    return Window(Shape.AGO, first.isoformat(), last.isoformat(), f"about {words}", target.isoformat())


def _unit_name(unit: str) -> str:
    return "year" if unit == "yr" else unit


def up_to_today(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window:
    """`the last 5 years`."""
    count = number_of(match["n"]) if match["n"] else 1
    unit = _unit_name(match["unit"])
    first = _before(today, count, unit)
    words = f"in the last {count} {unit}s" if count > 1 else f"in the last {unit}"
    return Window(Shape.ROLLING, first.isoformat(), today.isoformat(), words)


def last_or_this(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window:
    """`last year`, `this month`, by the calendar."""
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


def in_decade(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    """`the 90s`, `the 1990s`, `the nineties`."""
    names = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70}
    names |= {"eighties": 80, "nineties": 90}
    text = match["decade"].rstrip("s").replace("'", "")
    year = int(text) if text.isdigit() else names[match["decade"]]
    if year < 100:
        year += 2000 if 2000 + year <= today.year else 1900
    return Window(Shape.WITHIN, f"{year}-01-01", f"{year + 9}-12-31", f"in the {year}s")


def part_of_year(match: re.Match[str], _: dt.date, __: dt.date | None) -> Window | None:
    """`early 2019`, `the second half of 2019`."""
    year, part = match["year"], match["part"].strip()
    months = {"early": (1, 4), "mid": (5, 8), "middle of": (5, 8), "late": (9, 12), "beginning of": (1, 3)}
    months |= {"start of": (1, 3), "end of": (10, 12), "first half of": (1, 6), "second half of": (7, 12)}
    first, last = months[part]
    since, until = f"{year}-{first:02d}-01", f"{year}-{last:02d}-{monthrange(int(year), last)[1]}"
    words = f"between {shown_date(since[:7])} and {shown_date(until[:7])}"
    return Window(Shape.WITHIN, since, until, words)


def at_age(match: re.Match[str], today: dt.date, born: dt.date | None) -> Window | None:
    """`when I was 30`; None for an age not reached yet."""
    age = int(match["age"])
    if born is None or months_before(born, -12 * age) > today:
        return None
    first, end = months_before(born, -12 * age), months_before(born, -12 * (age + 1)) - dt.timedelta(days=1)
    if match["word"].strip() == "since":
        return Window(Shape.SINCE, first.isoformat(), None, f"since you were {age}")
    if match["word"] in ("before", "until"):
        last = first - dt.timedelta(days=1)
        return Window(Shape.BEFORE, None, last.isoformat(), f"before you were {age}")
    return Window(Shape.WITHIN, first.isoformat(), end.isoformat(), f"when you were {age}")


def in_season(match: re.Match[str], _: dt.date, __: dt.date | None) -> Window:
    """`the summer of 2018`, as the north of the world counts; a winter begins in the year it is named by."""
    year, start = int(match["year"]), _SEASONS[match["season"]]
    first = dt.date(year, start, 1)
    last = months_before(first, -3) - dt.timedelta(days=1)
    words = f"between {shown_date(first.isoformat()[:7])} and {shown_date(last.isoformat()[:7])}"
    return Window(Shape.WITHIN, first.isoformat(), last.isoformat(), words)


def year_before_last(_: re.Match[str], today: dt.date, __: dt.date | None) -> Window:
    """`the year before last`, by the calendar."""
    year = today.year - 2
    return Window(Shape.WITHIN, f"{year}-01-01", f"{year}-12-31", f"in {year}")


def in_decade_of_age(match: re.Match[str], _: dt.date, born: dt.date | None) -> Window | None:
    """`in my 30s`."""
    if born is None:
        return None
    age = int(match["years"])
    first, end = months_before(born, -12 * age), months_before(born, -12 * (age + 10)) - dt.timedelta(days=1)
    return Window(Shape.WITHIN, first.isoformat(), end.isoformat(), f"in your {age}s")


def on_date(match: re.Match[str], today: dt.date, _: dt.date | None) -> Window | None:
    """`in 2019`, `on 3 Feb 2020`."""
    """`in 2019`, `on 3 Feb 2020`."""
    """`in my 30s`; None without a birth date."""
    """`when I was 30`; None without a birth date."""
    """`early 2019`, `the second half of 2019`."""
    """`the 90s`, `the 1990s`, `the nineties`."""
    """`last year`, `this month`: by the calendar."""
    """`the last 5 years`: up to today."""
    """`5 years ago`: around that day; `since 5 years ago` from it on."""
    """`before A` ends the day before; `until A` holds A."""
    """`since A`; `after A` starts the day after."""
    """`between A and B`, in either order."""
    days = days_of(match["a"], today)
    return _within(days) if days is not None else None
