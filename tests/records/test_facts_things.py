"""What happened, what holds, and how many: with dates, with states, and never a wrong yes."""

import pytest

from assistant.records import facts
from assistant.records.facts import FactKind, Frame
from assistant.records.model import Category, Element, Trust
from assistant.records.show import status_words
from tests.fakes.made import allergy, condition, lab, medicine, procedure, vaccination, visit

FRAME = Frame("bronchitis", "2026-02-20", noun="record of bronchitis")
UNTOLD = [Trust.ERROR, Trust.REFUTED, Trust.NOT_DONE, Trust.PLANNED, Trust.FAMILY]


def test_the_last_time_starts_with_its_date() -> None:
    old, new = vaccination("Influenza", "2019-10-01"), vaccination("Influenza", "2025-10-03")
    fact = facts.last_time([old, new], FRAME)
    assert fact is not None
    assert fact.text.startswith("3 Oct 2025")
    assert "Influenza" in fact.text
    assert (fact.date, fact.records) == ("2025-10-03", (new.id,))


def test_the_first_time() -> None:
    old, new = condition("Asthma", "1990"), condition("Asthma", "2010-05-01")
    fact = facts.first_time([new, old], FRAME)
    assert fact is not None
    assert fact.text.startswith("1990")
    assert (fact.date, fact.records) == ("1990", (old.id,))


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        ("2026-02-19", "1 day ago"),
        ("2025-12-31", "1 month ago"),
        ("2020-02-20", "6 years ago"),
        ("2019-12", "6 years and 2 months ago"),
        ("2019", "about 7 years ago"),
    ],
)
def test_how_long_ago(day: str, passed: str) -> None:
    fact = facts.last_time([procedure("Colonoscopy", day)], FRAME, ago=True)
    assert fact is not None
    assert passed in fact.text


def test_ever_names_each_time_and_the_state() -> None:
    rows = [
        condition("Acute bronchitis", "2014-02-03", "2014-02-17", current=False, status="resolved"),
        condition("Acute bronchitis", "2016-05-05", "2016-05-20", current=False, status="resolved"),
    ]
    fact = facts.ever(rows, FRAME)
    assert fact is not None
    assert fact.text.startswith("Yes")
    assert "on 5 May 2016 and on 3 Feb 2014" in fact.text
    assert "resolved" in fact.text
    assert fact.records == (rows[1].id, rows[0].id)


@pytest.mark.parametrize("trust", UNTOLD)
def test_ever_is_never_yes_on_what_is_not_a_fact(trust: Trust) -> None:
    record = condition("Acute bronchitis", "2014-02-03", trust=trust, status="active, refuted")
    assert facts.ever([record], FRAME) is None
    fact = facts.only_otherwise([record])
    assert fact is not None
    assert not fact.text.startswith("Yes")
    assert (status_words(record) or "?") in fact.text
    assert fact.records == (record.id,)


def test_an_unconfirmed_condition_is_told_as_such() -> None:
    record = condition("Angina", "2026-01-01", trust=Trust.UNCONFIRMED, status="active, provisional")
    fact = facts.ever([record], FRAME)
    assert fact is not None
    assert "not as a confirmed fact" in fact.text
    assert (status_words(record) or "?") in fact.text


def test_whether_it_holds_now() -> None:
    past = condition("Asthma", "1990-01-01", "1999-01-01", current=False, status="resolved")
    now = condition("Asthma", "2010-05-01")
    yes, no = facts.holds([past, now]), facts.holds([past])
    assert yes is not None
    assert no is not None
    assert yes.text == "Yes: Asthma, since 1 May 2010 (active)."
    assert no.text.startswith("Not marked as current: Asthma on 1 Jan 1990 is marked resolved")
    assert yes.records == (now.id,)


