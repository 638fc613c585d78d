"""A small HTTP/1.1 server over real sockets, for one handler."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import h11
import msgspec

HOST = "127.0.0.1"
PATIENCE = 30.0


class Request(msgspec.Struct, frozen=True):
    """One request, as it came."""

    method: str
    path: str
    query_text: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's pairs, in order."""
        return parse_qsl(self.query_text, keep_blank_values=True)

    @property
    def form(self) -> dict[str, str]:
        """The body's fields, where it is a form."""
        kind = self.headers.get("content-type", "").partition(";")[0]
        if kind != "application/x-www-form-urlencoded":
            return {}
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def bearer(self) -> str | None:
        """The token that it shows."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token if kind.lower() == "bearer" else None


class Response(msgspec.Struct, frozen=True):
    """One answer. `drop` ends the connection instead; `pause` waits first; `trickle` sends a byte a pause."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    drop: bool = False
    pause: float = 0.0
    trickle: bool = False

    @property
    def location(self) -> str | None:
        """Where it redirects to."""
        return next((value for name, value in self.headers if name.lower() == "location"), None)


Handler = Callable[[Request], Awaitable[Response]]


def as_json(value: Any, status: int = 200, *, media: str = "application/json", **headers: str) -> Response:
    """A JSON answer."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Response(status, (("content-type", media), *named), msgspec.json.encode(value))


def as_html(text: str, status: int = 200) -> Response:
    """A web page."""
    return Response(status, (("content-type", "text/html; charset=utf-8"),), text.encode())


class Web:
    """Serves a handler on a port of its own."""

    def __init__(self, handler: Handler, *, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[Request] = []
        self.connections = 0
        self._handler = handler
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._connection, HOST, port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop, and end what is under way."""
        if self._server is not None:
            self._server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        wire = h11.Connection(h11.SERVER)
        try:
            while request := await _read(wire, reader):
                self.received.append(request)
                if not await self._answer(wire, writer, await self._handler(request)):
                    break
                if wire.our_state is h11.MUST_CLOSE or wire.their_state is h11.MUST_CLOSE:
                    break
                wire.start_next_cycle()
        except (OSError, TimeoutError, h11.ProtocolError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()  # a browser may be long about taking leave over TLS
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, wire: h11.Connection, writer: asyncio.StreamWriter, response: Response) -> bool:
        if response.pause and not response.trickle:
            await asyncio.sleep(response.pause)
        if response.drop:
            writer.transport.abort()
            return False
        headers = [*response.headers, ("content-length", str(len(response.body)))]
        writer.write(wire.send(h11.Response(status_code=response.status, headers=headers)) or b"")
        pieces = [response.body[at : at + 1] for at in range(len(response.body))]
        for piece in pieces if response.trickle else [response.body]:
            writer.write(wire.send(h11.Data(data=piece)) or b"")
            if response.trickle:
                await writer.drain()
                await asyncio.sleep(response.pause)
        writer.write(wire.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return True


async def _read(wire: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    async with asyncio.timeout(PATIENCE):
        while True:
            event = wire.next_event()
            if event is h11.NEED_DATA:
                wire.receive_data(await reader.read(65_536))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return None
    assert head is not None
    path, _, query = head.target.decode("ascii").partition("?")
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode(), path, query, headers, bytes(body))
