import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records.dates import first_day, is_date, iso_day, last_day, shown_date, shown_when, sort_key
from assistant.records.model import When

OFFSETS = st.integers(-12 * 60, 14 * 60)


def text_of(moment: dt.datetime, minutes: int) -> str:
    """The dateTime of a moment as seen at an offset in minutes."""
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    return moment.replace(tzinfo=zone).isoformat()


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2019", True),
        ("2019-05", True),
        ("2019-05-03", True),
        ("2019-05-03T10:00", True),
        ("2019-05-03T10:00Z", True),
        ("2019-05-03T10:00:00", True),
        ("2019-05-03T10:00:00.123456789+05:30", True),
        ("2016-12-31T23:59:60Z", True),
        ("0001-01-01", True),
        ("9999-12-31", True),
        ("2020-02-29", True),
        ("2019-02-29", False),
        ("2019-13", False),
        ("2019-00-10", False),
        ("0000-01-01", False),
        ("2019-05-03T24:00:00Z", False),
        ("2019-05-03T10", False),
        ("20190503", False),
        ("2019-W05", False),
        ("03/04/2019", False),
        ("yesterday", False),
        ("", False),
        ("٢٠١٩", False),
    ],
)
def test_only_dates_that_exist_are_dates(text: str, good: bool) -> None:
    assert is_date(text) is good


@given(st.dates(), st.sampled_from([4, 7, 10]))
@settings(deadline=None, database=None)
def test_a_date_without_a_time_is_never_shifted_and_keeps_its_precision(day: dt.date, length: int) -> None:
    text = day.isoformat()[:length]
    assert is_date(text)
    assert iso_day(text) == text
    assert sort_key(When(text)) == (text + "-01-01"[length - 4 :])[:10] + "T00:00:00Z"
    assert first_day(When(text)) <= day.isoformat() <= last_day(When(text))
    assert first_day(When(text))[:length] == text == last_day(When(text))[:length]
    following = dt.date.fromisoformat(last_day(When(text)))
    if following != dt.date.max:
        assert not (following + dt.timedelta(days=1)).isoformat().startswith(text)


@given(st.datetimes(min_value=dt.datetime(1, 1, 3), max_value=dt.datetime(9999, 12, 29)), OFFSETS)  # noqa: DTZ001
@settings(deadline=None, database=None)
def test_times_sort_in_utc_and_stay_on_the_sources_own_day(moment: dt.datetime, minutes: int) -> None:
    text = text_of(moment, minutes)
    assert is_date(text)
    utc = (moment - dt.timedelta(minutes=minutes)).replace(microsecond=0)
    assert sort_key(When(text)) == f"{utc.isoformat()}Z"
    assert iso_day(text) == first_day(When(text)) == last_day(When(text)) == moment.date().isoformat()


@given(st.datetimes(), st.datetimes(), OFFSETS, OFFSETS)
@settings(deadline=None, database=None)
def test_the_order_of_sort_keys_is_the_order_of_time(a: dt.datetime, b: dt.datetime, x: int, y: int) -> None:
    def instant(moment: dt.datetime, minutes: int) -> int:
        start = dt.datetime(1, 1, 1)  # noqa: DTZ001
        return int((moment.replace(microsecond=0) - start).total_seconds()) - minutes * 60

    first, second = sort_key(When(text_of(a, x))), sort_key(When(text_of(b, y)))
    if instant(a, x) < instant(b, y):
        assert first <= second
    elif instant(a, x) > instant(b, y):
        assert first >= second


def test_the_ends_of_the_calendar_and_leap_seconds_sort() -> None:
    assert sort_key(When("0001-01-01T00:00:00+14:00")) == "0001-01-01T00:00:00Z"
    assert sort_key(When("9999-12-31T23:59:59-12:00")) == "9999-12-31T23:59:59Z"
    assert sort_key(When("2016-12-31T23:59:60Z")) == "2016-12-31T23:59:59Z"
    assert sort_key(When("2016-12-31T18:59:60-05:00")) == "2016-12-31T23:59:59Z"
    assert sort_key(When("2019-05-03T10:00Z")) == "2019-05-03T10:00:00Z"
    assert sort_key(When("2019-05-03T10:00")) == "2019-05-03T10:00:00Z"
    assert sort_key(When()) == first_day(When()) == last_day(When()) == ""


def test_a_period_runs_from_its_start_to_its_end() -> None:
    stay = When("2019-05-03T22:00:00-05:00", "2019-06")
    assert (first_day(stay), last_day(stay)) == ("2019-05-03", "2019-06-30")
    assert sort_key(stay) == "2019-05-04T03:00:00Z"
    only_end = When(None, "2019-06-01")
    assert (first_day(only_end), last_day(only_end), sort_key(only_end)[:10]) == ("2019-06-01",) * 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-02-03", "3 Feb 2026"),
        ("2026-02", "Feb 2026"),
        ("2026", "2026"),
        ("2026-02-03T23:30:00-08:00", "3 Feb 2026"),
        ("not a date", "not a date"),
    ],
)
def test_dates_are_shown_with_month_names(text: str, shown: str) -> None:
    assert shown_date(text) == shown


def test_periods_are_shown_with_both_ends_once() -> None:
    assert shown_when(When("2026-02-03", "2026-02-05")) == "3 Feb 2026 to 5 Feb 2026"
    assert shown_when(When("2026-02-03T08:00:00Z", "2026-02-03T09:00:00Z")) == "3 Feb 2026"
    assert shown_when(When(None, "2026")) == "until 2026"
    assert shown_when(When()) == ""
