"""Where the browser comes back to: an address of this computer, open for one answer (RFC 8252, 7.3, 8.3)."""

import asyncio
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Self

import h11
import msgspec

from connectors.net_errors import BadAddress
from connectors.origin import Address, parse
from connectors.smart.certificate import loopback_tls
from connectors.smart.errors import LandingFailed

LONGEST_WAIT = 300.0
"""Seconds that the door stays open."""
ONE_VISIT = 10.0
MOST_VISITS = 32
"""Connections at one time; a browser opens a few."""
_HEAD_BYTES = 16_384

_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Chartside</title>"
    "<body style='font-family:sans-serif;margin:4em'><h1>{title}</h1><p>{text}</p></body></html>"
)
_DONE = ("You can close this page", "Go back to the terminal: the rest happens there.")
_NO = ("There is nothing here", "Go back to the terminal and use the sign-in address that it shows now.")
_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("connection", "close"),
]


class Landing:
    """Listens at a redirect address until the first answer that fits, then is gone.

    `async with Landing(...) as landing:` opens it; `landing.redirect_uri` is the address to register with the
    request; `await landing.answer(fits)` waits.
    """

    def __init__(self, redirect_uri: str, *, any_port: bool = False) -> None:
        """`any_port`: the vendor lets a loopback address have a port of our choosing (RFC 8252, 7.3).

        Raises:
            LandingFailed: it isn't an address of this computer.
        """
        try:
            address = parse(redirect_uri)
        except BadAddress:
            address = None
        if address is None or not address.is_loopback or address.query is not None:
            raise LandingFailed(
                "The address to come back to is not one of this computer.",
                "Copy the address of the page you land on and paste it here.",
            )
        self._address: Address = address
        self._any_port = any_port
        self._servers: list[asyncio.Server] = []
        self._visits: set[asyncio.Task[None]] = set()
        self._answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._fits: Callable[[str], bool] | None = None

    @property
    def redirect_uri(self) -> str:
        """The address the browser is sent back to, with the port that is open."""
        return self._address.text

    async def __aenter__(self) -> Self:
        tls = loopback_tls() if self._address.scheme == "https" else None
        try:
            for number in self._numbers():
                await self._listen(number, tls)
        except OSError:
            await self.aclose()
            raise LandingFailed(
                f"Another program holds port {self._address.port} of this computer.",
                "Close that program, or copy the address of the page you land on and paste it here.",
            ) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the door; whoever stands in it is sent off."""
        for server in self._servers:
            server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()
        self._answer.cancel()

    async def answer(self, fits: Callable[[str], bool], *, patience: float = LONGEST_WAIT) -> str:
        """The first address of a visit that fits; the door is closed when this returns. May be cancelled.

        Raises:
            LandingFailed: nobody came in time.
        """
        self._fits = fits
        try:
            async with asyncio.timeout(min(patience, LONGEST_WAIT)):
                return await self._answer
        except TimeoutError:
            raise LandingFailed(
                "Nobody came back from the sign-in page in time.", "Start the sign-in again."
            ) from None
        finally:
            self._fits = None
            for server in self._servers:
                server.close()

    def _numbers(self) -> list[str]:
        """`localhost` may be either number: both are held, or another program could catch the answer."""
        return ["127.0.0.1", "::1"] if self._address.host == "localhost" else [self._address.host]

    async def _listen(self, number: str, tls: ssl.SSLContext | None) -> None:
        port = 0 if self._any_port and not self._servers else self._address.port
        try:
            server = await asyncio.start_server(
                self._visit, number, port, ssl=tls, limit=_HEAD_BYTES, backlog=8
            )
        except OSError:
            if number == "::1" and self._servers and not _has_ipv6():
                return
            raise
        self._servers.append(server)
        if self._any_port:
            opened = int(server.sockets[0].getsockname()[1])
            self._address = msgspec.structs.replace(self._address, port=opened)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._visits) >= MOST_VISITS:
            writer.close()
            return
        self._visits.add(task)
        try:
            async with asyncio.timeout(ONE_VISIT):
                await self._serve(reader, writer)
        except (OSError, TimeoutError, h11.RemoteProtocolError):
            pass  # a visitor that stops half-way or talks nonsense is no answer
        finally:
            self._visits.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_BYTES)
        request = await _head(wire, reader)
        if request is None:
            return
        status, landed = self._judge(request)
        title, text = _DONE if landed else _NO
        body = _PAGE.format(title=title, text=text).encode()
        answer = h11.Response(status_code=status, headers=[*_HEADERS, ("content-length", str(len(body)))])
        for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(wire.send(event) or b"")
        await writer.drain()
        if landed and not self._answer.done():
            self._answer.set_result(landed)

    def _judge(self, request: h11.Request) -> tuple[int, str | None]:
        """The status to answer with, and the address landed on where it is the answer waited for."""
        if request.method != b"GET":
            return 405, None
        hosts = [value.decode("ascii", "replace") for name, value in request.headers if name == b"host"]
        target = request.target.decode("ascii", "replace")
        path, _, query = target.partition("?")
        if hosts != [self._host] or path != self._address.path:
            return 404, None
        landed = f"{self._address.text}?{query}"
        if self._fits is None or self._answer.done() or not self._fits(landed):
            return 400, None
        return 200, landed

    @property
    def _host(self) -> str:
        return self._address.text.split("/")[2]


async def _head(wire: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await reader.read(_HEAD_BYTES))
        else:
            return event if isinstance(event, h11.Request) else None


def _has_ipv6() -> bool:
    """Whether this computer has a `::1` at all."""
    import socket

    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
