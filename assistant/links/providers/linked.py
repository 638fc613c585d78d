"""The links of one vault: which there are, how they stand, what is kept of them."""

import msgspec

from assistant.clock import Clock, stamp
from assistant.errors import UsageError
from assistant.links.met import Met
from assistant.links.owner import OwnerStore
from assistant.links.providers.door import Signed, Told
from assistant.links.providers.link import (
    Link,
    Registration,
    Standing,
    as_row,
    read_access,
    read_link,
    read_registration,
    standing,
)
from assistant.links.removal import forget_in
from assistant.links.states import NEVER, PARTLY, UNLINKED
from assistant.links.whose import joined
from assistant.records.person import Person
from assistant.vault.ledger import Ledger
from assistant.vault.links import LinkStore, MetStore
from assistant.vault.session import Session
from assistant.vault.sources import SourceStore
from assistant.vault.tables import LinkRow, Source
from assistant.vault.vault import Vault
from connectors.smart.token_reply import Granted


class Linked(msgspec.Struct, frozen=True):
    """One link as it stands."""

    link: Link
    standing: Standing
    last_success: str | None
    """UTC time."""


class Opened(msgspec.Struct, frozen=True):
    """One link with what lets in."""

    link: Link
    registration: Registration
    access: Granted | None


class Used(msgspec.Struct, frozen=True):
    """How a server was signed in to before."""

    registration: Registration
    redirect_uri: str
    """The address that the browser came back to."""


class LinkBook:
    """Reads and writes the links of one vault; every change is in the ledger, in the same write."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def all(self) -> tuple[Linked, ...]:
        """Every link, in the order they were made."""
        with self._vault.read() as session:
            sources = SourceStore(session)
            rows = [(row, sources.get(row.source)) for row in LinkStore(session).all()]
        return tuple(self._linked(row, source) for row, source in rows if source is not None)

    def get(self, source: str) -> Linked:
        """One link.

        Raises:
            UsageError: this source is not linked.
        """
        for one in self.all():
            if one.link.source == source:
                return one
        raise UsageError("That source is not linked.", "`chartside sources` lists the sources.")

    def open(self, source: str) -> Opened:
        """One link with what lets in.

        Raises:
            UsageError: this source is not linked.
        """
        with self._vault.read() as session:
            row = LinkStore(session).get(source)
        if row is None:
            raise UsageError("That source is not linked.", "`chartside sources` lists the sources.")
        return Opened(read_link(row), read_registration(row), read_access(row))

    def registrations(self, vendor: str) -> list[Registration]:
        """The patient's registrations with one vendor, the newest first, as they registered them."""
        with self._vault.read() as session:
            rows = [row for row in LinkStore(session).all() if read_link(row).vendor == vendor]
        found = [read_registration(row) for row in reversed(rows)]
        return [_as_registered(one) for one in found]

    def used(self, door: str, address: str) -> Used | None:
        """How the newest link with this very server was signed in to, as the patient registered it."""
        with self._vault.read() as session:
            rows = list(LinkStore(session).all())
        for row in reversed(rows):
            link = read_link(row)
            if (link.door, link.address) == (door, address):
                return Used(_as_registered(read_registration(row)), link.redirect_uri)
        return None

    def keep(self, signed: Signed) -> Link:
        """Keep a link that the patient agreed to; one of the same source is signed in to again."""
        link = signed.link
        with self._vault.write() as session:
            store, sources = LinkStore(session), SourceStore(session)
            before = store.get(link.source)
            if before is not None:
                link = _again(read_link(before), link)
            made = before.made if before is not None else self._now()
            store.put(as_row(link, signed.registration, signed.access, made))
            source = sources.get(link.source)
            sources.put(_ready(source) if source else _new(link))
            if signed.whose:
                _take_as_own(session, link.patient)
            self._enter(session, "link", link.source)
        return link

    def note_start(self, source: str) -> None:
        """Note in the ledger that a sync begins."""
        with self._vault.write() as session:
            self._enter(session, "sync", source, outcome="begun")

    def note_sync(self, source: str, told: Told, met: Met) -> int:
        """Remember what came of a sync, and no longer use what is gone at the provider. Gives how many
        records that are."""
        with self._vault.write() as session:
            store, sources = LinkStore(session), SourceStore(session)
            row, known = store.get(source), sources.get(source)
            if row is None or known is None:
                return 0
            gone = met.drop_missed(session, told.gone_of) if told.gone_of else 0
            row.body = msgspec.json.encode(_synced(read_link(row), told))
            store.put(row)
            if told.ended and not told.complete:
                known.state, known.detail = PARTLY, told.text
                sources.put(known)
            outcome = "done" if told.ended else "stopped"
            self._enter(session, "sync", source, items=gone, outcome=outcome)
        return gone

    def remove(self, source: str, *, keep: bool) -> int:
        """Drop a link with all that lets in; the records too, unless they are kept. Gives how many records
        went."""
        with self._vault.write() as session:
            LinkStore(session).remove(source)
            MetStore(session).clear(source)
            removed = 0
            if keep:
                sources = SourceStore(session)
                known = sources.get(source)
                if known is not None:
                    known.state, known.detail, known.cursor = UNLINKED, "", None
                    sources.put(known)
            else:
                removed = forget_in(session, source)
            self._enter(session, "unlink", source, items=removed)
        return removed

    def _linked(self, row: LinkRow, source: Source) -> Linked:
        return Linked(read_link(row), standing(source, row, self._clock), source.last_success)

    def _enter(
        self, session: Session, kind: str, source: str, *, items: int = 0, outcome: str = "done"
    ) -> None:
        Ledger(session).append(kind, at=self._now(), items=items, outcome=outcome, detail={"source": source})

    def _now(self) -> str:
        return stamp(self._clock())


def _as_registered(registration: Registration) -> Registration:
    """What the patient registered, where this computer has since got a client of its own."""
    return Registration(registration.software_id) if registration.software_id else registration


def _take_as_own(session: Session, key: str) -> None:
    """The patient agreed that what this link tells under this key is theirs."""
    owners = OwnerStore(session)
    owner = owners.get()
    if owner is not None:
        owners.set(joined(owner, Person(keys=(key,))))


def _new(link: Link) -> Source:
    info = link.info
    return Source(id=link.source, kind=info.kind, key=info.key, name=info.name, state=NEVER)


def _ready(source: Source) -> Source:
    """A source that was signed in to again; the next sync says how it is."""
    state = PARTLY if source.last_success else NEVER
    detail = "You signed in again; nothing has been fetched since."
    return Source(**source.model_dump() | {"state": state, "detail": detail})


def _again(before: Link, link: Link) -> Link:
    """A link signed in to again: the next sync asks for everything, since other kinds may come now."""
    return msgspec.structs.replace(link, kinds=before.kinds)


def _synced(link: Link, told: Told) -> Link:
    link = msgspec.structs.replace(link, kinds=told.kinds, foreign=told.foreign, left=told.left)
    if not told.ended:
        return link
    full = told.began if told.everything else link.full
    return msgspec.structs.replace(link, last=told.began, full=full)
