"""The road to a server of tools, for the protocol's library: the same judged one that all other doors take.

The library runs its requests in tasks of its own, where an exception would tear down the conversation. So
nothing is raised here: what went wrong is kept in `failure`, and the library gets an answer without content.
"""

import ssl
from collections.abc import AsyncIterator

import httpcore
import httpx2

from connectors.errors import SourceError
from connectors.http import Bearer, Network
from connectors.net_errors import BadReply, ForeignAddress, Unreachable
from connectors.origin import Address, Origin, join
from connectors.patience import Patience
from connectors.reply import Reply
from connectors.smart.errors import SignInNeeded
from connectors.transport import CheckedBackend, public_trust

_PASSING = frozenset((429, 502, 503, 504))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NO_CONTENT = frozenset((202, 204))
_MEDIA = ("application/json", "text/event-stream")
_OWN = frozenset(("authorization", "host", "accept-encoding", "user-agent", "cookie"))
_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError)


class Wire(httpx2.AsyncBaseTransport):
    """Sends to one origin. `repeatable`: a request may be sent again after its answer was lost."""

    def __init__(self, network: Network, origin: Origin, *, typed: bool, bearer: Bearer | None) -> None:
        limits = network.limits
        self.failure: SourceError | None = None
        self.repeatable = True
        self._network = network
        self._origin = origin
        self._bearer = bearer
        self._times = {
            "connect": limits.connect,
            "read": limits.idle,
            "write": limits.idle,
            "pool": limits.total,
        }
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=network.trust or public_trust(),
            max_connections=limits.connections,
            max_keepalive_connections=limits.connections,
            keepalive_expiry=20.0,
            network_backend=CheckedBackend(typed, network.allowing),
        )

    def begin(self) -> None:
        """Forget what went wrong before."""
        self.failure = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The server's answer, or an empty one with `failure` set."""
        if request.method == "GET" and "last-event-id" not in request.headers:
            return httpx2.Response(405)  # the server may not ask anything of its own accord
        try:
            return await self._answer(request)
        except SourceError as error:
            self.failure = error
            return httpx2.Response(502)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        address = self._origin.resolve(str(request.url))
        if address is None:
            raise ForeignAddress(self._origin.host)
        body = await request.aread()
        patience = Patience(self._network.limits, self._network.waits, self._origin.host)
        token = await self._bearer() if self._bearer else None
        renewed = False
        while True:
            try:
                answer = await self._send(request, address, body, token)
            except Unreachable as failure:
                if (failure.sent and not self.repeatable) or not await patience.another():
                    raise
                continue
            status = answer.status
            if status == 401 and self._bearer and token and not renewed:
                await answer.aclose()
                renewed = True
                fresh = await self._bearer(token)
                if fresh == token:
                    raise SignInNeeded(self._origin.host)
                token = fresh
            elif status in _PASSING:
                await answer.aclose()
                again = self.repeatable or status == 429
                await patience.after(Reply(status, _headers(answer), b"", address.text), again=again)
            else:
                return await self._judged(request, address, answer)

    async def _send(
        self, request: httpx2.Request, address: Address, body: bytes, token: str | None
    ) -> httpcore.Response:
        headers = [(name, value) for name, value in request.headers.multi_items() if name not in _OWN]
        headers += [
            ("host", address.text.split("/")[2]),
            ("accept-encoding", "identity"),
            ("user-agent", self._network.agent),
        ]
        if token:
            headers.append(("authorization", f"Bearer {token}"))
        host = self._origin.host
        try:
            return await self._pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    address.text,
                    headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
                    content=body,
                    extensions={"timeout": self._times},
                )
            )
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            raise Unreachable(
                host, "could not be reached in time, or could not be trusted", sent=False
            ) from None
        except ssl.SSLError:
            raise Unreachable(host, "could not be trusted", sent=False) from None
        except httpcore.TimeoutException:
            raise Unreachable(host, "fell silent") from None
        except _FAILURES:
            raise Unreachable(host, "broke the connection off") from None

    async def _judged(
        self, request: httpx2.Request, address: Address, answer: httpcore.Response
    ) -> httpx2.Response:
        headers = _headers(answer)
        problem = self._problem(request, answer.status, headers)
        if problem is None and answer.status in _REDIRECTS:
            target = join(address.text, headers.get("location", "//"))
            if target is None or self._origin.resolve(target.text) is None:
                problem = ForeignAddress(self._origin.host)
            else:
                headers["location"] = target.text
        if problem is not None:
            await answer.aclose()
            raise problem
        return httpx2.Response(answer.status, headers=headers, stream=_Measured(self, answer))

    def _problem(self, request: httpx2.Request, status: int, headers: dict[str, str]) -> SourceError | None:
        host = self._origin.host
        if status == 401:
            return SignInNeeded(host)
        if status == 403:
            return BadReply(host, "does not let you see this", status=403)
        if status == 404 and "mcp-session-id" in request.headers:
            return BadReply(host, "has forgotten this conversation", status=404)
        if status >= 500:
            return BadReply(host, "had a failure of its own", status=status)
        if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            return BadReply(host, "answered in a packing that was not asked for", status=status)
        if status == 200 and request.method == "POST":
            media = headers.get("content-type", "").partition(";")[0].strip().lower()
            if media == "text/html":
                return BadReply(
                    host, "answered with a web page instead of data", status=status, login_page=True
                )
            if media not in _MEDIA:
                return BadReply(host, "answered with something that is not data", status=status)
        return None

    def measured(self, count: int) -> bool:
        """Whether so many bytes of one answer are still fine."""
        if count <= self._network.limits.body:
            return True
        self.failure = BadReply(self._origin.host, "answered with more than can be taken in one piece")
        return False

    def broken(self, silent: bool) -> None:
        """Take note of an answer that did not come to its end."""
        self.failure = Unreachable(self._origin.host, "fell silent" if silent else "broke the connection off")


class _Measured(httpx2.AsyncByteStream):
    def __init__(self, wire: Wire, answer: httpcore.Response) -> None:
        self._wire = wire
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        try:
            async for piece in self._answer.aiter_stream():
                count += len(piece)
                if not self._wire.measured(count):
                    return
                yield piece
        except (ssl.SSLError, *_FAILURES) as error:
            self._wire.broken(isinstance(error, httpcore.TimeoutException))

    async def aclose(self) -> None:
        """Close the answer."""
        await self._answer.aclose()


def _headers(answer: httpcore.Response) -> dict[str, str]:
    """Header names in lower case; framing was undone already."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in answer.headers
        if name.lower() not in (b"transfer-encoding", b"content-length")
    }
