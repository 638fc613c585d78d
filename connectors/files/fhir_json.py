"""A FHIR document in JSON: a Bundle, or one resource that is the whole file."""

import re
from collections.abc import Iterator

from connectors.files import limits
from connectors.files.bundle import BundleWalk
from connectors.files.members import read_value, skip_brackets, step_to_value
from connectors.files.opened import Opened, Reading
from connectors.files.records import Item, fhir_record
from connectors.files.skip import Skipper
from connectors.files.strict import Fault, Strict, Unsound
from connectors.files.tape import Tape
from connectors.model import Problem

_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_WS = r"[ \t\r\n]*"
_ENTRIES = re.compile(rf'\[{_WS}\{{{_WS}"(?:fullUrl|resource)"')
"""How only a Bundle's list of entries starts."""
_SIGN = re.compile(rf'"resourceType"{_WS}:{_WS}"Bundle"|"entry"{_WS}:{_WS}{_ENTRIES.pattern}')


def sniff(opened: Opened) -> Reading | None:
    """Claim any JSON object."""
    if not opened.head.removeprefix(_BOM).lstrip(_SPACE).startswith(b"{"):
        return None
    is_bundle = _is_bundle(Tape(opened.file))
    opened.file.seek(0)
    if is_bundle:
        return Reading(format="FHIR Bundle", items=BundleWalk(Tape(opened.file)).items())
    return Reading(format="FHIR resource", items=_one_resource(opened))


def _one_resource(opened: Opened) -> Iterator[Item]:
    if opened.size > limits.RESOURCE_BYTES + limits.MIB:
        yield Problem("", Fault.TOO_LARGE)
        return
    body = opened.file.read().removeprefix(_BOM).strip(_SPACE)
    try:
        members = Strict().check(body)
    except Unsound as unsound:
        yield Problem(f"byte {unsound.at}", _cut_or(unsound.fault, body))
    else:
        yield fhir_record(body, members, "")


def _cut_or(fault: Fault, body: bytes) -> Fault:
    skipper = Skipper()
    end = skipper.feed(body.decode("latin-1"), 0, len(body))
    cut = fault is Fault.BROKEN and end is None and not skipper.lost
    return Fault.CUT if cut else fault


def _is_bundle(tape: Tape) -> bool:
    """Whether the object is a Bundle. Its type may come after its entries; a List has entries too."""
    strict = Strict()
    head = tape.text
    if tape.peek() != "{":
        return False
    tape.pos += 1
    has_entries = False
    first = True
    try:
        while (name := step_to_value(tape, strict, first=first)) is not None:
            first = False
            if name == "resourceType":
                return bool(read_value(tape, strict) == "Bundle")
            if name == "entry":
                tape.prepare()
                has_entries = bool(_ENTRIES.match(tape.text, tape.pos))
            if tape.peek() not in ("{", "["):
                read_value(tape, strict)
            elif not skip_brackets(tape, Skipper()):
                break
    except Unsound:
        return has_entries or bool(_SIGN.search(head))
    return has_entries
