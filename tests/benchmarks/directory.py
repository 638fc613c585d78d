"""The directory of providers over the real lists: what loading them takes, and each key stroke of a search.

Each key stroke is one search for what has been typed so far, as a screen makes it. The floor of loading is a
bare read of the largest list; the measure of a stroke is 50 ms.
"""

import csv
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import in_fresh_process, p95, timed_twice
from tests.conftest import ROOT

NAMES = 300
REACH_MS = 50


def run(size: int = NAMES) -> dict[str, Any]:
    """`size` is how many names are typed."""
    lists = material()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "directory.db"
        loading = in_fresh_process(__name__, "loaded", str(lists), str(path))
        typing = in_fresh_process(__name__, "typed", str(path), str(size))
        on_disk = path.stat().st_size
    return {
        **{
            f"rows of {name}, shown of held": f"{shown} of {held}"
            for name, (shown, held) in loading["rows"].items()
        },
        "loaded, seconds": loading["seconds"],
        "loaded, seconds of the processor": loading["busy"],
        "bare read of the largest, seconds of the processor": loading["bare"],
        "loading, peak MB": loading["peak_mb"],
        "index on disk, MB": round(on_disk / 1024 / 1024, 1),
        "names typed": size,
        "key strokes": typing["strokes"],
        "a key stroke, p50 ms": typing["p50"],
        "a key stroke, p95 ms": typing["p95"],
        "a key stroke, longest ms": typing["longest"],
        "names found by typing them": typing["found"],
        "opened, ms": typing["opened"],
        "searching, peak MB": typing["peak_mb"],
        "reach, p95 ms": REACH_MS,
    }


def material() -> Path:
    """The folder of the real lists."""
    folder = Path(os.environ.get("CHARTSIDE_MATERIAL", ROOT.parent / "shared" / "material")) / "directories"
    if not folder.is_dir():
        raise SystemExit("no test material: set CHARTSIDE_MATERIAL to its folder")
    return folder


def loaded(lists: str, path: str) -> dict[str, Any]:
    """Read every list, drop the junk, and write the index."""
    from connectors.directory.index import About, Building
    from connectors.directory.read import reading
    from connectors.directory.search import Directory
    from connectors.directory.sift import sift

    files = sorted(Path(lists).iterdir(), key=lambda file: file.stat().st_size)

    def build() -> None:
        building = Building(Path(path))
        for file in files:
            with reading(file, file.stem) as found:
                building.add(About(file.stem, file.stem), sift(found))
        building.put_in_place()

    def bare() -> None:
        with files[-1].open(newline="", encoding="utf-8") as text:
            sum(1 for _ in csv.reader(text))

    seconds, busy = timed_twice(build)
    directory = Directory(Path(path))
    rows = {about.id: (about.shown, about.rows) for about in directory.lists()}
    directory.close()
    return {
        "seconds": round(seconds, 2),
        "busy": round(busy, 2),
        "bare": round(timed_twice(bare)[1], 2),
        "rows": rows,
    }


def typed(path: str, size: str) -> dict[str, Any]:
    """Type the names of a sample, letter by letter."""
    from connectors.directory.search import Directory

    begun = time.perf_counter()
    directory = Directory(Path(path))
    opened = time.perf_counter() - begun
    ids = [own_id for (own_id,) in directory._db.execute("SELECT id FROM provider ORDER BY n")]
    sample = [
        one.name for own_id in random.Random(7).sample(ids, int(size)) if (one := directory.get(own_id))
    ]
    strokes: list[float] = []
    found = 0
    for name in sample:
        for end in range(1, len(name) + 1):
            begun = time.perf_counter()
            matches = directory.search(name[:end])
            strokes.append(time.perf_counter() - begun)
        found += any(match.provider.name == name for match in matches)
    directory.close()
    return {
        "opened": round(opened * 1000, 1),
        "strokes": len(strokes),
        "p50": round(statistics.median(strokes) * 1000, 2),
        "p95": round(p95(strokes) * 1000, 2),
        "longest": round(max(strokes) * 1000, 2),
        "found": f"{found} of {len(sample)}",
    }
