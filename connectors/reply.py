"""What a server answered: read and unpacked under one measure, and judged by its kind."""

import zlib
from collections.abc import AsyncIterable, Iterator, Mapping
from typing import Any

import msgspec

from connectors.net_errors import BadReply

_STEP = 1 << 18
_JSON = ("application/json", "application/fhir+json", "application/json+fhir", "text/json")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")


class Reply(msgspec.Struct, frozen=True):
    """An answer, whole. `headers` have lower-case names; a name that came twice is joined by commas."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    """The address that answered, after redirects."""

    @property
    def media(self) -> str:
        """The media type without parameters, lower case; empty where none was said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        """Whether it says that it is JSON, or says nothing and begins like it."""
        if self.media in _JSON or self.media.endswith("+json"):
            return True
        return self.media in ("", "text/plain", "application/octet-stream") and self.body.lstrip()[:1] in (
            b"{",
            b"[",
        )

    @property
    def is_web_page(self) -> bool:
        """Whether it is HTML: where data was asked for, that is a sign-in page or an error page."""
        if self.media in ("text/html", "application/xhtml+xml"):
            return True
        return self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(_HTML_STARTS)


def expect_json(reply: Reply, host: str) -> bytes:
    """The body of a reply that has to be JSON.

    Raises:
        BadReply: it is a web page (perhaps to sign in), or of another kind.
    """
    if reply.is_web_page:
        raise BadReply(
            host,
            "answered with a web page instead of data",
            status=reply.status,
            login_page=reply.status < 400,
        )
    if not reply.is_json:
        raise BadReply(host, "answered with something that is not data", status=reply.status)
    return reply.body


def json_object(reply: Reply, host: str) -> dict[str, Any]:
    """The JSON object in a small reply, as plain values.

    Raises:
        BadReply: there is none.
    """
    try:
        value = msgspec.json.decode(expect_json(reply, host))
    except (msgspec.DecodeError, RecursionError):
        raise BadReply(host, "answered with broken data", status=reply.status) from None
    if not isinstance(value, dict):
        raise BadReply(host, "answered with something else than was asked for", status=reply.status)
    return value


async def read_body(pieces: AsyncIterable[bytes], encoding: str, most: int, host: str) -> bytes:
    """The body, unpacked.

    Raises:
        BadReply: it is longer than `most` bytes, packed in a way that wasn't offered, or broken.
    """
    kind = encoding.strip().lower()
    if kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise BadReply(host, "answered in a packing that was not asked for")
    unpack = None if kind in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body = bytearray()
    async for piece in pieces:
        for part in _unpacked(unpack, piece, host):
            body += part
            if len(body) > most:
                raise BadReply(host, "answered with more than can be taken in one piece")
    if unpack is not None and body and not unpack.eof:
        raise BadReply(host, "stopped in the middle of an answer")
    return bytes(body)


def _unpacked(unpack: "zlib._Decompress | None", piece: bytes, host: str) -> Iterator[bytes]:
    """Pieces of at most `_STEP` bytes, each unpacked only when it is asked for."""
    if unpack is None:
        yield piece
        return
    part = b""
    while (piece or len(part) == _STEP) and not unpack.eof:
        try:
            part = unpack.decompress(piece, _STEP)
        except zlib.error:
            raise BadReply(host, "answered with broken data") from None
        piece = unpack.unconsumed_tail
        yield part
