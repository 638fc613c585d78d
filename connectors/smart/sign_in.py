"""One sign-in, from the address to open to the access it gives (SMART App Launch 2.2, standalone launch)."""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from connectors.errors import SourceError
from connectors.http import Network
from connectors.net_errors import BadAddress, BadReply
from connectors.origin import parse
from connectors.smart.client import Client
from connectors.smart.discovery import Issuer, Server
from connectors.smart.errors import ClientRefused, Denied, NotWhoItSays, SignInFailed, WrongState
from connectors.smart.identity import checked_identity, patient_of
from connectors.smart.secret import Secret
from connectors.smart.token_reply import Granted, read_grant, refusal

_DENIALS: Mapping[str, tuple[str, str]] = {
    "access_denied": (
        "Access was refused on the provider's page.",
        "Start again and agree to share your records there, if you want to link this provider.",
    ),
    "invalid_scope": (
        "The provider does not give the kinds of access that were asked for.",
        "Start again with fewer kinds of records.",
    ),
    "unauthorized_client": ("The provider does not let this app sign in.", "Check the client id."),
    "invalid_request": (
        "The provider did not accept the way this app asked.",
        "Check the client id and the address to come back to.",
    ),
    "unsupported_response_type": (
        "The provider does not offer this kind of sign-in.",
        "Open a file instead.",
    ),
    "server_error": ("The provider's sign-in page had a failure.", "Try again later."),
    "temporarily_unavailable": ("The provider's sign-in page is not available now.", "Try again later."),
    "login_required": ("You were not signed in on the provider's page.", "Start again and sign in there."),
    "consent_required": ("You did not agree on the provider's page.", "Start again and agree there."),
}


class Flow(msgspec.Struct, frozen=True):
    """One attempt: what was sent, and what its answer has to fit."""

    server: Server
    client_id: str
    redirect_uri: str
    scope: str
    state: Secret
    verifier: Secret
    nonce: Secret
    issuer: Issuer | None
    address: str
    """The address to open in a browser. It holds the state: for screen and browser, never for a log."""


