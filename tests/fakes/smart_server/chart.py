"""The FHIR side: resources, reading, a simple search, and who may see what."""

from collections.abc import Callable, Sequence
from typing import Any

Resource = dict[str, Any]
Search = Callable[[str, Sequence[tuple[str, str]]], list[Resource] | None]
"""Finds resources of a type; None leaves it to the simple search."""

PATIENT = "nadia"


class Chart:
    """The resources of a server, by type and id. `search` may be replaced or wrapped."""

    def __init__(self) -> None:
        self.resources: dict[tuple[str, str], Resource] = {}
        self.search: Search | None = None
        self.page_size = 100
        self.put(
            {"resourceType": "Patient", "id": PATIENT, "name": [{"family": "Brandt", "given": ["Nadia"]}]}
        )

    def put(self, resource: Resource) -> None:
        """Add or replace one."""
        self.resources[resource["resourceType"], resource["id"]] = resource

    def find(self, type_: str, query: Sequence[tuple[str, str]]) -> list[Resource]:
        """What a search finds: by the hook, else by patient and `_id`."""
        if self.search is not None and (found := self.search(type_, query)) is not None:
            return found
        wanted = dict(query)
        of = [one for (kind, _), one in self.resources.items() if kind == type_]
        if "_id" in wanted:
            of = [one for one in of if one["id"] in wanted["_id"].split(",")]
        if "patient" in wanted:
            patient = wanted["patient"].removeprefix("Patient/")
            of = [one for one in of if _patient(one) == patient]
        return of

    def bundle(self, base: str, type_: str, query: Sequence[tuple[str, str]]) -> Resource:
        """One page of a search, with the link to the next."""
        found = self.find(type_, query)
        wanted = dict(query)
        size = min(int(wanted.get("_count", self.page_size)), self.page_size)
        start = int(wanted.get("_from", "0"))
        kept = [(name, value) for name, value in query if name != "_from"]
        links = [{"relation": "self", "url": _link(base, type_, query)}]
        if start + size < len(found):
            links.append(
                {"relation": "next", "url": _link(base, type_, [*kept, ("_from", str(start + size))])}
            )
        entries = [
            {"fullUrl": f"{base}/{type_}/{one['id']}", "resource": one, "search": {"mode": "match"}}
            for one in found[start : start + size]
        ]
        return {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(found),
            "link": links,
            "entry": entries,
        }


def _patient(resource: Resource) -> str | None:
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    for name in ("subject", "patient", "beneficiary"):
        reference = resource.get(name)
        if isinstance(reference, dict):
            return str(reference.get("reference", "")).removeprefix("Patient/")
    return None


def _link(base: str, type_: str, query: Sequence[tuple[str, str]]) -> str:
    from urllib.parse import urlencode

    return f"{base}/{type_}?{urlencode(query)}"


def allows(scope: str, type_: str, letter: str) -> bool:
    """Whether a scope string lets its holder read (`r`) or search (`s`) this type."""
    for word in scope.split():
        kind, _, may = word.partition("?")[0].rpartition(".")
        if kind in (f"patient/{type_}", "patient/*") and (letter in may or may in ("read", "*")):
            return may != "write"
    return False


def outcome(code: str, text: str) -> Resource:
    """An OperationOutcome."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": text}],
    }


def capability_statement(base: str, authorize: str, token: str, revoke: str) -> Resource:
    """What the server says about itself, with the OAuth extension of SMART 1."""
    uris = [
        {"url": name, "valueUri": address}
        for name, address in (("authorize", authorize), ("token", token), ("revoke", revoke))
    ]
    oauth = {
        "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
        "extension": uris,
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "implementation": {"description": "test server", "url": base},
        "rest": [{"mode": "server", "security": {"extension": [oauth]}}],
    }
