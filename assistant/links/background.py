"""An import that runs beside everything else: in a thread of its own, looked at and stopped from outside."""

import asyncio
from collections.abc import Sequence

import msgspec

from assistant.clock import Clock
from assistant.links.importer import bring_in
from assistant.links.report import ImportReport
from assistant.vault.vault import Vault
from connectors.base import Connector


class Progress(msgspec.Struct, frozen=True):
    """How far it is: `total` is None where that is not known."""

    done: int = 0
    total: int | None = None


class BackgroundImport:
    """One import. `run` blocks, in a thread; everything else may be called from any thread."""

    def __init__(self, vault: Vault, connectors: Sequence[Connector], clock: Clock) -> None:
        self._vault = vault
        self._connectors = connectors
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[ImportReport] | None = None
        self._stop = False
        self.progress = Progress()

    def run(self) -> ImportReport | None:
        """Import; None where it was stopped, and nothing was kept.

        Raises:
            SourceFailed, VaultBusy, StorageFailed: as `bring_in`.
        """
        try:
            return asyncio.run(self._bring_in())
        except asyncio.CancelledError:
            return None

    def stop(self) -> None:
        """Stop it; what was there before stays."""
        self._stop = True
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    async def _bring_in(self) -> ImportReport:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(
            bring_in(self._vault, self._connectors, clock=self._clock, progress=self._note)
        )
        if self._stop:
            self._task.cancel()
        return await self._task

    def _note(self, done: int, total: int | None) -> None:
        self.progress = Progress(done, total)
