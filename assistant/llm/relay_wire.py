"""HTTP/1.1 as the relay speaks it with the process next door: one request in, one reply out."""

import asyncio

import h11
import msgspec

MOST_BYTES = 64 * 1024 * 1024
"""Of one request."""

READ_SECONDS = 60.0
_PIECE_BYTES = 256 * 1024


class Unfit(Exception):
    """What came is no request, or none that ends."""


class Incoming(msgspec.Struct, frozen=True):
    """A request as it came. Names of headers are in small letters."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


async def read_request(wire: h11.Connection, reader: asyncio.StreamReader) -> Incoming:
    """All of a request.

    Raises:
        Unfit: it isn't one.
    """
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await _read(wire, reader)
    except (h11.RemoteProtocolError, ConnectionError, TimeoutError):
        raise Unfit from None


async def _read(wire: h11.Connection, reader: asyncio.StreamReader) -> Incoming:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        match wire.next_event():
            case h11.NEED_DATA:
                wire.receive_data(await reader.read(_PIECE_BYTES))
            case h11.Request() as head:
                pass
            case h11.Data() as piece if len(body) + len(piece.data) <= MOST_BYTES:
                body += piece.data
            case h11.EndOfMessage() if head is not None:
                return _incoming(head, bytes(body))
            case _:
                raise Unfit


def _incoming(head: h11.Request, body: bytes) -> Incoming:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers)
    return Incoming(head.method.decode("ascii"), head.target.decode("ascii"), headers, body)


class Outgoing:
    """The reply, piece by piece."""

    def __init__(self, wire: h11.Connection, writer: asyncio.StreamWriter) -> None:
        self._wire = wire
        self._writer = writer

    def begin(self, status: int, kind: str | None = None) -> None:
        """The head; `kind` is its content type."""
        headers = [("connection", "close")] + ([("content-type", kind)] if kind else [])
        self._write(h11.Response(status_code=status, headers=headers))

    async def more(self, piece: bytes) -> None:
        """A piece of the body.

        Raises:
            ConnectionError: nobody listens any more.
        """
        if piece:
            self._write(h11.Data(data=piece))
            await self._writer.drain()

    def end(self) -> None:
        """That was all."""
        self._write(h11.EndOfMessage())

    def close(self, status: int) -> None:
        """End the connection: with this status if there was no reply, in the middle if it is not whole."""
        if self._wire.our_state is h11.SEND_BODY:
            self._writer.transport.abort()
        elif self._wire.our_state is h11.SEND_RESPONSE:
            self.begin(status)
            self.end()
        self._writer.close()

    def _write(self, event: h11.Event) -> None:
        data = self._wire.send(event)
        if data:
            self._writer.write(data)
