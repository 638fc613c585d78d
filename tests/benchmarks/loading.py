"""What the screen loads of the LLM libraries and when, and how long it stands still while one is loaded."""

import asyncio
import os
import statistics
import sys
import time
from typing import Any

from tests.benchmarks.measuring import in_fresh_process

LIBRARIES = ("anthropic", "openai", "litellm", "httpx", "httpx2")
TICK = 0.005
QUESTION = "What was my last LDL?"
REACH = 150


def run(size: int = 5) -> dict[str, Any]:
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that was started before
    figures: dict[str, Any] = {"runs of each": size}
    early: set[str] = set()
    for adapter in ("anthropic", "openai"):
        in_fresh_process(__name__, "measured", adapter)
        runs = [in_fresh_process(__name__, "measured", adapter) for _ in range(size)]
        early.update(name for one in runs for name in one["early"])
        lags = sorted(lag for one in runs for lag in one["lags"])
        assert all(adapter in one["loaded"] for one in runs)
        took = statistics.median([one["seconds"] for one in runs])
        figures |= {
            f"{adapter}, first message made after, median ms": round(took * 1000),
            f"{adapter}, loop held, p99 ms": round(lags[int(len(lags) * 0.99)] * 1000, 1),
            f"{adapter}, loop held, longest ms": round(lags[-1] * 1000, 1),
            f"{adapter}, loop held, longest of each run ms": [
                round(max(one["lags"]) * 1000, 1) for one in runs
            ],
        }
    return {
        **figures,
        "reach, p99 ms": REACH,
        "loaded before a model was asked": ", ".join(sorted(early)) or "none of them",
    }


def measured(adapter: str) -> dict[str, Any]:
    """The sample's screen with a model added; then its first message is made."""
    return asyncio.run(_measured(adapter))


async def _measured(adapter: str) -> dict[str, Any]:
    from assistant.chat.events import Outgoing
    from assistant.chat.question import Question
    from assistant.llm.models import NewModel
    from assistant.settings import Settings
    from assistant.tui.app import ChartsideApp
    from assistant.tui.doors import SampleDoor

    async def no(outgoing: Outgoing) -> bool:
        return outgoing is None

    app = ChartsideApp(SampleDoor(), Settings())
    async with app.run_test(size=(120, 36)) as pilot:
        while app.house is None or any(worker.is_running for worker in app.workers):
            await pilot.pause()
        app.house.models.add(NewModel(adapter, adapter, "m-1"), "sk-benchmark")
        early = loaded()
        lags: list[float] = []
        ticking = asyncio.create_task(_tick(lags))
        await asyncio.sleep(10 * TICK)
        lags.clear()
        begun = time.perf_counter()
        async for _ in app.house.chat.ask(Question(QUESTION, adapter, dry_run=True), no):
            pass
        seconds = time.perf_counter() - begun
        await asyncio.sleep(2 * TICK)
        ticking.cancel()
    app.door.close()
    return {"early": early, "loaded": loaded(), "lags": lags, "seconds": seconds}


async def _tick(lags: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(TICK)
        lags.append(time.perf_counter() - begun - TICK)


def loaded() -> list[str]:
    """The LLM libraries that this process has loaded."""
    return [name for name in LIBRARIES if name in sys.modules]
