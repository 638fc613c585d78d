"""The resources of a page, each with its exact bytes, judged by the same rules as those of a file."""

import msgspec

from connectors.files.bundle import NO_RESOURCE, BundleWalk
from connectors.files.records import Item, fhir_record
from connectors.files.strict import Strict, Unsound
from connectors.files.tape import Tape
from connectors.model import Problem, SourceRecord

CUT = "The answer is damaged or ends in the middle: what is missing here can't be told."


def record_of(strict: Strict, body: bytes, at: str, full_url: str | None = None) -> Item:
    """The resource in `body`, or what is wrong with it."""
    try:
        members = strict.check(body)
    except Unsound as unsound:
        return Problem(at, unsound.fault)
    record = fhir_record(body, members, at, full_url)
    return record if record.type is not None else Problem(at, NO_RESOURCE)


def salvaged(body: bytes, page: int) -> tuple[list[SourceRecord], Problem]:
    """What is whole in a damaged page, and the problem that it is."""
    items = BundleWalk(Tape.of(body.decode("latin-1"), 0)).items()
    found = [
        msgspec.structs.replace(item, at=f"page {page}, {item.at}")
        for item in items
        if isinstance(item, SourceRecord) and item.type is not None
    ]
    return found, Problem(f"page {page}", CUT)
