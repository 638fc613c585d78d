"""A link's tokens in the vault: the only place where they are kept."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import msgspec

from assistant.links.providers.link import read_access
from assistant.vault.links import LinkStore
from assistant.vault.vault import Vault
from connectors.net_errors import Busy
from connectors.smart.token_reply import Granted

LOCK_SECONDS = 150.0
"""Longer than one renewal may take in another process."""


class VaultTokens:
    """A `TokenStore` over one link of one vault."""

    def __init__(self, vault: Vault, source: str, host: str) -> None:
        self._vault = vault
        self._source = source
        self._host = host

    async def load(self) -> Granted | None:
        """The grant as it stands now; None once the link is gone."""
        return await asyncio.to_thread(self._load)

    async def save(self, granted: Granted) -> None:
        """Keep it; on disk when this returns. A link that was taken away meanwhile stays away."""
        await asyncio.to_thread(self._save, granted)

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Hold this to be the only one, among all processes, that renews."""
        return self._locked(self._vault.lock_file(f"{self._source}-tokens"))

    @asynccontextmanager
    async def _locked(self, path: Path) -> AsyncGenerator[None, None]:
        from filelock import AsyncFileLock, Timeout

        lock = AsyncFileLock(path, timeout=LOCK_SECONDS, thread_local=False)
        try:
            await lock.acquire()
        except Timeout:
            raise Busy(self._host, 503) from None
        try:
            yield
        finally:
            await lock.release()

    def _load(self) -> Granted | None:
        with self._vault.read() as session:
            row = LinkStore(session).get(self._source)
            return None if row is None else read_access(row)

    def _save(self, granted: Granted) -> None:
        with self._vault.write() as session:
            store = LinkStore(session)
            row = store.get(self._source)
            if row is not None:
                row.access = msgspec.json.encode(granted)
                store.put(row)


class HeldTokens:
    """A `TokenStore` for the time between signing in and agreeing to what comes: nothing is written."""

    def __init__(self, granted: Granted) -> None:
        self.granted = granted
        self._lock = asyncio.Lock()

    async def load(self) -> Granted | None:
        """The grant as it stands now."""
        return self.granted

    async def save(self, granted: Granted) -> None:
        """Hold it."""
        self.granted = granted

    @asynccontextmanager
    async def lock(self) -> AsyncGenerator[None, None]:
        """Only one renews."""
        async with self._lock:
            yield
