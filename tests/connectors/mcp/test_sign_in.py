"""Signing in to a server of tools: from its refusal to tokens for it alone, and staying signed in."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from connectors.errors import SourceError
from connectors.mcp.discovery import Found, find
from connectors.mcp.reach import Reach
from connectors.mcp.sign_in import begin
from connectors.smart.errors import Denied, NotSupported, NotWhoItSays, SignInFailed, SignInNeeded, WrongState
from connectors.smart.tokens import Tokens, revoke
from tests.connectors.mcp.flows import REDIRECT, Kept, Reading, lands_on, network, signed_in, started
from tests.connectors.smart_fetch.server import Answer, http
from tests.fakes.healthex.front import Asked
from tests.fakes.healthex.server import SCOPE, HealthExServer
from tests.fakes.smart_server.person import Person

ABOUT = "/.well-known/oauth-protected-resource/mcp"
ISSUER = "/.well-known/oauth-authorization-server"


async def discovered(server: HealthExServer) -> Found:
    found = await find(network(), server.address, typed=True)
    assert found is not None
    return found


async def test_the_request_holds_all_that_protects_it() -> None:
    async with HealthExServer({}) as server:
        attempt = await started(server)
        said = parse_qs(urlsplit(attempt.address).query)
        registered = next(iter(server.accounts.clients.values()))
    assert said["resource"] == [server.address]
    assert said["code_challenge_method"] == ["S256"]
    assert len(said["state"][0]) * 6 >= 128
    assert said["scope"] == [SCOPE]
    assert said["client_id"] == [registered.client_id]
    assert registered.token_endpoint_auth_method == "none"
    assert [str(uri) for uri in registered.redirect_uris or []] == [REDIRECT]


async def test_every_token_is_asked_for_this_server_alone() -> None:
    async with HealthExServer({}) as server, signed_in(server) as (reach, kept):
        server.accounts.end_access()
        assert await Reading().go_on(reach)
        forms = [one.form for one in server.front.asked if one.path == "/token"]
        assert [form["grant_type"] for form in forms] == ["authorization_code", "refresh_token"]
        assert {form["resource"] for form in forms} == {server.address}
        assert kept.granted is not None
        assert kept.granted.patient is None


async def test_the_answer_of_another_attempt_is_not_taken() -> None:
    async with HealthExServer({}) as server:
        first, second = await started(server), await started(server)
        landed = await lands_on(first.address)
        assert first.belongs(landed)
        assert not second.belongs(landed)
        with pytest.raises(WrongState):
            await second.finish(landed)
        await first.finish(landed)
        with pytest.raises(SignInFailed):
            await first.finish(landed)


async def test_a_refusal_is_told() -> None:
    async with HealthExServer({}) as server:
        attempt = await started(server)
        with pytest.raises(Denied):
            await attempt.finish(await lands_on(attempt.address, Person(password="wrong")))


async def test_an_app_that_is_known_is_not_registered_again() -> None:
    async with HealthExServer({}) as server:
        found = await discovered(server)
        first = await begin(network(), found, redirect_uri=REDIRECT)
        again = await begin(network(), found, redirect_uri=REDIRECT, client=first.client)
        other = await begin(network(), found, redirect_uri=f"{REDIRECT}/x", client=first.client)
    assert again.client == first.client
    assert other.client.client_id != first.client.client_id
    assert len(server.accounts.clients) == 2


async def test_a_client_of_another_issuer_is_not_used() -> None:
    async with HealthExServer({}) as server:
        found = await discovered(server)
        first = await begin(network(), found, redirect_uri=REDIRECT)
        stray = msgspec.structs.replace(first.client, issuer="https://elsewhere.example")
        again = await begin(network(), found, redirect_uri=REDIRECT, client=stray)
    assert again.client.issuer == found.server.issuer
    assert again.client.client_id != stray.client_id


async def test_a_document_about_the_app_takes_the_place_of_registering() -> None:
    document = "https://app.example/client.json"
    async with HealthExServer({}) as server:
        found = await discovered(server)
        plain = await begin(network(), found, redirect_uri=REDIRECT, document=document)
        knows = msgspec.structs.replace(found, takes_documents=True)
        attempt = await begin(network(), knows, redirect_uri=REDIRECT, document=document)
    assert plain.client.client_id != document
    assert attempt.client.client_id == document
    assert len(server.accounts.clients) == 1


async def test_a_renewed_token_is_saved_before_it_is_used_and_asked_for_once() -> None:
    async with HealthExServer({}) as server, signed_in(server) as (reach, kept):
        assert reach.bearer is not None
        server.accounts.end_access()
        old = kept.granted
        assert old is not None
        given = await asyncio.gather(*(reach.bearer(old.access.value) for _ in range(5)))
        assert server.accounts.renewed == 1
        assert server.accounts.spent == []
        assert {kept.saved[-1].access.value} == set(given)
        assert kept.saved[-1].refresh != old.refresh


async def test_a_sign_in_that_was_taken_back_is_told_and_deletes_nothing() -> None:
    async with HealthExServer({}) as server, signed_in(server) as (reach, kept):
        server.accounts.revoke_all()
        reading = Reading()
        assert not await reading.go_on(reach)
        assert isinstance(reading.stopped, SignInNeeded)
        assert kept.granted is not None


async def test_access_is_taken_back_at_the_server() -> None:
    async with HealthExServer({}) as server:
        over = network()
        attempt = await started(server, over)
        granted = await attempt.finish(await lands_on(attempt.address))
        assert (await revoke(over, attempt.flow.server, attempt.client, granted)).done
        tokens = Tokens(over, attempt.flow.server, attempt.client, Kept(granted))
        reading = Reading()
        assert not await reading.go_on(Reach(over, server.address, typed=True, bearer=tokens))
        assert isinstance(reading.stopped, SignInNeeded)


async def test_a_token_for_another_server_opens_nothing() -> None:
    async with HealthExServer({}) as server:
        over = network()
        found = msgspec.structs.replace(await discovered(server), resource=f"{server.origin}/other")
        attempt = await begin(over, found, redirect_uri=REDIRECT)
        granted = await attempt.finish(await lands_on(attempt.address))
        tokens = Tokens(over, attempt.flow.server, attempt.client, Kept(granted))
        reading = Reading()
        assert not await reading.go_on(Reach(over, server.address, typed=True, bearer=tokens))


def bent(path: str, change: Callable[[dict[str, Any]], object]) -> Callable[[Asked, bytes], bytes | None]:
    """The server's document at a path, changed."""

    def alter(asked: Asked, whole: bytes) -> bytes | None:
        if asked.path != path:
            return None
        said = msgspec.json.decode(whole.partition(b"\r\n\r\n")[2])
        change(said)
        return http(msgspec.json.encode(said), 200, "application/json").pieces[0]

    return alter


