"""From a question to the outgoing message, in a vault of 50,000 records."""

import asyncio
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import in_fresh_process, p95, timed

PASSPHRASE = "a benchmark's passphrase"
QUESTIONS = (
    "What was my last glucose?",
    "How has my weight changed since 2010?",
    "What was my highest blood pressure in 2015?",
    "Which medicines am I taking?",
    "When was my last flu shot?",
    "How many visits did I have in 2012?",
    "Have I ever had asthma?",
    "What conditions do I have?",
    "sodium in march 2014",
    "What happened last year?",
    "What was my first hemoglobin?",
    "Summarise my history",
    "Do I have a record of a measles titer?",
    "creatinine",
)


def run(size: int = 50_000, rounds: int = 8) -> dict[str, Any]:
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name), size)
        return in_fresh_process(__name__, "ask", name, str(rounds))


def fill(folder: Path, size: int) -> None:
    """A vault of one generated person."""
    from assistant.bootstrap import make_house
    from assistant.clock import utc_now
    from assistant.links.importer import bring_in
    from tests.fakes.in_process import InProcessFile
    from tests.fakes.person import write_person

    write_person(folder / "person.json", size)
    house, _ = make_house(PASSPHRASE, home=folder / "home")
    asyncio.run(bring_in(house.vault, [InProcessFile(folder / "person.json")], clock=utc_now))
    house.vault.close()


def ask(folder: str, rounds: str) -> dict[str, Any]:
    from assistant.bootstrap import open_house
    from assistant.chat.events import Outgoing
    from assistant.chat.question import Question

    async def no(outgoing: Outgoing) -> bool:
        return outgoing is None

    with open_house(lambda: PASSPHRASE, home=Path(folder) / "home") as house:

        async def one(text: str) -> None:
            async for _ in house.chat.ask(Question(text, dry_run=True), no):
                pass

        asyncio.run(one("warm up"))
        each = {
            text: [timed(lambda text=text: asyncio.run(one(text))) for _ in range(int(rounds))]  # type: ignore[misc]
            for text in QUESTIONS
        }
        records = sum(house.shelf.counts().values())
    every = [seconds for times in each.values() for seconds in times]
    slowest = max(each, key=lambda text: statistics.median(each[text]))
    return {
        "records": records,
        "question to message, median ms": round(statistics.median(every) * 1000, 1),
        "question to message, p95 ms": round(p95(every) * 1000, 1),
        "reach, p95 ms": 100,
        "slowest question": f"{slowest} {round(statistics.median(each[slowest]) * 1000, 1)} ms",
    }
