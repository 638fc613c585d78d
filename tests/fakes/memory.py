"""A source that is a list: for tests that need records without files."""

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from connectors.model import FHIR_R4_JSON, Batch, SourceInfo, SourceRecord


def source_record(resource: Mapping[str, Any], at: int = 0, full_url: str | None = None) -> SourceRecord:
    body = json.dumps(resource).encode()
    return SourceRecord(
        body=body,
        format=FHIR_R4_JSON,
        digest=hashlib.sha256(body).digest(),
        at=f"entry {at + 1}",
        type=resource.get("resourceType"),
        id=resource.get("id"),
        full_url=full_url,
    )


class MemorySource:
    """Yields its resources in one batch, under a fixed name."""

    def __init__(self, name: str, resources: Sequence[Mapping[str, Any]]) -> None:
        self._name = name
        self._resources = tuple(resources)

    @property
    def info(self) -> SourceInfo:
        return SourceInfo(kind="file", key=f"memory:{self._name}", name=self._name)

    @property
    def resumes(self) -> bool:
        return False

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        assert cursor is None
        records = tuple(source_record(resource, at) for at, resource in enumerate(self._resources))
        yield Batch(part=self._name, format="FHIR Bundle", records=records, done=1, total=1)
