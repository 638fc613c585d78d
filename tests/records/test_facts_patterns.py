"""Patterns over time: worked out exactly, with how much they rest on, and never as cause."""

import datetime as dt
import statistics
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import facts
from assistant.records.coded import LOINC
from assistant.records.dates import shown_date
from assistant.records.facts import FactKind, Frame, Side, Step
from assistant.records.model import Category, Coding, Quantity, Record, ReferenceRange, Trust
from tests.fakes import made

FRAME = Frame("LDL cholesterol", "2026-02-20", noun="LDL result")
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2026, 2, 20)).map(dt.date.isoformat)
NUMBERS = st.decimals(1, 500, places=1)


def ranged(digits: str, day: str, low: str = "4", high: str = "5.6") -> Record:
    given_range = ReferenceRange(Quantity(low, None, "%"), Quantity(high, None, "%"))
    return made.lab(digits, day, "%", title="A1c", code=Coding(LOINC, "4548-4"), ranges=(given_range,))


def test_a_month_is_the_average_of_its_values_and_an_empty_one_is_said() -> None:
    records = [
        made.lab("100", "2025-11-02"),
        made.lab("104", "2025-11-20"),
        made.lab("90", "2026-02-01"),
    ]
    fact = facts.by_time(facts.measures(records), FRAME, Step.MONTH)
    assert fact is not None
    assert (fact.kind, fact.value, fact.unit) == (FactKind.BY_TIME, "90", "mg/dL")
    assert fact.text.splitlines()[1:] == [
        "- Feb 2026: 90 mg/dL (1 value)",
        "- Dec 2025 to Jan 2026: no value",
        "- Nov 2025: 102.0 mg/dL (2 values)",
    ]
    assert "3 values in 2 of 4 months, from 2 Nov 2025 to 1 Feb 2026" in fact.text
    assert set(fact.records) == {record.id for record in records}


def test_another_unit_and_a_limit_stay_out_of_an_average() -> None:
    records = [
        made.lab("90", "2026-02-01"),
        made.lab("2.3", "2026-02-02", "mmol/L"),
        made.lab("30", "2026-02-03", comparator="<"),
        made.lab("999", "2026-02-03", trust=Trust.ERROR),
    ]
    fact = facts.by_time(facts.measures(records[::2] + records[1::2]), FRAME, Step.MONTH)
    assert fact is not None
    assert fact.value == "90"
    assert "1 value in another unit (mmol/L) was not compared with these." in fact.text


@given(st.lists(st.tuples(NUMBERS, DAYS), min_size=1, max_size=12), st.sampled_from(Step))
def test_every_value_counts_in_exactly_one_period(pairs: list[tuple[Decimal, str]], step: Step) -> None:
    fact = facts.by_time(facts.measures([made.lab(str(n), d) for n, d in pairs]), FRAME, step)
    assert fact is not None
    width = {Step.MONTH: 7, Step.YEAR: 4}.get(step)
    newest = max(day for _, day in pairs)
    if width is None:
        year, week, _ = dt.date.fromisoformat(newest).isocalendar()
        held = [n for n, d in pairs if dt.date.fromisoformat(d).isocalendar()[:2] == (year, week)]
    else:
        held = [n for n, day in pairs if day[:width] == newest[:width]]
    assert abs(Decimal(fact.value or "") - sum(held, Decimal()) / len(held)) <= Decimal("0.005")
    assert len(fact.records) == len(pairs)


def test_before_and_after_a_medicine_began() -> None:
    records = [made.lab(n, f"20{y}-03-04") for n, y in (("150", 16), ("146", 17), ("110", 18), ("100", 19))]
    taken = [made.medicine("Simvastatin", "2019-01-01"), made.medicine("Simvastatin", "2017-03-04")]
    fact = facts.before_after(facts.measures(records), taken)
    assert fact is not None
    assert (fact.kind, fact.value, fact.date) == (FactKind.BEFORE_AFTER, "-43.0", "2017-03-04")
    assert fact.text.startswith("Down 43.0 mg/dL on average: your LDL Cholesterol was 148.0 mg/dL before")
    assert "(2 values, 4 Mar 2016 to 4 Mar 2017) and 105.0 mg/dL after (2 values, " in fact.text
    assert "The last value before is 146 mg/dL on 4 Mar 2017, the first after 110 mg/dL" in fact.text
    assert "doesn't prove" in fact.text
    assert set(fact.records) == {*(record.id for record in records), taken[1].id}


