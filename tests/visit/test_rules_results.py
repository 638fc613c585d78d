"""Which results a sheet asks about: flagged, moved, not final, no longer measured."""

import msgspec
import pytest

from assistant.records.flags import FLAG_WORDS
from assistant.records.model import Record, Trust
from assistant.visit.model import Rule
from assistant.visit.ranking import ranked
from tests.fakes.made import lab, pressure
from tests.visit.made import asked, chart, sodium, texts, written


@pytest.mark.parametrize("flag", ["H", "L", "A"])
def test_a_result_flagged_since_the_last_visit_is_asked_about_in_the_sources_words(flag: str) -> None:
    (question,) = asked(Rule.FLAGGED, lab("151", "2026-03-03", flags=(flag,)))
    assert question.text.startswith(
        f"My LDL Cholesterol was 151 mg/dL on 3 Mar 2026, marked “{FLAG_WORDS[flag]}”"
    )
    assert question.text.endswith("?")


@pytest.mark.parametrize("flag", ["HH", "LL", "AA"])
def test_a_critical_result_comes_first_and_says_to_call_now(flag: str) -> None:
    first, *_ = ranked(
        chart(lab("151", "2026-05-03", flags=("H",)), sodium("119", "2026-03-03", flags=(flag,)))
    )
    assert first.rule is Rule.CRITICAL
    assert "Sodium" in first.text or "sodium" in first.text
    assert "call the lab or the clinic today" in first.why


@pytest.mark.parametrize("flag", ["N", "", "U", "POS"])
def test_what_no_source_flags_as_abnormal_is_not_judged(flag: str) -> None:
    assert ranked(chart(lab("400", "2026-03-03", flags=(flag,) if flag else ()))) == []


def test_a_later_value_takes_the_place_of_a_flagged_one() -> None:
    flagged = lab("151", "2026-03-03", flags=("H",))
    assert asked(Rule.FLAGGED, flagged, lab("99", "2026-04-03", flags=("N",))) == []
    assert asked(Rule.FLAGGED, flagged, lab("5.2", "2026-04-03", "mmol/L")) == []


def test_what_was_flagged_before_the_last_visit_is_asked_about_only_where_no_note_names_it() -> None:
    flagged = lab("151", "2026-02-03", flags=("H",))
    (question,) = asked(Rule.UNMENTIONED, flagged)
    assert "151 mg/dL" in question.text
    spoken = written("We talked about it. LDL cholesterol is high: try again in May.", "2026-02-10")
    assert asked(Rule.UNMENTIONED, flagged, spoken) == []
    assert asked(Rule.UNMENTIONED, flagged, written("All is well.", "2026-02-10")) != []


@pytest.mark.parametrize("trust", [Trust.ERROR, Trust.REFUTED, Trust.NOT_DONE, Trust.PLANNED, Trust.FAMILY])
def test_what_is_no_fact_is_never_told_as_a_value(trust: Trust) -> None:
    assert ranked(chart(lab("999", "2026-03-03", flags=("HH",), trust=trust))) == []


def test_a_large_step_is_told_with_both_values_and_dates_and_no_judgement() -> None:
    (question,) = asked(Rule.CHANGED, lab("100", "2025-03-03"), lab("125", "2026-03-03"))
    assert question.text == (
        "My LDL Cholesterol went from 100 mg/dL on 3 Mar 2025 to 125 mg/dL on 3 Mar 2026. "
        "What do you make of this?"
    )


def test_a_step_smaller_than_a_fifth_is_not_asked_about() -> None:
    assert asked(Rule.CHANGED, lab("100", "2025-03-03"), lab("119", "2026-03-03")) == []


def test_what_always_moves_that_far_is_not_asked_about() -> None:
    swings = [
        lab(value, f"202{year}-03-03") for year, value in enumerate(("100", "150", "100", "150", "100"))
    ]
    assert asked(Rule.CHANGED, *swings, lab("140", "2026-03-03")) == []


def test_units_are_held_apart() -> None:
    assert asked(Rule.CHANGED, lab("100", "2025-03-03"), lab("3", "2026-03-03", "mmol/L")) == []


