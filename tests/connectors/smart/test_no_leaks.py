"""No token, code, key or state stands in an error, a log, or the program's output."""

import logging
import traceback
from collections.abc import Awaitable, Callable

import pytest

from connectors.errors import SourceError
from connectors.origin import Origin
from connectors.smart.client import KeyClient, new_key, public_jwks, register_dynamic
from connectors.smart.tokens import Tokens, revoke
from tests.connectors.smart.flows import CLIENT, REDIRECT, Kept, clinic, found, network, signed_in, started
from tests.fakes.smart_server import Person, Registered, SmartServer

FAULTS = [
    *("invalid_grant", "invalid_client", "invalid_request", "500", "503", "429", "html", "not-json", "text"),
    *("drop", "lost", "redirect", "foreign-redirect", "bomb", "bad-gzip", "brotli", "401", "403", "404"),
]
LIES = [
    *("wrong-state", "two-states", "wrong-iss", "no-iss", "wrong-nonce", "wrong-audience", "bad-signature"),
    *("unsigned", "expired-identity", "mac-token", "strange-token", "other-patient", "code-swap"),
]
Step = Callable[[SmartServer, set[str]], Awaitable[None]]


async def _sign_in(server: SmartServer, secrets: set[str]) -> None:
    attempt = await started(server)
    secrets |= {attempt.flow.state.value, attempt.flow.verifier.value, attempt.flow.nonce.value}
    await attempt.finish(await Person().lands_on(attempt.flow.address))


async def _sign_in_with_key(server: SmartServer, secrets: set[str]) -> None:
    key = new_key("ES384")
    secrets.add(key.value)
    server.clients.add(
        Registered(
            "key", redirect_uris=(REDIRECT,), method="client_assertion_jwt", jwks=dict(public_jwks(key))
        )
    )
    await signed_in(server, client=KeyClient("key", key))


async def _renew(server: SmartServer, secrets: set[str]) -> None:
    lies, server.faults.lies = server.faults.lies, set()
    faults = server.faults.take("/auth/token")
    kept = Kept(await signed_in(server))
    server.faults.lies = lies
    server.faults.next("/auth/token", *([faults] if faults else []))
    tokens = Tokens(network(), await found(server), CLIENT, kept)
    async with network().pinned(Origin.of(server.base, typed=True), bearer=tokens, typed=True) as client:
        server.issued.expire_access()
        await client.get("Patient/nadia")


async def _register_and_revoke(server: SmartServer, secrets: set[str]) -> None:
    fault = server.faults.take("/auth/token")
    granted, known, key = await signed_in(server), await found(server), new_key("ES384")
    secrets.add(key.value)
    server.faults.next("/auth/register", *([fault] if fault else []))
    server.faults.next("/auth/revoke", *([fault] if fault else []))
    done = await revoke(network(), known, CLIENT, granted)
    assert not {one for one in server.issued.secrets() if one in str(done)}
    await register_dynamic(network(), known, granted.access, "chartside", key)


@pytest.mark.parametrize("step", [_sign_in, _sign_in_with_key, _renew, _register_and_revoke])
@pytest.mark.parametrize("wrong", [None, *FAULTS, *LIES])
async def test_nothing_secret_is_said(
    step: Step, wrong: str | None, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets: set[str] = set()
    said = ""
    async with clinic() as server:
        if wrong in LIES:
            server.faults.lies.add(wrong)
        elif wrong is not None:
            server.faults.next("/auth/token", wrong)
        try:
            await step(server, secrets)
        except SourceError as error:
            said = "\n".join(traceback.format_exception(error))
            said += f"{error!r}{error.args}{error.title}{error.text}{error.next_step}{vars(error)}"
        secrets |= server.issued.secrets()
    said += "".join(capfd.readouterr())
    # The server's own library notes the tokens that it gives out; it is not part of the program.
    said += "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("authlib"))
    assert len(secrets) >= 1
    assert {secret for secret in secrets if secret in said} == set()


async def test_no_address_that_is_fetched_holds_a_secret() -> None:
    async with clinic() as server:
        kept = Kept(await signed_in(server))
        tokens = Tokens(network(), await found(server), CLIENT, kept)
        await tokens(await tokens())
        assert kept.granted is not None
        await revoke(network(), await found(server), CLIENT, kept.granted)
        addresses = [
            f"{one.path}?{one.query_text}" for one in server.received if one.path != "/auth/authorize"
        ]
        assert len(addresses) > 5
        assert not [one for one in addresses for secret in server.issued.secrets() if secret in one]
