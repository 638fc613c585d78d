"""An outside validator accepts every resource of the sample, and every reference leads somewhere."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from connectors.model import SourceRecord
from tests.connectors_sample.conftest import Chart

NOT_YET = {"Appointment", "ServiceRequest"}
"""The types that may speak of days to come."""
LAST_DAY = "2026-11-01"


def _strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, key)
    elif isinstance(value, str):
        yield key, value


def _days(resource: dict[str, Any]) -> Iterator[str]:
    for _, text in _strings(resource):
        if len(text) >= 10 and text[4:5] == text[7:8] == "-" and text[:4].isdigit():
            yield text[:10]


def test_every_resource_is_valid(
    mercy_records: list[SourceRecord], quest_records: list[SourceRecord]
) -> None:
    for record in mercy_records + quest_records:
        assert record.type is not None
        get_fhir_model_class(record.type).model_validate_json(record.body)


@pytest.mark.parametrize("which", ["mercy", "quest"])
def test_every_reference_resolves_within_its_source(which: str, request: pytest.FixtureRequest) -> None:
    chart: Chart = request.getfixturevalue(which)
    there = {f"{resource['resourceType']}/{resource['id']}" for resource in chart}
    named = {text for resource in chart for key, text in _strings(resource) if key == "reference"}
    assert named
    assert named <= there


def test_what_happened_lies_in_the_twenty_years(mercy: Chart, quest: Chart) -> None:
    happened = [resource for resource in mercy + quest if resource["resourceType"] not in NOT_YET]
    days = sorted(
        day for resource in happened for day in _days(resource) if resource["resourceType"] != "Patient"
    )
    assert all(date.fromisoformat(day) for day in days)
    assert days[-1] < LAST_DAY
    assert min(day for day in days if day > "2006") < "2006-12"


def test_no_member_is_empty(mercy: Chart, quest: Chart) -> None:
    def empty(value: Any) -> bool:
        if isinstance(value, dict):
            return not value or any(empty(inner) for inner in value.values())
        if isinstance(value, list):
            return not value or any(empty(inner) for inner in value)
        return value in (None, "")

    assert not [resource["id"] for resource in mercy + quest if empty(resource)]
