"""FHIR Bundles of Organizations and Endpoints: User-access Brands, and vendors' lists of their addresses.

The Bundle is read entry by entry, so its size doesn't matter; of each organization only what is shown is kept
until the last Endpoint is known. Source: SMART App Launch 2.2, User-access Brands and Endpoints.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from connectors.directory.address import version_named
from connectors.directory.model import READ_VERSIONS, Junk, Listed, Place
from connectors.directory.sift import MOST_ALIASES, MOST_PLACES, Found
from connectors.errors import SourceUnreadable
from connectors.files.bundle import CUT_SHORT, HOPELESS, BundleWalk
from connectors.files.strict import Fault
from connectors.files.tape import Tape
from connectors.model import Problem

DEEPEST = 2
"""How many steps `partOf` may lead up to a brand (User-access Brands)."""

MOST = 500_000
"""Of organizations, and of endpoints, in one list. The largest known has 97,000."""

_PORTAL = "http://hl7.org/fhir/StructureDefinition/organization-portal"
_VERSION = "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version"
_SITE = "urn:ietf:rfc:3986"
_ENDS = frozenset((CUT_SHORT, HOPELESS, str(Fault.CUT)))
_LAST = re.compile(r"(Organization|Endpoint)/([A-Za-z0-9.-]{1,100})(?:/_history/.*)?$")


class _Reference(msgspec.Struct, frozen=True, gc=False):
    reference: str = ""


class _Extension(msgspec.Struct):
    url: str = ""
    extension: "list[_Extension]" = []
    text: str = msgspec.field(default="", name="valueString")
    code: str = msgspec.field(default="", name="valueCode")
    reference: _Reference = msgspec.field(default=_Reference(), name="valueReference")


class _Address(msgspec.Struct, gc=False):
    city: str = ""
    state: str = ""
    zip: str = msgspec.field(default="", name="postalCode")


class _Coding(msgspec.Struct, frozen=True, gc=False):
    code: str = ""
    value: str = ""
    system: str = ""


class _Organization(msgspec.Struct):
    id: str = ""
    name: str = ""
    alias: list[str | None] = []
    active: bool = True
    address: list[_Address] = []
    identifier: list[_Coding] = []
    part_of: _Reference = msgspec.field(default=_Reference(), name="partOf")
    endpoint: list[_Reference] = []
    extension: list[_Extension] = []


class _Endpoint(msgspec.Struct):
    id: str = ""
    name: str = ""
    address: str = ""
    status: str = ""
    connection: _Coding = msgspec.field(default=_Coding(), name="connectionType")
    owner: _Reference = msgspec.field(default=_Reference(), name="managingOrganization")
    extension: list[_Extension] = []
    contained: list[_Organization] = []


class _Door(msgspec.Struct, frozen=True):
    """An Endpoint; `wrong` where it is not one to sign in at."""

    address: str
    version: str
    owner: str
    owner_name: str
    wrong: Junk | None


class _Brand(msgspec.Struct, frozen=True, gc=False):
    """An Organization, as little of it as is needed."""

    name: str
    aliases: tuple[str, ...]
    places: tuple[Place, ...]
    site: str
    active: bool
    part_of: str
    doors: tuple[str, ...]
    portals: tuple[tuple[str, str], ...]
    """Pairs of an endpoint's reference and the name of the portal that it belongs to."""


def read_bundle(file: BinaryIO, list_id: str, vendor: str) -> Iterator[Found]:
    """Every Organization with each of its addresses, or with those of what it is part of.

    Raises:
        SourceUnreadable: the Bundle breaks off, or is too large.
    """
    book = _Book(list_id, vendor)
    for item in BundleWalk(Tape(file)).items():
        if isinstance(item, Problem):
            if item.text in _ENDS:
                raise SourceUnreadable(
                    "The list is not whole",
                    "It breaks off in the middle, so nothing of it was taken.",
                    "Fetch it again, or save it again and add it.",
                )
            yield Junk.UNREADABLE
        elif item.type in ("Organization", "Endpoint"):
            yield from book.take(item.type, item.body, item.full_url or "")
    yield from book.listed()


