"""Files that aren't read: each hears one plain sentence that says what it looks like."""

import json
from pathlib import Path

import pytest

from connectors.files import foreign
from tests.connectors.files.bundles import bundle, entry
from tests.connectors.files.reading import read_one

LOOKS = {
    b'<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n<!ELEMENT x ANY>]><HealthData/>': "Apple Health",
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>': "C-CDA",
    b'<?xml version="1.0"?><cda:ClinicalDocument/>': "C-CDA",
    b'<Bundle xmlns="http://hl7.org/fhir"/>': "FHIR in XML",
    b"<!doctype html><p>": "web page",
    b"\xef\xbb\xbf <other/>": "XML",
    b"PK\x03\x04....": "zip",
    b"\x1f\x8b\x08": "gzip",
    b"%PDF-1.7\n": "PDF",
    b"SQLite format 3\0....": "database",
    b"\x89PNG\r\n": "picture",
    b"{\\rtf1 text}": "RTF",
    b"shc:/5676290952432060346029": "Health Card",
    b"shlink:/eyJ1cmwi": "Health Link",
    b"eyJ6aXAiOiJERUYi.x.y": "token",
    b'{ "verifiableCredential": ["eyJ"] }': "Health Card",
    b"date,steps,calories\n2020-01-01,1,2\n": "table",
    b"a;b;c\r\n1;2;3": "table",
    b'[{"resourceType":"Patient"}]': "list",
    b"MYMEDICARE.GOV PERSONAL HEALTH INFORMATION": "Blue Button",
}


@pytest.mark.parametrize(("data", "words"), LOOKS.items(), ids=LOOKS.values())
def test_known_by_content(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "misleading.json"
    path.write_bytes(data)
    part = read_one(path)
    assert part.format == "unknown"
    assert part.records == []
    (problem,) = part.problems
    assert words in problem.text
    assert problem.text.endswith(".")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_other_encodings_of_unicode(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(bundle([entry(1)]).decode().encode(encoding))
    part = read_one(path)
    assert part.records == []
    assert [p.text for p in part.problems] == [foreign.UTF_16]


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_empty_files(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    assert [p.text for p in read_one(path).problems] == [foreign.EMPTY]


@pytest.mark.parametrize("data", [b"hello", b"\0" * 5000, bytes(range(256)), b"12", b'"text"', b"null"])
def test_anything_else(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    part = read_one(path)
    assert (part.format, part.records) == ("unknown", [])
    assert [p.text for p in part.problems] == [foreign.UNRECOGNISED]


def test_fhir_that_mentions_another_format_is_fhir(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"resourceType": "Basic", "text": {"div": "<HealthData> MYMEDICARE.GOV"}}))
    assert read_one(path).format == "FHIR resource"
