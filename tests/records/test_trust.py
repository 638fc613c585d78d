"""Every status code of every type has one expected answer; the codes come from FHIR's own models."""

from typing import Any

import pytest

from assistant.records.fhir.tables import TABLES
from assistant.records.model import Trust
from assistant.records.show import line, status_words
from assistant.records.trust import STATUS, judge
from tests.records.samples import concept, condition, lab, medication, record, visit

F, U, R, E = Trust.FACT, Trust.UNCONFIRMED, Trust.REFUTED, Trust.ERROR
N, P, FAM = Trust.NOT_DONE, Trust.PLANNED, Trust.FAMILY

RESULT = {
    "registered": U,
    "preliminary": U,
    "final": F,
    "amended": F,
    "corrected": F,
    "cancelled": N,
    "entered-in-error": E,
    "unknown": U,
}
EVENT = {
    "preparation": P,
    "in-progress": F,
    "not-done": N,
    "on-hold": F,
    "stopped": F,
    "completed": F,
    "entered-in-error": E,
    "unknown": U,
}
ORDER = {
    "draft": P,
    "active": P,
    "on-hold": P,
    "revoked": N,
    "completed": F,
    "entered-in-error": E,
    "unknown": U,
}
BILL = {"active": F, "cancelled": N, "draft": P, "entered-in-error": E}
EXPECTED: dict[str, dict[str, Trust]] = {
    "Observation": RESULT,
    "DiagnosticReport": {**RESULT, "partial": U, "appended": F},
    "RiskAssessment": RESULT,
    "DetectedIssue": RESULT,
    "MedicationRequest": {
        "active": F,
        "on-hold": F,
        "cancelled": N,
        "completed": F,
        "entered-in-error": E,
        "stopped": F,
        "draft": P,
        "unknown": U,
    },
    "MedicationStatement": {
        "active": F,
        "completed": F,
        "entered-in-error": E,
        "intended": P,
        "stopped": F,
        "on-hold": F,
        "unknown": U,
        "not-taken": N,
    },
    "MedicationDispense": {
        "preparation": P,
        "in-progress": P,
        "cancelled": N,
        "on-hold": P,
        "completed": F,
        "entered-in-error": E,
        "stopped": F,
        "declined": N,
        "unknown": U,
    },
    "MedicationAdministration": {k: v for k, v in EVENT.items() if k != "preparation"},
    "Immunization": {"completed": F, "entered-in-error": E, "not-done": N},
    "Procedure": EVENT,
    "Media": EVENT,
    "Communication": EVENT,
    "ClinicalImpression": {"in-progress": U, "completed": F, "entered-in-error": E},
    "Encounter": {
        "planned": P,
        "arrived": F,
        "triaged": F,
        "in-progress": F,
        "onleave": F,
        "finished": F,
        "cancelled": N,
        "entered-in-error": E,
        "unknown": U,
    },
    "EpisodeOfCare": {
        "planned": P,
        "waitlist": P,
        "active": F,
        "onhold": F,
        "finished": F,
        "cancelled": N,
        "entered-in-error": E,
    },
    "Appointment": {
        "proposed": P,
        "pending": P,
        "booked": P,
        "arrived": F,
        "fulfilled": F,
        "cancelled": N,
        "noshow": N,
        "entered-in-error": E,
        "checked-in": F,
        "waitlist": P,
    },
    "CareTeam": {"proposed": P, "active": F, "suspended": F, "inactive": F, "entered-in-error": E},
    "CarePlan": {
        "draft": P,
        "active": F,
        "on-hold": F,
        "revoked": N,
        "completed": F,
        "entered-in-error": E,
        "unknown": U,
    },
    "Goal": {
        "proposed": P,
        "planned": P,
        "accepted": F,
        "active": F,
        "on-hold": F,
        "completed": F,
        "cancelled": N,
        "entered-in-error": E,
        "rejected": N,
    },
    "Flag": {"active": F, "inactive": F, "entered-in-error": E},
    "ServiceRequest": ORDER,
    "DeviceRequest": ORDER,
    "NutritionOrder": ORDER,
    "VisionPrescription": BILL,
    "ImagingStudy": {"registered": U, "available": F, "cancelled": N, "entered-in-error": E, "unknown": U},
    "Device": {"active": F, "inactive": F, "entered-in-error": E, "unknown": U},
    "DeviceUseStatement": {
        "active": F,
        "completed": F,
        "entered-in-error": E,
        "intended": P,
        "stopped": F,
        "on-hold": F,
    },
    "Specimen": {"available": F, "unavailable": F, "unsatisfactory": F, "entered-in-error": E},
    "DocumentReference": {"current": F, "superseded": F, "entered-in-error": E},
    "QuestionnaireResponse": {
        "in-progress": U,
        "completed": F,
        "amended": F,
        "entered-in-error": E,
        "stopped": U,
    },
    "FamilyMemberHistory": {"partial": FAM, "completed": FAM, "entered-in-error": E, "health-unknown": FAM},
    "Claim": BILL,
    "ExplanationOfBenefit": BILL,
    "ClaimResponse": BILL,
    "Coverage": BILL,
}
STATUS_FIELD = {"Goal": "lifecycleStatus"}
WITHOUT_STATUS = {
    *(
        "Condition",
        "AllergyIntolerance",
        "AdverseEvent",
        "ImmunizationRecommendation",
        "Patient",
        "RelatedPerson",
    )
}


