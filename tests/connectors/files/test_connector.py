"""The file door as a whole, child process included: what it gives, and how it fails."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from connectors.errors import SourceError, SourceInterrupted, SourceUnreadable
from connectors.files import frames, process
from connectors.files.connector import FileConnector
from connectors.model import Batch
from tests.connectors.files.bundles import bundle, entry
from tests.connectors.files.reading import Part, add, read_parts

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


async def read_through_child(path: Path) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    async with aclosing(FileConnector(path).read()) as batches:
        async for batch in batches:
            add(parts, batch)
    return parts


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of many batches: more than pipes and buffers hold."""
    path = tmp_path / "large.json"
    path.write_bytes(bundle([entry(n) for n in range(12_000)]))
    return path


def children() -> set[int]:
    """This process's children, zombies included."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            stat = (folder / "stat").read_text() if folder.name.isdigit() else ""
        except OSError:
            continue
        if stat and int(stat.rpartition(")")[2].split()[1]) == os.getpid():
            found.add(int(folder.name))
    return found


async def test_the_child_gives_what_the_reader_gives(material: Path) -> None:
    for folder in ("fhir-r4", "llmonfhir"):
        assert await read_through_child(material / folder) == read_parts(material / folder)


async def test_the_source_is_the_resolved_path(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "x.json").write_bytes(bundle([entry(1)]))
    link = tmp_path / "link"
    link.symlink_to(real)
    connector = FileConnector(link)
    assert connector.info == FileConnector(real).info
    assert (connector.info.kind, connector.info.key, connector.info.name) == ("file", str(real), "real")
    assert list(await read_through_child(link)) == [str(real / "x.json")]


async def test_a_relative_path_does_not_depend_on_where_the_child_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.json").write_bytes(bundle([entry(1)]))
    monkeypatch.chdir(tmp_path)
    assert list(await read_through_child(Path("x.json"))) == [str(tmp_path / "x.json")]


@pytest.mark.parametrize("name", ["absent", "absent/x.json", "x\0y", "a" * 5000])
async def test_nothing_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnreadable) as failure:
        await read_through_child(tmp_path / name)
    assert "no file or folder" in failure.value.text


async def test_a_loop_of_links_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(SourceUnreadable):
        await read_through_child(tmp_path / "a")


async def test_a_device_is_refused_at_once() -> None:
    (part,) = (await read_through_child(Path("/dev/zero"))).values()
    assert (part.format, len(part.problems)) == ("unknown", 1)


async def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))
    try:
        path.write_bytes(bundle([entry(1)]))
    except OSError:
        pytest.skip("this file system takes names in Unicode only")
    ((name, part),) = (await read_through_child(path)).items()
    assert name == FileConnector(path).info.key
    assert name.encode()
    assert len(part.records) == 1


@LINUX
async def test_the_child_is_told_nothing_it_needs_not_know(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTSIDE_PASSPHRASE_FILE", "/secret")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", "/secret")
    before = children()
    async with aclosing(FileConnector(large).read()) as batches:
        await anext(batches)
        (pid,) = children() - before
        command = (Path("/proc") / str(pid) / "cmdline").read_bytes()
        environment = (Path("/proc") / str(pid) / "environ").read_bytes()
    assert os.fsencode(large) not in command
    assert b"secret" not in environment + command
    assert b"CHARTSIDE" not in environment


@LINUX
async def test_stopping_early_ends_the_child_at_once(large: Path) -> None:
    before = children()
    async with aclosing(FileConnector(large).read()) as batches:
        await anext(batches)
        assert len(children() - before) == 1
    assert children() == before


@LINUX
@pytest.mark.parametrize("steps", [1, 5, 20, 60])
async def test_cancelling_ends_the_child(large: Path, steps: int) -> None:
    before = children()
    reading = asyncio.create_task(read_through_child(large))
    for _ in range(steps):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == before


@LINUX
async def test_a_killed_child_is_an_interruption(large: Path) -> None:
    before = children()
    batches: list[Batch] = []

    async def read_and_kill() -> None:
        async with aclosing(FileConnector(large).read()) as reading:
            async for batch in reading:
                batches.append(batch)
                for pid in children() - before:
                    os.kill(pid, signal.SIGKILL)

    with pytest.raises(SourceInterrupted, match="stopped") as failure:
        await read_and_kill()
    assert batches
    assert all(batch.cursor is None for batch in batches)
    assert "memory" in failure.value.text
    assert children() == before


LOCKED = frames.pack(frames.Locked(()))
NEGATIVE = frames.pack(frames.Locked((), size=-1))
BATCH = frames.pack(frames.Delivered(Batch(part="x", format="unknown")))
WITH_CURSOR = frames.pack(frames.Delivered(Batch(part="x", format="unknown", cursor="here")))

BEHAVIOURS = {
    "ends at once": ("pass", SourceUnreadable, "before it was done"),
    "fails at once": ("raise SystemExit(3)", SourceUnreadable, "before it was done"),
    "ends without a word": (f"out({LOCKED!r})", SourceUnreadable, "before it was done"),
    "ends after a batch": (f"out({LOCKED + BATCH!r})", SourceInterrupted, "before it was done"),
    "ends inside a message": (
        f"out({LOCKED + BATCH + BATCH[:9]!r})",
        SourceInterrupted,
        "before it was done",
    ),
    "says garbage": ("out(b'\\x00\\x00\\x00\\x04abcd' * 9)", SourceUnreadable, "no sense"),
    "names a huge length": ("out(b'\\xff' * 100)", SourceUnreadable, "no sense"),
    "names no length": ("out(bytes(100))", SourceUnreadable, "no sense"),
    "skips locking itself in": (f"out({BATCH!r})", SourceUnreadable, "no sense"),
    "locks itself in twice": (f"out({LOCKED + BATCH + LOCKED!r})", SourceInterrupted, "no sense"),
    "makes up a cursor": (f"out({LOCKED + WITH_CURSOR!r})", SourceUnreadable, "no sense"),
    "says nothing": ("time.sleep(600)", SourceUnreadable, "no sign of life"),
    "stops talking": (f"out({LOCKED + BATCH!r}); time.sleep(600)", SourceInterrupted, "no sign of life"),
    "closes its output and stays": ("os.close(1); time.sleep(600)", SourceUnreadable, "no sign of life"),
    "names a size below nothing": (f"out({NEGATIVE!r})", SourceUnreadable, "no sense"),
    "is out of time": ("os.kill(os.getpid(), signal.SIGXCPU)", SourceUnreadable, "more time"),
    "crashes": ("os.kill(os.getpid(), signal.SIGSEGV)", SourceUnreadable, "memory"),
}


@LINUX
@pytest.mark.parametrize(("program", "error", "words"), BEHAVIOURS.values(), ids=BEHAVIOURS)
async def test_a_child_gone_wrong_is_a_plain_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, error: type[SourceError], words: str
) -> None:
    start = "import os, signal, sys, time\ndef out(data): sys.stdout.buffer.write(data); sys.stdout.flush()\n"
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-I", "-c", start + program))
    monkeypatch.setattr(process, "STALL_SECONDS", 1.0)
    monkeypatch.setattr(process, "_END_SECONDS", 1.0)
    before = children()
    with pytest.raises(error) as failure:
        await read_through_child(tmp_path)
    assert words in failure.value.text
    assert failure.value.next_step.endswith(".")
    assert children() == before


async def test_a_child_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", (str(tmp_path / "no-such-python"),))
    with pytest.raises(SourceUnreadable, match="stopped"):
        await read_through_child(tmp_path)
    assert process.protections() == ()


MEASURE = """
import asyncio, resource, sys
from pathlib import Path
from connectors.files.connector import FileConnector

