"""A server on this computer that records what it gets and answers what it was told to.

It refuses what the real servers refuse: an unknown path or method, no key, a body that isn't one of the
protocol. So a request that is answered here is one that would be answered there.
"""

import asyncio
import hashlib
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Self

import msgspec

HOST = "127.0.0.1"
PATIENCE = 20.0
"""Seconds; a connection that is still served after this is a failure of the test."""


class Received(msgspec.Struct, frozen=True):
    """One request, as it came."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of this name, in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


class Reply(msgspec.Struct, frozen=True):
    """What is given for one request."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    chunks: Iterable[bytes] | Callable[[], Iterable[bytes]] = ()
    """The body; a function where there is much of it."""
    framed: bool = True
    """Whether the server frames the body. Otherwise the chunks go out as they are and the connection ends."""
    cut: bool = False
    """Whether the connection ends after the chunks, in the middle of the body."""
    hang: bool = False
    """Whether to wait, after the chunks, for `ModelServer.go` or for the other side to leave."""
    head: bytes | None = None
    """In place of status and headers, where these are to be broken."""


Check = Callable[[Received], Reply | None]
"""How a protocol refuses a request; None where it takes it."""


class ModelServer:
    """A recording HTTP/1.1 server. `checks` says which paths it has and what each refuses."""

    def __init__(
        self, checks: Mapping[str, Check], *replies: Reply, tls: ssl.SSLContext | None = None
    ) -> None:
        self.received: list[Received] = []
        self.replies = deque(replies)
        self.refused: list[Reply] = []
        """What was answered without being told to, because the request was wrong."""
        self.go = asyncio.Event()
        self.bytes_in = 0
        """Bytes of all connections together."""
        self._checks = checks
        self._tls = tls
        self._connections = 0
        self._knocking: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, HOST, 0, ssl=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    async def connections(self) -> int:
        """How many connections there have been, once all are over: whoever knocks is the last in line."""
        async with asyncio.timeout(PATIENCE):
            if self._tls is None:
                await self._knock()
            while running := [task for task in self._tasks if not task.done()]:
                await asyncio.wait(running)
        return self._connections

    async def _knock(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        self._knocking.add(writer.get_extra_info("sockname")[1])
        writer.write(b"\n")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.read(1)
            if first == b"\n" and writer.get_extra_info("peername")[1] in self._knocking:
                return
            self._connections += 1
            self.bytes_in += len(first)
            while (request := await self._request(first, reader)) is not None:
                self.received.append(request)
                if not await self._answer(self._reply(request), reader, writer):
                    return
                first = b""
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _request(self, first: bytes, reader: asyncio.StreamReader) -> Received | None:
        try:
            head = first + await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            self.bytes_in += len(error.partial)
            return None
        self.bytes_in += len(head) - len(first)
        start, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        method, path, _ = start.split(" ", 2)
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = await reader.readexactly(length)
        self.bytes_in += length
        return Received(method, path, headers, body)

    def _reply(self, request: Received) -> Reply:
        check = self._checks.get(request.path)
        if check is None:
            refusal: Reply | None = Reply(404, chunks=[b'{"error": {"message": "no such path"}}'])
        elif request.method != ("GET" if request.path.endswith("/models") else "POST"):
            refusal = Reply(405, (("allow", "POST"),))
        else:
            refusal = check(request)
        if refusal is None and self.replies:
            return self.replies.popleft()
        refusal = refusal or Reply(500, (("x-should-retry", "false"),), [b"nothing to say"])
        self.refused.append(refusal)
        return refusal

    async def _answer(self, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Give it; whether the connection stays."""
        writer.write(reply.head if reply.head is not None else _head(reply))
        for chunk in reply.chunks() if callable(reply.chunks) else reply.chunks:
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if reply.framed else chunk)
            await writer.drain()
        if reply.hang:
            await self._wait(reader)
        if reply.framed and not reply.cut:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return reply.framed and not reply.cut

    async def _wait(self, reader: asyncio.StreamReader) -> None:
        """Until `go` is set or the other side leaves."""
        waits = {asyncio.ensure_future(self.go.wait()), asyncio.ensure_future(reader.read(1))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def _head(reply: Reply) -> bytes:
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Unknown"
    framing = ("transfer-encoding", "chunked") if reply.framed else ("connection", "close")
    lines = [f"{name}: {value}\r\n" for name, value in (*reply.headers, framing)]
    return f"HTTP/1.1 {reply.status} {phrase}\r\n{''.join(lines)}\r\n".encode("latin-1")
