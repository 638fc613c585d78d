"""What readers of this folder give, one after the other: a record, or a problem in its place."""

import hashlib
from collections.abc import Mapping
from typing import Any

from connectors.files.strict import own_text
from connectors.model import FHIR_R4_JSON, Problem, SourceRecord

Item = SourceRecord | Problem


def fhir_record(
    body: bytes, members: Mapping[str, Any], at: str, full_url: str | None = None
) -> SourceRecord:
    """One sound FHIR resource; `members` are its own, as `Strict` gives them."""
    return SourceRecord(
        body=body,
        format=FHIR_R4_JSON,
        digest=hashlib.sha256(body).digest(),
        at=at,
        type=own_text(members, "resourceType"),
        id=own_text(members, "id"),
        full_url=full_url,
    )
