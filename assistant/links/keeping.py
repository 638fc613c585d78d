"""Keeps what a source gives in a thread, while the source is asked for more.

Whatever came meanwhile is kept together, up to its last cursor: one commit for several pages.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing

from connectors.base import Connector
from connectors.errors import SourceError
from connectors.model import Batch

HELD_BYTES = 1024 * 1024
"""Once so much waits to be kept, nothing more is asked for."""

Keep = Callable[[Sequence[Batch]], None]
Kept = Callable[[Batch], None]


async def keep_at_once(connector: Connector, cursor: str | None, keep: Keep, kept: Kept) -> None:
    """Read a source; each batch is kept, and told to `kept`, before the next is asked for.

    Raises:
        SourceError: the source failed.
    """
    async with aclosing(connector.read(cursor)) as batches:
        async for batch in batches:
            keep((batch,))
            kept(batch)


async def keep_beside(connector: Connector, cursor: str | None, keep: Keep, kept: Kept) -> None:
    """Read a source that can resume; `keep` is called in order, one call at a time, in a thread.

    Of a source that fails, what came up to its last cursor is kept; and what is being kept when this is
    cancelled.

    Raises:
        SourceError: the source failed.
    """
    keeping = _Keeping(keep, kept)
    try:
        try:
            async with aclosing(connector.read(cursor)) as batches:
                async for batch in batches:
                    await keeping.add(batch)
        except SourceError:
            await keeping.finish()
            raise
        rest = await keeping.finish()
        keep(rest)
        for batch in rest:
            kept(batch)
    finally:
        await keeping.stop()


class _Keeping:
    """What waits to be kept, and what is being kept."""

    def __init__(self, keep: Keep, kept: Kept) -> None:
        self._keep = keep
        self._kept = kept
        self._open: list[Batch] = []
        """What came after the last cursor."""
        self._due: list[Batch] = []
        self._size = 0
        self._task: asyncio.Task[None] | None = None

    async def add(self, batch: Batch) -> None:
        """Take a batch, to be kept once it or a later one has a cursor. Raises what `keep` raised before."""
        self._open.append(batch)
        self._size += sum(len(record.body) for record in batch.records)
        if batch.cursor is None:
            return
        self._due += self._open
        self._open = []
        if self._task is None or self._task.done() or self._size >= HELD_BYTES:
            await self._next()

    async def finish(self) -> list[Batch]:
        """Keep everything that is due; gives what came after the last cursor."""
        while self._task is not None or self._due:
            await self._next()
        return self._open

    async def stop(self) -> None:
        """Wait for what is being kept, and begin nothing more: once begun it is done, cancelled or not."""
        if self._task is not None:
            await asyncio.wait((self._task,))
            if not self._task.cancelled():
                self._task.exception()  # whoever would be told may be gone

    async def _next(self) -> None:
        """Begin on what is due, after what is being kept."""
        if self._task is not None:
            await asyncio.shield(self._task)
        due, self._due, self._size = self._due, [], 0
        self._task = asyncio.create_task(self._in_thread(due)) if due else None

    async def _in_thread(self, batches: Sequence[Batch]) -> None:
        await asyncio.to_thread(self._keep, batches)
        for batch in batches:
            self._kept(batch)
