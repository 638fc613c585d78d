"""Linking providers: look, sign in, agree, fetch, keep fresh, unlink."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial

import msgspec

from assistant.clock import Clock
from assistant.errors import UsageError, VaultBusy
from assistant.links.browse import Shelf
from assistant.links.failing import told_plainly
from assistant.links.importer import Progress, bring_in
from assistant.links.met import Met
from assistant.links.providers.attempt import Attempt
from assistant.links.providers.directory import ProviderDirectory
from assistant.links.providers.door import Asked, Choice, Door, Keeping, Offer, Signed, Told
from assistant.links.providers.link import Link, Standing
from assistant.links.providers.linked import LinkBook, Linked, Opened, Used
from assistant.links.providers.mcp_services import SERVICES
from assistant.links.providers.token_store import VaultTokens
from assistant.links.report import ImportReport
from assistant.records.model import CATEGORY_NAMES
from assistant.sharing.service import SharingService
from assistant.vault.vault import Vault
from connectors.base import Connector
from connectors.model import Batch, SourceInfo

WAIT_SECONDS = 5.0
NOT_SIGNED_IN = "You are not signed in there."


class Synced(msgspec.Struct, frozen=True):
    """What one sync did."""

    link: Link
    report: ImportReport
    standing: Standing
    told: Told | None
    gone: int = 0
    """Records that the provider no longer has; they are no longer used here."""


class Unlinked(msgspec.Struct, frozen=True):
    """What unlinking did."""

    name: str
    removed: int
    """Records deleted here."""
    access: str
    """What became of the access at the server, as a sentence."""


class Links:
    """The linked providers of one vault."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        sharing: SharingService,
        doors: Sequence[Door],
        directory: ProviderDirectory,
    ) -> None:
        self.book = LinkBook(vault, clock)
        self._vault = vault
        self._clock = clock
        self._sharing = sharing
        self._doors = {door.kind: door for door in doors}
        self._directory = directory

    @property
    def doors(self) -> tuple[str, ...]:
        """The kinds of provider that can be linked."""
        return tuple(self._doors)

    def all(self) -> tuple[Linked, ...]:
        """Every link as it stands."""
        return self.book.all()

    async def look(self, provider: str, *, door: str = "smart") -> Offer:
        """Ask a provider how to sign in. `provider` is an id that a search gave, an address, or the word for
        a known service (`healthex`).

        Raises:
            UsageError: it is neither.
            SourceFailed: it can't be linked, or not asked.
        """
        with told_plainly():
            if provider in SERVICES:
                return await self._door("mcp").look(provider, typed=False)
            if "/" in provider or "." in provider:
                address = provider if "://" in provider else f"https://{provider}"
                return self._ready(await self._door(door).look(address, typed=True))
            listed = self._directory.get(provider)
            if listed is None:
                raise UsageError(
                    "There is no provider of this id in the lists here.",
                    "Look for it with `chartside providers search NAME`, or give the address of its server.",
                )
            return self._ready(await self._door(door).look(listed.url, typed=False, name=listed.name))

    def used(self, offer: Offer) -> Used | None:
        """How the patient signed in there before, to do it again the same way."""
        return self.book.used(offer.door, offer.address)

    async def begin(self, offer: Offer, choice: Choice) -> Attempt:
        """Start a sign-in; nothing is kept of it before `keep`.

        Raises:
            SourceFailed: it can't be started.
        """
        with told_plainly():
            return await self._door(offer.door).begin(offer, choice)

    def keep(self, signed: Signed) -> Link:
        """Keep a link that the patient agreed to."""
        return self.book.keep(signed)

    async def drop(self, signed: Signed) -> str:
        """Give access back that the patient did not agree to use; a sentence that says what became of it."""
        return await self._door(signed.link.door).revoke(signed.link, signed.registration, signed.access)

    async def sync(self, source: str, progress: Progress = lambda *_: None) -> Synced:
        """Fetch what is new, or what is missing yet.

        Raises:
            UsageError: this source is not linked.
            VaultBusy: a sync of it is under way already.
            SourceFailed: nothing came; the source says why.
            StorageFailed: the disk does not take it.
        """
        async with self._alone(source):
            opened = self.book.open(source)
            self.book.note_start(source)
            met = Met(self._vault, source)
            reading = _Reading(self._door(opened.link.door), opened, met, self._vault)
            try:
                report = await bring_in(self._vault, [reading], clock=self._clock, progress=progress, met=met)
            finally:
                gone = 0 if reading.told is None else self.book.note_sync(source, reading.told, met)
            linked = self.book.get(source)
        return Synced(linked.link, report, linked.standing, reading.told, gone)

    async def ask(self, source: str, what: Asked) -> str:
        """Ask a linked service how far it is with gathering records, or have it gather anew; what it says is
        text from outside.

        Raises:
            UsageError: this source is not linked.
            SourceFailed: it can't be asked, or there is nothing to ask.
        """
        opened = self.book.open(source)
        tokens = VaultTokens(self._vault, source, opened.link.info.name)
        with told_plainly():
            door = self._door(opened.link.door)
            return await door.ask(opened.link, opened.registration, tokens, what)

    async def unlink(self, source: str, *, keep: bool) -> Unlinked:
        """Take access back at the server where that is offered, and drop everything that lets in. Works
        without a network. What was shared of this source alone is no longer shared.

        Raises:
            UsageError: this source is not linked.
            VaultBusy: a sync of it is under way.
        """
        async with self._alone(source):
            opened = self.book.open(source)
            access = NOT_SIGNED_IN
            if opened.access is not None:
                door = self._door(opened.link.door)
                access = await door.revoke(opened.link, opened.registration, opened.access)
            self._sharing.unshare(source=source)
            removed = self.book.remove(source, keep=keep)
        return Unlinked(opened.link.info.name, removed, access)

    def _door(self, kind: str) -> Door:
        return self._doors[kind]

    def _ready(self, offer: Offer) -> Offer:
        """With the registration that the patient has already with this vendor."""
        used = self.book.registrations(offer.vendor) if offer.needs_client else []
        if offer.vendor == "generic" or not used or used[0].proof is not None:
            return offer
        return msgspec.structs.replace(offer, client_id=used[0].client_id, needs_client=False)

    @asynccontextmanager
    async def _alone(self, source: str) -> AsyncGenerator[None, None]:
        """Hold this to be the only one, among all processes, that works on a link."""
        from filelock import AsyncFileLock, Timeout

        self.book.get(source)  # before its name becomes that of a file
        lock = AsyncFileLock(self._vault.lock_file(source), timeout=WAIT_SECONDS, thread_local=False)
        try:
            await lock.acquire()
        except Timeout:
            raise VaultBusy(
                "Another sync of this source is under way.", "Wait until it is done, or stop it."
            ) from None
        try:
            yield
        finally:
            await lock.release()


class _Reading:
    """A link as a source that opens itself when it is read, so that what fails then is told like the rest."""

    resumes = True
    """As links do."""

    def __init__(self, door: Door, opened: Opened, met: Met, vault: Vault) -> None:
        self.told: Told | None = None
        self._door = door
        self._opened = opened
        tokens = VaultTokens(vault, opened.link.source, opened.link.info.name)
        self._keeping = Keeping(tokens, met.kept, self._hear, partial(_held, vault))

    @property
    def info(self) -> SourceInfo:
        """Which source this is."""
        return self._opened.link.info

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Open the link and yield what comes."""
        opened = self._opened
        async with self._door.reading(opened.link, opened.registration, self._keeping) as connector:
            reading: Connector = connector
            async with aclosing(reading.read(cursor)) as batches:
                async for batch in batches:
                    yield batch

    def _hear(self, told: Told) -> None:
        self.told = told


def _held(vault: Vault) -> dict[str, int]:
    return {CATEGORY_NAMES[category]: count for category, count in Shelf(vault).counts().items()}
