"""NDJSON: one FHIR resource (or Bundle) a line, as bulk exports come. A bad line costs that line only."""

from collections.abc import Iterator
from typing import BinaryIO

from connectors.files import limits
from connectors.files.bundle import BundleWalk
from connectors.files.opened import Opened, Reading
from connectors.files.records import Item, fhir_record
from connectors.files.strict import Fault, Strict, Unsound, own_text
from connectors.files.tape import Tape
from connectors.model import Problem

_NAMES = (".ndjson", ".jsonl")
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_MOST_PIECES = 100
"""Lines, or parts of a very long one, to look at before deciding."""

_GOES_ON = (b"{", b"[", b",", b":")
"""A line of a document spread over lines ends like this."""


def sniff(opened: Opened) -> Reading | None:
    """Claim a file named so, or one whose first two lines each start an object."""
    first_end, second_start = _first_lines(opened.file)
    opened.file.seek(0)
    spread = first_end in _GOES_ON
    named = opened.name.endswith(_NAMES)
    if spread or not (named or (opened.head.removeprefix(_BOM).lstrip(_SPACE)[:1] == second_start == b"{")):
        return None
    return Reading(format="FHIR NDJSON", items=read_lines(opened.file))


def read_lines(file: BinaryIO) -> Iterator[Item]:
    """Every line's resource, or its problem."""
    strict = Strict()
    for number, line in enumerate(_lines(file), start=1):
        at = f"line {number}"
        if line is None:
            yield Problem(at, Fault.TOO_LARGE)
            continue
        body = line.removeprefix(_BOM).strip(_SPACE) if number == 1 else line.strip(_SPACE)
        if body:
            yield from _read_line(strict, body, at)


def _read_line(strict: Strict, body: bytes, at: str) -> Iterator[Item]:
    try:
        members = strict.check(body)
    except Unsound as unsound:
        yield Problem(at, unsound.fault)
        return
    if own_text(members, "resourceType") == "Bundle":
        yield from BundleWalk(Tape.of(body.decode("latin-1"), 0), within=f"{at}, ").items()
    else:
        yield fhir_record(body, members, at)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines of bounded length; None for one that is longer."""
    most = limits.RESOURCE_BYTES + 2
    while line := file.readline(most):
        if len(line) < most or line.endswith(b"\n"):
            yield line
            continue
        while len(line) == most and not line.endswith(b"\n"):
            line = file.readline(most)
        yield None


def _first_lines(file: BinaryIO) -> tuple[bytes, bytes]:
    """The last character of the first line that says something, and the first character of the next."""
    end = b""
    ended = False
    for _ in range(_MOST_PIECES):
        if not (piece := file.readline(limits.MIB)):
            break
        text = piece.removeprefix(_BOM).strip(_SPACE)
        if text and ended:
            return end, text[:1]
        end = text[-1:] or end
        ended = bool(end) and piece.endswith(b"\n")
    return end, b""
