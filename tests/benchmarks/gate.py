"""From approved to the first byte on the wire, over the bare SDK's call with the same arguments, in turn.

Ours goes through the whole service with a vault: the intent in the ledger, the grants held while the bytes
leave, the request compared with what was approved, a client and a connection of its own. The bare call is
timed from `create` on, with a new client that was made before; only the connection is new in it.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from tests.benchmarks.loopback import Loopback, running
from tests.benchmarks.measuring import in_fresh_process, p95

QUESTION = "What was my last LDL?"
KEY = "sk-benchmark"
REACH = 30

Bare = Callable[[], Awaitable[float]]


def run(size: int = 100) -> dict[str, Any]:
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    with tempfile.TemporaryDirectory() as name:
        return in_fresh_process(__name__, "measured", name, str(size))


def measured(folder: str, rounds: str) -> dict[str, Any]:
    """Of each SDK, so many calls either way."""
    from assistant.bootstrap import make_house, sample_sources
    from assistant.clock import utc_now
    from assistant.links.importer import bring_in
    from assistant.llm.models import NewModel
    from assistant.llm.surroundings import scrub
    from assistant.records.model import Category
    from assistant.sharing.model import Grant

    scrub(os.environ)
    house, _ = make_house("a benchmark's passphrase", home=Path(folder) / "home")
    asyncio.run(bring_in(house.vault, sample_sources(), clock=utc_now))
    house.watch.install()
    figures: dict[str, Any] = {"calls of each": int(rounds)}
    with running("first_bytes") as server:
        for adapter, under in (("anthropic", ""), ("openai", "/v1")):
            house.models.add(NewModel(adapter, adapter, "m-1", server.url + under, narrow=False), KEY)
            house.sharing.share(Grant(adapter, category) for category in Category)
            figures |= asyncio.run(_compared(house, adapter, server, int(rounds)))
    house.vault.close()
    return {**figures, "reach, each p95 ms": REACH}


async def _compared(house: Any, adapter: str, server: Loopback, rounds: int) -> dict[str, Any]:
    bare, released, approved = [], [], []
    message = (await _ours(house, adapter, server))[2]
    for _ in range(rounds):
        async with house.watch.allowing("127.0.0.1", server.port):
            bare.append(await _bare(adapter, server, message))
        since_release, since_approval, _ = await _ours(house, adapter, server)
        released.append(since_release)
        approved.append(since_approval)
    over = [(a - b) * 1000 for a, b in zip(released, bare, strict=True)]
    from_yes = [(a - b) * 1000 for a, b in zip(approved, bare, strict=True)]
    return {
        f"{adapter}, bare call to first byte, p50 ms": round(statistics.median(bare) * 1000, 1),
        f"{adapter}, release to first byte, p50 ms": round(statistics.median(released) * 1000, 1),
        f"{adapter}, release over bare, p50 ms": round(statistics.median(over), 1),
        f"{adapter}, release over bare, p95 ms": round(p95(over), 1),
        f"{adapter}, with the ledger's line, p50 ms": round(statistics.median(from_yes), 1),
        f"{adapter}, with the ledger's line, p95 ms": round(p95(from_yes), 1),
    }


async def _ours(house: Any, adapter: str, server: Loopback) -> tuple[float, float, Any]:
    """Seconds to the first byte since the release began and since it was approved, and the message."""
    from assistant.chat.events import Outgoing, OutgoingReady, Sending
    from assistant.chat.question import Question

    approved = released = 0.0
    message = None

    async def yes(outgoing: Outgoing) -> bool:
        nonlocal approved
        approved = time.monotonic()
        return True

    async with aclosing(house.chat.ask(Question(QUESTION, adapter), yes)) as events:
        async for event in events:
            match event:
                case OutgoingReady(outgoing=outgoing):
                    message = outgoing.message
                case Sending():
                    released = time.monotonic()
    came = float(server.told())
    return came - released, came - approved, message


async def _bare(adapter: str, server: Loopback, message: Any) -> float:
    """Seconds from the call to the first byte."""
    import anthropic
    import openai

    from assistant.llm import claude_message, openai_message

    if adapter == "anthropic":
        async with anthropic.AsyncAnthropic(api_key=KEY, base_url=server.url, max_retries=0) as claude:
            called = claude_message.arguments(message, "m-1")
            begun = time.monotonic()
            await _drained(await claude.messages.create(**called, stream=True))
    else:
        async with openai.AsyncOpenAI(api_key=KEY, base_url=f"{server.url}/v1", max_retries=0) as other:
            called = openai_message.arguments(message, "m-1", narrow=False)
            begun = time.monotonic()
            await _drained(await other.chat.completions.create(**called, stream=True))
    return float(server.told()) - begun


async def _drained(stream: AsyncIterator[Any]) -> None:
    async for _ in stream:
        pass
