"""Questions about patterns over time: what they are understood to ask, and what they get."""

import datetime as dt

import pytest

from assistant.grounding.ground import Grounded, ground
from assistant.grounding.missing import SourceSeen, how_to_get
from assistant.grounding.pattern import Pattern
from assistant.grounding.question import understand
from assistant.records.coded import LOINC
from assistant.records.facts import FactKind, Side, Step
from assistant.records.model import Category, Coding, Element, Record, Trust
from tests.fakes import made
from tests.fakes.reader import InMemoryReader

TODAY = dt.date(2026, 2, 20)
WHY = Element(Category.CONDITIONS, "MedicationRequest.statusReason", "why this status", "Dry cough")


def chart() -> list[Record]:
    return [
        *(made.lab(str(90 + year), f"20{year}-03-04") for year in range(20, 26)),
        *(
            made.lab("55", f"20{year}-03-04", title="HDL Cholesterol", code=Coding(LOINC, "2085-9"))
            for year in range(23, 26)
        ),
        made.pressure("150", "92", "2025-11-02"),
        made.pressure("131", "84", "2026-02-10"),
        made.medicine("Simvastatin 10 MG", "2022-01-01"),
        made.medicine("lisinopril 10 MG", "2026-01-15", current=False, status="stopped", elements=(WHY,)),
        made.medicine("amlodipine 5 MG", "2026-01-16"),
        made.medicine("amlodipine 10 MG", "2026-01-20"),
        made.condition("Asthma", "2026-01-15", code="195967001"),
        made.condition("Hypertension", "2010-05-01", code="38341003"),
        made.allergy("Allergy to penicillin"),
        made.allergy("Allergy to penicillin", trust=Trust.REFUTED),
        made.visit("Check-up", "2025-01-15T09:00:00Z"),
        made.visit("Follow-up", "2026-01-15T09:00:00Z"),
        made.visit("Planned check-up", "2026-06-15T09:00:00Z"),
    ]


def ask(question: str) -> Grounded:
    return ground(understand(question, today=TODAY), InMemoryReader(chart()))


@pytest.mark.parametrize(
    ("question", "pattern", "concepts"),
    [
        ("how does my weight change per month", Pattern.BY_TIME, ("weight",)),
        ("average steps per week", Pattern.BY_TIME, ("steps",)),
        ("my monthly average blood pressure", Pattern.BY_TIME, ("blood_pressure",)),
        ("did my LDL go down after I started simvastatin", Pattern.BEFORE_AFTER, ("ldl", "simvastatin")),
        (
            "blood pressure before and after lisinopril",
            Pattern.BEFORE_AFTER,
            ("blood_pressure", "lisinopril"),
        ),
        (
            "has my blood pressure dropped since I started my blood pressure medicine",
            Pattern.BEFORE_AFTER,
            ("blood_pressure", "bp_medicine"),
        ),
        ("how long has my glucose been high", Pattern.RUN, ("glucose",)),
        ("how many times in a row was my A1c above range", Pattern.RUN, ("a1c",)),
        ("how do my weight and blood pressure go together", Pattern.TOGETHER, ("weight", "blood_pressure")),
        ("compare my LDL and HDL", Pattern.TOGETHER, ("ldl", "hdl")),
        ("have I missed any A1c tests", Pattern.GAPS, ("a1c",)),
        ("longest gap between my visits", Pattern.GAPS, ("visits",)),
        ("longest gap between my blood pressure readings", Pattern.GAPS, ("blood_pressure",)),
        ("do my records disagree?", Pattern.DISAGREE, ("allergies", "conditions", "medicines")),
        ("what changed in my medicines since my last visit", Pattern.NEWS, ("visits", "medicines")),
    ],
)
def test_a_pattern_is_understood(question: str, pattern: Pattern, concepts: tuple[str, ...]) -> None:
    found = understand(question, today=TODAY)
    assert found.asked.pattern is not None
    assert found.asked.pattern.pattern is pattern
    assert tuple(concept.id for concept in found.concepts) == concepts
    assert found.leftover == ()


@pytest.mark.parametrize(
    "question",
    [
        "what is my anion gap",
        "compare my LDL to last time",
        "how many LDL tests per year",
        "compare my latest LDL with my HDL",
        "how long have I had high blood pressure",
        "has my LDL changed since my last visit",
        "how long has my LDL been above 130",
        "when was my annual physical",
        "what medicines do I take every week",
        "did I miss a dose of metformin",
    ],
)
def test_words_that_resemble_a_pattern_keep_their_own_answer(question: str) -> None:
    assert understand(question, today=TODAY).asked.pattern is None


