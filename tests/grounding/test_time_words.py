"""Stretches of time in patients' words, counted from a fixed day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.time_readers import months_before
from assistant.grounding.time_words import take
from assistant.grounding.window import Shape

TODAY = dt.date(2026, 2, 20)
"""A Friday."""
DAYS = st.dates(dt.date(1950, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("in 2019", "2019-01-01", "2019-12-31"),
        ("in March 2019", "2019-03-01", "2019-03-31"),
        ("in mar. 2019", "2019-03-01", "2019-03-31"),
        ("in march", "2025-03-01", "2025-03-31"),
        ("in february", "2026-02-01", "2026-02-28"),
        ("last december", "2025-12-01", "2025-12-31"),
        ("on 3 Feb 2020", "2020-02-03", "2020-02-03"),
        ("on February 3rd, 2020", "2020-02-03", "2020-02-03"),
        ("on the 3rd of February 2020", "2020-02-03", "2020-02-03"),
        ("on 2020-02-03", "2020-02-03", "2020-02-03"),
        ("2/3/2020", "2020-02-03", "2020-02-03"),
        ("23/2/2020", "2020-02-23", "2020-02-23"),
        ("3.2.2020", "2020-02-03", "2020-02-03"),
        ("in 5/2019", "2019-05-01", "2019-05-31"),
        ("2019-05", "2019-05-01", "2019-05-31"),
        ("on 30 December", "2025-12-30", "2025-12-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last month", "2026-01-01", "2026-01-31"),
        ("this month", "2026-02-01", "2026-02-28"),
        ("last week", "2026-02-09", "2026-02-15"),
        ("today", "2026-02-20", "2026-02-20"),
        ("yesterday", "2026-02-19", "2026-02-19"),
        ("in the 90s", "1990-01-01", "1999-12-31"),
        ("in the 1990s", "1990-01-01", "1999-12-31"),
        ("in the nineties", "1990-01-01", "1999-12-31"),
        ("in early 2019", "2019-01-01", "2019-04-30"),
        ("in the second half of 2019", "2019-07-01", "2019-12-31"),
        ("since 2019", "2019-01-01", None),
        ("since March", "2025-03-01", None),
        ("since the start of 2019", "2019-01-01", None),
        ("from 2015 on", "2015-01-01", None),
        ("after 2015", "2016-01-01", None),
        ("after March 2018", "2018-04-01", None),
        ("since last year", "2025-01-01", None),
        ("before 2015", None, "2014-12-31"),
        ("prior to june 2018", None, "2018-05-31"),
        ("until 2010", None, "2010-12-31"),
        ("up to June 2018", None, "2018-06-30"),
        ("between 2015 and 2018", "2015-01-01", "2018-12-31"),
        ("from March 2015 to now", "2015-03-01", "2026-02-20"),
        ("2015-2018", "2015-01-01", "2018-12-31"),
        ("2015 to 2018", "2015-01-01", "2018-12-31"),
        ("between 2018 and 2015", "2015-01-01", "2018-12-31"),
        ("in 2018 and 2019", "2018-01-01", "2019-12-31"),
        ("in the last 5 years", "2021-02-20", "2026-02-20"),
        ("over the past six months", "2025-08-20", "2026-02-20"),
        ("in the past couple of years", "2024-02-20", "2026-02-20"),
        ("in the past year", "2025-02-20", "2026-02-20"),
        ("in the last decade", "2016-02-20", "2026-02-20"),
        ("since 2 years ago", "2024-02-20", None),
    ],
)
def test_words_to_days(words: str, since: str | None, until: str | None) -> None:
    window = take(f"what was my weight {words}?", TODAY).window
    assert window is not None
    assert (window.since, window.until) == (since, until)


@pytest.mark.parametrize("words", ["5 years ago", "five years ago", "about 5 yrs ago"])
def test_some_time_ago_is_drawn_around_a_day(words: str) -> None:
    window = take(f"what was my weight {words}", TODAY).window
    assert window is not None
    assert window.shape is Shape.AGO
    assert window.target == "2021-02-20"
    assert window.since is not None
    assert window.until is not None
    assert window.since < "2021-02-20" < window.until


@pytest.mark.parametrize(
    "question",
    [
        "what are my last 3 results",
        "my last ldl",
        "may I ask what my weight is",
        "when was my covid 19 vaccine",
        "am I taking vitamin d3 2000 iu",
        "is 96 good for me",
        "how did I march on",
        "what was my weight on 31 February 2020",
        "what was the latest one",
    ],
)
def test_no_time_where_none_is_meant(question: str) -> None:
    found = take(question, TODAY)
    assert found.window is None or found.window.since == "2020-01-01"


def test_the_rest_keeps_the_question_without_its_time() -> None:
    assert take("What was my LDL in March 2019?", TODAY).rest == "what was my ldl ?"


def test_an_age_needs_a_birth_date() -> None:
    born = dt.date(1968, 5, 3)
    assert take("my weight when i was 30", TODAY).window is None
    window = take("my weight when I was 30", TODAY, born).window
    assert window is not None
    assert (window.since, window.until) == ("1998-05-03", "1999-05-02")
    decade = take("my weight in my 30s", TODAY, born).window
    assert decade is not None
    assert (decade.since, decade.until) == ("1998-05-03", "2008-05-02")


def _notations(day: dt.date) -> list[str]:
    month = day.strftime("%B")
    return [
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{month[:3]} {day.day} {day.year}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ]


@given(DAYS)
def test_every_notation_of_a_day_is_that_day(day: dt.date) -> None:
    for words in _notations(day):
        window = take(f"what was my weight on {words}?", TODAY).window
        assert window is not None
        assert window.since == window.until == day.isoformat()


@given(DAYS, DAYS)
def test_between_two_days_is_those_days_in_order(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, other))
    for words in (f"between {one.isoformat()} and {other.isoformat()}", f"from {one} to {other}"):
        window = take(f"visits {words}", TODAY).window
        assert window is not None
        assert (window.since, window.until) == (first.isoformat(), last.isoformat())


@given(st.integers(1, 80), st.sampled_from(["day", "week", "month", "year"]))
def test_the_last_so_many_end_today(count: int, unit: str) -> None:
    window = take(f"labs in the last {count} {unit}s", TODAY).window
    assert window is not None
    days = {"day": 1, "week": 7, "month": 30.44, "year": 365.25}[unit] * count
    assert window.until == TODAY.isoformat()
    assert window.since is not None
    assert abs((TODAY - dt.date.fromisoformat(window.since)).days - days) <= 3


@given(DAYS, st.integers(0, 600))
def test_months_before_keeps_the_day_where_the_month_has_it(day: dt.date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day <= day.day


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(text: str) -> None:
    window = take(text, TODAY).window
    if window is not None and window.since is not None and window.until is not None:
        assert window.since <= window.until
