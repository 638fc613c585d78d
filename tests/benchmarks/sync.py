"""A first sync from a server 20 ms away, beside a bare client that asks for the same and keeps nothing.

The server is a process of its own on this computer. Both sides take turns, each time in a new process; the
bare client knows every address beforehand and waits for no page before asking for the next.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.benchmarks.measuring import in_fresh_process

LATENCY = 0.02
PAGE = 100
PAIRS = 5
SUBJECT = {"reference": "Patient/p"}
SHARES = {
    "Observation?category=laboratory": 0.5,
    "Observation?category=vital-signs": 0.2,
    "DiagnosticReport": 0.08,
    "Encounter": 0.05,
    "Procedure": 0.04,
    "MedicationRequest": 0.03,
    "Condition": 0.02,
    "DocumentReference": 0.02,
    "Immunization": 0.02,
}
"""Of all resources; the rest is what they refer to."""
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\ncontent-length: %d\r\n\r\n"
NOTE = "Seen today for a routine visit. " * 60


def run(size: int = 5000) -> dict[str, Any]:
    with _server(size) as port:
        asked = in_fresh_process(__name__, "recorded", str(port))["asked"]
        times: dict[str, list[float]] = {"ours": [], "bare": [], "kept": []}
        busy: dict[str, list[float]] = {"ours": [], "bare": [], "kept": []}
        peak = 0.0
        resources = 0
        for _ in range(PAIRS):
            runs = {
                "ours": in_fresh_process(__name__, "ours", str(port)),
                "bare": in_fresh_process(__name__, "bare", str(port), json.dumps(asked)),
                "kept": in_fresh_process(__name__, "kept", str(port)),
            }
            for name, ran in runs.items():
                times[name].append(ran["seconds"])
                busy[name].append(ran["busy"])
            peak, resources = max(peak, runs["kept"]["peak_mb"]), runs["ours"]["resources"]
    ratios = {name: _over_bare(times, name) for name in ("ours", "kept")}
    return {
        "resources": resources,
        "requests": len(asked),
        "latency, ms": LATENCY * 1000,
        "ours, s": round(statistics.median(times["ours"]), 2),
        "bare client, s": round(statistics.median(times["bare"]), 2),
        "ours, kept in a vault, s": round(statistics.median(times["kept"]), 2),
        "ours over bare, median of pairs": ratios["ours"],
        "kept over bare, median of pairs": ratios["kept"],
        "reach": 1.3,
        "ours, s on the processor": round(statistics.median(busy["ours"]), 2),
        "bare client, s on the processor": round(statistics.median(busy["bare"]), 2),
        "kept, s on the processor": round(statistics.median(busy["kept"]), 2),
        "peak memory, MB": peak,
        "reach, MB": 200,
    }


def _over_bare(times: Mapping[str, list[float]], name: str) -> float:
    pairs = zip(times[name], times["bare"], strict=True)
    return round(statistics.median([one / other for one, other in pairs]), 2)


def kept(port: str) -> dict[str, Any]:
    """One sync into a vault of its own, as a patient's first one."""
    from assistant.clock import utc_now
    from assistant.links.importer import bring_in
    from assistant.links.met import Met
    from assistant.vault.kdf import TEST
    from assistant.vault.paths import VaultPaths
    from assistant.vault.vault import Vault
    from connectors.http import Network

    async def work(vault: Vault) -> tuple[float, int]:
        began = time.perf_counter()
        async with _connector(port, Network(), [], kept=Met(vault, "s").kept) as connector:
            met = Met(vault, "s")
            report = await bring_in(vault, [connector], clock=utc_now, met=met)
        return time.perf_counter() - began, report.usable

    with TemporaryDirectory() as folder:
        vault, _ = Vault.create(VaultPaths(Path(folder) / "home"), "a vault for a benchmark", cost=TEST)
        busy = time.process_time()
        seconds, count = asyncio.run(work(vault))
        used = time.process_time() - busy
        vault.close()
    return {"seconds": seconds, "busy": used, "resources": count}


def ours(port: str) -> dict[str, Any]:
    """One sync: how long, and how much came."""
    from connectors.http import Network
    from connectors.smart import connector as _loaded  # noqa: F401 - loading it is not what is timed

    async def work() -> tuple[float, int]:
        began = time.perf_counter()
        count = await _sync(port, Network(), [])
        return time.perf_counter() - began, count

    busy = time.process_time()
    seconds, count = asyncio.run(work())
    return {"seconds": seconds, "busy": time.process_time() - busy, "resources": count}


def recorded(port: str) -> dict[str, Any]:
    """Every address that one sync asks for, with what it accepts."""
    from connectors.http import Network

    asked: list[tuple[str, str]] = []
    asyncio.run(_sync(port, Network(), asked))
    return {"asked": asked}


def bare(port: str, asked: str) -> dict[str, Any]:
    """The same requests by httpx alone, with the same number at once."""
    import httpx

    from connectors.smart.fetching import AT_ONCE

    todo: list[list[str]] = json.loads(asked)[::-1]

    async def worker(client: httpx.AsyncClient) -> None:
        while todo:
            address, accept = todo.pop()
            reply = await client.get(address, headers={"accept": accept, "authorization": "Bearer t"})
            assert reply.status_code == 200, address

    async def work() -> float:
        limits = httpx.Limits(max_connections=AT_ONCE)
        base = f"http://127.0.0.1:{port}/fhir/"
        began = time.perf_counter()
        async with httpx.AsyncClient(base_url=base, trust_env=False, limits=limits) as client:
            await asyncio.gather(*(worker(client) for _ in range(AT_ONCE)))
        return time.perf_counter() - began

    busy = time.process_time()
    seconds = asyncio.run(work())
    return {"seconds": seconds, "busy": time.process_time() - busy}


