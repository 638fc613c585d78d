"""A sync from a FHIR server that others wrote, with a synthetic patient: what it holds is what comes."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.http import Network
from connectors.model import SourceInfo
from connectors.origin import Origin
from connectors.smart.connector import SmartConnector
from connectors.smart.coverage import Coverage, State
from connectors.smart.plan import Why, capability, plan
from connectors.smart.scopes import Scopes

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sekmet") is None, reason="needs sekmet-fhir (pip install sekmet-fhir)"
)
START_SECONDS = 40
SERVE = "from sekmet.cli import app; app(['serve', '--host', '127.0.0.1'])"


class Loaded:
    """A running server, the patient loaded into it, and what of theirs it took."""

    def __init__(self, base: str, bundle: dict[str, Any]) -> None:
        self.base = base
        sent = httpx.post(base, json=bundle, timeout=60, trust_env=False)
        assert sent.status_code == 200, sent.text[:500]
        places = [entry["response"]["location"] for entry in sent.json()["entry"]]
        self.kept = Counter(tuple(place.split("/_history/")[0].split("/")[-2:]) for place in places)
        self.patient = next(id_ for type_, id_ in self.kept if type_ == "Patient")

    def count(self, type_: str) -> int:
        """How many of a type it took."""
        return sum(kind == type_ for kind, _ in self.kept)


@pytest.fixture(scope="module")
def loaded(material: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("server")
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    base = f"http://127.0.0.1:{port}/fhir"
    settings = {
        "base_url": base,
        "host": "127.0.0.1",
        "port": port,
        "data_dir": str(folder),
        "simulator": {"enabled": False},
        "validation": {"inbound": "off"},
    }
    (folder / "settings.yaml").write_text(json.dumps(settings))
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        cwd=folder,
        env=os.environ | {"SEKMET_CONFIG": str(folder / "settings.yaml")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(base, process)
        smallest = min((material / "fhir-r4").glob("*.json"), key=lambda path: path.stat().st_size)
        yield Loaded(base, json.loads(smallest.read_bytes()))
    finally:
        process.kill()
        process.wait()


def _wait_for(base: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{base}/metadata", timeout=5, trust_env=False)
        except httpx.TransportError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        else:
            return
    pytest.skip("the FHIR server did not start")


async def test_what_the_server_holds_is_what_comes(loaded: Loaded) -> None:
    origin = Origin.of(loaded.base, typed=True)
    told: list[Coverage] = []
    found: list[tuple[str | None, str | None]] = []
    async with Network().pinned(origin, typed=True) as client:
        statement = await capability(client)
        assert statement is not None
        wanted = plan(Scopes.parse("patient/*.rs"), statement)
        info = SourceInfo("smart", loaded.base, "Test")
        connector = SmartConnector(info, client, wanted, loaded.patient, told=told.append)
        async with aclosing(connector.read()) as batches:
            async for batch in batches:
                found += [(record.type, record.id) for record in batch.records]
    offered = {row.search.type for row in wanted.coming}
    assert {"Observation", "Condition", "Encounter", "MedicationRequest"} <= offered
    for type_ in offered:
        assert len({key for key in found if key[0] == type_}) == loaded.count(type_), type_
    assert {key for key in found if key[0] == "Practitioner"} == {
        key for key in loaded.kept if key[0] == "Practitioner"
    }
    assert [kind.name for kind in told[0].short] == []
    assert {row.why for row in wanted.left} <= {Why.NOT_OFFERED}
    assert any(kind.outcome.state is State.ALL and kind.outcome.came > 10 for kind in told[0].kinds)
