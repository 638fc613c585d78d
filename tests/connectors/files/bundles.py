"""Bundles made for the tests of the file door, and reading them in this process."""

import io
import json
from collections.abc import Sequence
from typing import Any

from connectors.files.fhir_json import sniff
from connectors.files.opened import HEAD_BYTES, Opened
from connectors.files.records import Item
from connectors.model import Problem, SourceRecord


def resource(number: int) -> dict[str, Any]:
    """An Observation with brackets, quotes, escapes and letters beyond ASCII in its texts."""
    return {
        "resourceType": "Observation",
        "id": f"o-{number}",
        "status": "final",
        "text": {"status": "generated", "div": '<div xmlns="x">a, {b} [c] \\ "d" é 😀</div>'},
        "code": {"coding": [{"system": "http://loinc.org", "code": f"{number}-1"}], "text": "línea\nnueva"},
        "valueQuantity": {"value": 5.5 + number, "unit": "mm[Hg]"},
    }


def entry(number: int) -> dict[str, Any]:
    return {
        "fullUrl": f"urn:uuid:{number}",
        "resource": resource(number),
        "request": {"method": "POST", "url": "Observation"},
    }


def bundle(entries: Sequence[Any], kind: str = "transaction", indent: int | None = None) -> bytes:
    document = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
    return json.dumps(document, indent=indent, ensure_ascii=False).encode()


def bundle_of(*resources: bytes) -> bytes:
    """A Bundle whose resources are these bytes, sound or not."""
    entries = b",".join(b'{"fullUrl":"urn:uuid:x","resource":' + body + b"}" for body in resources)
    return b'{"resourceType":"Bundle","type":"collection","entry":[' + entries + b"]}"


def read_document(data: bytes) -> list[Item]:
    """What the reader of FHIR documents makes of these bytes."""
    reading = sniff(Opened(file=io.BytesIO(data), name="x.json", size=len(data), head=data[:HEAD_BYTES]))
    return [] if reading is None else list(reading.items)


def records(items: Sequence[Item]) -> list[SourceRecord]:
    return [item for item in items if isinstance(item, SourceRecord)]


def problems(items: Sequence[Item]) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem)]
