"""Change and show grants. Every change is in the ledger, in the same write as the change."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from assistant.clock import Clock, stamp
from assistant.errors import UsageError
from assistant.records.model import Category
from assistant.sharing.model import Destination, Grant
from assistant.sharing.rules import holds
from assistant.vault.grants import GrantStore
from assistant.vault.ledger import Ledger
from assistant.vault.tables import GrantRow
from assistant.vault.vault import Vault


class Directory(Protocol):
    """Knows whom something can be shared with; that changes as models are added and removed."""

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Everyone, in the order they are shown."""


class SharingService:
    """The grants of one vault."""

    def __init__(self, vault: Vault, clock: Clock, directory: Directory) -> None:
        self._vault = vault
        self._clock = clock
        self._directory = directory

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Everyone that something can be shared with now."""
        return self._directory.destinations

    def destination(self, name: str) -> Destination:
        """The destination of this id.

        Raises:
            UsageError: there is none.
        """
        for destination in self.destinations:
            if destination.id == name:
                return destination
        known = ", ".join(destination.id for destination in self.destinations)
        raise UsageError(f"There is no destination called “{name}”.", f"Known are: {known}.")

    def grants(self) -> list[Grant]:
        """All grants that have not run out, in a stable order."""
        with self._vault.read() as session:
            rows = GrantStore(session).all()
        now = self._clock()
        grants = (to_grant(row) for row in rows)
        return sorted((g for g in grants if holds(g, now=now, chat=g.chat)), key=_order)

    def share(self, grants: Iterable[Grant]) -> None:
        """Put grants in force; one that is already there stays one."""
        wanted = [msgspec.structs.replace(grant) for grant in grants]
        for grant in wanted:
            self.destination(grant.destination)
        with self._vault.write() as session:
            store, ledger = GrantStore(session), Ledger(session)
            have = {to_grant(row) for row in store.all()}
            for grant in wanted:
                if grant not in have:
                    store.add(_to_row(grant))
                    have.add(grant)
                    ledger.append(
                        "share", at=self._now(), destination=grant.destination, detail=_detail(grant)
                    )

    def unshare(
        self,
        *,
        destination: str | None = None,
        categories: Sequence[Category] = (),
        record: str | None = None,
        source: str | None = None,
    ) -> int:
        """Take back grants: of one destination or all, of some categories or all, those that name a record or
        a source. Gives how many."""
        if destination is not None:
            self.destination(destination)
        with self._vault.write() as session:
            store, ledger = GrantStore(session), Ledger(session)
            gone = [
                row
                for row in store.all()
                if (destination is None or row.destination == destination)
                and (not categories or Category(row.category) in categories)
                and (record is None or row.record == record)
                and (source is None or row.source == source)
            ]
            store.remove([row.n for row in gone if row.n is not None])
            for row in gone:
                ledger.append(
                    "unshare", at=self._now(), destination=row.destination, detail=_detail(to_grant(row))
                )
        return len(gone)

    def _now(self) -> str:
        return stamp(self._clock())


def until(duration: str, now: dt.datetime) -> str | None:
    """The end of a grant `always` (None) or for some days (`30d`), as a UTC time.

    Raises:
        UsageError: anything else.
    """
    if duration == "always":
        return None
    days = duration.removesuffix("d")
    if duration.endswith("d") and days.isdigit() and 0 < int(days) <= 3650:
        return stamp(now + dt.timedelta(days=int(days)))
    raise UsageError(
        f"“{duration}” is not a time to share for.", "Say chat, a number of days (30d), or always."
    )


def to_grant(row: GrantRow) -> Grant:
    """A stored grant as a value."""
    return Grant(
        destination=row.destination,
        category=Category(row.category),
        source=row.source,
        since=row.since,
        record=row.record,
        until=row.until,
        chat=row.chat,
    )


def _to_row(grant: Grant) -> GrantRow:
    return GrantRow(**msgspec.structs.asdict(grant) | {"category": grant.category.value})


def _detail(grant: Grant) -> dict[str, str]:
    named = msgspec.structs.asdict(grant)
    return {key: str(value) for key, value in named.items() if value is not None and key != "destination"}


def _order(grant: Grant) -> tuple[str, int, str]:
    return (grant.destination, list(Category).index(grant.category), repr(grant))
