"""An answer that no reader takes apart, kept as a document: its text, and what it is called."""

import hashlib
from base64 import b64encode
from typing import Any

import msgspec

from connectors.mcp.rows import source_record
from connectors.model import SourceRecord


def document(name: str, text: str, *, key: tuple[str, ...], subject: str) -> SourceRecord:
    """The answer as a FHIR DocumentReference. `key` makes it the same document next time, whatever it says
    then."""
    made: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": f"doc-{hashlib.sha256(msgspec.json.encode(key)).hexdigest()[:40]}",
        "status": "current",
        "type": {"text": name},
        "subject": {"reference": subject},
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "data": b64encode(text.encode("utf-8", "replace")).decode(),
                    "title": name,
                }
            }
        ],
    }
    return source_record(made, "")
