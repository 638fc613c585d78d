"""What a FHIR Reference points at, in one spelling (FHIR R4, References 2.3.0).

`Type/id` for relative and absolute references without their version, `urn:...` and `#id` as written.
Conditional references (`Practitioner?identifier=...`) and bare words point at nothing that can be found.
"""

from typing import Any

from assistant.records.decode import Node


def reference_key(reference: str) -> str | None:
    """Normalise `Reference.reference`; None where it names no single resource."""
    if reference.startswith(("urn:", "#")):
        return reference if len(reference) > 1 else None
    if "?" in reference or "/" not in reference:
        return None
    pieces = reference.split("/")
    if len(pieces) > 3 and pieces[-2] == "_history":
        pieces = pieces[:-2]
    kind, rid = pieces[-2], pieces[-1]
    if not rid or not kind.isalpha() or not kind[0].isupper():
        return None
    return f"{kind}/{rid}"


def target_of(value: Any) -> str | None:
    """The key of a decoded Reference, or None."""
    if type(value) is dict:
        reference = value.get("reference")
        if isinstance(reference, str):
            return reference_key(reference)
    return None


def target_type(value: Node, key: str | None) -> str | None:
    """The resource type that a Reference says it points at, where it says so."""
    if key is not None and not key.startswith(("urn:", "#")):
        return key.split("/", 1)[0]
    kind = value.get("type")
    return kind if isinstance(kind, str) else None


def contained_in(resource: Node) -> dict[str, Node]:
    """The contained resources of a resource, by `#id`."""
    found = resource.get("contained")
    if not isinstance(found, list):
        return {}
    return {
        f"#{inner['id']}": inner
        for inner in found
        if isinstance(inner, dict) and isinstance(inner.get("id"), str)
    }
