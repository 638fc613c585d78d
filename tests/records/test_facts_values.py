"""Single values: which one is told, with what beside it, and never one that isn't a fact."""

import re

import pytest

from assistant.records import facts
from assistant.records.facts import FactKind, Frame
from assistant.records.model import Quantity, Record, ReferenceRange, Trust
from assistant.records.show import status_words
from tests.fakes.made import GLUCOSE, lab, pressure, said

FRAME = Frame("a result for LDL cholesterol", "2026-02-20")


def first_number(text: str) -> str:
    found = re.search(r"\d+(?:\.\d+)?", text)
    assert found
    return found.group()


def test_latest_tells_value_unit_date_and_title() -> None:
    old, new = lab("148", "2019-03-04"), lab("96.25", "2026-02-03")
    fact = facts.latest(facts.measures([old, new]), FRAME)
    assert fact is not None
    assert fact.text == "96.25 mg/dL on 3 Feb 2026 is your latest LDL Cholesterol result."
    assert (fact.kind, fact.value, fact.unit, fact.date) == ("latest", "96.25", "mg/dL", "2026-02-03")
    assert fact.records == (new.id,)


@pytest.mark.parametrize("title", ["Hemoglobin A1c/Hemoglobin.total in Blood", "FEV1/FVC", "Vitamin B12"])
def test_the_value_is_the_first_number_whatever_the_title_holds(title: str) -> None:
    found = facts.measures([lab("41.5", "2025-01-02", "%", title=title)])
    for make in (facts.latest, facts.earliest, facts.at_time, facts.maximum, facts.minimum):
        fact = make(found, FRAME)
        assert fact is not None
        assert first_number(fact.text) == "41.5"
        assert title in fact.text


def test_shown_digits_are_rounded_and_value_keeps_the_sources_digits() -> None:
    fact = facts.latest(facts.measures([lab("96.16489000", "2026-02-03")]), FRAME)
    assert fact is not None
    assert fact.text.startswith("96.2 mg/dL")
    assert fact.value == "96.16489000"


def test_the_sources_range_and_flag_follow_and_no_other() -> None:
    given = ReferenceRange(high=Quantity("130", None, "mg/dL", "mg/dL"))
    fact = facts.latest(facts.measures([lab("145", "2026-02-03", flags=("H",), ranges=(given,))]), FRAME)
    bare = facts.latest(facts.measures([lab("145", "2026-02-03")]), FRAME)
    assert fact is not None
    assert bare is not None
    assert "up to 130 mg/dL" in fact.text
    assert "above the lab's range" in fact.text
    assert "range" not in bare.text


@pytest.mark.parametrize("trust", [Trust.ERROR, Trust.REFUTED, Trust.NOT_DONE, Trust.PLANNED, Trust.FAMILY])
def test_what_is_not_a_fact_never_feeds_a_value(trust: Trust) -> None:
    wrong, right = lab("999", "2026-02-03", trust=trust), lab("96", "2025-02-03")
    found = facts.measures([wrong, right])
    for make in (facts.latest, facts.earliest, facts.maximum, facts.average, facts.change):
        fact = make(found, FRAME)
        assert fact is not None
        assert "999" not in fact.text
        assert wrong.id not in fact.records
    assert facts.latest(facts.measures([wrong]), FRAME) is None


def test_a_newer_value_that_is_not_confirmed_is_told_beside_the_latest() -> None:
    newer = lab("120", "2026-02-05", trust=Trust.UNCONFIRMED, status="preliminary")
    fact = facts.latest(facts.measures([lab("96", "2026-02-03"), newer]), FRAME)
    assert fact is not None
    assert fact.value == "96"
    assert f"120 mg/dL ({status_words(newer)}) on 5 Feb 2026" in fact.text
    assert newer.id in fact.records


def test_only_unconfirmed_values_say_so_beside_the_value() -> None:
    fact = facts.latest(facts.measures([lab("120", "2026-02-05", trust=Trust.UNCONFIRMED)]), FRAME)
    assert fact is not None
    assert fact.text.startswith("120 mg/dL (not confirmed")


def test_a_comparator_stays_with_its_value() -> None:
    fact = facts.latest(facts.measures([lab("5", "2026-02-03", comparator="<")]), FRAME)
    assert fact is not None
    assert fact.text.startswith("<5 mg/dL on 3 Feb 2026")


def test_two_values_at_one_moment_are_both_told() -> None:
    one, other = lab("96", "2026-02-03"), lab("101", "2026-02-03", title="LDL, calculated")
    for order in ([one, other], [other, one]):
        fact = facts.latest(facts.measures(order), FRAME)
        assert fact is not None
        assert "96 mg/dL" in fact.text
        assert "101 mg/dL" in fact.text


