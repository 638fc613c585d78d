"""What stands before the real server: it passes requests on, and can answer or mangle each in its place."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tests.connectors.smart_fetch.server import Answer


class Asked(msgspec.Struct, frozen=True):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        """The protocol's message; empty where it is none."""
        if not self.body or self.headers.get("content-type") != "application/json":
            return {}
        said: dict[str, Any] = msgspec.json.decode(self.body)
        return said

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.body.decode()))

    @property
    def tool(self) -> str | None:
        """The tool that is called."""
        said = self.message
        return said["params"]["name"] if said.get("method") == "tools/call" else None


Fault = Callable[[Asked], Answer | None]
Change = Callable[[Asked, bytes], bytes | None]


class Front:
    """A port of this computer. `faults` answer in the server's place; `changes` get its whole answers."""

    def __init__(self) -> None:
        self.port = 0
        self.behind = 0
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.changes: list[Change] = []
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the port."""
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close it, whoever stands in it."""
        assert self._server is not None
        self._server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        await self._server.wait_closed()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._visits.add(task)
        try:
            asked = await _read(reader)
            self.asked.append(asked)
            answer = next((made for fault in self.faults if (made := fault(asked))), None)
            if answer is None:
                answer = await self._passed_on(asked)
            await _send(writer, answer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._visits.discard(task)
            writer.close()

    async def _passed_on(self, asked: Asked) -> Answer:
        if asked.path == "/revoke":
            # The library's server refuses a client that has no secret unless it names an empty one.
            asked = msgspec.structs.replace(asked, body=asked.body + b"&client_secret=")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.behind)
        try:
            headers = asked.headers | {"connection": "close", "content-length": str(len(asked.body))}
            lines = [f"{asked.method} {asked.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + asked.body)
            whole = await reader.read(-1)
        finally:
            writer.close()
        for change in self.changes:
            whole = change(asked, whole) or whole
        return Answer((whole,), "close")


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    pairs = (line.partition(": ") for line in head[1:] if line)
    headers = {name.lower(): value for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    for piece in answer.pieces:
        writer.write(piece)
        await writer.drain()
        if answer.pause:
            await asyncio.sleep(answer.pause)
    if answer.then == "hang":
        await asyncio.Event().wait()
    if answer.then == "reset":
        one: socket.socket = writer.get_extra_info("socket")
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