@pytest.mark.parametrize("start", ["2017", "2017-03"])
def test_a_vague_start_leaves_values_of_that_time_on_neither_side(start: str) -> None:
    records = [made.lab(n, f"20{y}-03-04") for n, y in (("150", 16), ("146", 17), ("110", 18))]
    fact = facts.before_after(facts.measures(records), [made.medicine("Simvastatin", start)])
    assert fact is not None
    assert fact.value == "-40"
    assert "1 value can't be put on either side." in fact.text


def test_a_medicine_never_taken_or_without_values_on_one_side_gives_no_difference() -> None:
    found = facts.measures([made.lab("150", "2016-03-04")])
    planned = made.medicine("Simvastatin", "2010-01-01", trust=Trust.PLANNED)
    unknown = facts.before_after(found, [planned])
    alone = facts.before_after(found, [made.medicine("Simvastatin", "2017-01-01")])
    assert unknown is not None
    assert alone is not None
    assert unknown.value is None
    assert "don't say when" in unknown.text
    assert alone.value is None
    assert "There is no LDL Cholesterol value after Simvastatin began" in alone.text


def test_the_longest_run_goes_by_the_sources_own_range() -> None:
    digits = ("5.4", "5.9", "6.1", "5.7", "5.5", "6.3", "6.2")
    records = [ranged(number, f"20{18 + at}-01-10") for at, number in enumerate(digits)]
    found = facts.measures([*records, made.lab("9", "2025-06-01", "%", title="A1c")])
    longest, now = facts.runs(found, FRAME, Side.HIGH), facts.runs(found, FRAME, Side.HIGH, now=True)
    assert longest is not None
    assert now is not None
    assert (longest.value, now.value) == ("3", "2")
    assert longest.text.startswith("3 results in a row, from 5.9% on 10 Jan 2019 to 5.7% on 10 Jan 2021")
    assert now.text.startswith("2 results in a row, from 6.3% on 10 Jan 2023 to 6.2% on 10 Jan 2024")
    assert "over 365 days (about 12 months)" in now.text
    assert "the source gave 1 of them no flag or range" in longest.text


def test_without_a_range_of_the_sources_nothing_is_called_high() -> None:
    fact = facts.runs(facts.measures([made.lab("300", "2025-01-01")]), FRAME, Side.HIGH)
    assert fact is not None
    assert fact.value is None
    assert "gives no range or flag" in fact.text


@pytest.mark.parametrize(
    ("record", "side"),
    [
        (ranged("5.6", "2025-01-01"), Side.IN),
        (ranged("5.7", "2025-01-01"), Side.HIGH),
        (ranged("3.9", "2025-01-01"), Side.LOW),
        (made.lab("9", "2025-01-01", flags=("L",)), Side.LOW),
        (made.lab("9", "2025-01-01", flags=("HH", "A")), Side.HIGH),
        (made.lab("9", "2025-01-01", flags=("A",)), Side.OUT),
        (made.lab("9", "2025-01-01", flags=("odd",)), None),
        (made.lab("9", "2025-01-01"), None),
    ],
)
def test_a_flag_goes_before_a_range_and_neither_is_guessed(record: Record, side: Side | None) -> None:
    assert facts.side_of(facts.measures([record])[0]) is side


@pytest.mark.parametrize(
    ("comparator", "digits", "side"),
    [("<", "4", Side.LOW), ("<=", "4", None), ("<", "9", None), (">", "5.6", Side.HIGH), (">", "1", None)],
)
def test_a_limit_is_placed_only_where_all_it_can_mean_lies(
    comparator: str, digits: str, side: Side | None
) -> None:
    given_range = ReferenceRange(Quantity("4", None, "mg/dL"), Quantity("5.6", None, "mg/dL"))
    record = made.lab(digits, "2025-01-01", comparator=comparator, ranges=(given_range,))
    assert facts.side_of(facts.measures([record])[0]) is side


