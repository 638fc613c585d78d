"""One patient's raw FHIR bundle, read with the standard library only: nothing of the product."""

import base64
import datetime as dt
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracle.raw import codes, of_type, resources

Resource = dict[str, Any]

_BEGAN = (
    "effectiveDateTime",
    "occurrenceDateTime",
    "performedDateTime",
    "onsetDateTime",
    "authoredOn",
    "recordedDate",
    "started",
)
_SPANS = ("period", "performedPeriod", "effectivePeriod")
_BILLS = frozenset(("Claim", "ExplanationOfBenefit", "Coverage"))
_LATER = dt.timedelta(days=30)
_OWN = ("code", "vaccineCode", "medicationCodeableConcept")


@dataclass(frozen=True)
class Chart:
    """The resources of one bundle, and whose they are."""

    path: Path
    name: str
    """The file's name without its id: `Jacob_King`."""
    held: list[Resource]

    @cached_property
    def by_id(self) -> dict[str, Resource]:
        """Resources by id alone."""
        return {str(resource["id"]): resource for resource in self.held if "id" in resource}

    @cached_property
    def born(self) -> dt.date | None:
        """The birth date, where one Patient has a whole one."""
        dates = [str(patient.get("birthDate", "")) for patient in of_type(self.held, "Patient")]
        return dt.date.fromisoformat(dates[0]) if len(dates) == 1 and len(dates[0]) == 10 else None

    @cached_property
    def today(self) -> dt.date:
        """The day that questions are asked on: a month after the last that was written down."""
        days = [began(r)[:10] for r in self.held if r["resourceType"] not in _BILLS]
        return dt.date.fromisoformat(max(day for day in days if len(day) == 10)) + _LATER

    @cached_property
    def words(self) -> str:
        """All that the bundle says, in small letters, attached texts decoded."""
        return json.dumps([_opened(resource) for resource in self.held]).casefold()

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes that any resource is about."""
        return frozenset(code for resource in self.held for code in about(resource))

    def named(self, reference: object) -> Resource | None:
        """What a Reference points at within the bundle."""
        target = reference.get("reference", "") if isinstance(reference, dict) else ""
        return self.by_id.get(re.split(r"[/:]", str(target))[-1])


def load(path: Path) -> Chart:
    """The chart of one file."""
    return Chart(path, re.sub(r"_[0-9a-f]{8}-[0-9a-f-]+$", "", path.stem), resources(path))


def about(resource: Resource) -> set[str]:
    """The codes of what a resource is: its code, its parts' codes, or its kinds of visit."""
    found = {code for field in _OWN for code in codes(resource.get(field))}
    found |= {code for part in resource.get("component", []) for code in codes(part.get("code"))}
    if resource["resourceType"] == "Encounter":
        found |= {code for kind in resource.get("type", []) for code in codes(kind)}
    return found - {""}


def began(resource: Resource) -> str:
    """When it began or was done, as written; empty where nothing says so."""
    for name in _BEGAN:
        if name in resource:
            return str(resource[name])
    for name in _SPANS:
        if "start" in resource.get(name, {}):
            return str(resource[name]["start"])
    return ""


def words_of(concept: Any) -> str:
    """The words of a CodeableConcept without what kind of thing it is: `Stroke`, not `Stroke (disorder)`."""
    held = concept or {}
    shown = held.get("text") or next((c["display"] for c in held.get("coding", []) if "display" in c), "")
    return re.sub(r" \((disorder|procedure|finding|situation|product)\)$", "", str(shown))


def own_words(resource: Resource) -> str:
    """What a resource is, in its source's words."""
    return next((words_of(resource[field]) for field in _OWN if field in resource), "")


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        opened = {k: _opened(v) for k, v in value.items() if k != "data"}
        if isinstance(value.get("data"), str):
            opened["data"] = base64.b64decode(value["data"] + "===").decode("utf-8", "replace")
        return opened
    return [_opened(item) for item in value] if isinstance(value, list) else value
