"""The app's side of the process that runs litellm: start it, ask it, keep it warm, leave nothing behind."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Self

from assistant.llm import litellm_frames as frames
from assistant.llm.crossing import IDLE_SECONDS_HERE

STALL_SECONDS = IDLE_SECONDS_HERE + 60.0
"""A helper that says nothing for this long is taken for stuck; the relay gives up on a server before that."""

SETTLE_SECONDS = 5.0
"""How long a helper whose job was given up may take to notice."""

MOST_IDLE = 1
"""Helpers that are kept for the next question; one takes about 200 MB."""

_END_SECONDS = 10.0
_PIPE_BYTES = 1024 * 1024
_COMMAND = (sys.executable, "-I", "-B", "-X", "utf8", "-m", "assistant.llm.litellm_helper")
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What an interpreter may need to start; nothing of the app's or the patient's is handed on."""

_TOLD = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOG": "CRITICAL",
    "NO_PROXY": "*",
    # A folder in which no library finds settings of the patient's, or may leave anything.
    "HOME": os.path.abspath(os.sep),
    "USERPROFILE": os.path.abspath(os.sep),
}


class Lost(Exception):
    """The helper can't be started, ended too early, or says nothing that makes sense."""


class Helper:
    """A running helper; it does one job at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._jobs = process.stdin
        self._said = process.stdout
        self._due: int | None = None
        """Bytes of the frame whose head was read."""
        self._busy = False
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def start(cls) -> Self:
        """A new one; litellm is loaded while it waits for its first job.

        Raises:
            Lost: no process can be started.
        """
        try:
            return cls(
                await asyncio.create_subprocess_exec(
                    *_COMMAND,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=_environment(),
                    cwd=os.path.abspath(os.sep),
                    limit=_PIPE_BYTES,
                )
            )
        except OSError:
            raise Lost from None

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Whether it runs, and in this event loop."""
        return self._process.returncode is None and self._loop is asyncio.get_running_loop()

    async def ask(self, job: frames.Job) -> AsyncGenerator[frames.Said, None]:
        """Hand in a job; all that is said about it, the last of which is `End`.

        Raises:
            Lost: there will be no more.
        """
        self._busy = True
        try:
            self._jobs.write(frames.pack(job))
            await self._jobs.drain()
        except ConnectionError:
            raise Lost from None
        while self._busy:
            yield await self._hear()

    async def settle(self) -> bool:
        """Wait for the end of a job that nobody wants any more; whether it is ready for another."""
        with suppress(Lost, TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                while self._busy:
                    await self._hear()
        return not self._busy and self.usable

    async def end(self) -> None:
        """Kill it, and take its remains away."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        self._jobs.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                while await self._said.read(_PIPE_BYTES):
                    pass
                await self._process.wait()

    async def _hear(self) -> frames.Said:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                if self._due is None:
                    self._due = frames.length(await self._said.readexactly(frames.LENGTH.size))
                said = frames.said(await self._said.readexactly(self._due))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, frames.Nonsense):
            raise Lost from None
        self._due = None
        self._busy = not isinstance(said, frames.End)
        return said


class Helpers:
    """The helpers of this process."""

    def __init__(self) -> None:
        self._idle: list[Helper] = []

    @asynccontextmanager
    async def one(self) -> AsyncGenerator[Helper, None]:
        """A helper, kept for the next one afterwards if it is fit for it.

        Raises:
            Lost: none can be started.
        """
        self._idle = [helper for helper in self._idle if helper.usable]
        helper = self._idle.pop() if self._idle else await Helper.start()
        try:
            yield helper
        finally:
            await asyncio.shield(self._put_back(helper))

    async def aclose(self) -> None:
        """End those that are idle."""
        idle, self._idle = self._idle, []
        for helper in idle:
            await helper.end()

    async def _put_back(self, helper: Helper) -> None:
        if await helper.settle() and len(self._idle) < MOST_IDLE:
            self._idle.append(helper)
        else:
            await helper.end()


@cache
def shared_helpers() -> Helpers:
    """Those of the whole app: a helper holds nothing that belongs to one model."""
    return Helpers()


def _environment() -> dict[str, str]:
    return _TOLD | {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
