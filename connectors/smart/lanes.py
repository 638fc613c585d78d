"""Several searches under way at once, handed over one after the other in the order of the table."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from connectors.smart.references import References
from connectors.smart.walk import SearchWalk, Turn

HELD_BYTES = 24 * 1024 * 1024
"""Pages read ahead wait while so many bytes are waiting to be handed over."""


class _Room:
    """How many bytes wait; the search that is being handed over never waits."""

    def __init__(self) -> None:
        self._held = 0
        self._first = 0
        self._changed = asyncio.Event()

    async def take(self, lane: int, size: int) -> None:
        """Hold a page, once there is room."""
        while self._held > HELD_BYTES and lane != self._first:
            self._changed.clear()
            await self._changed.wait()
        self._held += size

    def give(self, size: int) -> None:
        """A page was handed over."""
        self._held -= size
        self._changed.set()

    def go_to(self, lane: int) -> None:
        """This search is handed over now."""
        self._first = lane
        self._changed.set()


class Lanes:
    """Runs walks; `seen` is told of each page as soon as it is there, in no fixed order, and what it says of
    the page is handed over with it."""

    def __init__(self, walks: Sequence[SearchWalk], at_once: int, seen: Callable[[Turn], References]) -> None:
        self._room = _Room()
        self._seen = seen
        self._places = asyncio.Semaphore(at_once)
        self._queues: list[asyncio.Queue[tuple[Turn, References] | None]] = [asyncio.Queue() for _ in walks]
        self._tasks = [asyncio.create_task(self._walk(number, walk)) for number, walk in enumerate(walks)]

    async def turns(self) -> AsyncGenerator[tuple[int, Turn, References], None]:
        """Every page with the number of its search, in order.

        Raises:
            SourceInterrupted: a search met a server that stopped answering; what came before is given first.
        """
        for number, (queue, task) in enumerate(zip(self._queues, self._tasks, strict=True)):
            self._room.go_to(number)
            while (item := await queue.get()) is not None:
                turn, refers = item
                self._room.give(turn.size)
                yield number, turn, refers
            await task

    async def aclose(self) -> None:
        """Stop everything under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _walk(self, number: int, walk: SearchWalk) -> None:
        queue = self._queues[number]
        try:
            async with self._places:
                turns = walk.turns()
                try:
                    async for turn in turns:
                        await self._room.take(number, turn.size)
                        queue.put_nowait((turn, self._seen(turn)))
                finally:
                    await turns.aclose()
        finally:
            queue.put_nowait(None)
