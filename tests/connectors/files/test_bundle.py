"""Bundles of every kind, whole ones: what is a record, what is not, and where it stood."""

import json
from typing import Any

import pytest

from connectors.files import tape
from connectors.files.bundle import NO_RESOURCE
from connectors.model import Problem
from tests.connectors.files.bundles import (
    bundle,
    bundle_of,
    entry,
    problems,
    read_document,
    records,
    resource,
)

KINDS = (
    "document",
    "message",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "history",
    "searchset",
    "collection",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_kind_of_bundle(kind: str, indent: int | None) -> None:
    items = read_document(bundle([entry(n) for n in range(3)], kind, indent))
    assert [json.loads(r.body) for r in records(items)] == [resource(n) for n in range(3)]
    assert [r.at for r in records(items)] == ["entry 1", "entry 2", "entry 3"]
    assert problems(items) == []


def test_an_empty_bundle_is_no_problem() -> None:
    assert read_document(bundle([])) == []
    assert read_document(b'{"resourceType":"Bundle","type":"searchset","total":0}') == []


def test_the_type_may_come_last() -> None:
    data = b'{"entry":[{"resource":{"id":"a","resourceType":"Patient"}}],"resourceType":"Bundle"}'
    (record,) = records(read_document(data))
    assert (record.type, record.id, record.at) == ("Patient", "a", "entry 1")


@pytest.mark.parametrize("type_first", [True, False])
def test_a_list_has_entries_too_but_is_one_resource(type_first: bool) -> None:
    kind, entries = '"resourceType":"List"', '"entry":[{"item":{"reference":"Patient/1"}}]'
    data = ("{" + ",".join([kind, entries] if type_first else [entries, kind]) + "}").encode()
    (record,) = records(read_document(data))
    assert (record.type, record.body, record.at) == ("List", data, "")


def test_a_resource_without_a_type_is_passed_on() -> None:
    (whole,) = records(read_document(b'{"id":"a"}'))
    (inside,) = records(read_document(bundle_of(b'{"id":"a","resourceType":7}')))
    assert (whole.type, whole.id) == (None, "a")
    assert (inside.type, inside.id) == (None, "a")


def test_ids_that_are_no_text_are_none() -> None:
    bodies = (b'{"resourceType":"Patient","id":1}', b'{"resourceType":"Patient","id":""}')
    assert [r.id for r in records(read_document(bundle_of(*bodies)))] == [None, None]


def test_an_operation_outcome_is_passed_on() -> None:
    (record,) = records(read_document(bundle_of(b'{"resourceType":"OperationOutcome","issue":[]}')))
    assert record.type == "OperationOutcome"


@pytest.mark.parametrize(
    ("element", "is_problem"),
    [
        (None, True),
        ({}, True),
        ([], True),
        ("text", True),
        ({"fullUrl": "urn:uuid:1"}, True),
        ({"fullUrl": "urn:uuid:1", "resource": None}, True),
        ({"resource": "text"}, True),
        ({"resource": [1]}, True),
        ({"request": {"method": "POST", "url": "Patient"}}, True),
        ({"request": {"method": "DELETE", "url": "Patient/1"}}, False),
        ({"request": {"method": "GET", "url": "Patient?name=x"}}, False),
        ({"response": {"status": "201 Created"}}, False),
    ],
)
def test_entries_without_a_resource(element: Any, is_problem: bool) -> None:
    items = read_document(bundle([entry(1), element, entry(2)]))
    assert [r.at for r in records(items)] == ["entry 1", "entry 3"]
    assert [p.at for p in problems(items)] == (["entry 2"] if is_problem else [])


def test_nested_bundles_are_opened_once() -> None:
    inner = json.loads(bundle([entry(1), None, entry(2)], "searchset"))
    innermost = json.loads(bundle([entry(3)]))
    inner["entry"].append({"resource": innermost})
    items = read_document(bundle([{"resource": inner}, entry(4)], "batch-response"))
    assert [(r.at, r.type) for r in records(items)] == [
        ("entry 1, entry 1", "Observation"),
        ("entry 1, entry 3", "Observation"),
        ("entry 1, entry 4", "Bundle"),
        ("entry 2", "Observation"),
    ]
    assert problems(items) == [Problem("entry 1, entry 2", NO_RESOURCE)]


def test_addresses_keep_their_letters() -> None:
    data = bundle([{"fullUrl": "urn:é", "resource": resource(1)}])
    escaped = data.replace("é".encode(), b"\\u00e9", 1)
    for version in (data, escaped):
        assert [r.full_url for r in records(read_document(version))] == ["urn:é"]


def test_names_written_with_escapes_are_the_same_names() -> None:
    (record,) = records(read_document(bundle([entry(1)]).replace(b'"resource"', b'"reso\\u0075rce"')))
    assert json.loads(record.body) == resource(1)


def test_a_byte_order_mark_is_no_part_of_anything() -> None:
    plain = bundle([entry(1)])
    assert read_document(b"\xef\xbb\xbf" + plain) == read_document(plain)
    (single,) = records(read_document(b"\xef\xbb\xbf" + b'{"resourceType":"Patient"}'))
    assert single.body == b'{"resourceType":"Patient"}'


@pytest.mark.parametrize("chunk", [1, 7, 64, 500])
def test_the_window_changes_nothing(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    inner = json.loads(bundle([entry(1), entry(2)]))
    data = bundle([entry(n) for n in range(8)] + [None, {"resource": inner}, entry(9)], indent=1)
    damaged = data.replace(b'"o-3"', b"NaN").replace(b'"o-6",', b'"o-6', 1)
    expected = [read_document(data), read_document(damaged)]
    monkeypatch.setattr(tape, "CHUNK", chunk)
    monkeypatch.setattr(tape, "SLACK", 2 * chunk)
    assert [read_document(data), read_document(damaged)] == expected


@pytest.mark.parametrize("wrong", [b"{}", b"5", b'"x"', b"null"])
def test_entries_that_are_no_list(wrong: bytes) -> None:
    items = read_document(b'{"resourceType":"Bundle","entry":' + wrong + b',"type":"collection"}')
    assert records(items) == []
    assert len(problems(items)) == 1
