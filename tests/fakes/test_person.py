"""The invented person is valid, of the size asked for, the same each time, and spread over a life."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.fakes.person import Shape, make_person, write_person

SHAPES: tuple[Shape, ...] = ("bundle", "ndjson")


def _read(path: Path, shape: Shape) -> list[dict[str, Any]]:
    text = path.read_text("utf-8")
    if shape == "ndjson":
        return [json.loads(line) for line in text.splitlines()]
    bundle = json.loads(text)
    assert bundle["resourceType"] == "Bundle"
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"])
    return [entry["resource"] for entry in bundle["entry"]]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "reference" and isinstance(inner, str):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 3, 4, 500])
def test_it_holds_as_many_resources_as_asked_for(tmp_path: Path, shape: Shape, count: int) -> None:
    write_person(tmp_path / "person", count, shape=shape)
    resources = _read(tmp_path / "person", shape)
    assert len(resources) == count
    assert len({resource["id"] for resource in resources}) == count


@pytest.mark.parametrize("shape", SHAPES)
def test_references_lead_to_earlier_resources(tmp_path: Path, shape: Shape) -> None:
    write_person(tmp_path / "person", 300, shape=shape)
    there: set[str] = set()
    for resource in _read(tmp_path / "person", shape):
        kind, id_ = resource["resourceType"], resource["id"]
        assert {name for name in _references(resource) if not name.startswith("#")} <= there
        there.add(f"urn:uuid:{id_}" if shape == "bundle" else f"{kind}/{id_}")


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        write_person(tmp_path / name, 200, seed=seed)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "again").read_bytes()
    assert (tmp_path / "one").read_bytes() != (tmp_path / "other").read_bytes()


def test_the_mix_and_the_sizes_are_lifelike(tmp_path: Path) -> None:
    write_person(tmp_path / "person", 5000, shape="ndjson")
    kinds = Counter(resource["resourceType"] for resource in make_person(5000, shape="ndjson"))
    assert 0.6 <= kinds["Observation"] / 5000 <= 0.7
    assert {"DiagnosticReport", "Encounter", "Procedure", "Condition", "MedicationRequest", "Immunization",
            "Claim", "ExplanationOfBenefit"} <= set(kinds)  # fmt: skip
    assert 1000 <= (tmp_path / "person").stat().st_size / 5000 <= 1500


def test_the_records_span_sixty_years() -> None:
    years = [
        int(resource["effectiveDateTime"][:4])
        for resource in make_person(2000)
        if "effectiveDateTime" in resource
    ]
    assert max(years) - min(years) >= 58
    assert len(set(years)) >= 55


def test_every_kind_is_valid_fhir(tmp_path: Path) -> None:
    write_person(tmp_path / "person", 400, shape="ndjson")
    for line in (tmp_path / "person").read_bytes().splitlines():
        get_fhir_model_class(json.loads(line)["resourceType"]).model_validate_json(line)
