"""The gate for a library in another process: it sends to a port of this computer, and from here the request
goes on to where it was meant to go, past the same decision as every other.

The relay takes one request, from whoever knows its secret path. Only headers that say something to a model's
server go on, and the real key takes the place of the made-up one, so that the other process never has it.
"""

import asyncio
import re
import secrets
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit

import h11
import httpx
import msgspec

from assistant.llm.crossing import BadReply
from assistant.llm.failures import Told, Why, by_status, error_code, failed
from assistant.llm.relay_wire import Incoming, Outgoing, Unfit, read_request
from assistant.llm.sdk_failures import of_connection

HOST = "127.0.0.1"
HELD_BACK = 599
"""What the other process gets where there is no reply to pass on; why, it is not told."""

SETTLE_SECONDS = 1.0
"""How long the end of a reply may take after the other process has read it."""

_ERROR_BYTES = 64 * 1024
_TAIL_BYTES = 4096
"""How much of a reply is looked at again with the next chunk."""

_WORD = re.compile(rb'"(?:code|type)": ?"([a-z_]+)"')

_PASSED_ON = frozenset(
    (
        "accept",
        "anthropic-beta",
        "anthropic-version",
        "api-key",
        "authorization",
        "content-type",
        "x-api-key",
        "x-goog-api-key",
    )
)


class Relay:
    """The way of one request. Made by `relaying`, which ends it."""

    def __init__(
        self, http: httpx.AsyncClient, base_url: str, key: str | None, ended: re.Pattern[bytes]
    ) -> None:
        self.stand_in = secrets.token_hex(24)
        """What the other process is given for a key."""
        self.whole = False
        """Whether the server said that this was all."""
        self._http = http
        self._key = key
        self._ended = ended
        self._tail = b"\n"
        parts = urlsplit(base_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path.rstrip("/")
        self._secret_path = f"/{secrets.token_hex(24)}"
        self._socket = socket.create_server((HOST, 0))
        self._tasks: set[asyncio.Task[None]] = set()
        self._passing: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def base_url(self) -> str:
        """What takes the place of the address that was named."""
        return f"http://{HOST}:{self.port}{self._secret_path}{self._path}"

    @property
    def asked(self) -> bool:
        """Whether a request came."""
        return self._passing is not None

    @property
    def complaint(self) -> object:
        """The server's word for an error that it wrote into its reply, if it is a known one."""
        words = (error_code({"code": word.decode()}) for word in _WORD.findall(self._tail))
        return next((word for word in words if word is not None), None)

    @property
    def complained(self) -> bool:
        """Whether it wrote an error into its reply at all."""
        return b'"error"' in self._tail

    async def outcome(self) -> None:
        """Wait until the reply is passed on, unless all of it has been.

        Raises:
            ModelFailed: the server did not answer, or stopped part-way.
            Exception: what the gate raised.
        """
        if self._passing is not None and not self.whole:
            await asyncio.wait((self._passing,), timeout=SETTLE_SECONDS)
            if self._passing.done():
                self._passing.result()

    async def serve(self) -> asyncio.Server:
        """Begin to listen."""
        return await asyncio.start_server(self._connected, sock=self._socket)

    async def aclose(self) -> None:
        """Break off whatever is under way."""
        self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.create_task(self._take(reader, writer)))

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = h11.Connection(h11.SERVER)
        out = Outgoing(wire, writer)
        try:
            request = await read_request(wire, reader)
            if self.asked or not request.target.startswith(f"{self._secret_path}/"):
                return
            self._passing = asyncio.create_task(self._pass_on(request, out))
            self._tasks.add(self._passing)
            await asyncio.wait((self._passing,))
        except Unfit:
            return
        finally:
            out.close(HELD_BACK)

    async def _pass_on(self, request: Incoming, out: Outgoing) -> None:
        try:
            reply = await self._http.send(self._real(request), stream=True)
            try:
                if not reply.is_success:
                    raise await _refusal(reply)
                out.begin(reply.status_code, reply.headers.get("content-type"))
                async for chunk in reply.aiter_raw():
                    self._look_at(chunk)
                    await out.more(chunk)
                out.end()
            finally:
                await reply.aclose()
        except (httpx.HTTPError, httpx.StreamError, BadReply) as error:
            raise of_connection(error, httpx) from None
        except httpx.InvalidURL:
            raise failed(Why.NETWORK) from None
        except ConnectionError:
            return  # The other process has enough; what it makes of that, it says itself.

    def _real(self, request: Incoming) -> httpx.Request:
        target = request.target.removeprefix(self._secret_path)
        if self._key is not None:
            target = target.replace(self.stand_in, quote(self._key, safe=""))
        return self._http.build_request(
            request.method, self._origin + target, headers=self._headers(request), content=request.body
        )

    def _headers(self, request: Incoming) -> list[tuple[str, str]]:
        passed_on = [(name, value) for name, value in request.headers if name in _PASSED_ON]
        if self._key is None:
            return [(name, value) for name, value in passed_on if self.stand_in not in value]
        return [(name, value.replace(self.stand_in, self._key)) for name, value in passed_on]

    def _look_at(self, chunk: bytes) -> None:
        if not self.whole:
            seen = self._tail + chunk
            self.whole = self._ended.search(seen) is not None
            self._tail = seen[-_TAIL_BYTES:]


@asynccontextmanager
async def relaying(
    http: httpx.AsyncClient, base_url: str, key: str | None, ended: re.Pattern[bytes]
) -> AsyncGenerator[Relay, None]:
    """A relay to `base_url`; `ended` is what a whole reply holds. It is closed however the block is left."""
    relay = Relay(http, base_url, key, ended)
    server = await relay.serve()
    try:
        yield relay
    finally:
        server.close()
        await relay.aclose()


async def _refusal(reply: httpx.Response) -> Told:
    read = b""
    async for chunk in reply.aiter_raw():
        read += chunk
        if len(read) > _ERROR_BYTES:
            break
    try:
        body = msgspec.json.decode(read)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        body = None
    return by_status(reply.status_code, error_code(body), reply.headers.get("retry-after"))
