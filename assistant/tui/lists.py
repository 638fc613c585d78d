"""Published lists of providers, fetched by a process of their own, since reading one takes seconds."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress

from assistant.errors import SourceFailed

COMMAND = (sys.executable, "-c", "from assistant.cli.main import main; main()", "providers", "update")
_LAST_LINES = 3
_LONGEST = 200
"""Characters of a sentence that a child may add; more is no sentence."""


async def fetch_list(
    list_id: str, telling: Callable[[str], None], command: Sequence[str] | None = None
) -> None:
    """Fetch one published list and put it in the directory. `telling` gets each line about the progress.
    Cancelled, it leaves what was there.

    Raises:
        SourceFailed: it could not be fetched.
    """
    process = await asyncio.create_subprocess_exec(
        *(command or COMMAND),
        "--list",
        list_id,
        "--yes",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        lines, _ = await asyncio.gather(_follow(process, telling), _drained(process))
        if await process.wait() != 0:
            told = " ".join(line for line in lines[-_LAST_LINES:] if len(line) <= _LONGEST)
            raise SourceFailed(
                told or "The list could not be fetched.",
                "What was here before is unchanged. Try again later, or paste an address.",
                title="No list was fetched",
            )
    finally:
        await _ended(process)


async def _follow(process: Process, telling: Callable[[str], None]) -> list[str]:
    lines: list[str] = []
    assert process.stderr is not None
    async for raw in process.stderr:
        line = raw.decode("utf-8", "replace").strip()
        if line:
            lines.append(line)
            telling(line)
    return lines


async def _drained(process: Process) -> None:
    assert process.stdout is not None
    while await process.stdout.read(1 << 16):
        pass


async def _ended(process: Process) -> None:
    """Leave no process behind."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
