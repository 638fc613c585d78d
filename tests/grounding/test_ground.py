"""From a question to facts and records: what is brought, what is left out, and on what it may depend."""

import datetime as dt
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.ground import OVER_BUDGET, Grounded, ground
from assistant.grounding.question import understand
from assistant.grounding.tokens import CHARACTERS_A_TOKEN, estimate
from assistant.records.coded import LOINC
from assistant.records.facts import FactKind
from assistant.records.model import Category, Coding, Element, Record, Trust, When
from assistant.records.show import line
from assistant.vault.query import RecordQuery
from tests.fakes import made
from tests.fakes.reader import InMemoryReader
from tests.grounding.asked import QUESTIONS

TODAY = dt.date(2026, 2, 20)
WEIGHT = Coding(LOINC, "29463-7")
REASON = Element(Category.CONDITIONS, "Encounter.reasonCode", "for", "Acute bronchitis")
DOSE = Element(Category.MEDICATIONS, "MedicationRequest.dosageInstruction", "dose", "1 tablet daily")


def chart() -> list[Record]:
    """A small chart with something of most kinds."""
    return [
        *(made.lab(str(90 + year), f"20{year}-03-04T08:00:00Z") for year in range(10, 26)),
        made.lab("101.5", "2025-06-01", title="Glucose", code=made.GLUCOSE),
        made.said("Negative", "2025-06-01", title="Glucose in Urine", code=Coding(LOINC, "25428-4")),
        made.lab("5.4", "2025-06-01", "%", title="Zinc", code=Coding("urn:lab", "zn")),
        made.pressure("128", "82", "2025-06-01"),
        made.lab(
            "82",
            "2025-06-01",
            "kg",
            title="Body Weight",
            code=Coding(LOINC, "29463-7"),
            category=Category.VITALS,
        ),
        made.condition("Hypertension", "2010-05-01", code="38341003"),
        made.condition("Prediabetes", "2012-05-01", code="15777000", trust=Trust.REFUTED, status="refuted"),
        made.condition("Asthma", "1990", "1999", code="195967001", current=False, status="resolved"),
        made.medicine("Simvastatin 10 MG", "2018-01-01", elements=(DOSE,)),
        made.medicine("Amoxicillin 250 MG", "2019-01-01", current=False, status="stopped"),
        made.allergy("Allergy to penicillin"),
        made.vaccination("Influenza, seasonal", "2025-10-01"),
        made.vaccination("Td (adult)", "2016-10-01", code="113"),
        made.procedure("Colonoscopy", "2020-02-02", code="73761001"),
        made.visit("Check-up", "2025-06-01T09:00:00Z"),
        made.visit("Encounter for symptom", "2019-02-03T09:00:00Z", elements=(REASON,)),
    ]


def ask(question: str, records: Sequence[Record], budget: int = 1500) -> Grounded:
    """The answer to one question over these records."""
    return ground(understand(question, today=TODAY), InMemoryReader(records), budget_tokens=budget)


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("What is my latest LDL?", FactKind.LATEST, "115"),
        ("What was my LDL in 2019?", FactKind.AT_TIME, "109"),
        ("How has my LDL changed since 2020?", FactKind.CHANGE, "5"),
        ("What is my blood pressure?", FactKind.LATEST, "128/82"),
        ("what's the bottom number", FactKind.LATEST, "82"),
        ("my blood sugar", FactKind.LATEST, "101.5"),
        ("is there sugar in my urine", FactKind.LATEST, "Negative"),
        ("What is my zinc level?", FactKind.LATEST, "5.4"),
        ("How many times was my LDL above 110?", FactKind.COUNT, "5"),
        ("what am I taking", FactKind.CURRENT, "1"),
        ("How many visits did I have in 2025?", FactKind.COUNT, "1"),
        ("how many medicines am I taking", FactKind.COUNT, "1"),
        ("how many medicines have I been prescribed", FactKind.COUNT, "2"),
        ("how many active conditions do I have", FactKind.COUNT, "1"),
        ("Is my LDL higher than in 2019?", FactKind.CHANGE, "6"),
        ("how has my LDL changed compared to 5 years ago", FactKind.CHANGE, "4"),
        ("what was my LDL before the last one", FactKind.PREVIOUS, "114"),
    ],
)
def test_the_first_fact_answers(question: str, kind: FactKind, value: str) -> None:
    fact = ask(question, chart()).facts[0]
    assert (fact.kind, fact.value) == (kind, value)


