"""The table of vendors: whole, safe, and found again by its servers' addresses."""

import pytest

from connectors.origin import Origin, parse
from connectors.smart.discovery import Server
from connectors.smart.landing import Landing
from connectors.smart.scopes import Scopes
from connectors.smart.vendors import REDIRECTS, Vendor, vendor_of, vendors

TABLE = vendors()
IDS = [vendor.id for vendor in TABLE]


def server(*capabilities: str, issuer: str | None = "https://ehr.example") -> Server:
    base = "https://ehr.example/fhir"
    return Server(base, False, f"{base}/a", f"{base}/t", issuer=issuer, capabilities=frozenset(capabilities))


def test_every_vendor_that_was_asked_for_is_there() -> None:
    assert {"epic", "oracle", "athena", "healow", "va", "quest", "smarthealthit", "generic"} <= set(IDS)
    assert len(set(IDS)) == len(IDS)
    assert IDS[-1] == "generic"


@pytest.mark.parametrize("vendor", TABLE, ids=IDS)
def test_each_can_be_followed_by_a_patient(vendor: Vendor) -> None:
    assert vendor.steps
    assert vendor.redirects
    assert vendor.clients
    assert all(step.endswith(".") for step in vendor.steps + vendor.notes)
    for sandbox in vendor.sandboxes:
        assert Origin.of(sandbox.base).base == sandbox.base
        assert vendor_of(sandbox.base) == vendor
    if vendor.redirects == ("paste",):
        assert "paste" in " ".join(vendor.steps + vendor.notes) or vendor.clients == ("secret",)


@pytest.mark.parametrize("vendor", TABLE, ids=IDS)
@pytest.mark.parametrize("v2", [False, True])
def test_each_asks_for_reading_only(vendor: Vendor, v2: bool) -> None:
    known = server(*(["permission-v2"] if v2 else []), "permission-offline")
    scopes = Scopes.parse(vendor.scope(("Patient", "Observation"), known))
    assert scopes.may_read("Patient")
    assert scopes.may_search("Observation")
    assert all(set(one.may) <= {"r", "s"} and one.who == "patient" for one in scopes.access)
    assert scopes.lasting is (vendor.lasting == "offline_access")


def test_access_that_lasts_is_asked_where_it_is_offered() -> None:
    generic = TABLE[-1]
    assert not Scopes.parse(generic.scope(("Patient",), server("permission-v2"))).lasting
    assert Scopes.parse(generic.scope(("Patient",), server("permission-offline"))).lasting


def test_identity_is_asked_where_it_can_be_checked() -> None:
    generic = TABLE[-1]
    assert "openid" not in generic.scope(("Patient",), server(issuer=None))
    assert "openid" in generic.scope(("Patient",), server())


@pytest.mark.parametrize(
    ("base", "vendor"),
    [
        ("https://fhir.epic.com/interconnect-fhir-oauth/api/FHIR/R4/", "epic"),
        ("https://epicproxy.hospital.example/APIProxyPRD/api/FHIR/R4", "epic"),
        ("https://fhir-myrecord.cerner.com/r4/1/", "oracle"),
        ("https://CERNER.com/", "oracle"),
        ("https://notcerner.com/r4", "generic"),
        ("https://cerner.com.evil.example/r4", "generic"),
        ("https://clinic.example/fhir", "generic"),
    ],
)
def test_a_vendor_is_known_by_its_servers(base: str, vendor: str) -> None:
    assert vendor_of(base).id == vendor


async def test_the_addresses_to_register_are_ones_that_can_be_listened_at() -> None:
    for scheme, address in REDIRECTS.items():
        assert parse(address).scheme == scheme
        assert Landing(address).redirect_uri == address
