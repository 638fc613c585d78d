"""Files this version doesn't read: told by content, so that the patient hears what they have in hand."""

import re
from collections.abc import Iterator

from connectors.files.opened import Opened, Reading
from connectors.files.records import Item
from connectors.model import Problem

UNKNOWN = "unknown"
"""`Batch.format` of a file whose format isn't read."""

EMPTY = "This file is empty."
UTF_16 = "This text is in UTF-16 or UTF-32. FHIR is always in UTF-8: save it as UTF-8 and try again."
UNRECOGNISED = "This is no format that this version reads. It reads FHIR in JSON or NDJSON."
_LOOKS = "This looks like {}; this version reads FHIR in JSON or NDJSON only."

_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

_MAGIC = (
    (b"PK\x03\x04", "a zip archive (unpack it and open the folder)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive (unpack it first)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (unpack it first)"),
    (b"Rar!", "a RAR archive (unpack it first)"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\x00", "a database, perhaps a Health Connect export"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"shc:/", "a SMART Health Card"),
    (b"shlink:/", "a SMART Health Link"),
    (b"eyJ", "a signed or encrypted token, perhaps a SMART Health Card"),
)

_MARKUP = (
    (re.compile(rb"<HealthData\b|<!DOCTYPE HealthData\b"), "an Apple Health export"),
    (re.compile(rb"<(?:\w+:)?ClinicalDocument\b"), "a clinical document (C-CDA)"),
    (re.compile(rb"http://hl7\.org/fhir\b"), "FHIR in XML"),
    (re.compile(rb"<gpx\b"), "a workout route (GPX)"),
    (re.compile(rb"<!doctype html|<html\b", re.IGNORECASE), "a web page"),
)

_HEALTH_CARD = re.compile(rb'\{\s*"(?:verifiableCredential|iss)"\s*:')
_BLUE_BUTTON = re.compile(rb"MYMEDICARE\.GOV|MY HEALTHEVET|BLUE BUTTON", re.IGNORECASE)
_TABLE_LINE = re.compile(rb"[^\r\n,;\t]*(?:([,;\t])[^\r\n,;\t]*){2,}[\r\n]")


def known_as(head: bytes) -> str | None:
    """What a file is that can't be FHIR in JSON, as a sentence; None where it may be."""
    if _is_utf_16(head):
        return UTF_16
    start = head.removeprefix(_BOM).lstrip(_SPACE)
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return _LOOKS.format(name)
    if start.startswith(b"<"):
        names = (name for pattern, name in _MARKUP if pattern.search(start))
        return _LOOKS.format(next(names, "an XML file"))
    if _HEALTH_CARD.match(start):
        return _LOOKS.format("a SMART Health Card")
    return None


def _is_utf_16(head: bytes) -> bool:
    """Two or four bytes a character, told by a mark or by the empty halves around the first bracket."""
    start = head[:4]
    halves = b"\0" in start and start.strip(b"\0")[:1] in (b"{", b"[", b"<")
    return halves or start.startswith(_UTF_16_MARKS)


def sniff(opened: Opened) -> Reading | None:
    """Claim what is surely something else."""
    sentence = EMPTY if opened.size == 0 else known_as(opened.head)
    return None if sentence is None else _reading(sentence)


def sniff_rest(opened: Opened) -> Reading:
    """Claim whatever no reader has claimed."""
    start = opened.head.removeprefix(_BOM).lstrip(_SPACE)
    if not start and opened.size <= len(opened.head):
        return _reading(EMPTY)
    if start.startswith(b"["):
        return _reading(_LOOKS.format("a list in JSON, not a FHIR Bundle or resource"))
    if _BLUE_BUTTON.search(start):
        return _reading(_LOOKS.format("a Blue Button text file"))
    if b"\x00" not in start and _TABLE_LINE.match(start):
        return _reading(_LOOKS.format("a table (CSV)"))
    return _reading(UNRECOGNISED)


def _reading(sentence: str) -> Reading:
    items: Iterator[Item] = iter((Problem("", sentence),))
    return Reading(format=UNKNOWN, items=items)