class _Book:
    """What is known of one Bundle's organizations and endpoints."""

    def __init__(self, list_id: str, vendor: str) -> None:
        self._list = list_id
        self._vendor = vendor
        self._brands: dict[str, _Brand] = {}
        self._doors: dict[str, _Door] = {}
        self._same: dict[str, str] = {}
        """An absolute address of an entry to its key here."""
        self._owned: dict[str, list[str]] = {}
        """Endpoints by the organization that they say they belong to."""
        self._used: set[str] = set()
        self._organization = msgspec.json.Decoder(_Organization, strict=True)
        self._endpoint = msgspec.json.Decoder(_Endpoint, strict=True)

    def take(self, kind: str, body: bytes, full_url: str) -> Iterator[Junk]:
        """Keep an entry; the reason where it can't be read.

        Raises:
            SourceUnreadable: there are too many.
        """
        try:
            if kind == "Endpoint":
                endpoint = self._endpoint.decode(body)
                self._doors[self._key(kind, endpoint.id, full_url)] = _door(endpoint)
            else:
                organization = self._organization.decode(body)
                self._brands[self._key(kind, organization.id, full_url)] = _brand(organization)
        except (msgspec.DecodeError, RecursionError):
            yield Junk.UNREADABLE
        if max(len(self._brands), len(self._doors)) > MOST:
            raise SourceUnreadable(
                "The list is too long",
                f"It holds more than {MOST:,} organizations, more than there are.",
                "Check where it comes from.",
            )

    def listed(self) -> Iterator[Found]:
        """Everything found, brands with the number of what leads to them."""
        for key, door in self._doors.items():
            if door.owner:
                self._owned.setdefault(self._find(door.owner), []).append(key)
        below = Counter(self._top(key) for key in self._brands)
        for key, brand in self._brands.items():
            yield from self._of(key, brand, below[key] - 1)
        for key, door in self._doors.items():
            if key not in self._used:
                yield door.wrong or Listed(
                    name=door.owner_name,
                    url=door.address,
                    list=self._list,
                    vendor=self._vendor,
                    fhir_version=door.version,
                )

    def _of(self, key: str, brand: _Brand, below: int) -> Iterator[Found]:
        reached, doors = self._reached(key, brand)
        if not brand.active:
            yield Junk.RETIRED
            return
        good = [door for door in doors if door.wrong is None]
        current = [door for door in good if door.version in READ_VERSIONS] or good[:1]
        if not current:
            yield next((door.wrong for door in doors if door.wrong), Junk.NO_ADDRESS)
            return
        portals = {self._find(reference): name for reference, name in (*reached.portals, *brand.portals)}
        portal = {self._doors[k].address: name for k, name in portals.items() if k in self._doors}
        names = set(portals.values())
        usual = names.pop() if len(names) == 1 else ""
        top = self._top(key)
        for door in current:
            yield Listed(
                name=brand.name,
                url=door.address,
                list=self._list,
                vendor=self._vendor,
                fhir_version=door.version,
                aliases=brand.aliases,
                places=brand.places,
                portal=portal.get(door.address, usual),
                brand=self._brands[top].name if top != key else "",
                facility=top != key,
                site=brand.site,
                facilities=max(below, 0),
            )

    def _reached(self, key: str, brand: _Brand) -> tuple[_Brand, list[_Door]]:
        """The nearest organization upwards that has endpoints, and those."""
        current = brand
        for _ in range(DEEPEST + 1):
            named = [*current.doors, *(reference for reference, _ in current.portals)]
            keys = dict.fromkeys((*(self._find(one) for one in named), *self._owned.get(key, ())))
            doors = dict.fromkeys(self._doors[k] for k in keys if k in self._doors)
            if doors:
                self._used.update(keys)
                return current, list(doors)
            key = self._find(current.part_of)
            if key not in self._brands:
                break
            current = self._brands[key]
        return brand, []

    def _top(self, key: str) -> str:
        """The organization that this one stands below, at most `DEEPEST` up."""
        for _ in range(DEEPEST):
            up = self._find(self._brands[key].part_of)
            if up not in self._brands:
                break
            key = up
        return key

    def _key(self, kind: str, own_id: str, full_url: str) -> str:
        key = f"{kind}/{own_id}" if own_id else full_url
        held = self._doors if kind == "Endpoint" else self._brands
        if key in held:
            key = f"{key} {len(held)}"
        if full_url:
            self._same[full_url] = key
        return key

    def _find(self, reference: str) -> str:
        """The key of what a reference names: by the whole address, else by type and id."""
        if reference in self._same:
            return self._same[reference]
        found = _LAST.search(reference)
        return f"{found[1]}/{found[2]}" if found else reference


def _door(endpoint: _Endpoint) -> _Door:
    number = next((one.code or one.text for one in endpoint.extension if one.url == _VERSION), "")
    wrong = None
    if endpoint.status == "test":
        wrong = Junk.TEST_ADDRESS
    elif endpoint.status in ("off", "entered-in-error"):
        wrong = Junk.RETIRED
    elif endpoint.connection.code not in ("", "hl7-fhir-rest"):
        wrong = Junk.NOT_FHIR
    elif not endpoint.address:
        wrong = Junk.NO_ADDRESS
    name = next((one.name for one in endpoint.contained if one.name), endpoint.name)
    return _Door(endpoint.address, version_named(number), endpoint.owner.reference, name, wrong)


def _brand(organization: _Organization) -> _Brand:
    portals = [one for one in organization.extension if one.url == _PORTAL]
    sites = (one.value for one in organization.identifier if one.system == _SITE)
    places = (
        Place(sys.intern(one.city), sys.intern(one.state), sys.intern(one.zip))
        for one in organization.address[:MOST_PLACES]
    )
    return _Brand(
        name=organization.name,
        aliases=tuple(alias for alias in organization.alias[:MOST_ALIASES] if alias),
        places=tuple(dict.fromkeys(places)),
        site=next(sites, ""),
        active=organization.active,
        part_of=organization.part_of.reference,
        doors=tuple(one.reference for one in organization.endpoint),
        portals=tuple(pair for portal in portals for pair in _portal(portal)),
    )


def _portal(portal: _Extension) -> Iterator[tuple[str, str]]:
    name = next((one.text for one in portal.extension if one.url == "portalName"), "")
    for one in portal.extension:
        if one.url == "portalEndpoint":
            yield one.reference.reference, name
