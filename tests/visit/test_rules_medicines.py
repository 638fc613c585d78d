"""Which medicines a sheet asks about: new, changed, stopped, told in two ways, without a reason."""

import msgspec

from assistant.records.model import Record, Trust, When
from assistant.visit.model import Rule
from tests.fakes.made import medicine
from tests.visit.made import asked, dose, reacting, reason, written


def ended(title: str, start: str, end: str) -> Record:
    return msgspec.structs.replace(
        medicine(title, start, current=False, status="stopped"), when=When(start, end)
    )


def test_a_new_medicine_is_asked_about() -> None:
    (question,) = asked(Rule.NEW_MEDICINE, medicine("Metformin 500 mg tablet", "2026-02-10"))
    assert question.text == (
        "Metformin 500 mg tablet is new since 10 Feb 2026. "
        "What is it for, how long do I take it, and which side effects should I watch for?"
    )


def test_a_reason_that_the_records_give_is_told_and_not_asked_for() -> None:
    new = medicine("Metformin 500 mg tablet", "2026-02-10", elements=(reason("Type 2 diabetes"),))
    (question,) = asked(Rule.NEW_MEDICINE, new)
    assert "for Type 2 diabetes. How long do I take it" in question.text
    assert "What is it for" not in question.text


def test_a_prescription_written_again_is_not_new_and_another_strength_is_a_change() -> None:
    old = medicine("Metformin 500 mg tablet", "2024-02-10", elements=(dose("once a day"), reason("sugar")))
    again = medicine("Metformin 500 mg tablet", "2026-03-10", elements=(dose("once a day"),))
    assert asked(Rule.NEW_MEDICINE, old, again) == []
    (question,) = asked(Rule.NEW_MEDICINE, old, medicine("Metformin 850 mg tablet", "2026-03-10"))
    assert "had Metformin 500 mg tablet, and have Metformin 850 mg tablet since 10 Mar 2026" in question.text
    twice = medicine("Metformin 500 mg tablet", "2026-03-10", elements=(dose("twice a day"),))
    (question,) = asked(Rule.NEW_MEDICINE, old, twice)
    assert "(once a day)" in question.text
    assert "(twice a day)" in question.text


def test_a_stopped_medicine_is_asked_about_unless_it_goes_on() -> None:
    (question,) = asked(Rule.STOPPED_MEDICINE, ended("Losartan 50 mg", "2020-01-01", "2026-04-01"))
    assert "Losartan 50 mg ended 1 Apr 2026" in question.text
    assert asked(Rule.STOPPED_MEDICINE, ended("Losartan 50 mg", "2020-01-01", "2025-04-01")) == []
    going_on = medicine("Losartan 50 mg", "2019-01-01")
    assert asked(Rule.STOPPED_MEDICINE, ended("Losartan 50 mg", "2020-01-01", "2026-04-01"), going_on) == []


def test_medicines_without_a_reason_share_one_question() -> None:
    silent = [medicine("Digoxin 0.125 MG", "2015-07-26"), medicine("Warfarin 5 MG", "2015-07-26")]
    known = medicine("Losartan 50 MG", "2015-07-26", elements=(reason("Blood pressure"),))
    (question,) = asked(Rule.NO_REASON, *silent, known)
    assert question.text == "What is each of these for: Digoxin 0.125 MG and Warfarin 5 MG?"
    assert set(question.records) == {record.id for record in silent}


def test_two_current_entries_that_differ_are_put_side_by_side() -> None:
    one, other = medicine("Warfarin 5 MG", "2015-07-26"), medicine("Warfarin 2 MG", "2015-08-26")
    (question,) = asked(Rule.CONFLICT, one, other)
    assert "both Warfarin 2 MG and Warfarin 5 MG as current" in question.text
    combined = medicine("Warfarin 2 MG / Invented 1 MG", "2015-08-26")
    assert asked(Rule.CONFLICT, one, combined) == []


def test_a_later_record_that_stopped_it_contradicts() -> None:
    on = medicine("Warfarin 5 MG", "2015-07-26")
    off = medicine("Warfarin 5 MG", "2019-07-26", current=False, status="stopped")
    (question,) = asked(Rule.CONFLICT, on, off)
    assert "on 26 Jul 2015" in question.text
    assert "stopped (on 26 Jul 2019)" in question.text
    assert asked(Rule.CONFLICT, medicine("Warfarin 5 MG", "2020-07-26"), off) == []


def test_a_medicine_that_is_also_an_allergy_is_asked_about() -> None:
    taken = medicine("Lisinopril 10 mg tablet", "2020-01-01")
    (question,) = asked(Rule.CONFLICT, taken, reacting("Lisinopril", "Dry cough"))
    assert "Lisinopril (Dry cough)" in question.text
    assert asked(Rule.CONFLICT, taken, reacting("Lisinopril", "Dry cough", trust=Trust.REFUTED)) == []
    assert asked(Rule.CONFLICT, taken, reacting("Lisinopril", "Dry cough", current=False)) == []


def test_planned_unconfirmed_or_mistaken_entries_are_no_medicines_of_mine() -> None:
    for trust in (Trust.PLANNED, Trust.ERROR, Trust.NOT_DONE, Trust.REFUTED):
        entry = medicine("Metformin 500 mg tablet", "2026-03-10", trust=trust)
        assert asked(Rule.NEW_MEDICINE, entry) == []
        assert asked(Rule.NO_REASON, entry) == []


def test_a_note_that_names_a_new_medicine_is_pointed_to() -> None:
    new = medicine("Metformin 500 mg tablet", "2026-02-10")
    spoken = written("Start metformin with meals, for the sugar.", "2026-02-12")
    (question,) = asked(Rule.NEW_MEDICINE, new, spoken)
    assert question.already_answered is not None
    assert (question.already_answered.record, question.already_answered.date) == (spoken.id, "2026-02-12")
    (question,) = asked(Rule.NEW_MEDICINE, new, written("Start metformin.", "2025-02-12"))
    assert question.already_answered is None
