"""Other processes for tests: quick to start, and to kill at a chosen step of their work on files."""

import functools
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

import pytest

needs_processes = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="killing a process at any moment needs a POSIX system"
)

KILLS = int(os.environ.get("CHARTSIDE_KILLS", "15"))
"""How many random kills to try; more of them in longer runs."""

HEAVY = [
    "pytest",
    "tests.vault.workers",
    "assistant.vault.engine",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.argon2",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "sqlalchemy.dialects.sqlite",
]


@functools.cache
def context() -> ForkServerContext:
    """Starts processes from one that has the heavy imports behind it."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(HEAVY)
    return found


def start(work: Callable[..., object], *arguments: Any) -> ForkServerProcess:
    """Run `work` in another process."""
    process = context().Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def kill(process: ForkServerProcess) -> None:
    """Kill it as kill -9 does, unless it is gone already."""
    process.kill()
    process.join(30)


def finished(process: ForkServerProcess) -> bool:
    """Wait for it; whether it ended by itself, in peace, rather than being killed."""
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"the process ended with {process.exitcode}"
    return process.exitcode == 0


def die_at_step(step: int) -> None:
    """Let this process be killed just before its `step`-th work on files (open, write, sync, rename...)."""
    left = [step]
    opening = os.open

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def dying(*arguments: Any, **named: Any) -> Any:
            if function is not opening or arguments[1] & os.O_CREAT:
                left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return dying

    for name in ("open", "write", "fsync", "replace", "rename", "unlink", "ftruncate"):
        setattr(os, name, counted(getattr(os, name)))
