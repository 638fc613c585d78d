"""Real exports: every resource comes out, byte for byte as the file holds it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from connectors.model import FHIR_R4_JSON, SourceRecord
from tests.connectors.files.reading import read_one, read_parts


def entries(document: Any) -> list[Any]:
    return [entry for entry in document["entry"] if "resource" in entry]


def assert_same(record: SourceRecord, entry: Any) -> None:
    assert json.loads(record.body) == entry["resource"]
    assert record.digest == hashlib.sha256(record.body).digest()
    assert record.format == FHIR_R4_JSON
    assert record.type == entry["resource"]["resourceType"]
    assert record.id == entry["resource"].get("id")
    assert record.full_url == entry.get("fullUrl")


@pytest.mark.parametrize("folder", ["fhir-r4", "llmonfhir", "fhir-same-patients/r4"])
def test_bundles(material: Path, folder: str) -> None:
    files = sorted((material / folder).glob("*.json"))
    assert files
    for path in files:
        data = path.read_bytes()
        expected = entries(json.loads(data))
        part = read_one(path)
        assert part.format == "FHIR Bundle"
        assert part.problems == []
        assert len(part.records) == len(expected) > 0
        end = 0
        for record, entry in zip(part.records, expected, strict=True):
            assert_same(record, entry)
            start = data.find(record.body, end)
            assert start >= end
            end = start + len(record.body)


def test_other_versions_of_fhir_come_through_as_they_are(material: Path) -> None:
    for path in sorted((material / "fhir-same-patients").glob("*/*.json")):
        part = read_one(path)
        assert len(part.records) == len(entries(json.loads(path.read_bytes())))
        assert part.problems == []


def test_a_folder_of_single_resources(material: Path) -> None:
    files = sorted((material / "us-core").glob("*.json"))
    parts = read_parts(material / "us-core")
    assert list(parts) == [str(path.resolve()) for path in files]
    for path, part in zip(files, parts.values(), strict=True):
        data = path.read_bytes()
        document = json.loads(data)
        if document["resourceType"] == "Bundle":
            assert [json.loads(r.body) for r in part.records] == [e["resource"] for e in entries(document)]
            continue
        (record,) = part.records
        assert part.format == "FHIR resource"
        assert record.body == data.strip()
        assert (record.type, record.id, record.at) == (document["resourceType"], document["id"], "")


def test_what_is_not_fhir_json_is_named(material: Path) -> None:
    looks = {
        "apple-health/sampleexport.xml": "Apple Health",
        "ccda/hl7/CCD.xml": "C-CDA",
        "bluebutton/cms_sample.txt": "Blue Button",
        "directories/us-endpoints.csv": "table",
    }
    for name, words in looks.items():
        part = read_one(material / name)
        assert part.format == "unknown"
        assert part.records == []
        assert words in part.problems[0].text
