"""One message's way to one address: the same decision for every HTTP library.

A thin transport for each library calls `judge` before it does anything, `trace` while it writes, and takes
the reply through `accept` and `Cap`.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

from assistant.llm.base import Passage, Request
from assistant.llm.watch import Watch
from assistant.sharing.model import Destination

MASK = "•••"
SECRET_HEADERS = frozenset(
    ("authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie")
)

MOST_BYTES = 8 * 1024 * 1024
"""Of one reply. An answer of 8,000 tokens streams in about 2 MiB."""

LEAST_BYTES = 64
"""What a line, or a piece that comes on its own, counts for at least."""

MOST_LINES = 1024
"""Of one event, and pieces in which it comes. An event of either protocol has two lines."""

IDLE_SECONDS = 120.0
"""A server that says nothing for this long is taken for gone."""

IDLE_SECONDS_HERE = 900.0
"""A model on this computer may read for minutes before its first word."""

CONNECT_SECONDS = 10.0

MOST_WAIT_SECONDS = 20
"""A server that asks for the same message again later than this is told no, and the patient is told when."""


class BadReply(ValueError):
    """The reply can't be taken: packed, or without end."""


class Crossing:
    """The gate's decision in the terms of an HTTP library."""

    def __init__(
        self, destination: Destination, passage: Passage, watch: Watch, secrets: Iterable[str] = ()
    ) -> None:
        self._destination = destination
        self._passage = passage
        self._watch = watch
        self._secrets = tuple(secret for secret in secrets if secret)
        self._holding: AbstractAsyncContextManager[None] | None = None

    @property
    def patience(self) -> float:
        """Seconds of silence after which the server is taken for gone."""
        return IDLE_SECONDS_HERE if self._destination.stays_here else IDLE_SECONDS

    def judge(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Let the request through, or raise what the passage raises."""
        shown = tuple((name.lower(), self._masked(name.lower(), value)) for name, value in headers)
        self._passage.judge(Request(self._destination.id, method, self._masked("", url), shown, body))

    def allowing(self, url: str) -> AbstractAsyncContextManager[None]:
        """While this lasts, the process may look up and connect to the address's host."""
        parts = urlsplit(url)
        return self._watch.allowing(
            parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        )

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hold what is granted from the first byte written until the last."""
        if event.endswith("send_request_headers.started"):
            self._holding = self._passage.leaving()
            await self._holding.__aenter__()
        elif self._holding is not None and event.endswith(_WRITTEN):
            holding, self._holding = self._holding, None
            await holding.__aexit__(None, None, None)

    def accept(self, headers: MutableMapping[str, str]) -> "Cap":
        """Look at the head of a reply; what counts its bytes. Where it says that the same message should come
        again much later, the SDK is told not to wait for that: it would, for weeks.

        Raises:
            BadReply: it is packed: a few bytes could become very many.
        """
        if headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            raise BadReply
        if not _soon(headers):
            headers["x-should-retry"] = "false"
        return Cap()

    def _masked(self, name: str, value: str) -> str:
        if name in SECRET_HEADERS:
            return MASK
        for secret in self._secrets:
            value = value.replace(secret, MASK)
        return value


_WRITTEN = ("send_request_headers.failed", "send_request_body.complete", "send_request_body.failed")


def _soon(headers: Mapping[str, str]) -> bool:
    """Whether the server, if it says when to come back, says it as a number that someone would wait for."""
    for name, in_a_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        value = headers.get(name)
        if value is not None:
            number = value.isascii() and value.isdecimal() and len(value) < 10
            return number and int(value) <= MOST_WAIT_SECONDS * in_a_second
    return True


class Cap:
    """Counts the bytes of a reply, and what they cost: the SDKs join the lines of an event one by one, so
    that a mebibyte of short lines without a blank one takes them seconds, and eight take minutes.
    """

    def __init__(self) -> None:
        self._spent = 0
        self._lines = 0
        self._last = b""

    def count(self, chunk: bytes) -> bytes:
        """The chunk.

        Raises:
            BadReply: there have been too many, or an event has too many lines or came in too many pieces.
        """
        lines = 1 + chunk.count(b"\n") + chunk.count(b"\r")
        self._spent += max(len(chunk), lines * LEAST_BYTES)
        joined = self._last + chunk
        self._last = joined[-3:]
        end = max(joined.rfind(blank) + len(blank) if blank in joined else 0 for blank in _BLANKS)
        self._lines = (0 if end else self._lines) + 1 + joined.count(b"\n", end) + joined.count(b"\r", end)
        if self._spent > MOST_BYTES or self._lines > MOST_LINES:
            raise BadReply
        return chunk


_BLANKS = (b"\n\n", b"\r\r", b"\r\n\r\n")