@pytest.mark.parametrize(
    ("question", "starts"),
    [
        ("When was my last flu shot?", "1 Oct 2025"),
        ("When was my last tetanus shot?", "1 Oct 2016"),
        ("when did I have my colonoscopy", "2 Feb 2020"),
        ("When was I diagnosed with high blood pressure?", "1 May 2010"),
        ("when was my LDL highest", "4 Mar 2025"),
        ("Do I have high blood pressure?", "Yes: Hypertension, since 1 May 2010 (active)."),
        ("Do I still have asthma?", "Not marked as current: Asthma in 1990 is marked resolved"),
        ("Am I allergic to penicillin?", "Yes: Allergy to penicillin"),
        ("Am I taking amoxicillin?", "Not marked as current: Amoxicillin 250 MG"),
        ("Have I ever had bronchitis?", "There is no record of its own for it, but it is named in others"),
        (
            "Do I have prediabetes?",
            "No, as far as your records go: Prediabetes is in your records as refuted",
        ),
        (
            "what dose of simvastatin do I take",
            "Simvastatin 10 MG (active, on 1 Jan 2018): dose: 1 tablet daily.",
        ),
    ],
)
def test_an_answer_starts_with_what_was_asked(question: str, starts: str) -> None:
    found = ask(question, chart())
    assert found.facts[0].text.startswith(starts)
    assert found.facts[0].records
    assert found.records[0].id == found.facts[0].records[0]


def test_one_fact_brings_one_record() -> None:
    for question in ("What is my latest LDL?", "What is my blood pressure?", "When was my last flu shot?"):
        found = ask(question, chart())
        assert len(found.facts) == len(found.records) == 1


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("What is my ferritin?", "lab results (the newest: 1 Jun 2025)"),
        ("Have I had a mammogram?", "procedures (the newest: 2 Feb 2020)"),
        ("Am I allergic to latex?", "allergies (the newest: 20 May 2010)"),
        ("my PSA in 2019", "lab results (the newest: 1 Jun 2025)"),
    ],
)
def test_no_answer_says_what_was_looked_for_and_where(question: str, newest: str) -> None:
    over_a_chart, over_nothing = ask(question, chart()).facts[0], ask(question, []).facts[0]
    assert over_a_chart.kind is over_nothing.kind is FactKind.NONE
    asked, found = over_a_chart.text.split(". ")
    assert asked.startswith("None of the records shared here show")
    assert found == f"Looked in {newest}."
    assert over_nothing.text == f"{asked}. Nothing is shared here of {newest.split(' (')[0]}."


def test_nothing_in_a_stretch_of_time_names_what_lies_around_it() -> None:
    found = ask("What was my LDL in 2005?", chart())
    assert [fact.kind for fact in found.facts] == [FactKind.NONE, FactKind.AT_TIME]
    assert "4 Mar 2010 is the nearest after" in found.facts[1].text


def test_an_age_is_placed_by_the_birth_date_where_one_can_be_seen() -> None:
    question = "What was my LDL when I was 50?"
    unplaced = ask(question, chart()).facts
    assert [fact.kind for fact in unplaced] == [FactKind.NONE]
    assert "birth date" in unplaced[0].text
    fact = ask(question, [*chart(), made.person("1969-01-01")]).facts[0]
    assert (fact.kind, fact.value) == (FactKind.AT_TIME, "109")


def test_nothing_since_then_names_the_last_time_before() -> None:
    facts = ask("Have I had a colonoscopy in the last 2 years?", chart()).facts
    assert [fact.kind for fact in facts] == [FactKind.NONE, FactKind.LAST_TIME]
    assert facts[1].text.startswith("2 Feb 2020")


def test_several_subjects_are_answered_in_turn() -> None:
    for question, values in (
        ("What are my LDL and blood sugar?", ["115", "101.5"]),
        ("What are my LDL and zinc?", ["115", "5.4"]),
    ):
        assert [fact.value for fact in ask(question, chart()).facts] == values


def test_a_record_in_error_is_left_out_with_the_reason() -> None:
    wrong = made.lab("999", "2026-01-01", trust=Trust.ERROR, status="entered-in-error")
    found = ask("What is my latest LDL?", [*chart(), wrong])
    assert found.facts[0].value == "115"
    assert wrong.id not in {record.id for record in found.records}
    assert (wrong.id, "entered in error: not used as a fact") in found.left_out


