"""Small FHIR resources of one invented person, one function for each kind."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CVX = "http://hl7.org/fhir/sid/cvx"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def patient(rid: str = "p1", family: str = "Brandt", born: str = "1968-04-12") -> Resource:
    return {
        "resourceType": "Patient",
        "id": rid,
        "name": [{"family": family, "given": ["Nadia"]}],
        "birthDate": born,
        "gender": "female",
    }


def concept(system: str, code: str, text: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def observation(
    rid: str,
    code: tuple[str, str],
    value: float,
    unit: str,
    day: str,
    *,
    category: str = "laboratory",
    subject: str = "p1",
    **more: Any,
) -> Resource:
    return {
        "resourceType": "Observation",
        "id": rid,
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": concept(LOINC, *code),
        "subject": {"reference": f"Patient/{subject}"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        **more,
    }


LDL = ("18262-6", "LDL cholesterol")
A1C = ("4548-4", "Hemoglobin A1c")
WEIGHT = ("29463-7", "Body weight")


def ldl(rid: str, value: float, day: str, **more: Any) -> Resource:
    return observation(rid, LDL, value, "mg/dL", day, **more)


def a1c(rid: str, value: float, day: str, **more: Any) -> Resource:
    return observation(rid, A1C, value, "%", day, **more)


def weight(rid: str, value: float, day: str, **more: Any) -> Resource:
    return observation(rid, WEIGHT, value, "kg", day, category="vital-signs", **more)


def medication(
    rid: str, code: str, name: str, day: str, *, reason: str | None = None, **more: Any
) -> Resource:
    resource: Resource = {
        "resourceType": "MedicationRequest",
        "id": rid,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept(RXNORM, code, name),
        "subject": {"reference": "Patient/p1"},
        "authoredOn": day,
        **more,
    }
    if reason is not None:
        resource["reasonCode"] = [{"text": reason}]
    return resource


def condition(rid: str, code: str, name: str, day: str, *, status: str = "active", **more: Any) -> Resource:
    return {
        "resourceType": "Condition",
        "id": rid,
        "clinicalStatus": {"coding": [{"code": status}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": concept(SNOMED, code, name),
        "subject": {"reference": "Patient/p1"},
        "onsetDateTime": day,
        **more,
    }


def allergy(
    rid: str, code: str, name: str, day: str, *, verified: str = "confirmed", **more: Any
) -> Resource:
    return {
        "resourceType": "AllergyIntolerance",
        "id": rid,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": verified}]},
        "code": concept(SNOMED, code, name),
        "patient": {"reference": "Patient/p1"},
        "recordedDate": day,
        **more,
    }


def immunization(rid: str, code: str, name: str, day: str, **more: Any) -> Resource:
    return {
        "resourceType": "Immunization",
        "id": rid,
        "status": "completed",
        "vaccineCode": concept(CVX, code, name),
        "patient": {"reference": "Patient/p1"},
        "occurrenceDateTime": day,
        **more,
    }


def visit(rid: str, name: str, day: str, *, reason: str | None = None, **more: Any) -> Resource:
    resource: Resource = {
        "resourceType": "Encounter",
        "id": rid,
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [{"text": name}],
        "subject": {"reference": "Patient/p1"},
        "period": {"start": day, "end": day},
        **more,
    }
    if reason is not None:
        resource["reasonCode"] = [{"text": reason}]
    return resource


def procedure(rid: str, code: str, name: str, day: str, **more: Any) -> Resource:
    return {
        "resourceType": "Procedure",
        "id": rid,
        "status": "completed",
        "code": concept(SNOMED, code, name),
        "subject": {"reference": "Patient/p1"},
        "performedDateTime": day,
        **more,
    }


SENSITIVE = {
    "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]
}
"""`meta` of a resource that its source marks as restricted."""


def write_bundle(path: Path, resources: Iterable[Resource]) -> None:
    """A file with these in a Bundle."""
    entries = [{"resource": resource} for resource in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