def test_the_side_and_the_step_are_read() -> None:
    low = understand("how many times in a row was my potassium low", today=TODAY).asked.pattern
    week = understand("my weight week by week", today=TODAY).asked.pattern
    assert low is not None
    assert week is not None
    assert (low.side, week.step) == (Side.LOW, Step.WEEK)


def test_a_follow_up_asks_the_same_by_month() -> None:
    before = understand("what is my blood pressure", today=TODAY)
    after = understand("and per month?", today=TODAY, previous=before)
    assert [concept.id for concept in after.concepts] == ["blood_pressure"]
    assert ground(after, InMemoryReader(chart())).facts[0].kind is FactKind.BY_TIME


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("my LDL by year", FactKind.BY_TIME, "115"),
        ("did my LDL go down after I started simvastatin", FactKind.BEFORE_AFTER, "3.0"),
        ("has a statin lowered my LDL", FactKind.BEFORE_AFTER, "3.0"),
        ("how long has my LDL been high", FactKind.RUN, None),
        ("compare my LDL and HDL", FactKind.TOGETHER, "3"),
        ("longest gap between my visits", FactKind.GAPS, "365"),
    ],
)
def test_a_pattern_is_answered_with_its_records(question: str, kind: FactKind, value: str | None) -> None:
    found = ask(question)
    assert (found.facts[0].kind, found.facts[0].value) == (kind, value)
    assert set(found.facts[0].records) <= {r.id for r in found.records} | {r for r, _ in found.left_out}


def test_a_medicine_that_is_not_there_is_said() -> None:
    found = ask("blood pressure before and after metoprolol")
    assert found.facts[0].kind is FactKind.NONE
    assert "show metoprolol" in found.facts[0].text


def test_what_changed_since_the_last_visit_tells_news_and_no_visits() -> None:
    first, *rest = ask("what changed since my last visit?").facts
    told = "\n".join(fact.text for fact in rest)
    assert "15 Jan 2026" in first.text
    assert "Follow-up" in first.text
    assert "3 new medicines since 15 Jan 2026" in told
    assert "1 new condition since 15 Jan 2026" in told
    assert "from 150/92 mm[Hg] on 2 Nov 2025 to 131/84 mm[Hg] on 10 Feb 2026" in told
    assert "Simvastatin" not in told
    assert "Hypertension" not in told
    assert "heck-up" not in told


def test_why_a_medicine_was_stopped_is_told_from_its_record() -> None:
    assert ask("Why did I stop lisinopril?").facts[0].text.startswith("Dry cough is the reason")
    still = ask("why was my simvastatin stopped").facts[0].text
    assert "don't show that Simvastatin 10 MG (active" in still


@pytest.mark.parametrize(
    "question",
    ["am I allergic to penicillin", "what am I allergic to", "are there contradictions about penicillin"],
)
def test_records_that_contradict_each_other_are_called_that(question: str) -> None:
    facts = ask(question).facts
    said = [fact.text for fact in facts if fact.kind is FactKind.DISAGREE]
    assert len(said) == 1
    assert "is active" in said[0]
    assert "is refuted" in said[0]


def test_two_doses_are_told_beside_what_is_taken() -> None:
    facts = ask("what am I taking").facts
    assert facts[0].kind is FactKind.CURRENT
    assert "two doses of one medicine" in facts[1].text


def test_how_to_get_what_is_missing_is_for_the_screen() -> None:
    found = ask("what is my ferritin")
    looked = found.looked_for
    assert looked.missing
    assert looked.until == ((Category.LABS, "2025-03-04"),)
    said = how_to_get(
        looked,
        sources=(SourceSeen("Mercy", "2026-02-01"), SourceSeen("Quest", failed=True)),
    )
    assert "Quest" in said[0]
    assert "Mercy (until 1 Feb 2026)" in said[1]
    assert "Ask the clinic or lab" in said[2]
    assert not any(line in fact.text for fact in found.facts for line in said)


def test_an_answer_that_was_found_needs_no_way_to_get_it() -> None:
    assert how_to_get(ask("what is my LDL").looked_for, sources=(SourceSeen("Quest", failed=True),)) == ()
