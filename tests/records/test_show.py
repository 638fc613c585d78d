from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records.model import Category, Element, Quantity, Record, Trust, Value, ValueKind, When
from assistant.records.show import line, shown_digits, shown_value, status_words
from tests.records.samples import LOINC, UCUM, concept, condition, lab, record


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("5", "5"),
        ("5.4", "5.4"),
        ("5.40", "5.40"),
        ("148.237", "148.2"),
        ("1234.567", "1235"),
        ("1000.4999", "1000"),
        ("999.951", "1000.0"),
        ("10.0449", "10.0"),
        ("10.05", "10.05"),
        ("10.055", "10.1"),
        ("5.938471", "5.94"),
        ("1.005", "1.01"),
        ("0.12345", "0.123"),
        ("0.0012345", "0.00123"),
        ("0.05", "0.05"),
        ("-3.14159", "-3.14"),
        ("1e3", "1000"),
        ("1.5e-3", "0.00150"),
        ("0.000", "0.000"),
        ("not a number", "not a number"),
        ("1E400", "1E400"),
    ],
)
def test_numbers_read_as_a_lab_prints_them(digits: str, shown: str) -> None:
    assert shown_digits(digits) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-10000, max_value=10000, places=6))
@settings(deadline=None, database=None)
def test_rounding_is_half_up_and_never_far(number: Decimal) -> None:
    shown = Decimal(shown_digits(f"{number:f}"))
    size = abs(number)
    step = Decimal(1) if size >= 1000 else Decimal("0.1") if size >= 10 else Decimal("0.01")
    assert abs(shown - number) <= step / 2
    if size >= 1:
        assert shown == number.quantize(step, rounding=ROUND_HALF_UP)


@given(st.integers(-(10**12), 10**12))
@settings(deadline=None, database=None)
def test_whole_numbers_are_never_changed(number: int) -> None:
    assert shown_digits(str(number)) == str(number)


@pytest.mark.parametrize(
    "unit", ["mm[Hg]", "[degF]", "[iU]/L", "10*3/uL", "mL/min/{1.73_m2}", "{score}", "[in_i]", "%"]
)
@pytest.mark.parametrize("comparator", [None, "<", "<=", ">=", ">"])
def test_a_value_keeps_comparator_and_every_character_of_its_unit(unit: str, comparator: str | None) -> None:
    shown = shown_value(Value(ValueKind.QUANTITY, Quantity("120", comparator, unit)))
    assert shown.startswith((comparator or "") + "120")
    assert shown.endswith(unit)


def test_the_other_shapes_of_values() -> None:
    low, high = Quantity("3.5", None, "mmol/L"), Quantity("5.1", None, "mmol/L")
    assert shown_value(Value(ValueKind.RANGE, low, high)) == "3.5 to 5.1 mmol/L"
    assert shown_value(Value(ValueKind.RANGE, None, high)) == "up to 5.1 mmol/L"
    assert shown_value(Value(ValueKind.RATIO, Quantity("1"), Quantity("128"))) == "1 : 128"
    assert shown_value(Value(ValueKind.ABSENT, text="Not performed")) == "no value (Not performed)"
    assert shown_value(Value(ValueKind.TEXT, text="2026-01-05")) == "5 Jan 2026"
    assert shown_value(Value(ValueKind.TEXT, text="2 to 3")) == "2 to 3"
    assert shown_value(Value(ValueKind.CODED, text="Detected")) == "Detected"


def made(trust: Trust, status: str | None = None) -> Record:
    return Record(
        "r",
        Category.LABS,
        "Observation",
        "Potassium",
        status,
        trust,
        value=Value(ValueKind.QUANTITY, Quantity("5.9")),
    )


@pytest.mark.parametrize("trust", list(Trust))
def test_what_is_not_plain_fact_says_so_right_after_the_value(trust: Trust) -> None:
    text = line(made(trust))
    words = status_words(made(trust))
    if trust is Trust.FACT:
        assert words is None
        assert text == "Potassium: 5.9"
    else:
        assert words
        assert text == f"Potassium: 5.9 ({words})"


