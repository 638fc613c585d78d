"""Work that runs beside everything else: in a thread of its own, looked at and stopped from outside."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from assistant.clock import Clock
from assistant.links.importer import Progress as Telling
from assistant.links.importer import bring_in
from assistant.links.report import ImportReport
from assistant.vault.vault import Vault
from connectors.base import Connector

T = TypeVar("T")


class Progress(msgspec.Struct, frozen=True):
    """How far it is: `total` is None where that is not known."""

    done: int = 0
    total: int | None = None


class Background(Generic[T]):
    """One piece of work. `run` blocks, in a thread; everything else may be called from any thread."""

    def __init__(self, work: Callable[[Telling], Awaitable[T]]) -> None:
        """`work` is started in a loop of its own and told where to say how far it is."""
        self._work = work
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None
        self._stop = False
        self.progress = Progress()

    def run(self) -> T | None:
        """Do it; None where it was stopped.

        Raises:
            ChartsideError: as the work does.
        """
        try:
            return asyncio.run(self._run())
        except asyncio.CancelledError:
            return None

    def stop(self) -> None:
        """Stop it; what it kept so far stays."""
        self._stop = True
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    async def _run(self) -> T:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(self._work(self._note))
        if self._stop:
            self._task.cancel()
        return await self._task

    def _note(self, done: int, total: int | None) -> None:
        self.progress = Progress(done, total)


def background_import(
    vault: Vault, connectors: Sequence[Connector], clock: Clock
) -> Background[ImportReport]:
    """An import, ready to run; stopped, it keeps nothing."""
    return Background(lambda telling: bring_in(vault, connectors, clock=clock, progress=telling))