def plain_order(kind: str) -> dict[str, Any]:
    """What else a type must say to be as firm as its status."""
    return {"intent": "order"} if "intent" in STATUS[kind] else {}


def fhir_codes(kind: str, field: str) -> set[str]:
    """The codes that FHIR's models list; where a list is cut short there, it ends in `+`."""
    models = pytest.importorskip("fhir.resources.R4B")
    extra = models.get_fhir_model_class(kind).model_fields[field].json_schema_extra
    return set(extra.get("enum_values") or ()) - {"+"}


@pytest.mark.parametrize("kind", sorted(set(TABLES) - WITHOUT_STATUS))
def test_every_status_code_of_fhir_has_its_trust(kind: str) -> None:
    field = STATUS_FIELD.get(kind, "status")
    expected = EXPECTED[kind]
    for code in fhir_codes(kind, field) | set(expected):
        assert judge(kind, {field: code, **plain_order(kind)}).trust is expected[code], (kind, code)


def test_every_type_is_judged() -> None:
    assert set(STATUS) == set(TABLES)
    assert set(EXPECTED) | WITHOUT_STATUS == set(TABLES)


@pytest.mark.parametrize(
    ("code", "trust"),
    [
        ("confirmed", F),
        ("unconfirmed", U),
        ("provisional", U),
        ("differential", U),
        ("refuted", R),
        ("entered-in-error", E),
    ],
)
@pytest.mark.parametrize("kind", ["Condition", "AllergyIntolerance"])
def test_what_was_verified_decides_for_conditions_and_allergies(kind: str, code: str, trust: Trust) -> None:
    for shape in ({"coding": [{"code": code}]}, {"text": code.upper()}, code):
        for clinical in (None, concept("active", "Active"), concept("resolved", "Resolved")):
            assert judge(kind, {"verificationStatus": shape, "clinicalStatus": clinical}).trust is trust


@pytest.mark.parametrize(
    ("code", "current"),
    [
        ("active", True),
        ("recurrence", True),
        ("relapse", True),
        ("inactive", False),
        ("remission", False),
        ("resolved", False),
    ],
)
def test_a_clinical_status_says_whether_it_holds_now(code: str, current: bool) -> None:
    found = judge("Condition", {"clinicalStatus": {"coding": [{"code": code}]}})
    assert (found.trust, found.current, found.status) == (F, current, code)