@pytest.mark.parametrize(
    ("trust", "status", "words"),
    [
        (Trust.ERROR, "entered-in-error", "entered in error"),
        (Trust.REFUTED, "refuted", "refuted"),
        (Trust.NOT_DONE, "not-done", "not done"),
        (Trust.NOT_DONE, "cancelled", "not done: cancelled"),
        (Trust.UNCONFIRMED, "preliminary", "not confirmed: preliminary"),
        (Trust.PLANNED, "draft", "planned: draft"),
        (Trust.PLANNED, "active, order", "ordered, not known to be done: active, order"),
        (Trust.PLANNED, "active, directive", "a standing instruction: active, directive"),
        (Trust.FAMILY, "completed", "family history"),
    ],
)
def test_the_sources_own_word_stands_beside_ours(trust: Trust, status: str, words: str) -> None:
    assert status_words(made(trust, status)) == words


def test_a_line_holds_everything_that_belongs_beside_a_value() -> None:
    told = lab(
        "5.9",
        "mmol/L",
        code=concept("2823-3", "Potassium", LOINC),
        interpretation=[{"coding": [{"code": "HH"}]}],
        referenceRange=[
            {
                "low": {"value": 3.5, "unit": "mmol/L"},
                "high": {"value": 5.1, "unit": "mmol/L"},
                "type": {"text": "adults"},
            }
        ],
        note=[{"text": "Repeat\nthe   test"}],
    )
    found = record(told)
    assert line(found) == (
        "Potassium: 5.9 mmol/L; range 3.5 to 5.1 mmol/L for adults;"
        " far above the lab's range (critical); 3 Feb 2026"
    )
    assert line(found, found.elements).endswith("; note: Repeat the test")


def test_a_blood_pressure_reads_with_both_parts() -> None:
    pressure = lab(
        code=concept("85354-9", "Blood pressure", LOINC),
        component=[
            {
                "code": concept("8480-6", "Systolic", LOINC),
                "valueQuantity": {"value": 120, "unit": "mm[Hg]", "system": UCUM},
            },
            {
                "code": concept("8462-4", "Diastolic", LOINC),
                "valueQuantity": {"value": 80, "unit": "mm[Hg]", "system": UCUM},
            },
        ],
    )
    del pressure["valueQuantity"]
    assert line(record(pressure)) == "Blood pressure; Systolic 120 mm[Hg]; Diastolic 80 mm[Hg]; 3 Feb 2026"


def test_states_of_facts_that_matter_are_told_and_routine_ones_are_not() -> None:
    assert line(record(condition(clinicalStatus=concept("resolved", "Resolved")))).startswith(
        "Asthma (resolved)"
    )
    assert line(record(lab(status="corrected"))).startswith("LDL cholesterol: 96 mg/dL (corrected)")
    assert "(" not in line(record(lab()))


def test_a_record_without_a_date_says_when_it_was_written_down() -> None:
    told = condition(recordedDate="2021-06-01")
    del told["onsetDateTime"]
    assert line(record(told)) == "Asthma; recorded 1 Jun 2021"


def test_elements_without_words_are_not_told_and_text_stays_on_one_line() -> None:
    plain = Record("r", Category.VISITS, "Encounter", "Office\nvisit", "finished", Trust.FACT, When("2020"))
    silent = Element(Category.CONDITIONS, "Encounter.reasonReference", "for", "", (), "Condition/c")
    said = Element(Category.NOTES, "Encounter.text", "note", "one\r\ntwo")
    assert line(plain, (silent, said)) == "Office visit; 2020; note: one two"


def test_exact_keeps_the_sources_digits() -> None:
    found = record(lab(5.938471, "%"))
    assert line(found).startswith("LDL cholesterol: 5.94%")
    assert line(found, exact=True).startswith("LDL cholesterol: 5.938471%")
