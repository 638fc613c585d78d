"""A FHIR server over real sockets that answers searches from a small chart, and misbehaves byte by byte."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

Resource = dict[str, Any]
PATIENT = "pat-1"
JSON = "application/fhir+json"


class Asked(msgspec.Struct, frozen=True):
    """One request."""

    path: str
    """Below the base, without the slash."""
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def page(self) -> int:
        """Which page of a search it asks for, from 1."""
        return int(self.query.get("page", "1"))


class Answer(msgspec.Struct, frozen=True):
    """Bytes as they go out: the whole reply with its head. `then` is what becomes of the connection."""

    pieces: tuple[bytes, ...]
    then: str = "keep"
    """`keep`, `close`, `reset` or `hang`."""
    pause: float = 0.0
    """Seconds between pieces."""


Fault = Callable[[Asked], Answer | None]


def http(body: bytes, status: int = 200, media: str | None = JSON, **headers: str) -> Answer:
    """A well-formed reply."""
    lines = [f"HTTP/1.1 {status} Said"]
    if media is not None:
        lines.append(f"content-type: {media}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if status not in (204, 304):
        lines.append(f"content-length: {len(body)}")
    return Answer(("\r\n".join(lines).encode() + b"\r\n\r\n" + body,))


def json(value: object, status: int = 200, **headers: str) -> Answer:
    """A well-formed reply of FHIR JSON."""
    return http(msgspec.json.encode(value), status, **headers)


class FhirServer:
    """Serves `chart` at /fhir on a port of its own; `faults` are asked first."""

    def __init__(self, chart: list[Resource], *, page: int = 4) -> None:
        self.chart = chart
        self.page = page
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._at_once = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
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
    def base(self) -> str:
        """The FHIR base address."""
        return f"http://127.0.0.1:{self.port}/fhir"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [one.path for one in self.asked]

    def answer(self, asked: Asked) -> Answer:
        """What it says when nothing is wrong."""
        type_, _, id_ = asked.path.partition("/")
        if asked.path == "metadata":
            return json({"resourceType": "CapabilityStatement", "rest": []})
        if id_:
            found = [one for one in self.chart if one["resourceType"] == type_ and one["id"] == id_]
            return json(found[0]) if found else json(outcome("error"), 404)
        return json(self.bundle(type_, asked))

    def bundle(self, type_: str, asked: Asked) -> Resource:
        """One page of a search."""
        found = [one for one in self.chart if _matches(one, type_, asked.query)]
        start = (asked.page - 1) * self.page
        bundle: Resource = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(found),
            "link": [{"relation": "self", "url": self.link(type_, asked.query)}],
            "entry": [self.entry(one) for one in found[start : start + self.page]],
        }
        if start + self.page < len(found):
            again = asked.query | {"page": str(asked.page + 1)}
            bundle["link"].append({"relation": "next", "url": self.link(type_, again)})
        return bundle

    def entry(self, resource: Resource, mode: str = "match") -> Resource:
        """One entry of a page."""
        url = f"{self.base}/{resource['resourceType']}/{resource.get('id')}"
        return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}

    def link(self, type_: str, query: dict[str, str]) -> str:
        """An address of a search."""
        return f"{self.base}/{type_}?{urlencode(query)}"

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        asked = _asked(lines)
        self.asked.append(asked)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            said = next((made for fault in self.faults if (made := fault(asked))), None)
            answer = said or self.answer(asked)
            for piece in answer.pieces:
                writer.write(piece)
                await writer.drain()
                if answer.pause:
                    await asyncio.sleep(answer.pause)
        finally:
            self._at_once -= 1
        if answer.then == "hang":
            await asyncio.Event().wait()
        if answer.then == "reset":
            one: socket.socket = writer.get_extra_info("socket")
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return answer.then == "keep"


def outcome(severity: str) -> Resource:
    """An OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "processing"}]}


def _asked(lines: list[str]) -> Asked:
    target = urlsplit(lines[0].split(" ")[1])
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return Asked(target.path.removeprefix("/fhir/"), dict(parse_qsl(target.query)), headers)


def _matches(one: Resource, type_: str, query: dict[str, str]) -> bool:
    if one["resourceType"] != type_:
        return False
    subject = one.get("subject") or one.get("patient") or {}
    if subject.get("reference") != f"Patient/{query.get('patient')}":
        return False
    changed = query.get("_lastUpdated", "ge")[2:]
    if one.get("meta", {}).get("lastUpdated", "9999") < changed:
        return False
    wanted = query.get("category")
    codes = [code["code"] for category in one.get("category", []) for code in category["coding"]]
    return wanted is None or bool(set(wanted.split(",")) & set(codes))


@contextmanager
def elsewhere(server: FhirServer) -> Iterator[FhirServer]:
    """The server in a thread of its own, so that its tasks are not among those of a test."""
    started, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with server:
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert started.wait(10)
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
