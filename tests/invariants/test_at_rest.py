"""Invariant 5: nothing readable rests on disk. Every file that the program writes is searched."""

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fakes import small

CANARIES = {
    "title": "Zebrafinchine level",
    "note": "quokkaworthy remark about the evening",
    "question": "What about my marmosetine?",
    "family": "Wobbegongsson",
}

WORKER = """
import asyncio, os, sys
from pathlib import Path
from assistant.bootstrap import make_house
from assistant.chat.question import Question
from assistant.clock import utc_now
from assistant.links.importer import bring_in
from tests.fakes import small
from tests.fakes.memory import MemorySource
from tests.invariants.test_at_rest import CANARIES, chart

async def yes(outgoing):
    return True

async def talk(house):
    async for _ in house.chat.ask(Question(CANARIES["question"]), yes):
        pass

house, _ = make_house("correct horse battery staple", home=Path(sys.argv[1]))
print("begun", flush=True)
for turn in range(1000):
    asyncio.run(bring_in(house.vault, [MemorySource(f"s{turn}", chart(turn))], clock=utc_now))
    asyncio.run(talk(house))
    house.vault.change_passphrase(f"correct horse battery staple {turn}")
"""


def chart(turn: int) -> list[small.Resource]:
    note = [{"text": CANARIES["note"]}]
    return [
        small.patient(family=CANARIES["family"]),
        *(
            small.observation(
                f"o{turn}-{n}", ("9999-9", CANARIES["title"]), n, "mg/dL", "2020-01-01", note=note
            )
            for n in range(50)
        ),
    ]


def forms(text: str) -> list[bytes]:
    """A text as it might stand in a file."""
    plain = text.encode()
    return [
        plain,
        plain.lower(),
        text.encode("utf-16-le"),
        base64.b64encode(plain)[:-4],
        plain.hex().encode(),
    ]


def found_in(folders: list[Path]) -> list[str]:
    wanted = [form for text in (*CANARIES.values(), "Wobbegongsson") for form in forms(text)]
    hits = []
    for folder in folders:
        for path in folder.rglob("*"):
            content = content_of(path)
            hits += [f"{path.name}: {form!r}" for form in wanted if form in content]
    return hits


def content_of(path: Path) -> bytes:
    """A file's bytes; none where it is a folder or has just been replaced by another."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return b""


@pytest.mark.parametrize("form", range(5))
def test_the_search_finds_what_is_readable(form: int, tmp_path: Path) -> None:
    (tmp_path / "left").write_bytes(b"..." + forms(CANARIES["note"])[form] + b"...")
    assert found_in([tmp_path])


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
@pytest.mark.parametrize("at", range(int(os.environ.get("CHARTSIDE_REST_KILLS", "4"))))
def test_nothing_readable_is_left_behind(at: int, tmp_path: Path) -> None:
    places = {name: tmp_path / name for name in ("home", "tmp", "user")}
    for name in ("tmp", "user"):
        places[name].mkdir()
    environment = {
        **os.environ,
        "TMPDIR": str(places["tmp"]),
        "HOME": str(places["user"]),
        "XDG_CACHE_HOME": str(places["user"]),
        "CHARTSIDE_TEST_KDF": "1",
        "PYTHONPATH": str(ROOT),
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(places["home"])],
        env=environment,
        cwd=places["user"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"begun\n"
        deadline = time.monotonic() + 0.15 + 0.35 * at
        while time.monotonic() < deadline:
            assert worker.poll() is None
            assert found_in(list(places.values())) == []
        worker.send_signal(signal.SIGKILL)
    assert found_in(list(places.values())) == []
    assert any(path.suffix == ".db" for path in places["home"].iterdir())
