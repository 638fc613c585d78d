"""NDJSON: told by name or content, a line at a time, a bad line costing itself only."""

import json
from pathlib import Path

import pytest

from connectors.files import limits
from connectors.files.strict import Fault
from tests.connectors.files.bundles import bundle, entry, resource
from tests.connectors.files.reading import Part, read_one


def line(number: int) -> bytes:
    return json.dumps(resource(number)).encode()


def read(folder: Path, name: str, data: bytes) -> Part:
    path = folder / name
    path.write_bytes(data)
    return read_one(path)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("name", ["x.ndjson", "x.JSONL", "x.json", "x"])
def test_lines(tmp_path: Path, name: str, end: bytes) -> None:
    part = read(tmp_path, name, end.join([line(1), line(2), line(3)]))
    assert part.format == "FHIR NDJSON"
    assert [(r.at, r.body) for r in part.records] == [(f"line {n}", line(n)) for n in (1, 2, 3)]
    assert [(r.type, r.id) for r in part.records] == [("Observation", f"o-{n}") for n in (1, 2, 3)]
    assert part.problems == []


def test_empty_lines_are_counted_but_say_nothing(tmp_path: Path) -> None:
    part = read(tmp_path, "x.ndjson", b"\n \r\n" + line(1) + b"\n\n" + line(2) + b"\n\n")
    assert [r.at for r in part.records] == ["line 3", "line 5"]
    assert part.problems == []


def test_a_bad_line_costs_itself_only(tmp_path: Path) -> None:
    bad = [b'{"x":NaN}', b'{"x":1,"x":2}', b"[1]", b"junk", b'{"x":"\xff"}', line(9)[:-20]]
    lines = [line(1), *(part for one in bad for part in (one, line(2)))]
    part = read(tmp_path, "x.ndjson", b"\n".join(lines))
    assert [r.at for r in part.records] == [f"line {n}" for n in range(1, 14, 2)]
    assert [(p.at, p.text) for p in part.problems] == [
        ("line 2", Fault.NOT_A_NUMBER),
        ("line 4", Fault.TWICE),
        ("line 6", Fault.NOT_AN_OBJECT),
        ("line 8", Fault.BROKEN),
        ("line 10", Fault.NOT_UNICODE),
        ("line 12", Fault.BROKEN),
    ]


def test_a_cut_last_line_is_a_problem(tmp_path: Path) -> None:
    part = read(tmp_path, "x.ndjson", line(1) + b"\n" + line(2)[:50])
    assert [r.at for r in part.records] == ["line 1"]
    assert [p.at for p in part.problems] == ["line 2"]


def test_a_bundle_on_a_line_is_opened(tmp_path: Path) -> None:
    part = read(tmp_path, "x.ndjson", bundle([entry(1), entry(2)]) + b"\n" + line(3))
    assert [r.at for r in part.records] == ["line 1, entry 1", "line 1, entry 2", "line 2"]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    part = read(tmp_path, "x.ndjson", b"\xef\xbb\xbf" + line(1) + b"\n" + line(2))
    assert [r.body for r in part.records] == [line(1), line(2)]


def test_one_line_in_a_json_file_is_a_document(tmp_path: Path) -> None:
    assert read(tmp_path, "x.json", line(1) + b"\n").format == "FHIR resource"
    assert read(tmp_path, "y.json", bundle([entry(1)]) + b"\n\n").format == "FHIR Bundle"


def test_a_document_spread_over_lines_is_no_ndjson_whatever_its_name(tmp_path: Path) -> None:
    part = read(tmp_path, "x.ndjson", bundle([entry(1)], indent=2))
    assert part.format == "FHIR Bundle"
    assert len(part.records) == 1


@pytest.mark.parametrize("size", [999, 1000, 1001, 1002, 1003, 5000])
def test_a_line_that_is_too_large_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(limits, "RESOURCE_BYTES", 1000)
    large = b'{"x":"' + b"a" * (size - 8) + b'"}'
    part = read(tmp_path, "x.ndjson", line(1) + b"\n" + large + b"\n" + line(2))
    fits = size <= 1000
    assert [r.at for r in part.records] == (["line 1", "line 2", "line 3"] if fits else ["line 1", "line 3"])
    assert [(p.at, p.text) for p in part.problems] == ([] if fits else [("line 2", Fault.TOO_LARGE)])


def test_problems_of_a_file_of_junk_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROBLEMS", 10)
    good = b"\n".join([line(1), *[b"junk"] * 50, line(2)])
    part = read(tmp_path, "x.ndjson", good)
    assert [r.at for r in part.records] == ["line 1", "line 52"]
    assert len(part.problems) == 11
    monkeypatch.setattr(limits, "HOPELESS_PROBLEMS", 20)
    assert [r.at for r in read(tmp_path, "y.ndjson", good).records] == ["line 1"]
