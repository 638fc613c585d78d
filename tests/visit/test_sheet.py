"""The sheet as a whole: at most ten questions in a fixed order, what changed, what to bring."""

import random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from assistant.records.model import Record, Trust, When
from assistant.visit.chart import coming_visits
from assistant.visit.make import make_sheet, title_of, visit_of
from assistant.visit.model import MOST_QUESTIONS, RANK, Rule, Visit
from assistant.visit.ranking import MOST_OF_A_RULE, ranked
from tests.fakes.made import condition, lab, medicine, visit
from tests.visit.made import AT, TODAY, chart, dose, ordered, reacting, sheet, sodium, written


def many() -> list[Record]:
    """More than ten things to ask about, of several kinds."""
    flagged = [
        msgspec.structs.replace(lab(str(n), "2026-03-03", title=f"Thing {n}", flags=("H",)), codes=())
        for n in range(6)
    ]
    orders = [ordered(f"Scan {n}", f"2025-03-0{n + 1}", code=f"90{n}") for n in range(6)]
    doubts = [condition(f"Doubt {n}", "2025", trust=Trust.UNCONFIRMED, code=f"80{n}") for n in range(6)]
    held = [medicine(f"Drug{'abcdef'[n]} 5 mg", "2026-03-03") for n in range(6)]
    return [*flagged, *orders, *doubts, *held, sodium("119", "2026-03-01", flags=("LL",))]


def test_at_most_ten_questions_and_at_most_three_of_one_rule() -> None:
    made = sheet(*many())
    assert len(made.questions) == MOST_QUESTIONS
    counts = [sum(q.rule is rule for q in made.questions) for rule in Rule]
    assert max(counts) == MOST_OF_A_RULE
    assert [q.id for q in made.questions] == [f"q{n}" for n in range(1, MOST_QUESTIONS + 1)]


def test_questions_stand_in_the_order_of_the_rules() -> None:
    ranks = [RANK[q.rule] for q in sheet(*many()).questions if q.rule is not None]
    assert ranks == sorted(ranks)
    assert sheet(*many()).questions[0].rule is Rule.CRITICAL


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_records_come_changes_nothing(rng: random.Random) -> None:
    records = many()
    shuffled = records[:]
    rng.shuffle(shuffled)
    assert ranked(chart(*shuffled)) == ranked(chart(*records))


def test_every_question_of_the_rules_says_why_and_names_its_records() -> None:
    records = many()
    ids = {record.id for record in records}
    for question in sheet(*records).questions:
        assert question.text.endswith("?")
        assert question.why.endswith(".")
        assert question.records
        assert set(question.records) <= ids


def test_what_a_note_may_answer_comes_last_but_a_note_moves_no_flagged_result() -> None:
    order = ordered("Colonoscopy", "2025-03-03", code="73761001")
    doubt = condition("Sleep apnea", "2025", trust=Trust.UNCONFIRMED, code="73430006")
    flagged = lab("151", "2026-03-03", flags=("H",))
    spoken = written("Colonoscopy: done elsewhere. LDL cholesterol is fine, ask nothing.", "2026-04-01")
    rules = [question.rule for question in ranked(chart(order, doubt, flagged, spoken))]
    assert rules == [Rule.FLAGGED, Rule.UNSETTLED, Rule.PLANNED]


def test_a_record_of_two_sources_counts_with_both() -> None:
    record = lab("151", "2026-03-03", flags=("H",))
    both = msgspec.structs.replace(chart(record), told_by={record.id: (record.id, "elsewhere")})
    (question,) = ranked(both)
    assert question.records == (record.id, "elsewhere")


def test_changes_tell_flagged_results_first_then_medicines_then_the_rest() -> None:
    made = sheet(
        sodium("140", "2026-03-03"),
        lab("148", "2025-03-03"),
        lab("151", "2026-03-03", flags=("H",)),
        medicine("Metformin 500 mg tablet", "2026-02-12", elements=(dose("twice a day"),)),
        condition("Type 2 diabetes", "2026-02-12"),
    )
    told = [change.text for change in made.changes]
    assert told[0].startswith(
        "LDL Cholesterol: 151 mg/dL on 3 Mar 2026; before that 148 mg/dL on 3 Mar 2025."
    )
    assert [change.flagged for change in made.changes] == [True, False, False, False]
    assert told[1] == "Metformin 500 mg tablet, twice a day, since 12 Feb 2026."
    assert told[2:] == ["Type 2 diabetes, 12 Feb 2026.", "Sodium: 140 mmol/L on 3 Mar 2026."]


def test_what_was_before_the_last_visit_or_is_in_doubt_is_no_change() -> None:
    before = lab("148", "2026-02-09", flags=("H",))
    wrong = lab("999", "2026-03-09", trust=Trust.ERROR)
    assert sheet(before, wrong).changes == ()
    (doubtful,) = sheet(lab("4", "2026-03-09", trust=Trust.UNCONFIRMED, status="preliminary")).changes
    assert "not confirmed" in doubtful.text


def test_without_a_visit_the_last_year_counts() -> None:
    made = make_sheet(chart(lab("148", "2025-07-09"), last=None), Visit(), id="v1", at=AT)
    assert made.last_visit is None
    assert [change.kind for change in made.changes] == ["result"]


def test_bring_has_the_dose_as_written_the_reaction_and_what_is_in_doubt() -> None:
    made = sheet(
        medicine(
            "Metformin 500 mg tablet", "2021-03-16", elements=(dose("1 tablet twice a day, with meals"),)
        ),
        medicine("Aspirin 100 mg", "2021-03-16", trust=Trust.UNCONFIRMED, status="active, reported"),
        medicine("Old 5 mg", "2001-03-16", current=False),
        medicine("Wrong 5 mg", "2021-03-16", trust=Trust.ERROR),
        reacting("Sulfa", "Hives, moderate"),
        reacting("Penicillin", "Rash", trust=Trust.REFUTED),
    )
    assert [(item.kind, item.confirmed) for item in made.bring] == [
        ("medicine", True),
        ("medicine", False),
        ("allergy", True),
    ]
    assert made.bring[0].text.startswith("Metformin 500 mg tablet: 1 tablet twice a day, with meals")
    assert "not confirmed" in made.bring[1].text
    assert made.bring[2].text.startswith("Sulfa: Hives, moderate")


def test_a_coming_visit_is_found_and_named() -> None:
    ahead = msgspec.structs.replace(
        visit("Appointment: Yearly physical", "2026-07-03"), kind="Appointment", trust=Trust.PLANNED
    )
    later = msgspec.structs.replace(ahead, id="later", when=When("2026-09-03"))
    over = msgspec.structs.replace(ahead, id="over", when=When("2026-05-03"))
    coming = coming_visits([later, over, ahead], TODAY)
    assert [record.id for record in coming] == [ahead.id, "later"]
    made = make_sheet(chart(), visit_of(coming[0]), id="v1", at=AT)
    assert title_of(made) == "Yearly physical, 3 Jul 2026"


def test_carried_questions_come_first_and_are_not_asked_twice() -> None:
    records = many()
    first = sheet(*records)
    ticked = msgspec.structs.replace(first.questions[0], done=True)
    kept = msgspec.structs.replace(first, questions=(ticked, *first.questions[1:4]))
    second = make_sheet(chart(*records), Visit(), id="v2", at=AT, carried=kept)
    carried = [question.text for question in kept.questions[1:]]
    assert [question.text for question in second.questions][: len(carried)] == carried
    assert len({question.text for question in second.questions}) == len(second.questions) <= MOST_QUESTIONS
    assert second.carried_from == first.id
