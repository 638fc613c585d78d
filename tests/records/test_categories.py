from typing import Any

import pytest

from assistant.records.model import Category
from tests.records.samples import RXNORM, concept, lab, medication, record, visit


def told(resource: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """path → (category, text) of the elements; the last wins."""
    return {item.path: (item.category.value, item.text) for item in record(resource).elements}


def test_reasons_doses_and_notes_are_not_shared_with_the_medicine() -> None:
    found = told(
        medication(
            reasonCode=[concept("38341003", "Hypertension")],
            dosageInstruction=[{"text": "One daily", "asNeededCodeableConcept": {"text": "chest pain"}}],
            note=[{"text": "Dizzy at first"}],
            encounter={"reference": "Encounter/e"},
        )
    )
    assert found["MedicationRequest.reasonCode"] == ("conditions", "Hypertension")
    assert found["MedicationRequest.dosageInstruction"] == ("medications", "One daily")
    assert found["MedicationRequest.dosageInstruction.asNeededCodeableConcept"] == (
        "conditions",
        "chest pain",
    )
    assert found["MedicationRequest.note"] == ("notes", "Dizzy at first")
    assert found["MedicationRequest.encounter"] == ("visits", "")


def test_a_visits_reason_and_diagnosis_are_conditions() -> None:
    found = told(
        visit(
            reasonCode=[concept("29857009", "Chest pain")],
            diagnosis=[{"condition": {"reference": "Condition/c", "display": "Angina"}}],
        )
    )
    assert found["Encounter.reasonCode"] == ("conditions", "Chest pain")
    assert found["Encounter.diagnosis.condition"] == ("conditions", "Angina")
    assert found["Encounter.class"] == ("visits", "outpatient")


def test_a_report_gives_its_conclusion_away_only_as_note_and_condition() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Pathology"},
        "conclusion": "Benign",
        "conclusionCode": [{"text": "Naevus"}],
        "result": [{"reference": "Observation/o1"}, {"reference": "urn:uuid:o2"}, {"display": "o3"}],
    }
    found = record(report)
    assert found.category is Category.LABS
    assert found.members == ("Observation/o1", "urn:uuid:o2")
    assert {item.path: item.category for item in found.elements} == {
        "DiagnosticReport.conclusion": Category.NOTES,
        "DiagnosticReport.conclusionCode": Category.CONDITIONS,
    }


@pytest.mark.parametrize(
    ("codes", "category"),
    [
        (["laboratory"], "labs"),
        (["vital-signs"], "vitals"),
        (["vital-sign"], "vitals"),
        (["survey", "vital-signs"], "vitals"),
        (["social-history"], "about"),
        (["sdoh", "survey"], "about"),
        (["imaging"], "procedures"),
        (["exam"], "procedures"),
        (["activity", "survey"], "activity"),
        (["nonsense"], "labs"),
        ([], "labs"),
    ],
)
def test_an_observations_category_decides_where_it_belongs(codes: list[str], category: str) -> None:
    told = lab(category=[{"coding": [{"code": code}]} for code in codes])
    assert record(told).category.value == category


@pytest.mark.parametrize(
    ("loinc", "value", "category"),
    [
        ("8480-6", {"valueQuantity": {"value": 120}}, "vitals"),
        ("41950-7", {"valueQuantity": {"value": 9000}}, "activity"),
        ("93832-4", {"valueQuantity": {"value": 7}}, "sleep"),
        ("72166-2", {"valueString": "Never"}, "about"),
        ("69453-9", {"valueString": "Stroke"}, "conditions"),
        ("99999-9", {"valueQuantity": {"value": 1}}, "labs"),
        ("99999-9", {"valueString": "Tired for weeks"}, "conditions"),
    ],
)
def test_without_a_category_the_code_and_the_value_decide(
    loinc: str, value: dict[str, Any], category: str
) -> None:
    told = {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(loinc, "Something", "http://loinc.org"),
        "subject": {"reference": "Patient/p"},
        **value,
    }
    assert record(told).category.value == category


def test_a_patients_or_relatives_name_is_about_me_wherever_it_stands() -> None:
    performed = record(
        lab(
            performer=[
                {"reference": "Patient/p", "display": "Amy Shaw"},
                {"reference": "Practitioner/d", "display": "Dr D"},
            ]
        )
    )
    assert [(item.text, item.category.value) for item in performed.elements] == [
        ("Amy Shaw", "about"),
        ("Dr D", "labs"),
    ]
    team = record(
        {
            "resourceType": "CareTeam",
            "status": "active",
            "name": "Team",
            "participant": [
                {"member": {"reference": "RelatedPerson/n", "display": "Niece"}, "role": [{"text": "carer"}]}
            ],
        }
    )
    assert [(item.text, item.category.value) for item in team.elements] == [("Niece, carer", "about")]


def test_the_patient_is_known_by_any_spelling_of_the_subject() -> None:
    patient = {"reference": "urn:uuid:aaa"}
    told = lab(
        subject=patient,
        performer=[{**patient, "display": "Amy Shaw"}, {"reference": "urn:uuid:bbb", "display": "Dr B"}],
    )
    assert [(item.text, item.category) for item in record(told).elements] == [
        ("Amy Shaw", Category.ABOUT),
        ("Dr B", Category.LABS),
    ]


def test_an_items_category_in_a_claim_follows_what_it_is_tied_to() -> None:
    claim = {
        "resourceType": "Claim",
        "status": "active",
        "use": "claim",
        "type": {"coding": [{"code": "institutional"}]},
        "patient": {"reference": "Patient/p"},
        "billablePeriod": {"start": "2020-01-01", "end": "2020-01-02"},
        "item": [
            {"productOrService": concept("185349003", "Encounter for check up (procedure)")},
            {"productOrService": {"text": "Chronic sinusitis"}, "diagnosisSequence": [1]},
            {
                "productOrService": {"text": "Spirometry"},
                "procedureSequence": [1],
                "net": {"value": 40.5, "currency": "USD"},
            },
            {"productOrService": {"text": "Flu vaccine"}, "informationSequence": [1]},
            {"productOrService": concept("1", "Aspirin", RXNORM)},
        ],
        "total": {"value": 129.16, "currency": "USD"},
    }
    found = record(claim)
    assert found.title == "Claim: Encounter for check up"
    assert [
        (item.text, item.category.value) for item in found.elements if item.label in ("item", "total")
    ] == [
        ("129.16 USD", "insurance"),
        ("Encounter for check up", "insurance"),
        ("Chronic sinusitis", "conditions"),
        ("Spirometry, 40.5 USD", "procedures"),
        ("Flu vaccine", "conditions"),
        ("Aspirin", "medications"),
    ]
