"""Fetch one published list: from its own address, only when asked, and nothing of the patient goes along."""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec

from connectors.directory.read import MOST_BYTES
from connectors.errors import SourceUnreadable

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 30.0
TOTAL_SECONDS = 30 * 60.0
"""Epic's list takes five minutes on a usual line."""

MOST_REDIRECTS = 3
_PIECE = 256 * 1024
_MOST_TAG = 200
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))

Allowing = Callable[[str, int], AbstractAsyncContextManager[None]]
"""While this lasts, the process may look up and connect to a host at a port."""

Progress = Callable[[int], None]
"""Told how many bytes have come."""


class Fetched(msgspec.Struct, frozen=True):
    """What came of fetching a list."""

    changed: bool
    """False where the server says that it is as it was; then nothing was written."""
    etag: str = ""


async def fetch(
    address: str,
    to: BinaryIO,
    *,
    etag: str = "",
    tls: ssl.SSLContext,
    allowing: Allowing,
    progress: Progress = lambda _: None,
) -> Fetched:
    """Write the list at `address` to `to`, unpacked.

    Raises:
        SourceUnreadable: it can't be had: no connection, another host, too large, too slow, not there.
    """
    import httpx  # 130 ms, and only needed when a list is fetched

    try:
        async with asyncio.timeout(TOTAL_SECONDS), _client(tls) as client:
            for _ in range(MOST_REDIRECTS + 1):
                parts = _checked(address)
                port = parts.port or (443 if parts.scheme == "https" else 80)
                headers = {"if-none-match": etag} if etag else {}
                async with (
                    allowing(parts.hostname or "", port),
                    client.stream("GET", address, headers=headers) as reply,
                ):
                    if reply.has_redirect_location:
                        address = _next(address, reply.headers["location"])
                        continue
                    return await _take(reply, to, etag, progress)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, zlib.error, TimeoutError):
        raise _failed("The connection failed, broke off, or took too long.") from None
    raise _failed("Its address leads on and on.")


def _client(tls: ssl.SSLContext) -> "httpx.AsyncClient":
    import httpx

    return httpx.AsyncClient(
        verify=tls,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(IDLE_SECONDS, connect=CONNECT_SECONDS),
        headers={
            "accept": "application/fhir+json, application/json;q=0.9, text/csv;q=0.8",
            "accept-encoding": "gzip",
            "user-agent": "Chartside",
        },
    )


async def _take(reply: "httpx.Response", to: BinaryIO, etag: str, progress: Progress) -> Fetched:
    if reply.status_code == 304 and etag:
        return Fetched(changed=False, etag=etag)
    if reply.status_code != 200:
        raise _failed(f"The server answered with the number {reply.status_code} and no list.")
    done = 0
    async for piece in _unpacked(reply):
        done += len(piece)
        if done > MOST_BYTES:
            raise _failed(
                f"It has more than {MOST_BYTES // 1024 // 1024} MB, more than any list of providers."
            )
        to.write(piece)
        progress(done)
    tag = reply.headers.get("etag", "")
    return Fetched(
        changed=True, etag=tag if len(tag) <= _MOST_TAG and tag.isascii() and tag.isprintable() else ""
    )


async def _unpacked(reply: "httpx.Response") -> AsyncIterator[bytes]:
    """The body in pieces of bounded size, whatever it unpacks to."""
    packed = reply.headers.get("content-encoding", "identity").lower()
    if packed in ("", "identity"):
        async for piece in reply.aiter_raw():
            yield piece
        return
    if packed not in ("gzip", "x-gzip"):
        raise _failed("It is packed in a way that is not read.")
    unpacker = zlib.decompressobj(wbits=31)
    async for piece in reply.aiter_raw():
        rest = piece
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, _PIECE)
            rest = unpacker.unconsumed_tail
    while not unpacker.eof and (piece := unpacker.decompress(unpacker.unconsumed_tail, _PIECE)):
        yield piece
    if not unpacker.eof:
        raise _failed("It broke off in the middle.")


def _checked(address: str) -> SplitResult:
    parts = urlsplit(address)
    plain_here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" or plain_here) or not parts.hostname or "@" in parts.netloc:
        raise _failed("Its address is not one that is protected (https).")
    return parts


def _next(address: str, location: str) -> str:
    """Where a redirect leads, if that is the same server.

    Raises:
        SourceUnreadable: it is another.
    """
    to = urljoin(address, location)
    old, new = urlsplit(address), urlsplit(to)
    if (old.scheme, old.netloc) != (new.scheme, new.netloc):
        raise _failed("The server sends on to another one, which was not asked for.")
    return to


def _failed(text: str) -> SourceUnreadable:
    return SourceUnreadable(
        "The list could not be fetched",
        text,
        "Try again later, or save the list with a browser and add it: `chartside providers add FILE`.",
    )
