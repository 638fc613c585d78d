"""One page of a search: its head, read at once so that the next page can be on its way, and its entries.

Source: FHIR R4, 2.36 Bundle and 3.1.1 Search (self and next links, total, search.mode, outcome entries).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from connectors.files.bundle import NO_RESOURCE
from connectors.files.strict import Fault, Strict, own_text
from connectors.model import Problem, SourceRecord
from connectors.net_errors import BadReply
from connectors.reply import Reply, expect_json
from connectors.smart.entries import record_of, salvaged
from connectors.smart.fetching import Failed
from connectors.smart.searches import UNFILTERED

WARNED = "The provider's server added a warning here: something may be missing or left out."
PARTLY = "The provider's server gave only a part of this."
_BOM = b"\xef\xbb\xbf"
_NULL = b"null"
_HARMLESS = frozenset(("information", "success"))
_PATIENT_NAMES = frozenset(("patient", "subject", "beneficiary"))


class _Bundle(msgspec.Struct):
    resourceType: msgspec.Raw = msgspec.Raw(b"")  # noqa: N815 - FHIR's own name
    link: msgspec.Raw = msgspec.Raw(b"")
    total: msgspec.Raw = msgspec.Raw(b"")
    entry: msgspec.Raw = msgspec.Raw(b"")


class _Search(msgspec.Struct):
    mode: str | None = None


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"")
    fullUrl: str | None = None  # noqa: N815 - FHIR's own name
    search: _Search | None = None


class _OddEntry(msgspec.Struct):
    """An entry in which what stands around the resource is not what it should be."""

    resource: msgspec.Raw = msgspec.Raw(b"")


class Head(msgspec.Struct, frozen=True):
    """What a page says about itself."""

    body: bytes
    entries: tuple[_Entry, ...]
    next: str | None = None
    itself: str | None = None
    """The question as the server understood it (the `self` link)."""
    total: int | None = None
    cut: bool = False
    """Whether it is damaged: the entries have to be looked for."""
    partial: bool = False


class Entries(msgspec.Struct, frozen=True):
    """What a page holds."""

    records: tuple[SourceRecord, ...]
    problems: tuple[Problem, ...]
    matches: frozenset[bytes]
    """Digests of the records that answer the search itself; the others were added to them."""


def head(reply: Reply, host: str) -> Head | Failed:
    """Read a page's head; a damaged page has one too, with nothing in it."""
    try:
        body = expect_json(reply, host).removeprefix(_BOM)
    except BadReply as error:
        return Failed(error.text, reply.status)
    if not body.strip():
        return Failed("The provider answered with nothing at all.", reply.status)
    try:
        bundle = msgspec.json.decode(body, type=_Bundle)
        kind = _value(bundle.resourceType)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not body.lstrip().startswith(b"{"):
            return Failed("The provider answered with something else than records.", reply.status)
        return Head(body, (), cut=True)
    if kind == "OperationOutcome":
        return Failed("The provider's server answered with an error instead of records.", reply.status)
    if kind != "Bundle":
        return Failed("The provider answered with something else than was asked for.", reply.status)
    links = _links(bundle.link)
    total = _value(bundle.total)
    return Head(
        body,
        _elements(bundle.entry),
        links.get("next"),
        links.get("self"),
        total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None,
        partial=reply.status == 206,
    )


def entries(page: Head, number: int) -> Entries:
    """Read a page's entries. `number` is the page's, from 1; it stands in every position."""
    if page.cut:
        saved, problem = salvaged(page.body, number)
        return Entries(tuple(saved), (problem,), frozenset(one.digest for one in saved))
    strict = Strict()
    records: list[SourceRecord] = []
    problems = [Problem(f"page {number}", PARTLY)] if page.partial else []
    matches: set[bytes] = set()
    for place, entry in enumerate(page.entries, start=1):
        at = f"page {number}, entry {place}"
        item, mode = _item(strict, entry, at), entry.search.mode if entry.search else None
        if isinstance(item, Problem):
            problems.append(item)
        elif item.type == "OperationOutcome":
            problems += [Problem(at, WARNED)] if _warns(item.body) else []
        else:
            records.append(item)
            if mode != "include":
                matches.add(item.digest)
    return Entries(tuple(records), tuple(problems), frozenset(matches))


