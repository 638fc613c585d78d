"""Records as lines for a person."""

from collections.abc import Iterator
from typing import Any


def record_lines(document: dict[str, Any]) -> Iterator[str]:
    """One record with its parts, its exact value and where it came from."""
    yield document["text"]
    if document["value"] is not None and document["value"] != document["shown"]:
        exact = f"{document['comparator'] or ''}{document['value']} {document['unit'] or ''}"
        yield f"  exactly: {exact.rstrip()}"
    for part in document["parts"]:
        flags = f" ({part['interpretation']})" if part["interpretation"] else ""
        yield f"  {part['title']}: {part['shown'] or 'no value'}{flags}"
    for name in ("status", "trust", "range", "interpretation"):
        if document[name]:
            yield f"  {name}: {document[name]}"
    for code in document["codes"]:
        yield f"  code: {code['code']} ({code['system']})"
    for origin in document["provenance"]:
        yield f"  from {origin['source']}, {origin['part']} {origin['at']}, sha256 {origin['sha256'][:16]}…"
    for finding in document["validation"]:
        yield f"  the FHIR validator says: {finding}"
