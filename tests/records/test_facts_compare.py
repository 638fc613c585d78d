"""Comparing values: exact, within one unit, bounds never subtracted."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assistant.records import facts
from assistant.records.facts import Fact, Frame
from assistant.records.model import Record, Trust
from tests.fakes.made import GLUCOSE as CODE
from tests.fakes.made import lab, pressure, said

FRAME = Frame("a result for LDL cholesterol", "2026-02-20")
YEARS = range(1990, 2026)
DIGITS = st.decimals(min_value=0, max_value=5000, places=3, allow_nan=False).map(lambda d: f"{d:f}")


def changed(rows: list[Record], *, since_last: bool = False) -> Fact:
    fact = facts.change(facts.measures(rows), FRAME, since_last=since_last)
    assert fact is not None
    return fact


def test_a_change_tells_the_difference_first_then_both_ends() -> None:
    old, new = lab("148", "2019-03-04"), lab("96", "2026-02-03")
    fact = changed([new, old])
    assert fact.text.startswith("Down 52 mg/dL: from 148 mg/dL on 4 Mar 2019 to 96 mg/dL on 3 Feb 2026")
    assert (fact.value, fact.unit, fact.date) == ("-52", "mg/dL", "2026-02-03")
    assert fact.records == (new.id, old.id)


@given(DIGITS, DIGITS)
def test_a_difference_is_exact(old: str, new: str) -> None:
    fact = changed([lab(old, "2019-03-04"), lab(new, "2026-02-03")])
    assert fact.value is not None
    assert Decimal(fact.value) == Decimal(new) - Decimal(old)
    word = fact.text.split()[0]
    assert word == ("No" if Decimal(old) == Decimal(new) else "Up" if Decimal(new) > Decimal(old) else "Down")


def test_unlike_units_never_meet_in_a_difference() -> None:
    rows = [lab("3.8", "2018-01-01", "mmol/L"), lab("148", "2019-03-04"), lab("96", "2026-02-03")]
    fact = changed(rows)
    assert fact.value == "-52"
    assert "3.8" not in fact.text
    assert "1 value in another unit (mmol/L) was not compared" in fact.text


def test_an_annotation_in_a_unit_makes_it_another_unit() -> None:
    rows = [lab("90", "2018-01-01", "mL/min"), lab("80", "2026-02-03", "mL/min/{1.73_m2}")]
    assert changed(rows).value is None


def test_the_same_unit_in_another_spelling_is_the_same_unit() -> None:
    rows = [lab("80", "2018-01-01", "mmHg"), lab("85", "2026-02-03", "mm[Hg]")]
    assert changed(rows).value == "5"


def test_a_missing_unit_is_never_taken_for_a_unit() -> None:
    rows = [lab("148", "2019-03-04", None), lab("96", "2026-02-03")]
    fact = changed(rows)
    assert fact.value is None
    assert "148" not in fact.text


def test_a_bound_is_told_but_not_subtracted() -> None:
    fact = changed([lab("5", "2019-03-04", comparator="<"), lab("12", "2026-02-03")])
    assert fact.value is None
    assert "<5 mg/dL" in fact.text
    assert "no exact difference" in fact.text


def test_one_value_alone_has_no_change() -> None:
    fact = changed([lab("96", "2026-02-03")])
    assert fact.value is None
    assert "only" in fact.text


def test_since_the_last_time() -> None:
    rows = [lab("148", "2019-03-04"), lab("110", "2025-02-03"), lab("96", "2026-02-03")]
    assert changed(rows, since_last=True).value == "-14"


def test_a_blood_pressure_changes_in_both_numbers() -> None:
    fact = changed([pressure("140", "86", "2025-01-01"), pressure("128", "82", "2026-01-01")])
    assert fact.value == "-12/-4"
    assert fact.text.startswith("Down 12/4 mm[Hg]: from 140/86 mm[Hg]")


@given(st.lists(DIGITS, min_size=1, max_size=12))
def test_extremes_and_average_agree_with_decimal(digits: list[str]) -> None:
    rows = [lab(text, f"{year}-06-01") for text, year in zip(digits, YEARS, strict=False)]
    found = facts.measures(rows)
    numbers = [Decimal(text) for text in digits]
    highest, lowest = facts.maximum(found, FRAME), facts.minimum(found, FRAME)
    mean = facts.average(found, FRAME)
    assert highest is not None
    assert lowest is not None
    assert mean is not None
    assert Decimal(highest.value or "") == max(numbers)
    assert Decimal(lowest.value or "") == min(numbers)
    assert abs(Decimal(mean.value or "") - sum(numbers, Decimal()) / len(numbers)) <= Decimal("0.00005")
    assert len(mean.records) == len(rows)


def test_the_highest_names_each_date_that_it_stands_on() -> None:
    rows = [lab("148", "2019-03-04"), lab("148", "2021-03-04"), lab("96", "2026-02-03")]
    fact = facts.maximum(facts.measures(rows), FRAME)
    assert fact is not None
    assert fact.text.startswith("148 mg/dL on 4 Mar 2021 is your highest")
    assert "on 4 Mar 2019" in fact.text
    assert len(fact.records) == 2


def test_a_bound_outward_is_the_extreme_and_said_to_be_a_limit() -> None:
    rows = [lab("500", "2019-03-04", comparator=">"), lab("96", "2026-02-03")]
    fact = facts.maximum(facts.measures(rows), FRAME)
    assert fact is not None
    assert fact.text.startswith(">500 mg/dL")
    assert "limit" in fact.text


def test_a_bound_inward_is_left_out_and_said_to_be() -> None:
    rows = [lab("500", "2019-03-04", comparator="<"), lab("96", "2026-02-03")]
    highest, mean = facts.maximum(facts.measures(rows), FRAME), facts.average(facts.measures(rows), FRAME)
    assert highest is not None
    assert mean is not None
    assert highest.value == "96"
    assert Decimal(mean.value or "") == 96
    for fact in (highest, mean):
        assert "<500 mg/dL" in fact.text


def test_results_in_words_and_unconfirmed_numbers_stay_out_of_arithmetic() -> None:
    rows = [
        lab("100", "2024-01-01", code=CODE),
        lab("900", "2025-01-01", code=CODE, trust=Trust.UNCONFIRMED),
        said("Negative", "2025-06-01", title="Glucose", code=CODE),
    ]
    mean = facts.average(facts.measures(rows), FRAME)
    assert mean is not None
    assert Decimal(mean.value or "") == 100
    assert "1 result in words" in mean.text


def test_values_of_one_thing_are_listed_newest_first() -> None:
    rows = [lab("148", "2019-03-04"), lab("110", "2025-02-03"), lab("96", "2026-02-03")]
    fact = facts.values(facts.measures(rows), FRAME, most=2)
    assert fact is not None
    assert re.findall(r"\d+ mg/dL", fact.text) == ["96 mg/dL", "110 mg/dL"]


def test_values_on_one_side_of_a_number_are_counted() -> None:
    rows = [lab("148", "2019-03-04"), lab("110", "2025-02-03"), lab("96", "2026-02-03")]
    found = facts.measures(rows)
    above = [m for m in found if m.numbers[0] > 100]
    fact = facts.count_on_side(found, above, "above 100", FRAME)
    assert fact.value == "2"
    assert fact.text.startswith("2 of 3 values of LDL Cholesterol are above 100 mg/dL: 110 mg/dL")