def test_what_holds_now_is_one_line_a_title_with_its_dose() -> None:
    dose = Element(Category.MEDICATIONS, "MedicationRequest.dosageInstruction", "dose", "1 tablet\ndaily")
    rows = [
        medicine("Metformin 500 mg", "2019-01-01", elements=(dose,)),
        medicine("Simvastatin 10 mg", "2018-01-01"),
        medicine("Simvastatin 10 mg", "2020-01-01"),
        medicine("Amoxicillin", "2021-01-01", current=False, status="stopped"),
        medicine("Ibuprofen", "2022-01-01", trust=Trust.PLANNED, status="draft"),
    ]
    fact = facts.current(rows, Frame("current medicines", "2026-02-20", noun="medicine"))
    assert fact is not None
    lines = fact.text.splitlines()
    assert lines[0].startswith("2 medicines marked as current")
    assert lines[1] == "- Simvastatin 10 mg, since 1 Jan 2018 (2 records, the latest 1 Jan 2020)"
    assert lines[2] == "- Metformin 500 mg, since 1 Jan 2019; dose: 1 tablet daily"
    assert len(lines) == 3
    assert fact.value == "2"
    assert set(fact.records) == {record.id for record in rows[:3]}


def test_what_may_hold_now_is_told_apart() -> None:
    unclear = medicine("Lisinopril", "2022-01-01", current=None, status="unknown", trust=Trust.UNCONFIRMED)
    fact = facts.current([medicine("Metformin", "2019-01-01"), unclear], FRAME)
    assert fact is not None
    assert "Not clear whether these hold now:" in fact.text
    assert (status_words(unclear) or "?") in fact.text


@pytest.mark.parametrize("trust", UNTOLD)
def test_nothing_untold_holds_now(trust: Trust) -> None:
    assert facts.current([allergy("Penicillin", trust=trust)], FRAME) is None
    assert facts.holds([allergy("Penicillin", trust=trust)]) is None


def test_a_count_counts_facts_and_says_when() -> None:
    rows = [visit("Check-up", f"2019-0{month}-01T10:00:00Z") for month in (1, 5, 9)]
    wrong = visit("Check-up", "2019-03-01")
    fact = facts.count(rows, Frame("visits", "2026-02-20", "in 2019", "visit"))
    assert fact.text.startswith("3 visits in 2019: Check-up; the first on 1 Jan 2019, the last on 1 Sep 2019")
    assert fact.value == "3"
    assert wrong.id not in fact.records


def test_a_count_of_nothing_starts_with_nought() -> None:
    fact = facts.count([], Frame("visits", "2026-02-20", "in 2019", "visit"))
    assert (fact.kind, fact.value) == (FactKind.COUNT, "0")
    assert fact.text == "0 of the records shared here show visits in 2019."


def test_a_list_puts_many_of_one_title_together() -> None:
    rows = [procedure("Injection", f"20{year}-01-01") for year in range(10, 40)]
    fact = facts.listed(
        [*rows, procedure("Colonoscopy", "2025-05-01")], Frame("p", "2026-02-20", noun="procedure")
    )
    assert fact is not None
    assert fact.text.startswith("31 procedures, newest first:")
    assert "Injection, 30 times" in fact.text
    assert "- Colonoscopy, on 1 May 2025" in fact.text
    assert len(fact.records) == 31


def test_a_list_of_results_keeps_values_by_title() -> None:
    rows = [lab("96", "2026-02-03"), lab("101", "2025-02-03"), lab("5", "2025-02-03", "%", title="A1c")]
    fact = facts.listed(rows, Frame("labs", "2026-02-20", noun="lab result"))
    assert fact is not None
    assert "- LDL Cholesterol: 96 mg/dL on 3 Feb 2026, 101 mg/dL on 3 Feb 2025" in fact.text


def test_details_are_the_sources_words_on_one_line() -> None:
    dose = Element(Category.MEDICATIONS, "MedicationRequest.dosageInstruction", "dose", "1 tablet\n daily")
    told, silent = medicine("Metformin", "2019-01-01", elements=(dose,)), medicine("Lisinopril", "2018-01-01")
    fact = facts.detail([told, silent], ("dose",), "dose")
    assert fact is not None
    assert "Metformin (active, on 1 Jan 2019): dose: 1 tablet daily." in fact.text
    assert "don't say the dose for Lisinopril" in fact.text


def test_none_says_only_what_was_asked() -> None:
    assert facts.none(Frame("a measles titer", "2026-02-20", "in 2019")).text == (
        "None of the records shared here show a measles titer in 2019."
    )