@pytest.mark.parametrize("budget", [60, 120, 240, 480])
def test_the_budget_keeps_facts_and_the_newest_records(budget: int) -> None:
    found = ask("list my LDL results", chart(), budget)
    spent = sum(estimate(fact.text) for fact in found.facts)
    assert len(found.facts) == 1
    lines = sum(estimate(line(record, record.elements)) for record in found.records)
    assert lines <= max(budget // 3, budget - spent)
    cited = found.facts[0].records
    assert [record.id for record in found.records] == list(cited[: len(found.records)])
    assert {record for record, why in found.left_out if why == OVER_BUDGET} == set(
        cited[len(found.records) :]
    )


def test_tokens_are_rounded_up() -> None:
    assert estimate("") == 0
    assert estimate("a") == 1
    assert estimate("a" * 22) == round(22 / CHARACTERS_A_TOKEN)


def test_a_text_too_long_for_the_budget_keeps_its_start() -> None:
    text = Element(Category.NOTES, "DocumentReference.content", "text", "Knee pain after a fall. " * 800)
    note = made.note("Visit note", "2026-02-01", elements=(text,))
    found = ask("what does my last note say", [*chart(), note])
    assert found.records[0].id == note.id
    assert len(found.records[0].elements[0].text) < 1000
    assert "cut short" in found.records[0].elements[0].text
    assert sum(estimate(fact.text) for fact in found.facts) < 600


def test_a_word_that_only_a_text_mentions_is_no_answer_but_near() -> None:
    text = Element(Category.NOTES, "DocumentReference.content", "text", "Consider molybdenum next time.")
    note = made.note("Visit note", "2026-02-01", elements=(text,))
    found = ask("what is my molybdenum level", [*chart(), note])
    assert found.facts[0].kind is FactKind.NONE
    assert "Looked in everything that is shared here (the newest: 1 Feb 2026)." in found.facts[0].text
    assert [record.id for record in found.records] == [note.id]


class _Recording(InMemoryReader):
    """Notes what it gave."""

    def __init__(self, records: Sequence[Record]) -> None:
        super().__init__(records)
        self.asked: list[RecordQuery] = []

    def find(self, query: RecordQuery) -> Sequence[Record]:
        self.asked.append(query)
        return super().find(query)


def test_only_categories_that_are_looked_in_are_asked_for() -> None:
    for question in ("What is my latest LDL?", "What am I taking?", "How many visits in 2019?"):
        understanding = understand(question, today=TODAY)
        reader = _Recording(chart())
        ground(understanding, reader)
        asked = {category for query in reader.asked for category in query.categories or tuple(Category)}
        assert asked == set(understanding.categories)


@given(st.permutations(range(len(chart()))), st.sampled_from([row[0] for row in QUESTIONS]))
def test_the_order_of_records_changes_nothing(order: list[int], question: str) -> None:
    records = chart()
    one = ask(question, records)
    other = ask(question, [records[at] for at in order])
    assert one == other


def _renamed(records: Sequence[Record], prefix: str) -> list[Record]:
    return [msgspec.structs.replace(record, id=f"{prefix}{at}") for at, record in enumerate(records)]


@pytest.mark.parametrize("question", [row[0] for row in QUESTIONS])
def test_ids_change_nothing_that_is_said(question: str) -> None:
    records = chart()
    one = ask(question, _renamed(records, "a"))
    other = ask(question, _renamed(records[::-1], "b"))
    assert [fact.text for fact in one.facts] == [fact.text for fact in other.facts]
    assert [line(record, record.elements) for record in one.records] == [
        line(record, record.elements) for record in other.records
    ]


@pytest.mark.parametrize("question", [row[0] for row in QUESTIONS])
def test_every_question_gets_an_answer_that_reads_as_one(question: str) -> None:
    found = ask(question, chart())
    at_hand = {record.id for record in found.records} | {record for record, _ in found.left_out}
    assert found.facts
    for fact in found.facts:
        assert fact.text.strip() == fact.text
        assert not any(piece in fact.text for piece in ("show .", "  ", "..", " ,", "()", "None None"))
        assert set(fact.records) <= at_hand


def test_what_a_reader_does_not_return_changes_nothing() -> None:
    """A chart with notes that only mention LDL gives the same answer as one without them, when unseen."""
    hidden = [
        Record(
            id=made.new_id(),
            category=Category.NOTES,
            kind="DocumentReference",
            title=f"Note on LDL {number}",
            status="current",
            trust=Trust.FACT,
            when=When("2026-01-01"),
        )
        for number in range(150)
    ]
    seen = InMemoryReader(chart())
    with_hidden = InMemoryReader([*chart(), *hidden])
    with_hidden.records = [r for r in with_hidden.records if r.category is not Category.NOTES]
    for question in ("What is my latest LDL?", "my zinc", "what do my labs say about ldl", "how am I doing"):
        understanding = understand(question, today=TODAY)
        one, other = ground(understanding, seen), ground(understanding, with_hidden)
        assert [fact.text for fact in one.facts] == [fact.text for fact in other.facts]
