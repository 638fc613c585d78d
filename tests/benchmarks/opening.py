"""Opening a vault of 50,000 records once the key is known: deriving it from the passphrase costs
next to nothing here."""

import importlib
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import in_fresh_process, timed
from tests.benchmarks.question import PASSPHRASE, fill


def run(size: int = 50_000, runs: int = 7) -> dict[str, Any]:
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name), size)
        found = [in_fresh_process(__name__, "open_once", name) for _ in range(runs)]
    seconds = [one["seconds"] for one in found]
    return {
        "records": found[0]["records"],
        "opening, median ms": round(statistics.median(seconds) * 1000, 1),
        "opening, longest ms": round(max(seconds) * 1000, 1),
        "reach, ms": 300,
        "loading the program, median ms": round(
            statistics.median([one["loading"] for one in found]) * 1000, 1
        ),
        "peak MB": max(one["peak_mb"] for one in found),
    }


def open_once(folder: str) -> dict[str, Any]:
    """Open, note the unlock, count the records; the program's own modules are loaded before."""
    loading = timed(load)
    from assistant.bootstrap import open_house

    records = 0

    def work() -> None:
        nonlocal records
        with open_house(lambda: PASSPHRASE, home=Path(folder) / "home") as house:
            records = sum(house.shelf.counts().values())

    return {"seconds": timed(work), "loading": loading, "records": records}


def load() -> None:
    """Everything that a command loads before it asks for the passphrase, and while the key is derived."""
    importlib.import_module("assistant.bootstrap")
    importlib.import_module("assistant.vault.engine")
