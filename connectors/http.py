"""The one client of the doors: pinned to an origin, and everything else is not fetched.

A token, a form or a question goes to the origin that was granted and nowhere else, whatever a `next` link, a
redirect or a reference says. Nothing comes from the environment, no cookie is kept, TLS is verified, and time
and size are measured.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlencode

import httpcore
import httpx
import msgspec

from connectors.net_errors import BadReply, ForeignAddress, Unreachable
from connectors.origin import Address, Origin, join
from connectors.patience import Limits, Patience, Waits
from connectors.reply import Reply, read_body
from connectors.transport import LOCATION, Allowing, CheckedTransport, public_trust

FHIR_JSON = "application/fhir+json"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MOST_REDIRECTS = 3

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_BUSY = frozenset((429, 503))
_PASSING = frozenset((429, 502, 503, 504))
_CALLER_MAY_NOT_SET = frozenset(("host", "cookie", "content-length", "transfer-encoding", "connection"))
_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpx.TransportError)


class Bearer(Protocol):
    """Where the access token comes from."""

    async def __call__(self, refused: str | None = None) -> str:
        """An access token. With `refused`, the one that the server just turned down: the answer is another
        one, or the same again where there is no better."""


def _anything(_host: str, _port: int) -> AbstractAsyncContextManager[None]:
    return nullcontext()


class Network(msgspec.Struct, frozen=True):
    """How to reach servers. One value for the whole of a link; `pinned` makes the clients."""

    trust: ssl.SSLContext | None = None
    """Another list of authorities than the public one; only where the patient or a test says so."""
    limits: Limits = Limits()
    waits: Waits = Waits()
    allowing: Allowing = _anything
    agent: str = "chartside"

    def pinned(self, origin: Origin, *, bearer: Bearer | None = None, typed: bool = False) -> "Pinned":
        """A client for one origin. `typed` says that the patient typed this host: it may be a private one."""
        return Pinned(self, origin, bearer=bearer, typed=typed)

    def waited_for(self, seconds: float) -> "Network":
        """The same where somebody waits: each request is tried twice at most, in so many seconds."""
        return msgspec.structs.replace(
            self, limits=msgspec.structs.replace(self.limits, tries=2, total=seconds)
        )


class Pinned:
    """A client that fetches from one origin only."""

    def __init__(self, network: Network, origin: Origin, *, bearer: Bearer | None, typed: bool) -> None:
        limits = network.limits
        self.origin = origin
        self._network = network
        self._bearer = bearer
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(
                origin.host,
                private=typed,
                trust=network.trust or public_trust(),
                allowing=network.allowing,
                connections=limits.connections,
            ),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(limits.idle, connect=limits.connect, pool=limits.total),
            headers={"user-agent": network.agent, "accept-encoding": "gzip"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get(
        self, reference: str, *, accept: str = FHIR_JSON, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Fetch an absolute address, or one relative to the base. Any final status but 429, 502, 503 and 504
        comes back as a reply; those, and lost connections, are tried again first.

        Raises:
            ForeignAddress: it, or where it redirects to, lies outside; nothing was fetched from there.
            BlockedAddress: the host stands for a private network.
            Unreachable: no answer within the limits.
            Busy: the server asks for more patience than one request has.
            BadReply: too long, wrongly packed, broken, or redirecting in circles.
        """
        address = self._own(reference)
        asked = _checked(headers) | {"accept": accept}
        async with _deadline(self._network.limits.total, self.origin.host):
            for _ in range(MOST_REDIRECTS + 1):
                reply = await self._get_patiently(address, asked)
                if reply.status not in _REDIRECTS:
                    return reply
                target = join(address.text, reply.headers.get("location", "//"))
                if target is None:
                    raise ForeignAddress(self.origin.host)
                address = self._own(target.text)
        raise BadReply(self.origin.host, "sent the request round in circles")

    async def post_form(
        self,
        reference: str,
        form: Mapping[str, str] | Sequence[tuple[str, str]],
        *,
        accept: str = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a form, once. Tried again only where nothing of it can have arrived.

        Raises:
            As `get`; BadReply also for any redirect, which is never followed.
        """
        asked = _checked(headers) | {"accept": accept, "content-type": FORM}
        return await self._post(reference, urlencode(form).encode(), asked)

    async def post_json(
        self, reference: str, body: bytes, *, accept: str = JSON, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send JSON, once, as `post_form` sends a form."""
        return await self._post(reference, body, _checked(headers) | {"accept": accept, "content-type": JSON})

    async def _post(self, reference: str, body: bytes, asked: dict[str, str]) -> Reply:
        address = self._own(reference)
        async with _deadline(self._network.limits.total, self.origin.host):
            reply = await self._post_patiently(address, body, asked)
        if reply.status in _REDIRECTS:
            raise BadReply(self.origin.host, "answered by pointing to another address", status=reply.status)
        return reply

    async def _post_patiently(self, address: Address, body: bytes, asked: dict[str, str]) -> Reply:
        patience = Patience(self._network.limits, self._network.waits, self.origin.host)
        while True:
            try:
                reply = await self._send("POST", address, asked, body)
            except Unreachable as failure:
                if failure.sent or not await patience.another():
                    raise
            else:
                if reply.status not in _BUSY:
                    return reply
                await patience.after(reply, again=reply.status == 429)

    async def _get_patiently(self, address: Address, asked: dict[str, str]) -> Reply:
        patience = Patience(self._network.limits, self._network.waits, self.origin.host)
        token = await self._bearer() if self._bearer else None
        renewed = False
        while True:
            with_token = asked | {"authorization": f"Bearer {token}"} if token else asked
            try:
                reply = await self._send("GET", address, with_token, None)
            except Unreachable:
                if not await patience.another():
                    raise
                continue
            if reply.status == 401 and self._bearer and token and not renewed:
                renewed = True
                fresh = await self._bearer(token)
                if fresh == token:
                    return reply
                token = fresh
            elif reply.status in _PASSING:
                await patience.after(reply)
            else:
                return reply

    async def _send(
        self, method: str, address: Address, headers: dict[str, str], body: bytes | None
    ) -> Reply:
        host = self.origin.host
        try:
            async with self._client.stream(method, address.text, headers=headers, content=body) as answer:
                encoding = answer.headers.get("content-encoding", "")
                content = await read_body(answer.aiter_raw(), encoding, self._network.limits.body, host)
                said = dict(answer.headers.items())
                if location := answer.extensions[LOCATION]:
                    said["location"] = location
                return Reply(answer.status_code, said, content, address.text)
        except _FAILURES as error:
            raise _said(error, host) from None
        except ssl.SSLError:
            raise Unreachable(host, "could not be trusted", sent=False) from None

    def _own(self, reference: str) -> Address:
        address = self.origin.resolve(reference)
        if address is None:
            raise ForeignAddress(self.origin.host)
        return address


@asynccontextmanager
async def _deadline(seconds: float, host: str) -> AsyncGenerator[None, None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Unreachable(host, "did not finish its answer in time") from None


def _checked(headers: Mapping[str, str] | None) -> dict[str, str]:
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    if not _CALLER_MAY_NOT_SET.isdisjoint(lower):
        raise ValueError("this header is the client's own")
    return lower


def _said(error: Exception, host: str) -> Unreachable:
    if isinstance(error, (httpcore.ConnectTimeout, httpx.ConnectTimeout)):
        return Unreachable(host, "did not take the connection in time", sent=False)
    if isinstance(error, (httpcore.ConnectError, httpx.ConnectError)):
        return Unreachable(host, "could not be reached, or could not be trusted", sent=False)
    if isinstance(error, (httpcore.TimeoutException, httpx.TimeoutException)):
        return Unreachable(host, "fell silent")
    return Unreachable(host, "broke the connection off")
