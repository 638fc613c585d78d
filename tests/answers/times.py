"""Stretches of time to ask about: those in which only one answer can be meant."""

import calendar
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from tests.oracle.raw import Value

Blanks = dict[str, str]


def chosen(candidates: Sequence[str], seed: str) -> str | None:
    """One of them, the same each time for a seed; None of none."""
    if not candidates:
        return None
    return candidates[int(hashlib.sha256(seed.encode()).hexdigest(), 16) % len(candidates)]


def alone(keys: Iterable[str]) -> list[str]:
    """Those that stand there once, in order."""
    return sorted(key for key, times in Counter(keys).items() if times == 1)


def of_year(year: str) -> Blanks:
    """The blanks for a year."""
    return {"year": year}


def of_month(month: str) -> Blanks:
    """The blanks for `2014-03`."""
    return {"year": month[:4], "month": calendar.month_name[int(month[5:7])]}


def of_day(day: str) -> Blanks:
    """The blanks for `2014-03-09`: `9 March 2014`, and the American `March 9, 2014`."""
    year, month, date = day.split("-")
    name = calendar.month_name[int(month)]
    return {"day": f"{int(date)} {name} {year}", "day_us": f"{name} {int(date)}, {year}"}


def age_at(born: dt.date, day: str) -> int:
    """Whole years of life on an ISO day."""
    on = dt.date.fromisoformat(day)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def asked_about(
    values: Sequence[Value], pick: str, *, seed: str, today: dt.date, born: dt.date | None
) -> tuple[Value, Blanks] | None:
    """The one value in a year, month, day, year of life or last year, and the words for that time."""
    if pick == "age":
        ages = alone(f"{age_at(born, value.day):03}" for value in values) if born else []
        age = chosen([age for age in ages if int(age) > 0], seed)
        if age is None or born is None:
            return None
        held = next(value for value in values if age_at(born, value.day) == int(age))
        return held, {"age": str(int(age))}
    size, blanks = {"year": (4, of_year), "month": (7, of_month), "day": (10, of_day)}.get(pick, (4, of_year))
    keys = alone(value.day[:size] for value in values)
    if pick == "last_year":
        keys = [key for key in keys if key == str(today.year - 1)]
    key = chosen(keys, seed)
    if key is None:
        return None
    return next(value for value in values if value.day.startswith(key)), blanks(key)
