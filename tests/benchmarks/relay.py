"""What the relay adds to each chunk of a streamed reply: through it and directly, in turn, from one server.

Each chunk says when the server sent it. At a model's pace that gives the delay of each; at full speed, where
delays only say how long the queue is, the time between the first and the last chunk is shared out.
"""

import asyncio
import re
import statistics
import time
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from tests.benchmarks.loopback import CHUNKS, PER_SECOND, Loopback, running
from tests.benchmarks.measuring import in_fresh_process, p95

_SENT = re.compile(rb'"n": (\d+), "sent": ([\d.]+)')


def run(size: int = 3) -> dict[str, Any]:
    return in_fresh_process(__name__, "measured", str(size))


def measured(rounds: str) -> dict[str, Any]:
    """So many replies either way, at each pace."""
    with running("chunks") as server:
        return asyncio.run(_compared(server, int(rounds)))


async def _compared(server: Loopback, rounds: int) -> dict[str, Any]:
    over, direct, fast = [], [], []
    for _ in range(rounds):
        bare, relayed = await _delays(server, relay=False), await _delays(server, relay=True)
        direct += bare
        over += [(a - b) * 1000 for a, b in zip(relayed, bare, strict=True)]
        each = [await _per_chunk(server, relay=relay) for relay in (False, True)]
        fast.append((each[1] - each[0]) * 1000)
    return {
        "chunks of each reply": CHUNKS,
        "chunks per second": PER_SECOND,
        "direct, p50 ms": round(statistics.median(direct) * 1000, 2),
        "relay over direct, p50 ms": round(statistics.median(over), 2),
        "relay over direct, p95 ms": round(p95(over), 2),
        "reach, p95 ms": 2,
        "at full speed, ms a chunk, median of replies": round(statistics.median(fast), 3),
    }


async def _delays(server: Loopback, *, relay: bool) -> list[float]:
    """Seconds from the server's sending of each chunk to its arrival."""
    delays: dict[int, float] = {}
    for came, piece in await _pieces(server, "/v1/paced", relay=relay):
        for n, sent in _SENT.findall(piece):
            delays[int(n)] = came - float(sent)
    assert list(delays) == list(range(CHUNKS))
    return list(delays.values())


async def _per_chunk(server: Loopback, *, relay: bool) -> float:
    """Seconds a chunk, when the server does not wait."""
    pieces = await _pieces(server, "/v1/fast", relay=relay)
    sent = float(_SENT.findall(pieces[0][1])[0][1])
    return (pieces[-1][0] - sent) / CHUNKS


async def _pieces(server: Loopback, path: str, *, relay: bool) -> list[tuple[float, bytes]]:
    """What comes of a reply, and when."""
    import httpx

    from assistant.llm.crossing import Crossing
    from assistant.llm.over_httpx import client
    from assistant.llm.providers import OFFERED
    from assistant.llm.relay import relaying
    from assistant.llm.watch import Watch
    from assistant.sharing.model import Destination

    crossing = Crossing(Destination("d", "litellm", "m"), _Open(), Watch())
    pieces = []
    async with (
        client(crossing) as out,
        relaying(out, f"{server.url}/v1", "k", OFFERED["openai"].ended) as through,
        httpx.AsyncClient(trust_env=False, timeout=60) as http,
    ):
        base = through.base_url if relay else f"{server.url}/v1"
        async with http.stream("POST", base + path.removeprefix("/v1"), json={}) as reply:
            async for piece in reply.aiter_raw():
                pieces.append((time.monotonic(), piece))  # noqa: PERF401 - the time is that of its arrival
    return pieces


class _Open:
    """A passage for everything: the gate has a benchmark of its own."""

    retries = 0

    def judge(self, request: object) -> None:
        """Let it through."""

    def leaving(self) -> AbstractAsyncContextManager[None]:
        """Hold nothing."""
        return nullcontext()
