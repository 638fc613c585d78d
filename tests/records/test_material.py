"""All real resources: each becomes a record with its own digits, unit and date, or is excused by name."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.records.fhir.supporting import SUPPORTING
from assistant.records.model import Record, Supporting, Trust
from assistant.records.read import read
from assistant.records.show import line, shown_digits
from tests.records.samples import R4, nothing, resources

# resourceType, id: why it is no record although its type could be one.
EXCUSED: dict[tuple[str, str], str] = {}


def whole(material: Path, folder: str) -> list[tuple[dict[str, Any], Any]]:
    return [(resource, read(resource, id="r", resolve=nothing)) for resource in resources(material, folder)]


@pytest.mark.parametrize("folder", R4)
def test_every_patient_record_becomes_a_record(material: Path, folder: str) -> None:
    for resource, found in whole(material, folder):
        kind = resource["resourceType"]
        if (kind, resource.get("id", "")) in EXCUSED:
            continue
        if kind in SUPPORTING:
            assert isinstance(found, Supporting)
            assert found.name or kind == "Provenance", (kind, resource.get("id"))
        else:
            assert isinstance(found, Record), (kind, resource.get("id"), found)
            assert found.title
            assert "\u200b" not in found.title
            assert not re.search(r" \((procedure|finding|disorder|situation)\)$", found.title)


def raw_numbers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    """(digits, unit) of an Observation's quantities, straight from the JSON."""
    found = []
    for node in (resource, *(resource.get("component") or ())):
        quantity = node.get("valueQuantity")
        if isinstance(quantity, dict) and "value" in quantity:
            found.append((str(quantity["value"]), quantity.get("unit") or quantity.get("code") or ""))
    return found


@pytest.mark.parametrize("folder", R4)
def test_every_number_keeps_its_digits_and_unit_and_both_reach_the_line(material: Path, folder: str) -> None:
    seen = 0
    for resource, found in whole(material, folder):
        if resource["resourceType"] != "Observation":
            continue
        assert isinstance(found, Record)
        values = [found.value, *(part.value for part in found.parts)]
        kept = [
            (value.quantity.value, value.quantity.unit or value.quantity.code or "")
            for value in values
            if value is not None and value.quantity is not None
        ]
        expected = raw_numbers(resource)
        assert kept == expected, resource.get("id")
        for exact in (True, False):
            text = line(found, exact=exact)
            for digits, unit in expected:
                number = digits if exact else shown_digits(digits)
                assert re.search(rf"(?<![\d.]){re.escape(number)} ?{re.escape(unit)}(?![\d])", text), (
                    text,
                    digits,
                    unit,
                )
        seen += len(expected)
    assert seen > 50


@pytest.mark.parametrize("folder", R4)
def test_what_is_shown_is_never_further_from_the_value_than_a_lab_rounds(material: Path, folder: str) -> None:
    for resource in resources(material, folder):
        if resource["resourceType"] == "Observation":
            for digits, _ in raw_numbers(resource):
                number, shown = Decimal(digits), Decimal(shown_digits(digits))
                assert abs(number - shown) <= abs(number) * Decimal("0.005") + Decimal("1e-9")


@pytest.mark.parametrize("folder", R4)
def test_every_date_is_the_sources_own(material: Path, folder: str) -> None:
    paths = {
        "Observation": "effectiveDateTime",
        "Condition": "onsetDateTime",
        "Immunization": "occurrenceDateTime",
        "MedicationRequest": "authoredOn",
        "AllergyIntolerance": "onsetDateTime",
        "ImagingStudy": "started",
    }
    for resource, found in whole(material, folder):
        path = paths.get(resource["resourceType"])
        if path in resource:
            assert isinstance(found, Record)
            assert found.when.start == resource[path]
        if resource["resourceType"] == "Encounter" and "period" in resource:
            assert isinstance(found, Record)
            assert (found.when.start, found.when.end) == (
                resource["period"].get("start"),
                resource["period"].get("end"),
            )


def test_synthea_is_spread_over_the_categories_as_its_types_say(material: Path) -> None:
    kinds: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for resource, found in whole(material, "fhir-r4"):
        kinds[resource["resourceType"]] += 1
        if isinstance(found, Record):
            categories[found.category.value] += 1
    assert categories["conditions"] == kinds["Condition"] + kinds["CarePlan"] + kinds["Goal"] + dead(material)
    assert categories["medications"] == kinds["MedicationRequest"]
    assert categories["immunizations"] == kinds["Immunization"]
    assert categories["allergies"] == kinds["AllergyIntolerance"]
    assert categories["visits"] == kinds["Encounter"]
    assert categories["insurance"] == kinds["Claim"] + kinds["ExplanationOfBenefit"]
    assert sum(categories.values()) == sum(kinds.values()) - kinds["Organization"] - kinds["Practitioner"]


def dead(material: Path) -> int:
    """Causes of death: observations whose value is a condition."""
    return sum(
        resource["resourceType"] == "Observation" and resource["code"]["coding"][0]["code"] == "69453-9"
        for resource in resources(material, "fhir-r4")
    )


def test_what_is_in_the_bytes_of_one_category_is_not_in_another(material: Path) -> None:
    """A medicine's reason, a visit's reason, a claim's diagnosis: only in elements of conditions."""
    checked = 0
    for resource, found in whole(material, "llmonfhir"):
        if not isinstance(found, Record):
            continue
        for reason in resource.get("reasonCode") or ():
            text = reason.get("text") or reason["coding"][0].get("display")
            own = line(found, [item for item in found.elements if item.category.value != "conditions"])
            assert text.split(" (")[0] not in own or text.split(" (")[0] in found.title
            checked += 1
    assert checked > 5


def test_only_what_the_source_says_is_less_than_fact_is(material: Path) -> None:
    less = Counter(
        (found.kind, found.trust, found.status)
        for folder in R4
        for _, found in whole(material, folder)
        if isinstance(found, Record) and found.trust is not Trust.FACT
    )
    assert set(less) == {
        ("Condition", Trust.UNCONFIRMED, "active, provisional"),
        ("MedicationRequest", Trust.UNCONFIRMED, "active, reported"),
        ("ServiceRequest", Trust.PLANNED, "active, order"),
        ("ServiceRequest", Trust.PLANNED, "active, directive"),
        ("FamilyMemberHistory", Trust.FAMILY, "completed"),
    }


def test_reading_a_resource_twice_gives_the_same_and_leaves_it_unchanged(material: Path) -> None:
    for resource in resources(material, "us-core"):
        before = json.dumps(resource)
        assert read(resource, id="r", resolve=nothing) == read(resource, id="r", resolve=nothing)
        assert json.dumps(resource) == before
