"""Two honest servers and one that isn't: no code and no token gets to a server that did not give it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from connectors.errors import SourceError
from connectors.http import Network
from connectors.smart.client import new_key, register_dynamic
from connectors.smart.discovery import confirm_issuer, discover
from connectors.smart.errors import NotSupported, NotWhoItSays
from connectors.smart.sign_in import SignIn, begin
from connectors.smart.tokens import Tokens, revoke
from tests.connectors.smart.flows import (
    CLIENT,
    REDIRECT,
    SCOPE,
    Kept,
    clinic,
    found,
    network,
    signed_in,
    started,
)
from tests.fakes.smart_server import Person, SmartServer

Twist = Callable[[SmartServer, SmartServer], None]
"""How the evil server (first) points at an honest one (second)."""


def _authorize(evil: SmartServer, honest: SmartServer) -> None:
    evil.config["authorization_endpoint"] = f"{honest.issuer}/authorize"


def _authorize_and_issuer(evil: SmartServer, honest: SmartServer) -> None:
    evil.config |= {"authorization_endpoint": f"{honest.issuer}/authorize", "issuer": honest.issuer}


def _issuer(evil: SmartServer, honest: SmartServer) -> None:
    evil.config["issuer"] = honest.issuer


def _issuer_lies(evil: SmartServer, honest: SmartServer) -> None:
    evil.config["authorization_endpoint"] = f"{honest.issuer}/authorize"
    evil.published["authorization_endpoint"] = f"{honest.issuer}/authorize"
    evil.published["issuer"] = honest.issuer


def _no_issuer(evil: SmartServer, honest: SmartServer) -> None:
    evil.faults.lies.add("no-issuer")
    evil.config["authorization_endpoint"] = f"{honest.issuer}/authorize"


def _token_of_the_other(evil: SmartServer, honest: SmartServer) -> None:
    evil.config["token_endpoint"] = f"{honest.issuer}/token"


def _all_but_the_token(evil: SmartServer, honest: SmartServer) -> None:
    _authorize_and_issuer(evil, honest)
    evil.config["authorization_response_iss_parameter_supported"] = False


@asynccontextmanager
async def three() -> AsyncGenerator[tuple[SmartServer, SmartServer, SmartServer], None]:
    async with AsyncExitStack() as stack:
        honest, second, evil = [await stack.enter_async_context(clinic()) for _ in range(3)]
        yield honest, second, evil


def secrets_at(server: SmartServer, *owners: SmartServer) -> set[str]:
    """Codes and tokens of other servers that arrived here."""
    arrived = b"\n".join(
        one.body + one.query_text.encode() + one.headers.get("authorization", "").encode()
        for one in server.received
    ).decode()
    return {secret for owner in owners for secret in owner.issued.secrets() if secret in arrived}


@pytest.mark.parametrize(
    "twist",
    [
        _authorize,
        _authorize_and_issuer,
        _issuer,
        _issuer_lies,
        _no_issuer,
        _token_of_the_other,
        _all_but_the_token,
    ],
)
async def test_a_server_that_borrows_anothers_sign_in_page_gets_no_code(twist: Twist) -> None:
    async with three() as (honest, _, evil):
        twist(evil, honest)
        with pytest.raises(SourceError):
            await through(evil)
        assert secrets_at(evil, honest) == set()


async def through(server: SmartServer) -> None:
    """The patient links a server, and signs in wherever it leads."""
    attempt = await started(server)
    await attempt.finish(await Person().lands_on(attempt.flow.address))


async def test_the_answer_of_one_server_is_not_taken_for_anothers() -> None:
    async with three() as (honest, second, evil):
        attempts = {server.base: await started(server) for server in (honest, second, evil)}
        landed = {base: await Person().lands_on(one.flow.address) for base, one in attempts.items()}
        for base, attempt in attempts.items():
            for other, address in landed.items():
                if other != base:
                    with pytest.raises(SourceError):
                        await attempt.finish(address)
        for server in (honest, second, evil):
            assert server.requests("/auth/token") == []


async def test_a_code_planted_under_the_right_state_is_told_by_its_issuer() -> None:
    """The evil server sees the state of its own flow and answers it with a code of the honest one."""
    async with three() as (honest, _, evil):
        attempt = await started(evil)
        honest_landed = await Person().lands_on((await started(honest)).flow.address)
        code = next(iter(honest.issued.codes))
        assert code in honest_landed
        planted = f"{REDIRECT}?code={code}&state={attempt.flow.state.value}&iss="
        with pytest.raises(NotWhoItSays):
            await attempt.finish(planted + honest.issuer)
        assert secrets_at(evil, honest) == set()


async def test_documents_that_change_during_the_sign_in_change_nothing() -> None:
    async with three() as (honest, _, evil):
        attempt = await started(honest)
        honest.config |= {"token_endpoint": f"{evil.issuer}/token", "issuer": evil.issuer}
        honest.published |= {"token_endpoint": f"{evil.issuer}/token"}
        granted = await attempt.finish(await Person().lands_on(attempt.flow.address))
        assert granted.patient == "nadia"
        assert evil.received == []


async def test_a_token_is_renewed_only_where_it_was_given() -> None:
    async with three() as (honest, _, evil):
        kept = Kept(await signed_in(honest))
        known = await found(honest)
        honest.config["token_endpoint"] = f"{evil.issuer}/token"
        honest.issued.expire_access()
        await Tokens(network(), known, CLIENT, kept)("stale")
        assert evil.received == []


async def test_revoking_and_registering_stay_at_the_server_of_the_tokens() -> None:
    async with three() as (honest, _, evil):
        granted = await signed_in(honest)
        for key in ("revocation_endpoint", "registration_endpoint"):
            honest.config[key] = f"{evil.issuer}/collect".replace("127.0.0.1", "localhost")
        known = await found(honest)
        assert not (await revoke(network(), known, CLIENT, granted)).offered
        with pytest.raises(NotSupported):
            await register_dynamic(network(), known, granted.access, "chartside", new_key("ES384"))
        assert evil.received == []


async def test_the_sign_in_asks_for_the_very_server_it_was_started_with() -> None:
    """`aud` says whose records are wanted: an honest server refuses to answer for another's."""
    async with three() as (honest, _, evil):
        over: Network = network()
        evil.config |= {
            "authorization_endpoint": f"{honest.issuer}/authorize",
            "token_endpoint": f"{honest.issuer}/token",
            "issuer": honest.issuer,
        }
        known = await discover(over, evil.base, typed=True)
        issuer = await confirm_issuer(over, known)
        flow = begin(known, CLIENT, redirect_uri=REDIRECT, scope=SCOPE, issuer=issuer)
        landed = await Person().lands_on(flow.address)
        assert "error=invalid_request" in landed
        with pytest.raises(SourceError):
            await SignIn(over, CLIENT, flow).finish(landed)
        assert honest.issued.codes == {}
