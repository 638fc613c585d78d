"""What a process that has locked itself in can still do. Each attempt runs in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.files.process import protections

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these protections are Linux's")

HOLDS = {protection.name: protection.holds for protection in protections()}


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not HOLDS.get(name), reason=f"this system doesn't give: {name}")


def locked_in(folder: Path, attempt: str, before: str = "") -> str:
    """What `attempt` says in a process that may read `folder` only."""
    program = f"""
import ctypes, os, resource, signal, socket, subprocess, sys
from connectors.files import sandbox
inside, outside = sys.argv[1:]
{before}
sandbox.lock_in([os.fsencode(inside)], 1000)
try:
    {attempt}
    print("done")
except (OSError, MemoryError, RuntimeError, ValueError) as error:
    print(type(error).__name__)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(folder / "inside"), str(folder / "outside")],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or f"ended with {done.returncode}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("inside", "outside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text")
    return tmp_path


def test_reading_what_was_asked_for_works(folder: Path) -> None:
    assert locked_in(folder, "os.listdir(inside); open(inside + '/file').read()") == "done"


@needs("no network")
@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "socket.create_connection(('127.0.0.1', 1))",
        "socket.getaddrinfo('name.example', 80)",
    ],
)
def test_no_network(folder: Path, attempt: str) -> None:
    assert locked_in(folder, attempt) in {"PermissionError", "gaierror"}


@needs("no other programs")
@pytest.mark.parametrize(
    "attempt",
    [
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "subprocess.run(['/bin/true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(os.getppid(), 0)",
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
        "__import__('_thread').start_new_thread(print, ())",
    ],
)
def test_no_other_programs(folder: Path, attempt: str) -> None:
    assert locked_in(folder, attempt) in {"PermissionError", "RuntimeError", "ValueError"}


@needs("no other files")
@pytest.mark.parametrize(
    "attempt",
    ["open(outside + '/file')", "os.listdir(outside)", "os.listdir('/home')", "open('/etc/hostname')"],
)
def test_no_other_files(folder: Path, attempt: str) -> None:
    assert locked_in(folder, attempt) == "PermissionError"


@needs("no writing")
@pytest.mark.parametrize(
    "attempt",
    [
        "open(inside + '/new', 'w')",
        "open(inside + '/file', 'a')",
        "open(inside + '/file', 'r+')",
        "os.unlink(inside + '/file')",
        "os.rename(inside + '/file', inside + '/other')",
        "os.truncate(inside + '/file', 0)",
        "os.mkdir(inside + '/new')",
        "os.symlink('x', inside + '/new')",
        "os.chmod(inside + '/file', 0)",
        "os.utime(inside + '/file')",
    ],
)
def test_no_writing(folder: Path, attempt: str) -> None:
    assert locked_in(folder, attempt) == "PermissionError"
    assert [path.name for path in (folder / "inside").iterdir()] == ["file"]
    assert (folder / "inside" / "file").read_text() == "text"


@needs("bounded memory")
def test_bounded_memory(folder: Path) -> None:
    assert locked_in(folder, "bytearray(3 * 2**30)") == "MemoryError"


@needs("bounded time")
def test_bounded_time(folder: Path) -> None:
    ended = locked_in(folder, "while True: pass", before="sandbox.CPU_SECONDS = 1")
    assert ended == f"ended with {-signal.SIGXCPU}"


@needs("no memory dumps")
def test_no_memory_dumps(folder: Path) -> None:
    said = locked_in(folder, "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))")
    assert said.split() == ["0", "done"]


@needs("no network")
def test_the_kernel_says_so_too(folder: Path) -> None:
    assert locked_in(folder, "print(ctypes.CDLL(None).prctl(21, 0, 0, 0, 0))").split() == ["2", "done"]
