"""The resource in what a source handed over: FHIR as it is, an attachment as the Binary it stands for."""

from base64 import b64encode
from typing import Any

from assistant.records.decode import decode
from connectors.model import FHIR_R4_JSON


def resource_in(body: bytes, format: str, rid: str | None) -> dict[str, Any]:  # noqa: A002 - as in SourceRecord
    """Decode the bytes of one thing; `format` as in `SourceRecord`. Bytes of another media type than FHIR's
    become a Binary (FHIR R4, 2.40) around them.

    Raises:
        msgspec.DecodeError: it says that it is FHIR and can't be read as such.
    """
    if format == FHIR_R4_JSON:
        return decode(body)
    return {"resourceType": "Binary", "id": rid, "contentType": format, "data": b64encode(body).decode()}
