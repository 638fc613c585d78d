"""Real resources for these tests, and short ways to read one."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.records.decode import decode
from assistant.records.model import Record, SetAside, Supporting
from assistant.records.read import read

R4 = ("fhir-r4", "us-core", "llmonfhir", "fhir-same-patients/r4")
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"


def nothing(_key: str) -> None:
    """Knows no supporting resource."""
    return


def resources(material: Path, *folders: str) -> Iterator[dict[str, Any]]:
    """Every resource of the folders' JSON files, decoded as the product does."""
    for folder in folders:
        for file in sorted((material / folder).glob("*.json")):
            top = decode(file.read_bytes())
            if top.get("resourceType") == "Bundle":
                yield from (entry["resource"] for entry in top["entry"] if "resource" in entry)
            else:
                yield top


def meaning(resource: Mapping[str, Any]) -> Record | Supporting | SetAside:
    """What a resource given as plain Python means, after a trip through JSON bytes."""
    return read(decode(json.dumps(resource).encode()), id="r1", resolve=nothing)


def record(resource: Mapping[str, Any]) -> Record:
    """The record of a resource that must become one."""
    found = meaning(resource)
    assert isinstance(found, Record), found
    return found


def aside(resource: Mapping[str, Any]) -> str:
    """Why a resource that must be set aside is."""
    found = meaning(resource)
    assert isinstance(found, SetAside), found
    return found.why


def concept(code: str, display: str, system: str = SNOMED) -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def lab(value: Any = 96, unit: str = "mg/dL", **more: Any) -> dict[str, Any]:
    """A laboratory observation."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [
            concept("laboratory", "Laboratory", "http://terminology.hl7.org/CodeSystem/observation-category")
        ],
        "code": concept("18262-6", "LDL cholesterol", LOINC),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-02-03T08:00:00-05:00",
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        **more,
    }


def condition(display: str = "Asthma", code: str = "195967001", **more: Any) -> dict[str, Any]:
    """A condition."""
    return {
        "resourceType": "Condition",
        "code": concept(code, display),
        "subject": {"reference": "Patient/p"},
        "onsetDateTime": "2019-05-03",
        **more,
    }


def medication(display: str = "Atorvastatin 20 MG", **more: Any) -> dict[str, Any]:
    """A medicine that was ordered."""
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept("617318", display, RXNORM),
        "subject": {"reference": "Patient/p"},
        "authoredOn": "2020-01-02",
        **more,
    }


def visit(display: str = "Office visit", **more: Any) -> dict[str, Any]:
    """A visit."""
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [concept("185349003", display)],
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2020-01-02T09:00:00Z", "end": "2020-01-02T09:30:00Z"},
        **more,
    }
