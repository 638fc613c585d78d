"""The screen: its first frame against a bare Textual chat in turn, keys while an import runs, a fast stream,
and the records of a large chart."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import p95
from tests.tui.terminal import Terminal, plain

FIRST = b"SHARING"
PROGRAM = (sys.executable, "-c", "from assistant.cli.main import main; main()")


def run(rounds: int = 15, size: int = 100_000) -> dict[str, Any]:
    os.environ["CHARTSIDE_TEST_KDF"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that was started before
    ours, bare, memory = [], [], []
    for _ in range(rounds):
        bare.append(first_frame("-m", "tests.benchmarks.bare")[0])
        seconds, peak = first_frame(*PROGRAM[1:], "demo")
        ours.append(seconds)
        memory.append(peak)
    return {
        "first frame, bare, median ms": round(statistics.median(bare) * 1000),
        "first frame, demo, median ms": round(statistics.median(ours) * 1000),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
        "reach, ratio": 1.5,
        "memory at the first frame, MB": round(statistics.median(memory), 1),
        "reach, MB": 80,
        **keys_while_importing(size),
    }


def first_frame(*arguments: str) -> tuple[float, float]:
    """Seconds from the start of the program to its first frame, and its peak memory then in MB."""
    started = time.perf_counter()
    terminal = Terminal(*arguments, columns=120, lines=36)
    terminal.until(FIRST)
    seconds = time.perf_counter() - started
    status = Path(f"/proc/{terminal.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    terminal.until(b"palette")
    os.write(terminal.fd, b"\x11")
    terminal.end()
    return seconds, peak


def keys_while_importing(size: int, most: int = 200) -> dict[str, Any]:
    """A vault that takes in a large chart while someone types."""
    from tests.fakes.person import write_person

    with tempfile.TemporaryDirectory() as name:
        write_person(Path(name) / "person.json", size)
        (Path(name) / "passphrase").write_text("a benchmark's passphrase\n")
        home = {"CHARTSIDE_HOME": f"{name}/home", "CHARTSIDE_PASSPHRASE_FILE": f"{name}/passphrase"}
        subprocess.run([*PROGRAM, "init"], env={**os.environ, **home}, check=True, capture_output=True)
        terminal = Terminal(*PROGRAM[1:], columns=120, lines=36, environment=list(home.items()))
        terminal.until(b"To start with")
        terminal.press(b"\x1bOS", until=b"Open a file")
        terminal.press(f"{name}/person.json".encode())
        os.write(terminal.fd, b"\r")
        terminal.until(b"Reading")
        waits: list[float] = []
        while len(waits) < most and b"Your records now" not in plain(terminal.written):
            before, started = len(terminal.written), time.perf_counter()
            os.write(terminal.fd, b"#")
            while b"#" not in plain(terminal.written[before:]):
                terminal.read(5.0)
            waits.append(time.perf_counter() - started)
            terminal.read(0.05)
        os.write(terminal.fd, b"\x11")
        terminal.end()
    return {
        "keys while importing": len(waits),
        "key to echo, median ms": round(statistics.median(waits) * 1000, 1),
        "key to echo, p95 ms": round(p95(waits) * 1000, 1),
        "reach, echo p95 ms": 50,
    }
