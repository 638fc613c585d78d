"""The parent's side of the child process: start it, hear it, and leave nothing of it behind."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from connectors.files import frames

STALL_SECONDS = 60.0
"""A child that says nothing for this long while it is being listened to is taken for stuck."""

STALL_SECONDS_PER_GIB = 1200.0
"""More patience for more bytes: damage may make it skip over most of a large file in silence."""

_END_SECONDS = 10.0
"""How long a child that closed its output, or was killed, may take to be gone."""

_COMMAND = (sys.executable, "-I", "-B", "-X", "utf8", "-m", "connectors.files.child")
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What an interpreter may need to start; nothing of the app's or the patient's is handed on."""

_PIPE_BYTES = 1024 * 1024


class Stalled(Exception):
    """The child says nothing."""


class Died(Exception):
    """The child ended before it was done; `code` is its return code, negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Child:
    """A running child. Made by `child`, which ends it."""

    def __init__(self, process: asyncio.subprocess.Process, stdout: asyncio.StreamReader) -> None:
        self._process = process
        self._stdout = stdout
        self._patience = STALL_SECONDS

    async def hear(self) -> frames.Message:
        """The next message.

        Raises:
            frames.Nonsense: it isn't one.
            Stalled: none came in time.
            Died: none will come.
        """
        try:
            async with asyncio.timeout(self._patience):
                head = await self._stdout.readexactly(frames.LENGTH.size)
                message = frames.message(await self._stdout.readexactly(frames.length(head)))
        except TimeoutError:
            raise Stalled from None
        except asyncio.IncompleteReadError:
            raise await self._silence() from None
        if isinstance(message, frames.Locked):
            self._patience += message.size / 2**30 * STALL_SECONDS_PER_GIB
        return message

    async def _silence(self) -> Died | Stalled:
        """Why there will be no more messages."""
        try:
            async with asyncio.timeout(_END_SECONDS):
                return Died(await self._process.wait())
        except TimeoutError:
            return Stalled()

    async def end(self) -> None:
        """Kill it if it still runs, and take its remains away."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                while await self._stdout.read(_PIPE_BYTES):
                    pass
                await self._process.wait()


@asynccontextmanager
async def child(path: bytes) -> AsyncIterator[Child]:
    """A child that reads `path`; however the block is left, it is gone afterwards.

    Raises:
        OSError: no process can be started.
    """
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd=os.path.abspath(os.sep),
        limit=_PIPE_BYTES,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    running = Child(process, process.stdout)
    try:
        process.stdin.write(frames.pack(frames.Request(path)))
        process.stdin.close()
        yield running
    finally:
        await asyncio.shield(running.end())


def protections() -> tuple[frames.Protection, ...]:
    """What a child on this computer really gives up, as it says itself; empty when none can be started."""
    try:
        done = subprocess.run(
            _COMMAND,
            input=frames.pack(frames.Request(None)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=os.path.abspath(os.sep),
            timeout=STALL_SECONDS,
            check=False,
        )
        end = frames.LENGTH.size + frames.length(
            done.stdout[: frames.LENGTH.size].ljust(frames.LENGTH.size, b"\0")
        )
        first = frames.message(done.stdout[frames.LENGTH.size : end])
    except (OSError, subprocess.TimeoutExpired, frames.Nonsense):
        return ()
    return first.protections if isinstance(first, frames.Locked) else ()


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
