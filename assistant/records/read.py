"""One FHIR R4 resource to a record, a supporting name, or a reason to set it aside. Never raises on JSON."""

from collections.abc import Callable

from assistant.records.decode import Node
from assistant.records.fhir.datatypes import Resolve, named
from assistant.records.fhir.supporting import SUPPORTING
from assistant.records.fhir.tables import READERS
from assistant.records.model import Record, SetAside, Supporting

__all__ = ["Resolve", "names_used", "read"]

NO_TYPE = SetAside("It doesn't say what kind of record it is.")
UNKNOWN_TYPE = SetAside("This version doesn't read records of this kind.")
QUALIFIED = SetAside("It has a qualifier that this version doesn't understand.")
TOO_DEEP = SetAside("It is nested deeper than any record.")
RULED = SetAside("It follows special rules that this version doesn't know.")


def read(
    resource: Node,
    *,
    id: str,  # noqa: A002 - FHIR's name
    resolve: Resolve,
    plain: bool = False,
) -> Record | Supporting | SetAside:
    """Read one decoded resource.

    `id` becomes the record's id. `resolve` is asked for the names of supporting resources, by `Type/id` or
    `urn:uuid:...`, and may answer None; everything else is in the resource. `plain` says that it is known to
    hold no `modifierExtension` (see `is_plain`), which saves looking through all of it.
    """
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return NO_TYPE
    reader = READERS.get(kind)
    if reader is None and kind not in SUPPORTING:
        return UNKNOWN_TYPE
    if resource.get("implicitRules") is not None:
        return RULED
    try:
        if not plain and _is_qualified(resource):
            return QUALIFIED
    except RecursionError:
        return TOO_DEEP
    return named(resource) if reader is None else reader(resource, id, resolve)


def is_plain(body: bytes) -> bool:
    """Whether the bytes of a resource can't hold the word `modifierExtension`, not even in escapes."""
    return b"modifierExtension" not in body and (b"\\" not in body or b"\\u" not in body)


def _is_qualified(node: Node) -> bool:
    """Whether a modifierExtension stands anywhere in the resource: none is known, so each could turn its
    meaning round (FHIR R4, Extensibility 2.4.1)."""
    if node.get("modifierExtension"):
        return True
    for value in node.values():
        kind = type(value)
        if kind is dict:
            if _is_qualified(value):
                return True
        elif kind is list:
            for item in value:
                if type(item) is dict and _is_qualified(item):
                    return True
    return False


def names_used(resource: Node) -> tuple[str, ...]:
    """The keys that `read` would ask `resolve` for, each once, in the order asked."""
    asked: dict[str, None] = {}

    def note(key: str) -> None:
        asked[key] = None

    remember: Callable[[str], None] = note
    read(resource, id="", resolve=remember)
    return tuple(asked)
