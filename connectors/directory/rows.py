"""Lists with one provider a row: CSV with a line of headings, and a JSON array of objects.

Columns are told by their names, in the ways that vendors write them.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from connectors.directory.address import version_named
from connectors.directory.brands import MOST
from connectors.directory.model import Junk, Listed, Place
from connectors.directory.sift import Found
from connectors.errors import SourceUnreadable

MOST_JSON_BYTES = 32 * 1024 * 1024
"""A JSON array is held whole while it is read. The largest known has 2 MB."""

MOST_LINE = 64 * 1024
"""Characters of one line of a table."""

_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "organization",
        "organizationname",
        "practice",
        "practicename",
        "displayname",
        "facilityname",
    ),
    "url": (
        "url",
        "fhirbaseurl",
        "baseurl",
        "fhirurl",
        "endpoint",
        "serviceurl",
        "servicebaseurl",
        "resourceurl",
    ),
    "vendor": ("source", "vendor", "developer", "ehr"),
    "city": ("city",),
    "state": ("state", "stateabbreviation"),
    "zip": ("zip", "zipcode", "postalcode"),
    "version": ("fhirversion", "version"),
    "authorize": ("authorize", "authorizeurl", "authorizationendpoint"),
    "token": ("token", "tokenurl", "tokenendpoint"),
    "group": ("managingorganization", "brand", "parent"),
}
"""What is read, and the headings that it goes by, without spaces and signs and in lower case."""

_SIGNS = re.compile(r"[^a-z]")
_ID = re.compile(r"Organization/.*|O[A-Za-z0-9_-]{20,}|[0-9a-f-]{32,36}|\S*\d\S*", re.IGNORECASE)


def read_csv(file: BinaryIO, list_id: str, vendor: str) -> Iterator[Found]:
    """Every row of a table. A row that can't be read costs that row only.

    Raises:
        SourceUnreadable: its headings name no provider and no address.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield from _read_rows(csv.reader(_lines(text)), list_id, vendor)
    finally:
        text.detach()


def _read_rows(reader: Iterator[list[str]], list_id: str, vendor: str) -> Iterator[Found]:
    headings = _row(reader)
    columns = _columns(headings or [])
    count = 0
    while (row := _row(reader)) is not None:
        count += 1
        if count > MOST:
            raise _too_long()
        if row:
            named = {what: row[at] for what, at in columns.items() if at < len(row)}
            yield _listed(named, list_id, vendor) if len(row) >= 2 else Junk.UNREADABLE


def read_json(file: BinaryIO, list_id: str, vendor: str) -> Iterator[Found]:
    """Every object of an array. One that can't be read costs that one only.

    Raises:
        SourceUnreadable: it is no whole array, or larger than is held in memory.
    """
    body = file.read(MOST_JSON_BYTES + 1)
    if len(body) > MOST_JSON_BYTES:
        raise _too_long()
    try:
        rows = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        raise SourceUnreadable(
            "The list is not whole",
            "It is no complete list in JSON, so nothing of it was taken.",
            "Fetch it again, or save it again and add it.",
        ) from None
    if len(rows) > MOST:
        raise _too_long()
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for row in rows:
        try:
            members = decode(row)
        except (msgspec.DecodeError, RecursionError):
            yield Junk.UNREADABLE
            continue
        texts = {
            _SIGNS.sub("", key.lower()): value for key, value in members.items() if isinstance(value, str)
        }
        named = {
            what: next((texts[name] for name in names if name in texts), "")
            for what, names in _COLUMNS.items()
        }
        yield _listed(named, list_id, vendor)


def _columns(headings: list[str]) -> dict[str, int]:
    plain = [_SIGNS.sub("", heading.lower()) for heading in headings]
    found = {
        what: plain.index(name)
        for what, names in _COLUMNS.items()
        for name in reversed(names)
        if name in plain
    }
    if not {"name", "url"} <= found.keys():
        raise SourceUnreadable(
            "This is no list of providers",
            "Its first line names no column for the provider's name, or none for its address.",
            "Name the columns `name` and `url`; `city`, `state` and `zip` are read too.",
        )
    return found


def _listed(named: Mapping[str, str], list_id: str, vendor: str) -> Found:
    group = named.get("group", "").strip()
    place = Place(named.get("city", ""), named.get("state", ""), named.get("zip", ""))
    name = named.get("name", "")
    return Listed(
        name=name,
        url=named.get("url", ""),
        list=list_id,
        vendor=named.get("vendor", "") or vendor,
        fhir_version=_version(named.get("version", "")),
        places=(place,),
        authorize=named.get("authorize", ""),
        token=named.get("token", ""),
        brand="" if _ID.fullmatch(group) or group == name.strip() else group,
    )


def _version(text: str) -> str:
    plain = text.strip().upper().removeprefix("FHIR").strip()
    return version_named(plain) if plain[:1].isdigit() else plain[:10]


def _row(reader: Iterator[list[str]]) -> list[str] | None:
    """The next row, empty where it can't be read; None after the last."""
    try:
        return next(reader, None)
    except csv.Error:
        return ["", ""]


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise _too_long()
        yield line


def _too_long() -> SourceUnreadable:
    return SourceUnreadable(
        "The list is too long",
        "It, or one of its lines, is longer than any list of providers.",
        "Check where it comes from.",
    )