async def read():
    async for batch in FileConnector(Path(sys.argv[1])).read():
        print(len(batch.records), [problem.at for problem in batch.problems])

asyncio.run(read())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def measured(path: Path) -> tuple[list[str], int]:
    """What reading a path gave, and the child's largest memory in MiB."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    *said, memory = done.stdout.splitlines()
    return said, int(memory)


@LINUX
@pytest.mark.parametrize("name", ["x.json", "x.ndjson"])
def test_a_huge_text_stays_within_bounds(tmp_path: Path, name: str) -> None:
    small = json.dumps(entry(1)).encode() if name == "x.json" else b'{"resourceType":"Patient"}'
    before, between, after = (
        (b'{"resourceType":"Bundle","entry":[', b",", b"]}") if name == "x.json" else (b"", b"\n", b"")
    )
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(before + small + between + b'{"resource":{"x":"')
        for _ in range(200):
            file.write(b"a" * 2**20)
        file.write(b'"}}' + between + small + after)
    said, memory = measured(path)
    place = "entry 2" if name == "x.json" else "line 2"
    assert said == [f"2 ['{place}']"]
    assert memory < 500


@LINUX
def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path, large: Path) -> None:
    small = tmp_path / "small.json"
    small.write_bytes(bundle([entry(1)]))
    assert measured(large)[1] < measured(small)[1] + 10


def test_the_parent_imports_no_parser() -> None:
    program = "import sys, connectors.files.connector; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "connectors.files.process" in loaded
    assert not loaded & {"json", "connectors.files.strict", "connectors.files.read", "ctypes"}
