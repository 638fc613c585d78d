"""Rows become records: repeats of one event merged, ids that stay, and the source's own words kept.

HealthEx gathers from several networks, so one event may stand in a table several times. Rows with the same
code or name, date and value are one event, unless something else that they say differs.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from connectors.mcp.columns import fields
from connectors.mcp.pipe_table import Table
from connectors.mcp.shapes import SHAPES, observation
from connectors.model import FHIR_R4_JSON, Problem, SourceRecord

AS_WRITTEN = "urn:chartside:as-the-source-wrote-it"
"""The extension that holds a row's own text with its header."""
NAMELESS = "It doesn't say what it is, so it was left out."
_NO_NOTE = frozenset(("Encounter",))
_SUBJECT = {"AllergyIntolerance": "patient", "Immunization": "patient"}


class Sort(msgspec.Struct, frozen=True):
    """What the rows of a tool are."""

    tool: str
    type: str
    category: str = ""
    """For observations."""


class Written(NamedTuple):
    """A row in the source's own words."""

    header: str
    row: str


class Event(msgspec.Struct, frozen=True):
    """One event, with every row that tells of it."""

    id: str
    at: str
    cells: dict[str, str]
    notes: dict[str, str]
    written: tuple[Written, ...]


def events(sort: Sort, tables: Iterable[Table]) -> tuple[tuple[Event, ...], tuple[Problem, ...]]:
    """What the tables tell of, each event once, in their order."""
    groups: dict[tuple[str, str, str], list[Event]] = {}
    problems: list[Problem] = []
    for table in tables:
        problems += table.problems
        for row in table.rows:
            cells, unknown = fields(row.cells)
            thing = cells.get("code") or cells.get("name")
            if not thing:
                problems.append(Problem(row.at, NAMELESS))
                continue
            key = (thing.casefold(), day(cells), cells.get("value", ""))
            group = groups.setdefault(key, [])
            _join(group, Event("", row.at, cells, unknown, (Written(table.header, row.text),)))
    found: list[Event] = []
    for key, group in groups.items():
        for event in group:
            differs = sorted(event.cells.items()) if len(group) > 1 else []
            found.append(msgspec.structs.replace(event, id=_id(sort.tool, *key, differs)))
    return tuple(found), tuple(problems)


def day(cells: Mapping[str, str]) -> str:
    """The date that a row is of, as it says it; empty where it says none."""
    dated = (cells[field] for field in ("date", "start", "onset", "recorded") if field in cells)
    return next(dated, "")


def record(sort: Sort, event: Event, subject: str) -> SourceRecord:
    """The event as a source record: FHIR R4 in JSON, the rows' own text in an extension."""
    made: dict[str, Any] = {
        "resourceType": sort.type,
        "id": event.id,
        "extension": [_extension(sort.tool, written) for written in sorted(event.written)],
        _SUBJECT.get(sort.type, "subject"): {"reference": subject},
    }
    shape = SHAPES.get(sort.type)
    made |= shape(event.cells) if shape is not None else observation(event.cells, sort.category)
    if event.notes and sort.type not in _NO_NOTE:
        made["note"] = [{"text": f"{column}: {value}"} for column, value in event.notes.items()]
    return source_record(made, event.at)


def source_record(resource: dict[str, Any], at: str) -> SourceRecord:
    """A made resource with its bytes."""
    body = msgspec.json.encode(resource)
    return SourceRecord(
        body=body,
        format=FHIR_R4_JSON,
        digest=hashlib.sha256(body).digest(),
        at=at,
        type=resource["resourceType"],
        id=resource["id"],
    )


def _join(group: list[Event], new: Event) -> None:
    """Merge with the first row that contradicts nothing; blank cells are filled from one another."""
    for at, old in enumerate(group):
        if all(old.cells.get(field, value) == value for field, value in new.cells.items()):
            written = old.written if new.written[0] in old.written else (*old.written, *new.written)
            group[at] = Event("", old.at, new.cells | old.cells, new.notes | old.notes, written)
            return
    group.append(new)


def _extension(tool: str, written: Written) -> dict[str, Any]:
    parts = (("tool", tool), ("header", written.header), ("row", written.row))
    return {"url": AS_WRITTEN, "extension": [{"url": name, "valueString": text} for name, text in parts]}


def _id(tool: str, thing: str, dated: str, value: str, differs: Sequence[tuple[str, str]]) -> str:
    key = msgspec.json.encode([tool, thing, dated, value, differs])
    return f"hx-{hashlib.sha256(key).hexdigest()[:40]}"
