from typing import Any

import pytest

from assistant.records.event import normal_digits, part_series_key, series_key
from tests.records.samples import LOINC, SNOMED, UCUM, concept, condition, lab, medication, record, visit


def event(resource: dict[str, Any]) -> str:
    return record(resource).event


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (lab(), lab()),
        (lab(96), lab(96.0)),
        (lab(unit="mg/dL"), lab(unit="mg/dl")),
        (lab(), lab(effectiveDateTime="2026-02-03T13:00:30Z")),
        (lab(), lab(code=concept("18262-6", "LDL Chol Direct", LOINC))),
        (lab(), lab(status="amended")),
        (lab(), lab(interpretation=[{"coding": [{"code": "N"}]}], note=[{"text": "fasting"}])),
        (lab(), lab(performer=[{"display": "Quest"}], issued="2026-02-09T00:00:00Z")),
        (lab(effectiveDateTime="2026-02-03"), lab(effectiveDateTime="2026-02-03")),
        (condition(), condition(recordedDate="2020-01-01")),
        (medication(), medication(requester={"display": "Dr A"})),
        (visit(), visit(reasonCode=[{"text": "Cough"}])),
    ],
)
def test_the_same_event_told_twice_has_one_key(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert event(a) == event(b) != ""


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (lab(96), lab(97)),
        (lab(96), lab(96.1)),
        (lab(unit="mg/dL"), lab(unit="mmol/L")),
        (lab(unit="mL/min"), lab(unit="mL/min/{1.73_m2}")),
        (lab(), lab(effectiveDateTime="2026-02-03T08:01:00-05:00")),
        (lab(), lab(effectiveDateTime="2026-02-03T08:00:00Z")),
        (lab(), lab(effectiveDateTime="2026-02-03")),
        (lab(), lab(status="preliminary")),
        (lab(), lab(status="entered-in-error")),
        (lab(), lab(code=concept("2085-9", "HDL", LOINC))),
        (lab(), lab(component=[{"code": {"text": "x"}, "valueInteger": 1}])),
        (condition(), condition(onsetDateTime="2019-05-04")),
        (
            condition(clinicalStatus=concept("active", "a")),
            condition(clinicalStatus=concept("resolved", "r")),
        ),
        # The same code used for two things, as real data has it.
        (condition("Penicillin allergy", "91936005"), condition("Sulfonamide allergy", "91936005")),
        (
            medication(dosageInstruction=[{"text": "1 daily"}]),
            medication(dosageInstruction=[{"text": "2 daily"}]),
        ),
        (medication(), medication("Atorvastatin 40 MG")),
        (medication(), medication(status="stopped")),
        (visit(), visit(period={"start": "2020-01-02T09:00:00Z", "end": "2020-01-02T10:00:00Z"})),
    ],
)
def test_different_events_have_different_keys(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert event(a) != event(b)


def test_a_comparator_makes_another_value() -> None:
    below = lab()
    below["valueQuantity"]["comparator"] = "<"
    assert event(below) != event(lab())


@pytest.mark.parametrize(
    "resource",
    [
        lab(effectiveDateTime=None),
        lab(effectiveDateTime="2026"),
        lab(effectiveDateTime="2026-02"),
        lab(effectiveDateTime="2026-02-03", valueQuantity=None),
        visit(period={"start": "2020-01-02"}),
        visit(period=None),
        condition(onsetDateTime=None),
        medication(authoredOn=None),
        medication(authoredOn="2020"),
        {"resourceType": "Patient", "id": "p", "name": [{"family": "Brandt"}]},
        {
            "resourceType": "CarePlan",
            "status": "active",
            "intent": "plan",
            "title": "Asthma plan",
            "period": {"start": "2020-01-01"},
        },
        {
            "resourceType": "Claim",
            "status": "active",
            "type": {"text": "x"},
            "created": "2020-01-01T00:00:00Z",
        },
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": {"text": "CBC"},
            "effectiveDateTime": "2020-01-01",
        },
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "type": {"text": "Note"},
            "date": "2020-01-01T00:00:00Z",
        },
    ],
)
def test_where_no_claim_can_be_made_there_is_no_key(resource: dict[str, Any]) -> None:
    assert event(resource) == ""


def test_a_condition_may_be_known_by_its_year() -> None:
    assert event(condition(onsetDateTime="2019")) == event(condition(onsetDateTime="2019")) != ""
    assert event(condition(onsetDateTime="2019")) != event(condition(onsetDateTime="2019-05"))


@pytest.mark.parametrize(
    ("digits", "normal"),
    [
        ("5.40", "5.4"),
        ("5.0", "5"),
        ("100", "100"),
        ("1e2", "100"),
        ("-0.0", "0"),
        ("0.10", "0.1"),
        ("1E400", "1E+400"),
    ],
)
def test_digits_have_one_spelling(digits: str, normal: str) -> None:
    assert normal_digits(digits) == normal


def test_a_series_is_one_code_in_one_unit() -> None:
    assert record(lab()).series == record(lab(97, effectiveDateTime="2020")).series != ""
    assert record(lab(unit="mg/dl")).series == record(lab()).series
    assert record(lab(unit="mmol/L")).series != record(lab()).series
    assert record(lab(valueQuantity=None, valueString="high")).series == ""
    assert series_key(record(condition())) == ""
    named = {"text": "AMH"}
    assert record(lab(code=named)).series == record(lab(code={"text": "amh"})).series != ""


def test_codes_are_compared_by_loinc_then_snomed_and_vital_signs_by_their_general_code() -> None:
    both = {"coding": [{"system": SNOMED, "code": "1"}, {"system": LOINC, "code": "18262-6"}]}
    assert record(lab(code=both)).series == record(lab(code=concept("18262-6", "LDL", LOINC))).series
    weight = {"coding": [{"system": LOINC, "code": "3141-9"}, {"system": LOINC, "code": "29463-7"}]}
    assert record(lab(code=weight)).series == record(lab(code=concept("29463-7", "Weight", LOINC))).series


def test_a_part_can_stand_in_a_series_with_records_of_its_own() -> None:
    systolic = concept("8480-6", "Systolic", LOINC)
    quantity = {"value": 120, "unit": "mm[Hg]", "system": UCUM, "code": "mm[Hg]"}
    pressure = record(
        lab(code=concept("85354-9", "BP", LOINC), component=[{"code": systolic, "valueQuantity": quantity}])
    )
    alone = record(lab(118, "mmHg", code=systolic))
    assert part_series_key(pressure.parts[0]) == alone.series != ""