def test_a_condition_without_status_is_a_fact_and_its_end_says_that_it_is_over() -> None:
    assert (record(condition()).trust, record(condition()).current) == (F, None)
    assert record(condition(abatementDateTime="2020")).current is False
    assert record(condition(verificationStatus=concept("refuted", "Refuted"))).current is False


@pytest.mark.parametrize(
    ("more", "trust"),
    [
        ({"intent": "order"}, F),
        ({"intent": "original-order"}, F),
        ({"intent": "reflex-order"}, F),
        ({"intent": "filler-order"}, F),
        ({"intent": "instance-order"}, F),
        ({"intent": "proposal"}, P),
        ({"intent": "plan"}, P),
        ({"intent": "option"}, P),
        ({"intent": "plan", "reportedBoolean": True}, U),
        ({"intent": "plan", "reportedReference": {"reference": "Patient/p"}}, U),
        ({"intent": "plan", "reportedBoolean": True, "status": "draft"}, P),
        ({"intent": "plan", "status": "entered-in-error"}, E),
        ({"intent": None}, U),
        ({"status": None}, U),
        ({"status": "Active "}, F),
        ({"status": "no such code"}, U),
        ({"status": ["active"]}, U),
        ({"doNotPerform": True}, N),
        ({"doNotPerform": True, "status": "entered-in-error"}, E),
        ({"doNotPerform": False}, F),
    ],
)
def test_a_medicine_is_the_patients_only_when_ordered(more: dict[str, Any], trust: Trust) -> None:
    found = record(medication(**more))
    assert found.trust is trust
    assert (status_words(found) is None) == (trust is F)


@pytest.mark.parametrize(
    ("status", "current"), [("active", True), ("stopped", False), ("completed", False), ("on-hold", False)]
)
def test_a_medicine_that_stopped_is_a_fact_that_is_over(status: str, current: bool) -> None:
    found = record(medication(status=status))
    assert (found.trust, found.current) == (F, current)
    assert ("(stopped)" in line(found)) == (status == "stopped")


@pytest.mark.parametrize(
    ("status", "intent", "trust"),
    [
        ("active", "order", P),
        ("completed", "order", F),
        ("completed", "plan", P),
        ("active", "directive", P),
        ("revoked", "order", N),
    ],
)
def test_an_order_is_not_known_to_be_done_until_it_is(status: str, intent: str, trust: Trust) -> None:
    order = {
        "resourceType": "ServiceRequest",
        "status": status,
        "intent": intent,
        "code": concept("73761001", "Colonoscopy"),
        "subject": {"reference": "Patient/p"},
    }
    assert record(order).trust is trust


@pytest.mark.parametrize(
    ("doc", "trust"), [(None, F), ("final", F), ("amended", F), ("preliminary", U), ("entered-in-error", E)]
)
def test_a_documents_own_status_counts_too(doc: str | None, trust: Trust) -> None:
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": doc,
        "type": {"text": "Discharge summary"},
    }
    assert record(document).trust is trust


def test_family_history_is_always_family_history() -> None:
    relative = {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "relationship": {"text": "mother"},
        "condition": [{"code": {"text": "Breast cancer"}}],
    }
    assert line(record(relative)) == "Family history (mother): Breast cancer (family history)"
    assert record(condition("Family history of diabetes mellitus")).trust is FAM
    assert record({**relative, "status": "entered-in-error"}).trust is E


def test_negative_statements_are_facts_under_their_own_title() -> None:
    none_known = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": concept("active", "Active"),
        "verificationStatus": concept("confirmed", "Confirmed"),
        "code": concept("716186003", "No known allergy (situation)"),
        "patient": {"reference": "Patient/p"},
    }
    assert record(none_known).title == "No known allergy"
    assert record(none_known).trust is F


def test_a_wrong_record_says_so_whatever_else_it_says() -> None:
    for told in (lab(status="entered-in-error"), visit(status="entered-in-error")):
        assert "(entered in error)" in line(record(told))
