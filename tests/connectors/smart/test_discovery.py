"""Finding out where to sign in, and refusing what isn't safe."""

from typing import Any

import pytest

from connectors.errors import SourceError
from connectors.net_errors import BadAddress, BadReply, BlockedAddress
from connectors.smart.discovery import confirm_issuer, discover
from connectors.smart.errors import NotSupported, NotWhoItSays
from tests.connectors.smart.flows import clinic, found, network
from tests.fakes.smart_server import SmartServer


async def test_the_well_known_document_says_where_to_sign_in() -> None:
    async with clinic() as server:
        known = await found(server)
    (asked,) = server.received
    assert asked.path == "/fhir/.well-known/smart-configuration"
    assert asked.headers["accept"] == "application/json"
    assert (known.base, known.issuer) == (server.base, server.issuer)
    assert known.authorize == f"{server.issuer}/authorize"
    assert known.token == f"{server.issuer}/token"
    assert known.revoke == f"{server.issuer}/revoke"
    assert known.takes_v2
    assert not known.legacy


@pytest.mark.parametrize("lie", ["no-well-known", "html-well-known"])
async def test_an_old_server_is_known_by_its_capability_statement(lie: str) -> None:
    async with clinic() as server:
        server.faults.lies.add(lie)
        known = await found(server)
    assert known.legacy
    assert known.token == f"{server.issuer}/token"
    assert known.revoke == f"{server.issuer}/revoke"


@pytest.mark.parametrize("lie", ["no-s256", "plain-only", "no-pkce-key"])
async def test_a_server_without_s256_is_refused(lie: str) -> None:
    async with clinic() as server:
        server.faults.lies.add(lie)
        with pytest.raises(NotSupported) as caught:
            await found(server)
    assert "PKCE" in caught.value.text


@pytest.mark.parametrize("key", ["authorization_endpoint", "token_endpoint"])
@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        7,
        [],
        "http://clinic.example/x",
        "javascript:alert(1)",
        "//clinic.example/x",
        "https:x",
        "https://a@b/",
    ],
)
async def test_a_missing_or_unprotected_address_is_refused(key: str, value: Any) -> None:
    async with clinic() as server:
        server.config[key] = value
        with pytest.raises(NotSupported):
            await found(server)


async def test_relative_addresses_count_from_the_base() -> None:
    async with clinic() as server:
        server.config |= {"authorization_endpoint": "../auth/authorize", "token_endpoint": "/auth/token"}
        known = await found(server)
    assert known.authorize == f"{server.issuer}/authorize"
    assert known.token == f"{server.issuer}/token"


@pytest.mark.parametrize("key", ["revocation_endpoint", "registration_endpoint", "user_access_brand_bundle"])
@pytest.mark.parametrize("value", ["http://clinic.example/x", 7, "https:x"])
async def test_an_optional_address_that_is_unsafe_is_left_out(key: str, value: Any) -> None:
    async with clinic() as server:
        server.config[key] = value
        known = await found(server)
    assert None in (known.revoke, known.register, known.brands)


async def test_plain_http_is_taken_only_where_the_patient_typed_it() -> None:
    async with clinic() as server:
        with pytest.raises(BadAddress):
            await discover(network(), server.base)
        assert server.received == []


async def test_a_private_address_that_a_server_names_is_not_contacted() -> None:
    """The patient typed 127.0.0.1; the server answers with another private host."""
    async with clinic() as server, clinic() as inner:
        server.config["issuer"] = inner.issuer.replace("127.0.0.1", "localhost")
        known = await found(server)
        with pytest.raises(BlockedAddress):
            await confirm_issuer(network(), known)
        assert inner.received == []


@pytest.mark.parametrize("fault", ["500", "not-json", "bomb", "bad-gzip", "foreign-redirect", "400"])
async def test_a_broken_answer_is_said_so(fault: str) -> None:
    async with clinic() as server:
        server.faults.next("/fhir/.well-known/smart-configuration", fault)
        with pytest.raises(SourceError):
            await discover(network(None, body=1_000_000), server.base, typed=True)


async def test_a_server_that_says_nothing_can_not_be_linked() -> None:
    async with clinic() as server:
        server.faults.lies.add("no-well-known")
        server.faults.next("/fhir/metadata", "404")
        with pytest.raises(NotSupported):
            await found(server)


async def test_the_issuer_is_confirmed_by_its_own_document() -> None:
    async with clinic() as server:
        issuer = await confirm_issuer(network(), await found(server))
    assert issuer is not None
    assert issuer.issuer == server.issuer
    assert issuer.jwks == f"{server.issuer}/jwks"


@pytest.mark.parametrize(
    "published", ["https://other.example", "", None, "{issuer}/", "HTTP://{rest}"], ids=ascii
)
async def test_an_issuer_that_says_it_is_another_is_refused(published: str | None) -> None:
    async with clinic() as server:
        rest = server.issuer.removeprefix("http://")
        server.published["issuer"] = published and published.format(issuer=server.issuer, rest=rest)
        with pytest.raises(NotWhoItSays):
            await confirm_issuer(network(), await found(server))


async def test_without_an_issuer_codes_stay_with_the_sign_in_page() -> None:
    async with clinic() as server:
        server.faults.lies.add("no-issuer")
        assert await confirm_issuer(network(), await found(server)) is None
        server.config["token_endpoint"] = "https://collector.example/token"
        with pytest.raises(NotWhoItSays):
            await confirm_issuer(network(), await found(server))


async def test_an_issuer_without_a_document_vouches_for_nothing() -> None:
    async with clinic() as server:
        server.faults.next("/auth/.well-known/openid-configuration", "404")
        assert await confirm_issuer(network(), await found(server)) is None
        server.faults.next("/auth/.well-known/openid-configuration", "500")
        with pytest.raises(BadReply):
            await confirm_issuer(network(), await found(server))


async def test_the_servers_own_brand_bundle_is_kept() -> None:
    async with SmartServer() as server:
        server.config |= {
            "user_access_brand_bundle": "https://clinic.example/brands",
            "user_access_brand_identifier": "https://clinic.example",
        }
        known = await found(server)
    assert (known.brands, known.brand) == ("https://clinic.example/brands", "https://clinic.example")
