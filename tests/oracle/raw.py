"""Read what is needed of raw FHIR R4 bundles with the standard library only: nothing of the product."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Value:
    """One measured value with its resource."""

    id: str
    at: str
    digits: str
    unit: str | None

    @property
    def day(self) -> str:
        """The date alone."""
        return self.at[:10]

    @property
    def year(self) -> int:
        """The year of the date."""
        return int(self.at[:4])

    @property
    def number(self) -> Decimal:
        """The number, exactly."""
        return Decimal(self.digits)


def resources(path: Path) -> list[dict[str, Any]]:
    """The bundle's resources with every number's digits kept as text."""
    bundle = json.loads(path.read_text("utf-8"), parse_float=str, parse_int=str)
    return [entry["resource"] for entry in bundle["entry"]]


def codes(concept: Any) -> set[str]:
    """The codes of a CodeableConcept."""
    return {coding.get("code", "") for coding in (concept or {}).get("coding", [])}


def title(concept: Any) -> str:
    """The text of a CodeableConcept, or its first display."""
    return str(concept.get("text") or concept["coding"][0]["display"])


def of_type(found: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The resources of one type."""
    return [resource for resource in found if resource["resourceType"] == kind]


def quantities(found: list[dict[str, Any]], wanted: set[str]) -> list[Value]:
    """The final values of Observations with one of these codes, oldest first."""
    values = [
        Value(r["id"], r["effectiveDateTime"], r["valueQuantity"]["value"], _unit(r["valueQuantity"]))
        for r in of_type(found, "Observation")
        if codes(r["code"]) & wanted and r["status"] == "final" and "valueQuantity" in r
    ]
    return sorted(values, key=lambda value: value.at)


def _unit(quantity: dict[str, Any]) -> str | None:
    unit = quantity.get("unit") or quantity.get("code")
    return str(unit) if unit else None


def mentions(found: list[dict[str, Any]], wanted: set[str]) -> bool:
    """Whether any resource holds one of the codes anywhere."""
    text = json.dumps(found)
    return any(f'"{code}"' in text for code in wanted)


def parts(found: list[dict[str, Any]], wanted: set[str], part: str) -> list[Value]:
    """As `quantities`, of one component."""
    values = [
        Value(r["id"], r["effectiveDateTime"], c["valueQuantity"]["value"], _unit(c["valueQuantity"]))
        for r in of_type(found, "Observation")
        if codes(r["code"]) & wanted and r["status"] == "final"
        for c in r.get("component", [])
        if part in codes(c["code"])
    ]
    return sorted(values, key=lambda value: value.at)


def started(resource: dict[str, Any]) -> str:
    """When it began or was done, as written."""
    for name in ("onsetDateTime", "authoredOn", "occurrenceDateTime", "performedDateTime", "recordedDate"):
        if name in resource:
            return str(resource[name])
    for name in ("period", "performedPeriod"):
        if name in resource:
            return str(resource[name]["start"])
    raise AssertionError(resource["resourceType"])