@pytest.mark.parametrize(
    ("path", "change", "error"),
    [
        (ABOUT, lambda said: said.update(resource="https://other.example/mcp"), NotWhoItSays),
        (ABOUT, lambda said: said.update(resource=7), NotWhoItSays),
        (ABOUT, lambda said: said.update(authorization_servers=[]), NotSupported),
        (ABOUT, lambda said: said.update(authorization_servers=["http://10.0.0.1"]), NotSupported),
        (ABOUT, lambda said: said.update(authorization_servers=["file:///etc"]), NotSupported),
        (ISSUER, lambda said: said.update(issuer="https://evil.example"), NotWhoItSays),
        (ISSUER, lambda said: said.pop("code_challenge_methods_supported"), NotSupported),
        (ISSUER, lambda said: said.update(code_challenge_methods_supported=["plain"]), NotSupported),
        (ISSUER, lambda said: said.update(token_endpoint="http://evil.example/token"), NotSupported),
        (ISSUER, lambda said: said.update(authorization_endpoint="javascript:alert(1)"), NotSupported),
        (ISSUER, lambda said: said.pop("token_endpoint"), NotSupported),
    ],
)
async def test_documents_that_lie_end_the_sign_in(
    path: str, change: Callable[[dict[str, Any]], object], error: type[SourceError]
) -> None:
    async with HealthExServer({}) as server:
        server.front.changes.append(bent(path, change))
        with pytest.raises(error):
            await find(network(), server.address, typed=True)


async def test_a_document_on_another_host_is_not_asked_for() -> None:
    """The refusal points elsewhere: the place on the server's own host counts."""
    async with HealthExServer({}) as server:

        def elsewhere(asked: Asked) -> Answer | None:
            if asked.path != "/mcp":
                return None
            points = 'Bearer resource_metadata="https://evil.example/about"'
            return http(b"{}", 401, "application/json", www_authenticate=points)

        server.front.faults.append(elsewhere)
        found = await discovered(server)
    assert found.server.issuer == server.origin or found.server.issuer == f"{server.origin}/"


async def test_a_server_that_looks_at_the_media_first_still_says_where_to_sign_in() -> None:
    async with HealthExServer({}) as server:

        def picky(asked: Asked) -> Answer | None:
            fine = "text/event-stream" in asked.headers["accept"] or asked.path != "/mcp"
            return None if fine else http(b"{}", 406, "application/json")

        server.front.faults.append(picky)
        assert (await discovered(server)).address == server.address


async def test_a_server_that_wants_no_sign_in_is_told_apart() -> None:
    async with HealthExServer({}) as server:
        server.front.faults.append(lambda asked: http(b"{}", 200, "application/json"))
        assert await find(network(), server.address, typed=True) is None


async def test_a_server_that_takes_no_registrations_is_told() -> None:
    async with HealthExServer({}) as server:
        found = await discovered(server)
        closed = msgspec.structs.replace(found, server=msgspec.structs.replace(found.server, register=None))
        with pytest.raises(NotSupported):
            await begin(network(), closed, redirect_uri=REDIRECT)
