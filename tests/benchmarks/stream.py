"""A fast answer in a long conversation, and the records of a large chart, on the screen."""

import asyncio
import gc
import os
import resource
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import in_fresh_process, p95

PAUSE = 0.08
"""How long the records screen waits for the next key."""
PER_SECOND = 300
SECONDS = 10
TURNS = 200


def run(size: int = 50_000) -> dict[str, Any]:
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    with tempfile.TemporaryDirectory() as name:
        return in_fresh_process(__name__, "measured", name, str(size))


def measured(folder: str, size: str) -> dict[str, Any]:
    return {**asyncio.run(streamed()), **asyncio.run(browsed(Path(folder), int(size)))}


async def streamed() -> dict[str, Any]:
    """Gaps between frames while an answer grows, after 200 turns."""
    from textual.app import App, ComposeResult

    from assistant.chat.browse import PastTurn
    from assistant.chat.events import Answer
    from assistant.sharing.model import Destination
    from assistant.tui.markdown import Markdown
    from assistant.tui.widgets.transcript import Transcript

    there = Destination("scripted", "scripted", "scripted", stays_here=True)
    answer = Answer("Your **LDL** was 96 mg/dL [1].\n\n- one\n- two\n" * 4, (), (), ())
    past = [PastTurn("2026-01-01", "scripted", "And then?", "answered", answer, None)] * TURNS

    class Streaming(App[None]):
        def compose(self) -> ComposeResult:
            yield Transcript(Markdown(), [there])

    app = Streaming()
    async with app.run_test(size=(120, 36)) as pilot:
        transcript = app.query_one(Transcript)
        await transcript.show(past)
        await pilot.pause()
        view = await transcript.answer("And now?", there)
        frames: list[float] = []
        paint = view.paint

        def noted() -> None:
            paint()
            frames.append(time.perf_counter())

        view.paint = noted  # type: ignore[method-assign]
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        for n in range(PER_SECOND * SECONDS):
            transcript.grow("word " if n % 20 else "**word**\n\n")
            await asyncio.sleep(max(0.0, begun + n / PER_SECOND - time.perf_counter()))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    gaps = sorted(b - a for a, b in pairwise(frames))
    return {
        "frames drawn": len(frames),
        "p99 gap between frames, ms": round(gaps[int(len(gaps) * 0.99)] * 1000, 1),
        "reach, gap ms": 150,
        "memory grown while streaming, MB": round(grown, 1),
    }


async def browsed(folder: Path, size: int) -> dict[str, Any]:
    """Opening the records, and each key of a search in them."""
    from textual.app import App
    from textual.widgets import Input

    from assistant.bootstrap import House, make_house
    from assistant.clock import utc_now
    from assistant.links.importer import bring_in
    from assistant.tui.screens.records import RecordsScreen
    from tests.fakes.in_process import InProcessFile
    from tests.fakes.person import write_person

    write_person(folder / "person.json", size)
    house: House = make_house("a benchmark's passphrase", home=folder / "home")[0]
    await bring_in(house.vault, [InProcessFile(folder / "person.json")], clock=utc_now)
    app: App[None] = App()
    opened, keys = [], []
    async with app.run_test(size=(120, 36)):
        for _ in range(6):
            started = time.perf_counter()
            await app.push_screen(RecordsScreen(house.shelf))
            await looked_up(app)
            opened.append(time.perf_counter() - started)
            for word in ("gluc", "weig", "flu v"):
                for length in range(1, len(word) + 1):
                    started = time.perf_counter()
                    app.screen.query_one(Input).value = word[:length]
                    await looked_up(app)
                    keys.append(time.perf_counter() - started - PAUSE)
                app.screen.query_one(Input).value = ""
                await looked_up(app)
            app.pop_screen()
    house.vault.close()
    return {
        "records screen, first opening ms": round(opened[0] * 1000),
        "records screen, p95 of later openings ms": round(p95(opened[1:]) * 1000),
        "filter key, p95 ms (without the pause)": round(p95(keys) * 1000),
        "reach, each ms": 200,
    }


async def looked_up(app: Any) -> None:
    """Wait until the look-up has begun and is done."""
    for running in (True, False):
        while any(worker.is_running for worker in app.workers) is not running:
            await asyncio.sleep(0.002)
