"""Small lists of providers, written as vendors write them."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from connectors.directory.index import About, Building
from connectors.directory.model import Junk
from connectors.directory.read import reading
from connectors.directory.search import Directory
from connectors.directory.sift import Sifted, sift

PORTAL = "http://hl7.org/fhir/StructureDefinition/organization-portal"
VERSION = "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version"


def endpoint(own_id: str, address: str, *, version: str = "4.0.1", **more: Any) -> dict[str, Any]:
    """An Endpoint of User-access Brands."""
    return {
        "resourceType": "Endpoint",
        "id": own_id,
        "status": "active",
        "connectionType": {"code": "hl7-fhir-rest"},
        "extension": [{"url": VERSION, "valueCode": version}],
        "address": address,
        **more,
    }


def organization(
    own_id: str, name: str, *, doors: Sequence[str] = (), part_of: str = "", portal: str = "", **more: Any
) -> dict[str, Any]:
    """An Organization of User-access Brands; `portal` names the portal of its first endpoint."""
    made: dict[str, Any] = {"resourceType": "Organization", "id": own_id, "active": True, "name": name}
    if doors:
        made["endpoint"] = [{"reference": f"Endpoint/{door}"} for door in doors]
    if part_of:
        made["partOf"] = {"reference": f"Organization/{part_of}"}
    if portal:
        leads = {"url": "portalEndpoint", "valueReference": {"reference": f"Endpoint/{doors[0]}"}}
        named = {"url": "portalName", "valueString": portal}
        made["extension"] = [{"url": PORTAL, "extension": [named, leads]}]
    return made | more


def place(city: str, state: str, postal: str = "") -> dict[str, str]:
    """A FHIR Address."""
    return {"city": city, "state": state, "postalCode": postal}


def bundle(resources: Iterable[dict[str, Any]]) -> bytes:
    """A Bundle of these."""
    entries = [
        {"fullUrl": f"https://brands.lakeside.org/{one['resourceType']}/{one['id']}", "resource": one}
        for one in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def table(
    rows: Iterable[Sequence[str]], headings: Sequence[str] = ("name", "url", "city", "state", "zip")
) -> bytes:
    """A CSV with headings."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


def found(folder: Path, content: bytes, vendor: str = "") -> list[Sifted | Junk]:
    """What is read of a list with this content."""
    path = folder / "list"
    path.write_bytes(content)
    with reading(path, "one", vendor) as rows:
        return list(sift(rows))


def directory(folder: Path, *lists: tuple[str, bytes]) -> Directory:
    """A directory of these lists, each with its id."""
    path = folder / "directory.db"
    for list_id, content in lists:
        file = folder / list_id
        file.write_bytes(content)
        building = Building(path)
        try:
            with reading(file, list_id) as rows:
                building.add(About(list_id, list_id), sift(rows))
            building.keep({list_id})
            building.put_in_place()
        finally:
            building.discard()
    return Directory(path)


BRANDS = bundle(
    (
        endpoint("lake-r4", "https://fhir.lakeside.org/api/FHIR/R4/"),
        endpoint("lake-r2", "https://fhir.lakeside.org/api/FHIR/DSTU2/", version="1.0.2"),
        endpoint("kids", "https://fhir.lakesidekids.org/api/FHIR/R4"),
        organization(
            "lake",
            "Lakeside Health",
            doors=("lake-r2", "lake-r4"),
            portal="MyLakeside",
            alias=["Lake County General"],
            address=[place("Madison", "WI"), place("Rockford", "IL")],
            identifier=[{"system": "urn:ietf:rfc:3986", "value": "https://lakeside.org"}],
        ),
        organization(
            "hosp", "Lakeside Hospital", part_of="lake", address=[place("Madison", "WI", "53703-1234")]
        ),
        organization(
            "ward", "Lakeside Heart Center", part_of="hosp", address=[place("Rockford", "IL", "61101")]
        ),
        organization(
            "kids", "St. Mary's Children's", doors=("kids",), address=[place("Austin", "Texas", "73301")]
        ),
    )
)
"""A health system with a hospital and, below it, a center; and a children's hospital of its own."""