def test_ids_never_break_ties() -> None:
    values = ("101", "96", "99")
    told = set()
    for ids in (("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")):
        rows = [lab(digits, "2026-02-03", rid=rid) for digits, rid in zip(values, ids, strict=True)]
        fact = facts.latest(facts.measures(rows), FRAME)
        assert fact is not None
        told.add((fact.text, fact.value))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("written", "shown"), [("2019", "in 2019"), ("2019-05", "in May 2019"), ("2019-05-03", "on 3 May 2019")]
)
def test_a_date_keeps_its_precision(written: str, shown: str) -> None:
    fact = facts.latest(facts.measures([lab("96", written)]), FRAME)
    assert fact is not None
    assert shown in fact.text
    assert fact.date == written


def test_a_value_without_a_date_is_told_last_and_says_so() -> None:
    undated = lab("99", None)
    found = facts.measures([undated, lab("96", "2019-05-03")])
    latest = facts.latest(found, FRAME)
    assert latest is not None
    assert latest.value == "96"
    only = facts.latest(facts.measures([undated]), FRAME)
    assert only is not None
    assert "no date" in only.text
    assert only.date is None


def test_earliest_and_previous() -> None:
    rows = [lab(digits, f"20{year}-01-01") for digits, year in (("120", 19), ("110", 20), ("100", 21))]
    found = facts.measures(rows)
    earliest, previous = facts.earliest(found, FRAME), facts.previous(found, FRAME)
    before = facts.previous(found, FRAME, steps=2)
    assert earliest is not None
    assert previous is not None
    assert before is not None
    assert [f.value for f in (earliest, previous, before)] == ["120", "110", "120"]
    assert first_number(previous.text) == "110"
    assert facts.previous(found, FRAME, steps=3) is None


def test_the_value_at_a_time_is_the_last_in_it_and_the_others_are_told() -> None:
    rows = [lab("120", "2019-01-05"), lab("110", "2019-06-05"), lab("100", "2019-11-05")]
    frame = Frame("LDL", "2026-02-20", "in 2019")
    fact = facts.at_time(facts.measures(rows), frame)
    assert fact is not None
    assert fact.kind is FactKind.AT_TIME
    assert first_number(fact.text) == "100"
    assert "the last of 3 LDL Cholesterol values in 2019" in fact.text
    assert "110 mg/dL on 5 Jun 2019 and 120 mg/dL on 5 Jan 2019" in fact.text


def test_the_value_nearest_to_a_day() -> None:
    rows = [lab("120", "2019-01-05"), lab("110", "2019-06-05"), lab("100", "2019-11-05")]
    fact = facts.at_time(facts.measures(rows), FRAME, target="2019-05-20")
    assert fact is not None
    assert fact.value == "110"
    assert "nearest to 20 May 2019" in fact.text


def test_a_blood_pressure_is_one_value_systolic_first() -> None:
    fact = facts.latest(facts.measures([pressure("128.4500", "82", "2026-02-03")]), FRAME)
    assert fact is not None
    assert fact.text.startswith("128.5/82 mm[Hg] on 3 Feb 2026")
    assert (fact.value, fact.unit) == ("128.4500/82", "mm[Hg]")


@pytest.mark.parametrize(("code", "digits"), [("8480-6", "128"), ("8462-4", "82")])
def test_one_part_of_a_blood_pressure(code: str, digits: str) -> None:
    fact = facts.latest(facts.measures([pressure("128", "82", "2026-02-03")], (code,)), FRAME)
    assert fact is not None
    assert fact.value == digits
    assert first_number(fact.text) == digits


def test_a_result_in_words_is_told_in_words() -> None:
    record: Record = said("Negative", "2026-02-03", title="Glucose in Urine", code=GLUCOSE)
    fact = facts.latest(facts.measures([record]), FRAME)
    assert fact is not None
    assert fact.text.startswith("Negative on 3 Feb 2026")
    assert (fact.value, fact.unit) == ("Negative", None)


def test_a_measured_number_without_a_unit_says_so() -> None:
    fact = facts.latest(facts.measures([lab("96", "2026-02-03", None)]), FRAME)
    assert fact is not None
    assert fact.text.startswith("96 (no unit given) on")
    assert fact.unit is None


def test_a_sources_line_breaks_and_long_texts_stay_out_of_the_sentence() -> None:
    words = "Seen and\ndescribed at length. " * 200
    record = said(words, "2026-02-03", title="Findings\nof the\tknee", code=GLUCOSE)
    fact = facts.latest(facts.measures([record]), FRAME)
    assert fact is not None
    assert "\n" not in fact.text
    assert "Findings of the knee" in fact.text
    assert len(fact.text) < 600
    assert fact.value == words
