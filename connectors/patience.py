"""How long to wait before the next try."""

import asyncio
import email.utils
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import msgspec

from connectors.net_errors import Busy
from connectors.reply import Reply

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
"""Seconds that a try of our own waits at most; a server may ask for more."""


def _now() -> datetime:
    return datetime.now(UTC)


class Waits(msgspec.Struct, frozen=True):
    """The clock, the wait and the dice, so that a test can be quick and exact."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.SystemRandom().random
    """A number of [0, 1)."""
    now: Callable[[], datetime] = _now


class Limits(msgspec.Struct, frozen=True):
    """What one request may take; seconds and bytes."""

    connect: float = 10.0
    idle: float = 30.0
    total: float = 120.0
    """All tries and waits of one request together."""
    body: int = 32 * 1024 * 1024
    """Bytes after unpacking."""
    tries: int = 6
    connections: int = 5


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3); None where there is none that makes sense."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return float(value)
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())


def own_wait(failures: int, dice: float) -> float:
    """Seconds before the next try: exponential with full jitter, never below half the first wait."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2**failures)
    return float(FIRST_WAIT / 2 + dice * ceiling)


class Patience:
    """Counts the tries of one request and waits between them."""

    def __init__(self, limits: Limits, waits: Waits, host: str) -> None:
        self._limits = limits
        self._waits = waits
        self._host = host
        self._failures = 0
        self._waited = 0.0

    async def another(self) -> bool:
        """Wait, then say whether to try once more."""
        self._failures += 1
        if self._failures >= self._limits.tries:
            return False
        return await self._wait(own_wait(self._failures, self._waits.dice()))

    async def after(self, reply: Reply, *, again: bool = True) -> None:
        """Wait as long as an answer asks, or as long as seems right.

        Raises:
            Busy: there is no patience left within this request, or it must not be sent `again`.
        """
        asked = retry_after(reply.headers, self._waits.now())
        self._failures += 1
        if again and self._failures < self._limits.tries:
            wait = own_wait(self._failures, self._waits.dice())
            if await self._wait(wait if asked is None else asked + min(wait, 1.0)):
                return
        raise Busy(self._host, reply.status, asked)

    async def _wait(self, seconds: float) -> bool:
        if self._waited + seconds >= self._limits.total:
            return False
        self._waited += seconds
        await self._waits.sleep(seconds)
        return True