async def _sync(port: str, network: Any, asked: list[tuple[str, str]]) -> int:
    count = 0
    async with _connector(port, network, asked) as connector:
        async for batch in connector.read():
            assert not batch.problems, batch.problems
            count += len(batch.records)
    return count


@asynccontextmanager
async def _connector(
    port: str, network: Any, asked: list[tuple[str, str]], kept: Any = None
) -> AsyncGenerator[Any, None]:
    from connectors.model import SourceInfo
    from connectors.origin import Origin
    from connectors.smart.connector import SmartConnector
    from connectors.smart.following import nothing_kept
    from connectors.smart.plan import plan
    from connectors.smart.scopes import Scopes

    async def bearer(refused: str | None = None) -> str:
        return "t"

    origin = Origin.of(f"http://127.0.0.1:{port}/fhir", typed=True)
    async with network.pinned(origin, bearer=bearer, typed=True) as client:
        get = client.get

        async def noting(reference: str, **kept: Any) -> Any:
            asked.append((reference, kept["accept"]))
            return await get(reference, **kept)

        client.get = noting
        info = SourceInfo("smart", origin.base, "benchmark")
        chart = plan(Scopes.parse("patient/*.rs"), None)
        yield SmartConnector(info, client, chart, "p", kept=kept or nothing_kept)


@contextmanager
def _server(size: int) -> Iterator[int]:
    call = f"from tests.benchmarks import sync; sync.serve({size})"
    process = subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def serve(size: int) -> None:
    """Serve a chart of about so many resources until killed; says its port first."""
    asyncio.run(_serve(_chart(size)))


async def _serve(chart: Mapping[str, list[bytes]]) -> None:
    server = await asyncio.start_server(lambda r, w: _connection(chart, r, w), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


async def _connection(
    chart: Mapping[str, list[bytes]], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            # The latency of the road, not a wait for anything.
            await asyncio.sleep(LATENCY)
            body = _body(chart, target)
            writer.write(_HEAD % len(body) + body)
    except (OSError, asyncio.IncompleteReadError):
        writer.close()


def _body(chart: Mapping[str, list[bytes]], target: str) -> bytes:
    parts = urlsplit(target)
    path = parts.path.removeprefix("/fhir/")
    if "/" in path:
        return chart[path][0]
    query = dict(parse_qsl(parts.query))
    key = f"{path}?category={query['category']}" if "category" in query else path
    found, start = chart.get(key, []), int(query.get("from", "0"))
    entries = b",".join(
        b'{"resource":%b,"search":{"mode":"match"}}' % one for one in found[start : start + PAGE]
    )
    links = [{"relation": "self", "url": target}]
    if start + PAGE < len(found):
        bare_query = parts.query.partition("&from=")[0]
        links.append({"relation": "next", "url": f"{path}?{bare_query}&from={start + PAGE}"})
    said = json.dumps(links).encode()
    return b'{"resourceType":"Bundle","type":"searchset","total":%d,"link":%b,"entry":[%b]}' % (
        len(found),
        said,
        entries,
    )


def _chart(size: int) -> dict[str, list[bytes]]:
    people = [f"Practitioner/d{n}" for n in range(size // 50)]
    chart = {"Patient/p": [_json("Patient", "p")]}
    chart |= {one: [_json(*one.split("/"), name=[{"family": "Brandt"}])] for one in people}
    for key, share in SHARES.items():
        type_ = key.partition("?")[0]
        made = []
        for n in range(round(size * share)):
            name = f"{key.partition('=')[2]}{n}"
            more: dict[str, Any] = {"subject": SUBJECT, "performer": [{"reference": people[n % len(people)]}]}
            more |= _said(type_, n)
            more["note"] = [{"text": NOTE[:900]}]
            if type_ == "DocumentReference":
                more["content"] = [{"attachment": {"contentType": "text/plain", "url": f"Binary/b{n}"}}]
                chart[f"Binary/b{n}"] = [_json("Binary", f"b{n}", contentType="text/plain", data=NOTE)]
            made.append(_json(type_, name, **more))
        chart[key] = made
    return chart


def _said(type_: str, n: int) -> dict[str, Any]:
    """What makes it a record: what it is of, when, and how much."""
    day = f"{2015 + n % 10}-{1 + n % 12:02}-{1 + n % 28:02}"
    code = {
        "text": f"Kind {n % 40}",
        "coding": [{"system": "http://loinc.org", "code": f"{1000 + n % 40}-1"}],
    }
    said: dict[str, Any] = {"status": "final", "code": code}
    match type_:
        case "Observation":
            said["effectiveDateTime"] = f"{day}T08:00:00Z"
            said["valueQuantity"] = {"value": n % 90 + 0.5, "unit": "mg/dL", "code": "mg/dL"}
        case "Encounter":
            said |= {"status": "finished", "period": {"start": day}, "type": [code]}
        case "MedicationRequest":
            said |= {"status": "active", "intent": "order", "medicationCodeableConcept": code}
        case "Immunization":
            said |= {"status": "completed", "vaccineCode": code, "occurrenceDateTime": day}
        case "Condition" | "Procedure":
            said |= {"status": "completed", "performedDateTime": day, "onsetDateTime": day}
        case _:
            said |= {"effectiveDateTime": day, "date": day, "type": code}
    return said


def _json(type_: str, id_: str, **more: object) -> bytes:
    return json.dumps({"resourceType": type_, "id": id_, **more}, separators=(",", ":")).encode()
