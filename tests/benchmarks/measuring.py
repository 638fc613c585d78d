"""Time and peak memory of a piece of work in a process of its own, so that runs don't share a heap."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def in_fresh_process(module: str, function: str, *arguments: str) -> dict[str, Any]:
    """Call `module.function(*arguments)`, which returns a dict, in a new interpreter; adds `peak_mb`."""
    script = (
        "import importlib, json, resource, sys\n"
        "found = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(*sys.argv[3:])\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "print(json.dumps({**found, 'peak_mb': round(peak, 1)}))\n"
    )
    command = [sys.executable, "-c", script, module, function, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    return timed_twice(work)[0]


def timed_twice(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and seconds of this process on the processor."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def paired(one: Sequence[str], other: Sequence[str], runs: int = 11) -> tuple[list[float], list[float]]:
    """Seconds of two commands, run in turn after one warm-up of each."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 1):
        for command, seconds in zip((one, other), times, strict=True):
            took = timed(lambda command=command: subprocess.run(command, check=True, capture_output=True))  # type: ignore[misc]
            if run:
                seconds.append(took)
    return times


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]
