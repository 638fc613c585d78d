"""A row of a table as the smallest FHIR R4 resource that carries what the row says, and nothing else.

Where FHIR demands a status that the row doesn't have, it is `unknown`, or said to be missing.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from connectors.mcp.columns import system

Cells = Mapping[str, str]
Resource = dict[str, Any]

_ABSENT = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}
_NUMBER = re.compile(r"(<=|>=|<|>)?\s*(-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?)(?:\s+([^\d\s]\S{0,30}))?")
_DAY = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)")
_MOMENT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-][01]\d:[0-5]\d)"
)
_OBSERVED = frozenset(
    ("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error")
)
_TAKEN = frozenset(
    ("active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken")
)
_DONE = frozenset(
    ("preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error")
)
_GIVEN = frozenset(("completed", "entered-in-error", "not-done"))
_VISITED = frozenset(
    ("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error")
)
_CLINICAL = frozenset(("active", "recurrence", "relapse", "inactive", "remission", "resolved"))
_ALLERGIC = frozenset(("active", "inactive", "resolved"))
_SEVERITIES = frozenset(("mild", "moderate", "severe"))


def observation(cells: Cells, category: str) -> Resource:
    """A lab result or a measurement."""
    made: Resource = {
        "status": _status(cells, _OBSERVED) or "unknown",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": category,
                    }
                ]
            }
        ],
        "code": concept(cells),
    }
    _put(made, "effectiveDateTime", when(cells.get("date")))
    made |= _value(cells)
    if "flag" in cells:
        made["interpretation"] = [{"text": cells["flag"]}]
    if "range" in cells:
        made["referenceRange"] = [{"text": cells["range"]}]
    if "person" in cells:
        made["performer"] = [{"display": cells["person"]}]
    return made


def condition(cells: Cells) -> Resource:
    """A diagnosis or a health problem."""
    made: Resource = {"code": concept(cells)}
    if status := _status(cells, _CLINICAL):
        made["clinicalStatus"] = _coded("condition-clinical", status)
    if cells.get("severity"):
        made["severity"] = {"text": cells["severity"]}
    _put(made, "onsetDateTime", when(cells.get("onset") or cells.get("start")))
    _put(made, "abatementDateTime", when(cells.get("end")))
    _put(made, "recordedDate", when(cells.get("recorded") or cells.get("date")))
    return made


def medication(cells: Cells) -> Resource:
    """A medicine that is or was taken, as someone stated it."""
    made: Resource = {
        "status": _status(cells, _TAKEN) or "unknown",
        "medicationCodeableConcept": concept(cells),
    }
    start, end = when(cells.get("start")), when(cells.get("end"))
    if start or end:
        made["effectivePeriod"] = _period(start, end)
    _put(made, "dateAsserted", when(cells.get("recorded") or cells.get("date")))
    if "dose" in cells:
        made["dosage"] = [{"text": cells["dose"]}]
    if "person" in cells:
        made["informationSource"] = {"display": cells["person"]}
    return made


def allergy(cells: Cells) -> Resource:
    """An allergy or intolerance."""
    made: Resource = {"code": concept(cells)}
    if status := _status(cells, _ALLERGIC):
        made["clinicalStatus"] = _coded("allergyintolerance-clinical", status)
    _put(made, "onsetDateTime", when(cells.get("onset") or cells.get("start")))
    _put(made, "recordedDate", when(cells.get("recorded") or cells.get("date")))
    if "reaction" in cells:
        reaction: Resource = {"manifestation": [{"text": cells["reaction"]}]}
        if (severity := cells.get("severity", "").lower()) in _SEVERITIES:
            reaction["severity"] = severity
        made["reaction"] = [reaction]
    return made


def procedure(cells: Cells) -> Resource:
    """Something that was done."""
    made: Resource = {"status": _status(cells, _DONE) or "unknown", "code": concept(cells)}
    if start := when(cells.get("start")):
        made["performedPeriod"] = _period(start, when(cells.get("end")))
    else:
        _put(made, "performedDateTime", when(cells.get("date")))
    if "person" in cells:
        made["performer"] = [{"actor": {"display": cells["person"]}}]
    if "place" in cells:
        made["location"] = {"display": cells["place"]}
    return made


def immunization(cells: Cells) -> Resource:
    """A vaccination."""
    made: Resource = {"vaccineCode": concept(cells)}
    if status := _status(cells, _GIVEN):
        made["status"] = status
    else:
        made["_status"] = _ABSENT
    if day := when(cells.get("date")):
        made["occurrenceDateTime"] = day
    elif "date" in cells:
        made["occurrenceString"] = cells["date"]
    else:
        made["_occurrenceDateTime"] = _ABSENT
    if "place" in cells:
        made["location"] = {"display": cells["place"]}
    return made


def encounter(cells: Cells) -> Resource:
    """A visit."""
    made: Resource = {
        "status": _status(cells, _VISITED) or "unknown",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"},
        "type": [concept(cells)],
    }
    start, end = when(cells.get("start") or cells.get("date")), when(cells.get("end"))
    if start or end:
        made["period"] = _period(start, end)
    if "reason" in cells:
        made["reasonCode"] = [{"text": cells["reason"]}]
    if "person" in cells:
        made["participant"] = [{"individual": {"display": cells["person"]}}]
    if "place" in cells:
        made["location"] = [{"location": {"display": cells["place"]}}]
    return made


SHAPES: Mapping[str, Callable[[Cells], Resource]] = {
    "Condition": condition,
    "MedicationStatement": medication,
    "AllergyIntolerance": allergy,
    "Procedure": procedure,
    "Immunization": immunization,
    "Encounter": encounter,
}
"""How each type is made; observations need their category besides."""


def concept(cells: Cells) -> Resource:
    """What it is: the code where its system is known for certain, and the name."""
    made: Resource = {}
    code, named = cells.get("code"), system(cells.get("system"))
    if code and named:
        made["coding"] = [{"system": named, "code": code}]
    text = cells.get("name") or (code if not named else None)
    if text:
        made["text"] = text
    return made


def when(said: str | None) -> str | None:
    """A date or a moment as FHIR writes it; None where it isn't one."""
    text = (said or "").strip()
    return text if _DAY.fullmatch(text) or _MOMENT.fullmatch(text) else None


def _value(cells: Cells) -> Resource:
    said = cells.get("value")
    if said is None:
        return {}
    number = _NUMBER.fullmatch(said)
    if number is None or (number[3] and "unit" in cells):
        unit = cells.get("unit")
        return {"valueString": f"{said} {unit}" if unit else said}
    quantity: Resource = {"value": msgspec.Raw(number[2].encode())}
    if number[1]:
        quantity["comparator"] = number[1]
    if unit := cells.get("unit") or number[3]:
        quantity["unit"] = unit
    return {"valueQuantity": quantity}


def _status(cells: Cells, allowed: frozenset[str]) -> str | None:
    status = cells.get("status", "").strip().lower()
    return status if status in allowed else None


def _coded(kind: str, code: str) -> Resource:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{kind}", "code": code}]}


def _period(start: str | None, end: str | None) -> Resource:
    return {key: value for key, value in (("start", start), ("end", end)) if value}


def _put(made: Resource, key: str, value: str | None) -> None:
    if value is not None:
        made[key] = value
