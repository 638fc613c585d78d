"""Reading one person of 100,000 resources into the vault, against stdlib json plus plain sqlite3 with FTS5.

Both read the same file in their own process and end with the same raw bytes and the same search texts on
disk. The floor parses with `json`, keeps the raw bytes, one row a record, and the texts; it checks nothing,
encrypts nothing, and knows no meaning.
"""

import asyncio
import json
import os
import sqlite3
import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import in_fresh_process, timed_twice

PASSPHRASE = "a benchmark's passphrase"


def run(size: int = 100_000, runs: int = 3) -> dict[str, Any]:
    from tests.fakes.person import write_person

    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_person(folder / "person.json", size)
        ours, floor = [], []
        for at in range(runs):
            ours.append(in_fresh_process(__name__, "chartside", str(folder), str(at)))
            floor.append(in_fresh_process(__name__, "plain", str(folder), str(at)))
        pairs = list(zip(ours, floor, strict=True))
        return {
            "resources": size,
            "file, MB": round((folder / "person.json").stat().st_size / 2**20, 1),
            "chartside, µs per resource, median": _per_resource(ours, size),
            "floor, µs per resource, median": _per_resource(floor, size),
            "ratio, median of pairs": _ratio(pairs, "seconds"),
            "ratio of processor time": _ratio(pairs, "cpu"),
            "reach": 3.0,
            "chartside, peak MB": max(one["peak_mb"] for one in ours),
            "floor, peak MB": max(one["peak_mb"] for one in floor),
            "reach, peak MB": 300,
        }


def _ratio(pairs: list[tuple[dict[str, Any], dict[str, Any]]], by: str) -> float:
    ratios: list[float] = [one[by] / other[by] for one, other in pairs]
    return round(statistics.median(ratios), 2)


def _per_resource(runs: list[dict[str, Any]], size: int) -> float:
    seconds: list[float] = [one["seconds"] for one in runs]
    return round(statistics.median(seconds) / size * 1e6, 1)


def chartside(folder: str, at: str) -> dict[str, Any]:
    from assistant.bootstrap import make_house
    from assistant.clock import utc_now
    from assistant.links.importer import bring_in
    from tests.fakes.in_process import InProcessFile

    house, _ = make_house(PASSPHRASE, home=Path(folder) / f"vault-{at}")
    connector = InProcessFile(Path(folder) / "person.json")
    kept = 0

    def work() -> None:
        nonlocal kept
        kept = asyncio.run(bring_in(house.vault, [connector], clock=utc_now)).totals.new

    seconds, cpu = timed_twice(work)
    house.vault.close()
    return {"seconds": seconds, "cpu": cpu, "records": kept}


def plain(folder: str, at: str) -> dict[str, Any]:
    database = sqlite3.connect(Path(folder) / f"plain-{at}.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE raw (n INTEGER PRIMARY KEY, type TEXT, id TEXT, body BLOB)")
    database.execute(
        "CREATE TABLE record (n INTEGER PRIMARY KEY, type TEXT, title TEXT, day TEXT, value TEXT)"
    )
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(words, codes)")

    def work() -> None:
        bundle = json.loads((Path(folder) / "person.json").read_bytes())
        database.execute("BEGIN")
        for n, entry in enumerate(bundle["entry"]):
            resource = entry["resource"]
            title, codes, day, value = _looked_at(resource)
            kind = resource["resourceType"]
            body = json.dumps(resource).encode()
            database.execute("INSERT INTO raw VALUES (?, ?, ?, ?)", (n, kind, resource["id"], body))
            database.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", (n, kind, title, day, value))
            database.execute("INSERT INTO texts (rowid, words, codes) VALUES (?, ?, ?)", (n, title, codes))
        database.execute("COMMIT")

    seconds, cpu = timed_twice(work)
    database.close()
    return {"seconds": seconds, "cpu": cpu}


def _looked_at(resource: dict[str, Any]) -> tuple[str, str, str | None, str | None]:
    named = ("code", "vaccineCode", "medicationCodeableConcept")
    code: Any = next((resource[k] for k in named if isinstance(resource.get(k), dict)), {})
    title = code.get("text", resource["resourceType"])
    dated = ("effectiveDateTime", "authoredOn", "onsetDateTime")
    day = next((resource[k] for k in dated if k in resource), None)
    quantity = resource.get("valueQuantity", {})
    value = f"{quantity['value']} {quantity.get('unit', '')}" if "value" in quantity else None
    codes = " ".join(coding["code"] for coding in code.get("coding", []))
    return f"{title} {value or ''}", codes, day, value