def test_a_range_in_another_unit_places_nothing() -> None:
    given_range = ReferenceRange(Quantity("4", None, "mmol/L"), Quantity("5.6", None, "mmol/L"))
    record = made.lab("9", "2025-01-01", ranges=(given_range,))
    assert facts.side_of(facts.measures([record])[0]) is None


def test_two_series_meet_on_the_days_that_have_both() -> None:
    weights = [
        made.lab(n, d, "kg", title="Weight", code=Coding(LOINC, "29463-7"), category=Category.VITALS)
        for n, d in (("84", "2025-01-01"), ("83", "2025-02-01"), ("82", "2025-03-01"), ("70", "2025-04-01"))
    ]
    pressures = [
        made.pressure(top, "80", day)
        for top, day in (("150", "2025-01-01"), ("152", "2025-02-01"), ("140", "2025-03-01"))
    ]
    fact = facts.together(facts.measures(weights), facts.measures(pressures), FRAME)
    assert fact is not None
    assert (fact.kind, fact.value) == (FactKind.TOGETHER, "3")
    assert "Weight: down 2 kg; Blood Pressure: down 10/0 mm[Hg]" in fact.text
    assert "both went the same way 1 of 2 times" in fact.text
    assert "doesn't mean that one is the cause" in fact.text
    assert weights[-1].id not in fact.records
    apart = facts.together(facts.measures(weights[-1:]), facts.measures(pressures), FRAME)
    assert apart is not None
    assert apart.value == "0"


@given(st.lists(DAYS, min_size=2, max_size=12, unique=True))
def test_the_longest_and_the_median_gap(days: list[str]) -> None:
    fact = facts.gaps([made.lab("1", day) for day in days], FRAME)
    ordered = sorted(dt.date.fromisoformat(day) for day in days)
    steps = [(b - a).days for a, b in pairwise(ordered)]
    assert fact is not None
    assert fact.value == str(max(steps))
    assert f"median) gap is {statistics.median(steps):g} days" in fact.text
    assert shown_date(max(days)) in fact.text
    assert len(fact.records) == len(days)


def test_missing_one_is_not_claimed_without_a_schedule() -> None:
    fact = facts.gaps([made.lab("1", "2025-01-01"), made.lab("1", "2025-07-01")], FRAME, missed=True)
    assert fact is not None
    assert fact.text.startswith("181 days (about 6 months) is the longest gap")
    assert "can't be told" in fact.text


def test_an_allergy_held_and_ruled_out_is_called_a_disagreement() -> None:
    held, out = made.allergy("Allergy to penicillin"), made.allergy("Penicillin", trust=Trust.REFUTED)
    (fact,) = facts.disagreements([held, out, made.allergy("Latex allergy")])
    assert fact.kind is FactKind.DISAGREE
    assert fact.text.startswith("Your records disagree: ")
    assert set(fact.records) == {held.id, out.id}


def test_two_current_doses_of_one_medicine_disagree_and_a_past_one_does_not() -> None:
    ten, twenty = (made.medicine(f"lisinopril {n} MG Oral Tablet", f"2025-0{n}-01") for n in (1, 2))
    past = made.medicine("lisinopril 5 MG Oral Tablet", "2020-01-01", current=False, status="stopped")
    other = made.medicine("metformin 500 MG Oral Tablet", "2020-01-01")
    (fact,) = facts.disagreements([ten, twenty, past, other])
    assert set(fact.records) == {ten.id, twenty.id}
    assert facts.disagreements([ten, past, other]) == []


def test_what_is_in_error_contradicts_nothing() -> None:
    wrong = made.allergy("Allergy to penicillin", trust=Trust.ERROR)
    assert facts.disagreements([made.allergy("Allergy to penicillin"), wrong]) == []
