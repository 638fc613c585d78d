"""What every door hands over: frozen values, no behaviour, nothing about where they will be kept."""

import msgspec

FHIR_R4_JSON = "fhir-r4-json"
"""`SourceRecord.format` of one FHIR R4 resource in JSON."""


class SourceInfo(msgspec.Struct, frozen=True):
    """Which source this is. `key` stays the same each time the same source is read; `name` is for people."""

    kind: str
    """`file`, `sample`, or the kind of a remote source."""
    key: str
    """What makes it the same source next time: an absolute path, a server address."""
    name: str
    """Text from outside (a file name, a server's own name): never trusted on a screen."""


class SourceRecord(msgspec.Struct, frozen=True, gc=False):
    """One thing a source holds, with its exact bytes."""

    body: bytes
    """The bytes as the source wrote them, not re-encoded."""
    format: str
    digest: bytes
    """SHA-256 of `body`, 32 bytes."""
    at: str
    """Where in its part: `entry 12`, `line 7`, or empty when the part is this one resource."""
    type: str | None = None
    """`resourceType`, where there is one."""
    id: str | None = None
    """The resource's logical id, where there is one."""
    full_url: str | None = None
    """`Bundle.entry.fullUrl`, where there is one."""


class Problem(msgspec.Struct, frozen=True):
    """Something that could not be read, named by position, never quoted."""

    at: str
    text: str


class Batch(msgspec.Struct, frozen=True):
    """Some records of one part of a source (a file, a query), in the source's order.

    A part that holds nothing still yields one batch, so that it is counted.
    """

    part: str
    """The file's path, or the query it came from."""
    format: str
    """What the part is, for a person: `FHIR Bundle`, `FHIR NDJSON`, `FHIR resource`, `unknown`."""
    records: tuple[SourceRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    done: int = 0
    """Bytes (or requests) of the whole source behind this batch."""
    total: int | None = None
    """Bytes (or requests) of the whole source, where known."""
    cursor: str | None = None
    """Set when everything up to here may be kept for good: reading resumes after it."""