def test_a_limit_is_not_a_value_to_compare() -> None:
    assert asked(Rule.CHANGED, lab("100", "2025-03-03"), lab("20", "2026-03-03", comparator="<")) == []


def years(*values: str) -> list[Record]:
    return [lab(value, f"{2026 - back}-03-03") for back, value in enumerate(reversed(values))]


def test_three_steps_one_way_are_a_row_and_two_are_not() -> None:
    (question,) = asked(Rule.CHANGED, *years("100", "104", "108", "112"))
    assert (
        "has gone up 3 times in a row, from 100 mg/dL on 3 Mar 2023 to 112 mg/dL on 3 Mar 2026"
        in question.text
    )
    assert len(question.records) == 4
    (down,) = asked(Rule.CHANGED, *years("112", "108", "104", "100"))
    assert "gone down 3 times" in down.text
    assert asked(Rule.CHANGED, *years("108", "104", "108", "112")) == []
    assert asked(Rule.CHANGED, *years("100", "101", "102", "103")) == []


def test_a_blood_pressure_is_one_value() -> None:
    (question,) = asked(
        Rule.CHANGED, pressure("120", "80", "2025-03-03"), pressure("150", "82", "2026-03-03")
    )
    assert "from 120/80 mm[Hg] on 3 Mar 2025 to 150/82 mm[Hg] on 3 Mar 2026" in question.text


def test_a_change_of_long_ago_is_not_news() -> None:
    assert asked(Rule.CHANGED, lab("100", "2023-03-03"), lab("150", "2024-03-03")) == []


def test_a_result_that_is_not_final_is_asked_for_until_a_final_one_is_there() -> None:
    early = lab("4", "2026-05-03", trust=Trust.UNCONFIRMED, status="preliminary")
    (question,) = asked(Rule.WAITING, early)
    assert "on 3 May 2026 was not final yet" in question.text
    assert "“preliminary”" in question.why
    assert asked(Rule.WAITING, early, lab("4", "2026-05-04")) == []


def test_what_was_measured_in_a_rhythm_and_no_longer_is_gets_one_question_for_a_day() -> None:
    days = ["2024-01-05", "2024-07-05", "2025-01-05", "2025-03-05"]
    halves = [value for day in days for value in (lab("100", day), sodium("140", day))]
    (question,) = asked(Rule.OVERDUE, *halves)
    assert question.text.startswith("My LDL Cholesterol and sodium haven't been measured since 5 Mar 2025.")
    assert "about every 6 months" in question.why


def test_no_rhythm_no_question() -> None:
    assert asked(Rule.OVERDUE, *[lab("1", f"2024-0{month}-05") for month in (1, 4, 7)]) == []
    often = [lab("1", f"2024-01-0{day}") for day in range(1, 7)]
    assert asked(Rule.OVERDUE, *often) == []
    lately = [lab("1", f"{year}-01-05") for year in (2022, 2023, 2024, 2025)]
    assert asked(Rule.OVERDUE, *lately) == []


def test_a_newer_value_in_another_unit_ends_the_wait() -> None:
    halves = [lab("100", day) for day in ("2024-01-05", "2024-04-05", "2024-07-05", "2024-10-05")]
    assert asked(Rule.OVERDUE, *halves) != []
    assert asked(Rule.OVERDUE, *halves, lab("3.1", "2026-01-05", "mmol/L")) == []


def test_what_lies_in_the_future_is_no_result() -> None:
    assert ranked(chart(lab("151", "2026-08-03", flags=("HH",)))) == []


def test_urine_and_blood_of_one_name_are_two_things() -> None:
    blood = lab("99", "2026-04-03", title="Glucose in Blood", flags=("H",))
    urine = msgspec.structs.replace(lab("5", "2026-05-03", title="Glucose in Urine"), codes=())
    assert len(asked(Rule.FLAGGED, blood, urine)) == 1
    assert texts(asked(Rule.FLAGGED, blood, urine))[0].startswith("My Glucose in Blood")
