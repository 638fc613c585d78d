"""Damaged Bundles: never an exception, each resource all or nothing, and the good rest goes in."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.files import bundle as walk
from connectors.files import limits, tape
from connectors.files.bundle import CUT_SHORT
from connectors.files.strict import Fault
from tests.connectors.files.bundles import (
    bundle,
    bundle_of,
    entry,
    problems,
    read_document,
    records,
    resource,
)

SMALL = b'{"resourceType":"Patient","id":"good"}'


def ends_of_resources(data: bytes) -> list[tuple[int, bytes]]:
    """Where each resource of a Bundle ends, found by looking for its bytes one after the other."""
    ends, end = [], 0
    for record in records(read_document(data)):
        end = data.index(record.body, end) + len(record.body)
        ends.append((end, record.body))
    return ends


@pytest.mark.parametrize("indent", [None, 1])
def test_cut_at_every_byte(indent: int | None) -> None:
    data = bundle([entry(n) for n in range(10 if indent is None else 8)], indent=indent)
    assert len(data) > 4000
    ends = ends_of_resources(data)
    for cut in range(len(data)):
        items = read_document(data[:cut])
        assert [r.body for r in records(items)] == [body for end, body in ends if end <= cut]
        assert problems(items) or cut == 0
    whole = read_document(data)
    assert len(records(whole)) == len(ends)
    assert problems(whole) == []


def test_a_cut_is_named_by_the_entry_it_went_through() -> None:
    data = bundle([entry(n) for n in range(3)])
    inside = read_document(data[: data.index(b'"o-2"')])
    assert [(p.at, p.text) for p in problems(inside)] == [("entry 3", Fault.CUT)]
    between = read_document(data[: data.index(b', {"fullUrl": "urn:uuid:2"')])
    assert [p.text for p in problems(between)] == [CUT_SHORT]


BROKEN = {
    b'{"resourceType":"Patient","id":"a","id":"a"}': Fault.TWICE,
    b'{"resourceType":"Patient","name":[{"family":"a","family":"b"}]}': Fault.TWICE,
    b'{"resourceType":"Patient","birthDate":"1","birth\\u0044ate":"2"}': Fault.TWICE,
    b'{"resourceType":"Patient","x":NaN}': Fault.NOT_A_NUMBER,
    b'{"resourceType":"Patient","x":[-Infinity]}': Fault.NOT_A_NUMBER,
    b'{"resourceType":"Patient","x":' + b"9" * 5000 + b"}": Fault.LONG_NUMBER,
    b'{"resourceType":"Patient","x":0.' + b"9" * 5000 + b"}": Fault.LONG_NUMBER,
    b'{"resourceType":"Patient","x":01}': Fault.BROKEN,
    b'{"resourceType":"Patient","x":"\x01"}': Fault.BROKEN,
    b'{"resourceType":"Patient","x":"\\q"}': Fault.BROKEN,
    b'{"resourceType":"Patient","x":1,}': Fault.BROKEN,
    b"{'resourceType':'Patient'}": Fault.BROKEN,
    b'{"resourceType":"Patient","x":"\\ud800"}': Fault.NOT_UNICODE,
    b'{"resourceType":"Patient","x":"\\uDC00\\ud800"}': Fault.NOT_UNICODE,
    b'{"resourceType":"Patient","x\\ud83d":1}': Fault.NOT_UNICODE,
    b'{"resourceType":"Patient","x":"\xed\xa0\x80"}': Fault.NOT_UNICODE,
    b'{"resourceType":"Patient","x":"\xff"}': Fault.NOT_UNICODE,
    b'{"resourceType":"Patient","x":"\xc3"}': Fault.NOT_UNICODE,
    b'{"resourceType":"Patient","x":' + b"[" * 65 + b"]" * 65 + b"}": Fault.TOO_DEEP,
    b'{"resourceType":"Patient","x":' + b'{"x":' * 64 + b"1" + b"}" * 65: Fault.TOO_DEEP,
    b'{"x":' * 20_000 + b"1" + b"}" * 20_000: Fault.TOO_DEEP,
    b"[1]": Fault.NOT_AN_OBJECT,
}


@pytest.mark.parametrize(("body", "fault"), BROKEN.items(), ids=range(len(BROKEN)))
def test_one_broken_resource_costs_itself_only(body: bytes, fault: Fault) -> None:
    items = read_document(bundle_of(SMALL, body, SMALL))
    assert [(r.body, r.at) for r in records(items)] == [(SMALL, "entry 1"), (SMALL, "entry 3")]
    assert [(p.at, p.text) for p in problems(items)] == [("entry 2", fault)]


@pytest.mark.parametrize(("body", "fault"), BROKEN.items(), ids=range(len(BROKEN)))
def test_a_broken_resource_that_is_the_whole_file(body: bytes, fault: Fault) -> None:
    items = read_document(body)
    assert records(items) == []
    assert [p.text for p in problems(items)] == ([fault] if body.startswith(b"{") else [])


@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceType":"Patient","x":"\\ud83d\\ude00 \\\\ud800"}',
        b'{"resourceType":"Patient","x":"' + b"[{" * 500 + b'"}',
        b'{"resourceType":"Patient","x":' + b"[" * 63 + b"]" * 63 + b"}",
        b'{"resourceType":"Patient","x":[' + b"{}," * 500 + b"[]]}",
        b'{"resourceType":"Patient","x":-0.10e-400}',
    ],
)
def test_unusual_but_sound(body: bytes) -> None:
    (record,) = records(read_document(bundle_of(body)))
    assert record.body == body
    (alone,) = records(read_document(body))
    assert alone.body == body


def test_one_entry_may_not_hold_two_resources() -> None:
    first = b'{"fullUrl":"urn:1","resource":' + SMALL + b',"resource":' + SMALL + b"}"
    data = b'{"resourceType":"Bundle","entry":[' + first + b',{"resource":' + SMALL + b"}]}"
    items = read_document(data)
    assert [r.at for r in records(items)] == ["entry 2"]
    assert [(p.at, p.text) for p in problems(items)] == [("entry 1", Fault.TWICE)]


def test_damage_around_a_whole_resource_leaves_the_resource() -> None:
    for around in (b'"fullUrl":"a","fullUrl":"b"', b'"search":NaN', b'"request":{"method":"\xff"}'):
        data = b'{"resourceType":"Bundle","entry":[{"resource":' + SMALL + b"," + around + b"}]}"
        items = read_document(data)
        assert [(r.body, r.full_url) for r in records(items)] == [(SMALL, None)]
        assert [p.at for p in problems(items)] == ["entry 1"]


def test_a_second_list_of_entries_is_not_read() -> None:
    data = bundle([entry(1)])[:-1] + b',"entry":[{"resource":' + SMALL + b"}]}"
    items = read_document(data)
    assert [json.loads(r.body) for r in records(items)] == [resource(1)]
    assert [p.text for p in problems(items)] == [Fault.TWICE]


def test_what_follows_the_end_is_a_problem() -> None:
    items = read_document(bundle([entry(1)]) + b" trailing")
    assert len(records(items)) == 1
    assert [p.text for p in problems(items)] == [Fault.PAST_THE_END]
    assert problems(read_document(bundle([entry(1)]) + b"\n\0\0\0")) == []


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("lost", [b'"', b"}", b"{", b":", b","])
def test_a_lost_character_costs_one_entry(indent: int | None, lost: bytes) -> None:
    data = bundle([entry(n) for n in range(6)], indent=indent)
    start, stop = data.index(b'"o-3"'), data.rindex(b"{", 0, data.index(b"urn:uuid:4"))
    others = [resource(n) for n in (0, 1, 2, 4, 5)]
    for mark in (start + found.start() for found in re.finditer(re.escape(lost), data[start:stop])):
        changed = data[:mark] + data[mark + 1 :]
        items = read_document(changed)
        found = [json.loads(r.body) for r in records(items)]
        assert [r for r in found if r in others] == others
        assert problems(items) or json.loads(changed)


def test_a_broken_nested_bundle_keeps_its_whole_entries() -> None:
    inner = bundle([entry(1), entry(2), entry(3)]).replace(b'"o-2"', b"NaN")
    items = read_document(bundle_of(inner, SMALL))
    assert [r.at for r in records(items)] == ["entry 1, entry 1", "entry 1, entry 3", "entry 2"]
    assert [(p.at, p.text) for p in problems(items)] == [("entry 1, entry 2", Fault.NOT_A_NUMBER)]


def test_what_looks_like_an_entry_inside_a_broken_resource_is_none() -> None:
    inner = b'{"resourceType":"Parameters","parameter":[{"resource":' + SMALL + b"}],"
    items = read_document(bundle_of(inner + b'"x":NaN}', SMALL))
    assert [r.at for r in records(items)] == ["entry 2"]


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESOURCE_BYTES", 2000)
    monkeypatch.setattr(tape, "MAX_HELD", 2500)
    monkeypatch.setattr(tape, "CHUNK", 100)
    monkeypatch.setattr(tape, "SLACK", 100)
    for size in (1990, 2450, 10_000):
        large = b'{"resourceType":"Patient","x":"' + b"{[" * (size // 2) + b'"}'
        items = read_document(bundle_of(SMALL, large, SMALL))
        assert [r.at for r in records(items)] == ["entry 1", "entry 3"]
        assert [(p.at, p.text) for p in problems(items)] == [("entry 2", Fault.TOO_LARGE)]


def test_long_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STRING_BYTES", 1000)
    fits, long = (b'{"x":"' + rb"\"" * count + b'"}' for count in (500, 501))
    items = read_document(bundle_of(fits, long))
    assert [r.at for r in records(items)] == ["entry 1"]
    assert [(p.at, p.text) for p in problems(items)] == [("entry 2", Fault.LONG_STRING)]


def test_a_bundle_made_to_be_slow_ends_as_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "PATIENCE_SECONDS", -1)
    items = read_document(bundle_of(SMALL, b"{NaN}", SMALL))
    assert [r.at for r in records(items)] == ["entry 1"]
    assert [p.text for p in problems(items)] == [walk.HOPELESS]


BASE = bundle([entry(n) for n in range(5)], indent=None)
BODIES = [record.body for record in records(read_document(BASE))]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(BASE) - 1),
            st.integers(0, 8),
            st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"\\"])),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_small_changes_anywhere(changes: list[tuple[int, int, bytes]]) -> None:
    data = BASE
    for start, length, new in changes:
        data = data[:start] + new + data[start + length :]
    items = read_document(data)
    found = [record.body for record in records(items)]
    assert all(body in data and isinstance(json.loads(body), dict) for body in found)
    assert len(found) == len(set(found)) or len(set(BODIES)) < len(BODIES)
    try:
        json.loads(data)
    except ValueError:
        assert problems(items) or not data.lstrip().startswith(b"{")
