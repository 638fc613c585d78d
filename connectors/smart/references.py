"""What a resource refers to: which of it is worth fetching, and what lies elsewhere.

Source: FHIR R4, 2.3 References (literal, relative, contained, versioned), Attachment, DocumentReference,
DiagnosticReport.
"""

import re
from collections.abc import Iterable

import msgspec

from connectors.model import SourceRecord
from connectors.origin import Origin

NAMED = frozenset(
    ("Medication", "Practitioner", "PractitionerRole", "Organization", "Location", "Specimen", "Observation")
)
"""Types that are fetched where something refers to them."""
READABLE = (
    *("text/html", "application/xhtml+xml", "text/plain", "text/rtf", "application/rtf"),
    "application/pdf",
)
"""Kinds of attachments that are fetched, the best to read first."""
ATTACHMENT_BYTES = 10 * 1024 * 1024

_REFERENCE = re.compile(rb'"reference"[ \t\r\n]*:[ \t\r\n]*"([^"\\\x00-\x1f]{1,4096})"')
_LITERAL = re.compile(r"([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-._]{1,128})(?:/_history/[A-Za-z0-9\-._]{1,128})?")
_REPORTS = "DiagnosticReport"
_WEB = ("http://", "https://", "//")


class Wanted(msgspec.Struct, frozen=True):
    """Something to fetch."""

    key: str
    """`Type/id`, or the path of an attachment: the same thing has the same key."""
    type: str
    """Its type; `Binary` for any attachment."""
    media: str = ""
    """The kind of attachment; empty for a resource."""


class References(msgspec.Struct, frozen=True):
    """What some resources refer to."""

    wanted: tuple[Wanted, ...]
    foreign: int
    """How much of it lies on other servers."""
    left: int
    """How many attachments are of no readable kind, or too large."""


class _Attachment(msgspec.Struct):
    contentType: str | None = None  # noqa: N815 - FHIR's own name
    url: str | None = None
    data: str | None = None
    size: int | None = None


class _Content(msgspec.Struct):
    attachment: _Attachment | None = None


class _Document(msgspec.Struct):
    content: list[_Content] | None = None
    presentedForm: list[_Attachment] | None = None  # noqa: N815 - FHIR's own name


class Referring:
    """Reads references; most of them name the same few things again and again."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._known: dict[bytes, Wanted | bool] = {}
        """What a reference means; for one that is not followed, whether it leads to another server."""

    def read(self, records: Iterable[SourceRecord]) -> References:
        """What they refer to, in their order, each once. What a record contains is in its bytes already."""
        found: dict[str, Wanted] = {}
        foreign = left = 0
        for record in records:
            one = self._read(record)
            foreign, left = foreign + one.foreign, left + one.left
            for wanted in one.wanted:
                found.setdefault(wanted.key, wanted)
        return References(tuple(found.values()), foreign, left)

    def _read(self, record: SourceRecord) -> References:
        found: dict[str, Wanted] = {}
        foreign = 0
        for raw in dict.fromkeys(_REFERENCE.findall(record.body)):
            meant = self._known.get(raw)
            if meant is None:
                meant = self._known[raw] = self._meant(raw.decode("utf-8", "replace"))
            if isinstance(meant, bool):
                foreign += meant
            elif meant.type != "Observation" or record.type == _REPORTS:
                found[meant.key] = meant
        attachments, elsewhere, left = _attachments(record, self._origin)
        found |= {one.key: one for one in attachments}
        return References(tuple(found.values()), foreign + elsewhere, left)

    def _meant(self, text: str) -> Wanted | bool:
        target = relative(text, self._origin)
        if target is None:
            return text.lower().startswith(_WEB)
        literal = _LITERAL.fullmatch(target)
        if literal is None or literal[1] not in NAMED or not literal[2].strip("."):
            return False
        return Wanted(f"{literal[1]}/{literal[2]}", literal[1])


def relative(reference: str, origin: Origin) -> str | None:
    """A reference as path (and query) below the base; None where it leads elsewhere or nowhere."""
    if reference.startswith(("#", "urn:")):
        return None
    if _LITERAL.fullmatch(reference):
        return reference
    address = origin.resolve(reference)
    if address is None:
        return None
    base = len(origin.path) + 1
    return address.path[base:] + ("" if address.query is None else f"?{address.query}")


def _attachments(record: SourceRecord, origin: Origin) -> tuple[list[Wanted], int, int]:
    """The attachment to fetch, and how many lie elsewhere or are left.

    Several attachments of one resource are the same text in other forms, so the best to read is enough.
    """
    if record.type not in ("DocumentReference", _REPORTS):
        return [], 0, 0
    try:
        document = msgspec.json.decode(record.body, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [], 0, 0
    forms = [one.attachment for one in document.content or [] if one.attachment is not None]
    forms += document.presentedForm or []
    if any(form.data for form in forms):
        return [], 0, 0
    own: list[tuple[int, Wanted]] = []
    foreign = left = 0
    for form in forms:
        media = (form.contentType or "").partition(";")[0].strip().lower()
        if not form.url:
            continue
        target = relative(form.url, origin)
        if target is None:
            foreign += 1
        elif media not in READABLE or (form.size or 0) > ATTACHMENT_BYTES:
            left += 1
        else:
            own.append((READABLE.index(media), Wanted(_history_less(target), "Binary", media)))
    if own:
        return [min(own, key=lambda one: one[0])[1]], 0, 0
    return [], foreign, left


def _history_less(target: str) -> str:
    literal = _LITERAL.fullmatch(target)
    return f"{literal[1]}/{literal[2]}" if literal else target