def begin(
    server: Server,
    client: Client,
    *,
    redirect_uri: str,
    scope: str,
    issuer: Issuer | None,
    extra: Mapping[str, str] | None = None,
) -> Flow:
    """Make the authorization request. `issuer` as `confirm_issuer` found it: it is fixed before anyone leaves
    for the sign-in page. `extra` is for a vendor's own parameters.
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    state, nonce, verifier = (Secret(secrets.token_urlsafe(size)) for size in (32, 32, 64))
    parameters = dict(extra or {})
    if "openid" in scope.split():
        parameters["nonce"] = nonce.value
    address = prepare_grant_uri(
        server.authorize,
        client.client_id,
        "code",
        redirect_uri,
        scope,
        state.value,
        aud=server.base,
        code_challenge=create_s256_code_challenge(verifier.value),
        code_challenge_method="S256",
        **parameters,
    )
    return Flow(server, client.client_id, redirect_uri, scope, state, verifier, nonce, issuer, str(address))


class SignIn:
    """Finishes one flow, once."""

    def __init__(self, network: Network, client: Client, flow: Flow) -> None:
        self.flow = flow
        self._network = network
        self._client = client
        self._used = False

    def belongs(self, landed: str) -> bool:
        """Whether an address that someone landed on is the answer to this flow, whatever it says."""
        try:
            self._parameters(landed)
        except SignInFailed:
            return False
        return not self._used

    async def finish(self, landed: str) -> Granted:
        """Trade the answer for access. Once an answer fits, the flow is spent, whatever comes of it.

        Raises:
            WrongState: it is the answer to another attempt; this one may still be finished.
            Denied: it says no.
            NotWhoItSays: it comes from elsewhere, or is about someone else.
            ClientRefused: the registration isn't known.
            SourceError: the server can't be asked.
        """
        if self._used:
            raise SignInFailed("This sign-in was already finished.")
        said = self._parameters(landed)
        self._used = True
        self._check_issuer(said.get("iss"))
        if "error" in said:
            raise _denied(said["error"])
        code = said.get("code")
        if not code:
            raise SignInFailed("The page you landed on holds no answer from the provider.")
        granted = await self._exchange(Secret(code))
        return await self.with_person(granted)

    def _parameters(self, landed: str) -> dict[str, str]:
        """What the answer says; its state is compared in constant time.

        Raises:
            SignInFailed: it isn't one answer at the address that was asked for.
            WrongState: it is the answer to another attempt.
        """
        try:
            address, expected = parse(landed.strip()), parse(self.flow.redirect_uri)
        except BadAddress:
            raise SignInFailed(
                "That is not the address of a page you landed on.", "Copy the whole address, from http on."
            ) from None
        if msgspec.structs.replace(address, query=None) != msgspec.structs.replace(expected, query=None):
            raise SignInFailed(
                "That is not the page where this sign-in ends.", "Copy the last page's address."
            )
        pairs = parse_qsl(address.query or "", keep_blank_values=True, max_num_fields=50)
        said = dict(pairs)
        if any(sum(name == key for key, _ in pairs) > 1 for name in ("state", "code", "error", "iss")):
            raise WrongState
        if not hmac.compare_digest(said.get("state", "").encode(), self.flow.state.value.encode()):
            raise WrongState
        return said

    def _check_issuer(self, said: str | None) -> None:
        """RFC 9207: the answer names the very issuer that was asked."""
        server = self.flow.server
        if said is None:
            if server.says_iss:
                raise NotWhoItSays(
                    "The answer does not say which server it comes from, though that one always does."
                )
            return
        own_host = server.issuer is None and _host(said) == _host(server.authorize)
        if not own_host and said != server.issuer:
            raise NotWhoItSays("The answer comes from another server than the one you signed in to.")

    async def _exchange(self, code: Secret) -> Granted:
        server, now = self.flow.server, self._network.waits.now()
        form = {
            "grant_type": "authorization_code",
            "code": code.value,
            "redirect_uri": self.flow.redirect_uri,
            "code_verifier": self.flow.verifier.value,
            **self._client.proof(server.token, now),
        }
        async with server.pinned(self._network, server.token) as client:
            reply = await client.post_form(server.token, form, headers=self._client.headers())
        if reply.status == 200:
            granted = read_grant(reply, server.host, now)
            return msgspec.structs.replace(granted, scope=granted.scope or self.flow.scope)
        match refusal(reply):
            case "invalid_grant":
                raise SignInFailed("The provider no longer accepts this answer; it may have taken too long.")
            case "invalid_client" | "unauthorized_client":
                raise ClientRefused(server.host)
            case _:
                raise BadReply(server.host, "did not give access after the sign-in", status=reply.status)

    async def with_person(self, granted: Granted) -> Granted:
        """See who signed in, where the server was asked to say, and whose records these are."""
        claims = await self._claims(granted)
        server = self.flow.server
        patient = granted.patient or patient_of(claims, server.base, typed=server.typed)
        if patient is None:
            raise SignInFailed(
                f"{server.host} does not say whose records these are.",
                "Start again and choose a person on the provider's page.",
            )
        return msgspec.structs.replace(granted, patient=patient, identity=None)

    async def _claims(self, granted: Granted) -> dict[str, Any]:
        issuer = self.flow.issuer
        if granted.identity is None or issuer is None or "openid" not in self.flow.scope.split():
            return {}
        return await checked_identity(
            self._network,
            self.flow.server,
            issuer,
            granted.identity,
            client_id=self.flow.client_id,
            nonce=self.flow.nonce.value,
        )


def _denied(code: str) -> SourceError:
    known = _DENIALS.get(code)
    if known is None:
        return Denied("The provider ended the sign-in without saying why.", "other")
    return Denied(known[0], code, known[1])


def _host(address: str) -> str | None:
    try:
        return parse(address).host
    except BadAddress:
        return None
