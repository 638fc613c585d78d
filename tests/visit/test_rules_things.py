"""What a sheet asks of plans, of what was put off, and of what isn't settled."""

import msgspec

from assistant.records.model import Category, Trust, When
from assistant.visit.model import Rule
from tests.fakes.made import condition, procedure, vaccination, visit
from tests.visit.made import asked, ordered, reacting, told


def test_an_order_is_asked_about_until_it_is_done() -> None:
    order = ordered("Colonoscopy", "2025-03-03", code="73761001")
    (question,) = asked(Rule.PLANNED, order)
    assert "Colonoscopy was ordered, dated 3 Mar 2025" in question.text
    assert asked(Rule.PLANNED, order, procedure("Colonoscopy", "2025-04-03", code="73761001")) == []
    assert asked(Rule.PLANNED, order, procedure("Colonoscopy", "2024-04-03", code="73761001")) != []


def test_an_order_that_lies_ahead_is_prepared_for() -> None:
    (question,) = asked(Rule.PLANNED, ordered("Colonoscopy", "2026-09", code="73761001"))
    assert question.text == "Colonoscopy is ordered for Sep 2026. What do I need to do for it?"


def test_a_vaccination_put_off_is_asked_about_until_it_is_made_up_for() -> None:
    put_off = vaccination("Flu vaccine", "2025-10-03", trust=Trust.NOT_DONE)
    (question,) = asked(Rule.PLANNED, put_off)
    assert "Flu vaccine was not done on 3 Oct 2025" in question.text
    assert asked(Rule.PLANNED, put_off, vaccination("Flu vaccine", "2025-11-03")) == []


def test_an_appointment_that_is_over_and_still_booked_is_asked_about() -> None:
    booked = msgspec.structs.replace(
        visit("Appointment: Eye exam", "2026-01-03"), kind="Appointment", trust=Trust.PLANNED, status="booked"
    )
    (question,) = asked(Rule.PLANNED, booked)
    assert "still have this as booked on 3 Jan 2026" in question.text
    ahead = msgspec.structs.replace(booked, when=When("2026-07-03"))
    assert asked(Rule.PLANNED, ahead) == []


def test_a_part_of_a_plan_that_has_not_begun_is_asked_about() -> None:
    activities = (
        told(Category.CONDITIONS, "activity", "in progress, Walk 30 minutes a day"),
        told(Category.CONDITIONS, "activity", "not started, Foot check"),
    )
    plan = msgspec.structs.replace(
        condition("Diabetes care plan", "2025-01-01"), kind="CarePlan", elements=activities
    )
    (question,) = asked(Rule.PLANNED, plan)
    assert "Foot check" in question.text
    assert asked(Rule.PLANNED, msgspec.structs.replace(plan, current=False)) == []


def test_what_is_not_confirmed_is_asked_about_until_it_is() -> None:
    open_ = condition("Sleep apnea", "2025", trust=Trust.UNCONFIRMED, status="provisional", code="73430006")
    (question,) = asked(Rule.UNSETTLED, open_)
    assert "Sleep apnea stands in my records as not confirmed (“provisional”)" in question.text
    assert asked(Rule.UNSETTLED, open_, condition("Sleep apnea", "2026-01-01", code="73430006")) == []
    assert asked(Rule.UNSETTLED, msgspec.structs.replace(open_, current=False)) == []


def test_two_records_that_contradict_each_other_are_put_side_by_side() -> None:
    yes, no = reacting("Penicillin", "Rash"), reacting("Penicillin", "Rash", trust=Trust.REFUTED)
    (question,) = asked(Rule.CONFLICT, yes, no)
    assert "ruled out" in question.text
    assert set(question.records) == {yes.id, no.id}
    assert asked(Rule.CONFLICT, no) == []


def test_the_family_has_its_own_conditions() -> None:
    mother = condition("Breast cancer", "1990", trust=Trust.FAMILY, code="254837009")
    ruled_out = condition("Breast cancer", "2020", trust=Trust.REFUTED, code="254837009")
    assert asked(Rule.CONFLICT, mother, ruled_out) == []
    assert asked(Rule.UNSETTLED, mother) == []
