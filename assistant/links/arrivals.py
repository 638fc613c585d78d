"""What arrives in one batch: decoded, under the id it goes by, each thing once."""

import msgspec

from assistant.links.report import FileReport, Found
from assistant.links.resource import resource_in
from assistant.records.decode import Node
from assistant.records.person import person_reference
from connectors.model import Batch, SourceRecord


class Arrival(msgspec.Struct, frozen=True):
    """One resource that arrived."""

    item: SourceRecord
    resource: Node
    type: str
    """Its resource type, `?` where it names none."""
    rid: str
    """Its logical id; for a resource without one, `sha256-` and its digest."""
    person: str | None
    """The Patient it says it is about."""

    @property
    def target(self) -> str:
        """`Type/id`."""
        return f"{self.type}/{self.rid}"


def arrivals(batch: Batch, report: FileReport) -> list[Arrival]:
    """The resources of a batch, decoded. Of two versions of one resource, the newer stands."""
    found: dict[tuple[str, str], Arrival] = {}
    for item in batch.records:
        try:
            resource = resource_in(item.body, item.format, item.id)
        except msgspec.DecodeError:
            report.problems.append(Found(item.at, "This part can't be read as a FHIR resource."))
            continue
        rid = item.id or f"sha256-{item.digest.hex()}"
        arrival = Arrival(item, resource, item.type or "?", rid, person_reference(resource))
        earlier = found.get((arrival.type, rid))
        if earlier is not None:
            report.unchanged += 1
            if is_newer(earlier.resource, arrival.resource):
                continue
        found[arrival.type, rid] = arrival
    return list(found.values())


def is_newer(resource: Node, other: Node) -> bool:
    """Whether `meta` of the first says that it is a later version than the second (FHIR R4 2.26.3.3)."""
    return _version(resource) > _version(other)


def _version(resource: Node) -> tuple[str, int]:
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return ("", 0)
    updated, version = meta.get("lastUpdated"), meta.get("versionId")
    number = int(version) if isinstance(version, str) and version.isascii() and version.isdigit() else 0
    return (updated if isinstance(updated, str) else "", number)
