"""Fetching a list: from its own server only, whole or not at all, with the mark to know it by again."""

import asyncio
import gzip
import io
import zlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from assistant.llm.tls import tls_context
from assistant.llm.watch import Watch
from connectors.directory.fetch import Fetched, fetch
from connectors.errors import SourceUnreadable
from tests.connectors.directory.made import BRANDS

Answer = Callable[[str, dict[str, str]], bytes]
"""From a path and headers, in lower case, to everything that is written before the connection closes."""


def silent(path: str, headers: dict[str, str]) -> bytes:
    """Says nothing, and waits."""
    return b""


def reply(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    head = [f"HTTP/1.1 {status}", f"content-length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*head, "connection: close", "", ""]).encode() + body


@asynccontextmanager
async def serving(answer: Answer) -> AsyncGenerator[tuple[str, list[tuple[str, dict[str, str]]]], None]:
    """A server on loopback: its address, and what it was asked."""
    asked: list[tuple[str, dict[str, str]]] = []
    handling: list[asyncio.Task[None]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        path = lines[0].split()[1]
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)
        }
        asked.append((path, headers))
        with suppress(ConnectionError):
            writer.write(answer(path, headers))
            await writer.drain()
            if answer is silent:
                await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handling.append(asyncio.create_task(handle(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()
        await asyncio.gather(*handling)
        await server.wait_closed()


async def got(address: str, etag: str = "") -> tuple[Fetched, bytes]:
    to = io.BytesIO()
    fetched = await fetch(address, to, etag=etag, tls=tls_context(), allowing=Watch().allowing)
    return fetched, to.getvalue()


async def refused(address: str) -> SourceUnreadable:
    with pytest.raises(SourceUnreadable) as error:
        await got(address)
    return error.value


async def test_a_list_comes_whole_packed_or_not_with_its_tag() -> None:
    packed = reply(gzip.compress(BRANDS), "content-encoding: gzip", 'etag: "v1"')
    answers = {"/plain": reply(BRANDS), "/packed": packed}
    async with serving(lambda path, _: answers[path]) as (url, asked):
        assert await got(f"{url}/plain") == (Fetched(changed=True), BRANDS)
        assert await got(f"{url}/packed") == (Fetched(changed=True, etag='"v1"'), BRANDS)
    sent = [set(headers) for _, headers in asked]
    assert sent == [{"host", "accept", "accept-encoding", "user-agent", "connection"}] * 2


async def test_what_did_not_change_is_not_sent_again() -> None:
    def answer(_: str, headers: dict[str, str]) -> bytes:
        same = headers.get("if-none-match") == '"v1"'
        return reply(b"", 'etag: "v1"', status="304 Not Modified") if same else reply(BRANDS, 'etag: "v1"')

    async with serving(answer) as (url, _):
        first, _ = await got(url)
        assert await got(url, first.etag) == (Fetched(changed=False, etag='"v1"'), b"")


async def test_a_redirect_is_followed_on_the_same_server_only() -> None:
    def answer(path: str, _: dict[str, str]) -> bytes:
        to = {"/a": "/b", "/b": "/list", "/round": "/round"}
        away = {"/other": elsewhere, "/up": "https://127.0.0.1/list", "/file": "file:///etc/passwd"}
        if path == "/list":
            return reply(BRANDS)
        return reply(b"", f"location: {(to | away)[path]}", status="302 Found")

    async with serving(lambda *_: reply(BRANDS)) as (elsewhere, asked), serving(answer) as (url, _):
        assert (await got(f"{url}/a"))[1] == BRANDS
        for path in ("/other", "/up", "/file", "/round"):
            await refused(url + path)
        assert asked == []


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", status="404 Not Found"),
        reply(b"", status="429 Too Many Requests"),
        reply(b"", status="304 Not Modified"),
        reply(b"", status="503 Service Unavailable"),
        reply(b"", status="204 No Content"),
        reply(BRANDS, length=len(BRANDS) + 1),
        reply(gzip.compress(BRANDS)[:-9], "content-encoding: gzip"),
        reply(BRANDS, "content-encoding: gzip"),
        reply(zlib.compress(BRANDS), "content-encoding: deflate"),
        reply(BRANDS, "content-encoding: br"),
        b"",
        b"HTTP/1.1",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000,
    ],
)
async def test_an_answer_that_is_no_list_is_told_without_its_words(answer: bytes) -> None:
    async with serving(lambda *_: answer) as (url, _):
        error = await refused(url)
    assert url not in error.text + error.next_step


async def test_a_bomb_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 1024 * 1024
    monkeypatch.setattr("connectors.directory.fetch.MOST_BYTES", most)
    bomb = gzip.compress(bytes(100 * 1024 * 1024))
    to = io.BytesIO()
    async with serving(lambda *_: reply(bomb, "content-encoding: gzip")) as (url, _):
        with pytest.raises(SourceUnreadable):
            await fetch(url, to, tls=tls_context(), allowing=Watch().allowing)
    assert len(to.getvalue()) <= most


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.directory.fetch.TOTAL_SECONDS", 0.5)
    async with serving(silent) as (url, asked):
        await refused(url)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://lists.hill.org/r4",
        "ftp://127.0.0.1/",
        "https://u:p@127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "x",
    ],
)
async def test_only_a_protected_address_is_asked(address: str) -> None:
    assert "https" in (await refused(address)).text


async def test_nothing_from_the_surroundings_changes_where_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(lambda *_: reply(BRANDS)) as (url, _):
        assert (await got(url))[1] == BRANDS
