"""Values that stand as components of a panel, and marks in the source's words."""

import datetime as dt

import pytest

from assistant.grounding.ground import Grounded, ground
from assistant.grounding.question import understand
from assistant.records.coded import LOINC
from assistant.records.facts import FactKind
from assistant.records.model import Category, Coding, Part, Quantity, Record, Trust, Value, ValueKind, When
from tests.fakes import made
from tests.fakes.reader import InMemoryReader

TODAY = dt.date(2026, 2, 20)


def part(title: str, digits: str, unit: str, code: str = "", flags: tuple[str, ...] = ()) -> Part:
    """One component with a number."""
    value = Value(ValueKind.QUANTITY, Quantity(digits, None, unit, unit))
    return Part(title, (Coding(LOINC, code),) if code else (), value, flags)


def panel(*parts: Part, title: str = "Hormone Panel", code: str = "", day: str = "2025-11-20") -> Record:
    """A resource that holds its values in components."""
    return Record(
        id=made.new_id(),
        category=Category.LABS,
        kind="Observation",
        title=title,
        status="final",
        trust=Trust.FACT,
        when=When(day),
        codes=(Coding(LOINC, code),) if code else (),
        parts=parts,
    )


HORMONES = panel(
    part("Follitropin", "6.2", "mIU/mL", "15067-2"),
    part("AMH", "0.42", "ng/mL", flags=("Low (<1)",)),
    part("Prolactin", "12.5", "ng/mL", flags=("Normal",)),
)
COUNTS = panel(part("Hgb", "13.1", "g/dL"), part("Hct", "39.5", "%"), title="CBC", code="58410-2")
OLDER = made.lab("1.1", "2020-03-04", "ng/mL", title="AMH", code=Coding(LOINC, "38476-8"))


def ask(question: str, *records: Record) -> Grounded:
    """The answer over these records."""
    return ground(understand(question, today=TODAY), InMemoryReader(records))


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("What's my FSH?", "6.2", "mIU/mL"),
        ("my AMH", "0.42", "ng/mL"),
        ("What is my hemoglobin?", "13.1", "g/dL"),
        ("hematocrit in 2025", "39.5", "%"),
    ],
)
def test_a_component_is_a_value_of_its_own(question: str, value: str, unit: str) -> None:
    fact = ask(question, HORMONES, COUNTS).facts[0]
    assert (fact.value, fact.unit) == (value, unit)


def test_a_component_and_a_single_result_are_one_series() -> None:
    fact = ask("How has my AMH changed?", HORMONES, OLDER).facts[0]
    assert (fact.kind, fact.value) == (FactKind.CHANGE, "-0.68")
    assert fact.records == (HORMONES.id, OLDER.id)


def test_the_whole_panel_is_what_is_cited_and_given() -> None:
    found = ask("my AMH", HORMONES)
    assert found.records == (HORMONES,)


def test_a_component_that_is_not_there_is_not_there() -> None:
    assert ask("What's my TSH?", HORMONES, COUNTS).facts[0].kind is FactKind.NONE


def test_marks_in_words_and_within_panels_are_found() -> None:
    fact = ask("anything abnormal in my labs?", HORMONES, COUNTS, OLDER).facts[0]
    assert fact.records == (HORMONES.id,)
    assert "AMH" in fact.text
    assert "Prolactin" not in fact.text


def test_without_a_mark_nothing_is_abnormal() -> None:
    found = ask("any flagged labs?", COUNTS, OLDER)
    assert (found.facts[0].kind, found.records) == (FactKind.NONE, ())