def single(reply: Reply, type_: str, host: str) -> SourceRecord | Failed:
    """The one resource in a reply to a read."""
    try:
        body = expect_json(reply, host).removeprefix(_BOM).strip()
    except BadReply as error:
        return Failed(error.text, reply.status)
    item = record_of(Strict(), body, "")
    if isinstance(item, Problem):
        return Failed(item.text, reply.status)
    if item.type != type_:
        return Failed("The provider answered with something else than was asked for.", reply.status)
    return item


def left_out(asked: str, itself: str | None) -> tuple[str, ...]:
    """Names of the search parameters that the server says it did not heed; empty where it says nothing that
    can be compared."""
    if itself is None:
        return ()
    said: dict[str, set[str]] = {}
    for name, value in parse_qsl(_query(itself), keep_blank_values=True):
        said.setdefault(_plain(name), set()).update(_values(value))
    wanted = {
        _plain(name): _values(value) for name, value in parse_qsl(_query(asked)) if name not in UNFILTERED
    }
    if said and not (said.keys() & wanted.keys()):
        # A question kept under a number of the server's own: what it heeded can't be told.
        return ()
    return tuple(name for name, values in wanted.items() if not values <= said.get(name, set()))


def heeded(name: str, itself: str | None) -> bool:
    """Whether the server says that it heeded this parameter."""
    return itself is not None and any(_plain(one) == name for one, _ in parse_qsl(_query(itself)))


def _query(address: str) -> str:
    try:
        return urlsplit(address).query
    except ValueError:
        return ""


def _plain(name: str) -> str:
    bare = name.partition(":")[0]
    return "patient" if bare in _PATIENT_NAMES else bare


def _values(value: str) -> set[str]:
    """The alternatives of a value, without system or type, which servers add and take away."""
    return {one.rpartition("|")[2].rpartition("/")[2] for one in value.split(",")}


def _item(strict: Strict, entry: _Entry, at: str) -> SourceRecord | Problem:
    body = bytes(entry.resource)
    if not body or body == _NULL:
        return Problem(at, NO_RESOURCE)
    if not body.startswith(b"{"):
        return Problem(at, Fault.NOT_AN_OBJECT)
    return record_of(strict, body, at, entry.fullUrl or None)


def _elements(raw: msgspec.Raw) -> tuple[_Entry, ...]:
    if not bytes(raw) or bytes(raw) == _NULL:
        return ()
    try:
        return msgspec.json.decode(raw, type=tuple[_Entry, ...])
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        return tuple(map(_odd, msgspec.json.decode(raw, type=tuple[msgspec.Raw, ...])))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return (_Entry(),)


def _odd(raw: msgspec.Raw) -> _Entry:
    try:
        return msgspec.json.decode(raw, type=_Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        return _Entry(msgspec.json.decode(raw, type=_OddEntry).resource)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Entry()


def _links(raw: msgspec.Raw) -> dict[str, str]:
    value = _value(raw)
    found: dict[str, str] = {}
    for link in value if isinstance(value, list) else []:
        if isinstance(link, Mapping) and isinstance(url := link.get("url"), str):
            found.setdefault(str(link.get("relation")), url)
    return found


def _value(raw: msgspec.Raw) -> Any:
    return msgspec.json.decode(raw) if bytes(raw) else None


def _warns(body: bytes) -> bool:
    value = msgspec.json.decode(body)
    issues = value.get("issue") if isinstance(value, Mapping) else None
    if not isinstance(issues, list) or not issues:
        return True
    return any(not isinstance(one, Mapping) or own_text(one, "severity") not in _HARMLESS for one in issues)
