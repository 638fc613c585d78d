"""Access that lasts: kept, renewed, taken back.

A renewed refresh token is saved before the access token that came with it is used: many servers take the old
one for stolen once it was exchanged.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import msgspec

from connectors.errors import SourceError
from connectors.http import Network
from connectors.net_errors import BadReply, Unreachable
from connectors.origin import parse
from connectors.reply import Reply
from connectors.smart.client import Client, KeyClient, jwt_bearer_form
from connectors.smart.discovery import Server
from connectors.smart.errors import ClientRefused, NotWhoItSays, SignInNeeded
from connectors.smart.scopes import Scopes
from connectors.smart.secret import Secret
from connectors.smart.token_reply import Granted, read_grant, refusal

MARGIN = 60.0
"""Seconds before its end at which an access token is no longer used."""


class TokenStore(Protocol):
    """Where one link's grant is kept. Encrypted, and shared by all processes of this computer."""

    async def load(self) -> Granted | None:
        """The grant as it stands now, whichever process saved it."""

    async def save(self, granted: Granted) -> None:
        """Keep it; when this returns it survives the loss of power."""

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Hold this to be the only one, among all processes, that renews."""


class Tokens:
    """Gives out an access token that works, renewing it when needed; a `Bearer`."""

    def __init__(
        self,
        network: Network,
        server: Server,
        client: Client,
        store: TokenStore,
        *,
        dynamic: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`dynamic` says that the client signs for access tokens instead of holding a refresh token."""
        self._network = network
        self._server = server
        self._client = client
        self._store = store
        self._dynamic = dynamic
        self._clock = clock
        self._granted: Granted | None = None
        self._until = 0.0
        self._renewing: asyncio.Task[Granted] | None = None

    async def __call__(self, refused: str | None = None) -> str:
        """An access token; another one than `refused` where that is possible.

        Raises:
            SignInNeeded: only the patient can give access again. Nothing was deleted.
            SourceError: renewing failed for now; what was held still is.
        """
        if self._usable(refused):
            assert self._granted is not None
            return self._granted.access.value
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(refused))
        # A caller that gives up must not take the answer with it: the old token may be spent by then.
        return (await asyncio.shield(self._renewing)).access.value

    async def aclose(self) -> None:
        """Wait for a renewal that is under way, so that its answer is kept."""
        if self._renewing is not None:
            await asyncio.wait((self._renewing,))
            if not self._renewing.cancelled():
                self._renewing.exception()

    def _usable(self, refused: str | None) -> bool:
        held = self._granted
        return held is not None and held.access.value != refused and self._clock() < self._until

    def _hold(self, granted: Granted) -> None:
        self._granted = granted
        self._until = self._clock() + granted.remaining(self._network.waits.now()) - MARGIN

    async def _renew(self, refused: str | None) -> Granted:
        async with self._store.lock():
            held = await self._store.load()
            if held is None:
                raise SignInNeeded(self._server.host)
            self._hold(held)
            if self._usable(refused):
                return held
            if held.refresh is None and not self._dynamic:
                raise SignInNeeded(self._server.host)
            renewed = await self._exchange(held)
            await self._store.save(renewed)
            self._hold(renewed)
            return renewed

    async def _exchange(self, held: Granted) -> Granted:
        now = self._network.waits.now()
        form = self._form(held)
        try:
            async with self._server.pinned(self._network, self._server.token) as client:
                reply = await client.post_form(self._server.token, form, headers=self._client.headers())
        except (Unreachable, BadReply) as error:
            await self._remember_loss(held, not isinstance(error, Unreachable) or error.sent)
            raise
        if reply.status != 200:
            await self._remember_loss(held, reply.status >= 500)
            raise self._why_not(reply, held)
        renewed = read_grant(reply, self._server.host, now)
        if renewed.patient is not None and renewed.patient != held.patient:
            raise NotWhoItSays(f"{self._server.host} answered with access to another person's records.")
        return msgspec.structs.replace(
            renewed,
            refresh=renewed.refresh or held.refresh,
            scope=_no_wider(renewed.scope, held.scope),
            patient=held.patient,
        )

    async def _remember_loss(self, held: Granted, may_be: bool) -> None:
        """The server may have exchanged the token without our seeing the answer: if it says later that the
        old one is spent, the patient is told why."""
        if may_be and not held.uncertain:
            await self._store.save(msgspec.structs.replace(held, uncertain=True))

    def _form(self, held: Granted) -> dict[str, str]:
        now = self._network.waits.now()
        if self._dynamic and isinstance(self._client, KeyClient):
            return dict(jwt_bearer_form(self._client, self._server.token, now))
        assert held.refresh is not None
        return {
            "grant_type": "refresh_token",
            "refresh_token": held.refresh.value,
            **self._client.proof(self._server.token, now),
        }

    def _why_not(self, reply: Reply, held: Granted) -> SourceError:
        match refusal(reply):
            case "invalid_grant":
                return SignInNeeded(self._server.host, lost=held.uncertain)
            case "invalid_client" | "unauthorized_client":
                return ClientRefused(self._server.host)
            case _:
                return BadReply(self._server.host, "did not renew your access", status=reply.status)


def _no_wider(answered: str | None, held: str | None) -> str | None:
    """The scope after a renewal: never more than what the patient once agreed to (RFC 6749, 6)."""
    if answered is None or held is None:
        return held
    return Scopes.parse(answered).cut_to(Scopes.parse(held)).text


class Revocation(msgspec.Struct, frozen=True):
    """What became of taking access back at the server."""

    offered: bool
    """Whether the server lets an app do that."""
    done: bool
    """Whether every token was taken back."""
    problem: str | None = None
    """Why not, in a sentence."""


async def revoke(network: Network, server: Server, client: Client, granted: Granted) -> Revocation:
    """Take the tokens back at the server: the lasting one first (RFC 7009). Never raises for the network, so
    that unlinking works without one.
    """
    if server.revoke is None:
        return Revocation(offered=False, done=False)
    if parse(server.revoke).host != parse(server.token).host:
        return Revocation(offered=False, done=False)
    problem: str | None = None
    for token, hint in ((granted.refresh, "refresh_token"), (granted.access, "access_token")):
        if token is not None:
            problem = await _revoke(network, server, client, token, hint) or problem
    return Revocation(offered=True, done=problem is None, problem=problem)


async def _revoke(network: Network, server: Server, client: Client, token: Secret, hint: str) -> str | None:
    assert server.revoke is not None
    form: dict[str, Any] = {
        "token": token.value,
        "token_type_hint": hint,
        **client.proof(server.token, network.waits.now()),
    }
    try:
        async with server.pinned(network, server.revoke) as pinned:
            reply = await pinned.post_form(server.revoke, form, headers=client.headers())
    except SourceError as error:
        return error.text
    if reply.status in (200, 204) and not reply.is_web_page:
        return None
    return f"{server.host} did not take your access back."
