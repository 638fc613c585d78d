"""The patient's own view of the vault: everything, on this screen only."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from assistant.clock import Clock, stamp, utc_now
from assistant.errors import UsageError
from assistant.links.listing import Listing
from assistant.links.owner import OwnerStore, owner_name
from assistant.links.report import OwnerName
from assistant.records.identity import record_id
from assistant.records.model import Category, Record
from assistant.records.validation import Finding, check
from assistant.sharing.merge import Merged
from assistant.sharing.reader import SharedReader
from assistant.vault.links import LinkStore
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.raws import KeptRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.runs import RunStore
from assistant.vault.session import Session
from assistant.vault.sources import SourceStore
from assistant.vault.tables import LinkRow, Source
from assistant.vault.tally import told_by_sources
from assistant.vault.vault import Vault


class SourceSummary(msgspec.Struct, frozen=True):
    """One source as it stands."""

    id: str
    name: str
    kind: str
    state: str
    detail: str
    """What that means, where something is to be said."""
    expires: str | None
    """UTC time when access to a linked provider ends, where that is known."""
    last_success: str | None
    counts: dict[str, int]
    """Records by category."""


class Origin(msgspec.Struct, frozen=True):
    """Where one resource came from."""

    source: str
    """The source's name."""
    part: str
    """The file, or whatever the source gives in its place."""
    at: str
    """Where in it."""
    read: str | None
    """UTC time when it was brought in."""


class Opened(msgspec.Struct, frozen=True):
    """One record with everything that is known about it."""

    merged: Merged
    members: tuple[Record, ...]
    """The records that it groups, in its order."""
    raws: tuple[KeptRaw, ...]
    """The resources that it was read from, as stored, in the order of `merged.told_by`."""
    findings: tuple[Finding, ...]
    """What the FHIR validator says of them."""
    origins: tuple[Origin, ...] = ()
    """Where they came from, in the same order."""


class Shelf:
    """Reads one vault for the patient's own eyes."""

    def __init__(self, vault: Vault, clock: Clock = utc_now) -> None:
        self._vault = vault
        self._clock = clock
        self.listing = Listing(vault)

    def owner(self) -> OwnerName | None:
        """Whose chart it is."""
        with self._vault.read() as session:
            return owner_name(OwnerStore(session).get())

    def find(self, query: RecordQuery) -> tuple[int, list[Merged]]:
        """How many records match, and the newest `query.limit` of them."""
        with self._vault.read() as session:
            reader = SharedReader(RecordStore(session), EVERYTHING)
            matching = reader.find_merged(msgspec.structs.replace(query, limit=None))
            return len(matching), matching[: query.limit]

    def counts(self) -> dict[Category, int]:
        """How many records each category holds."""
        with self._vault.read() as session:
            store = RecordStore(session)
            if store.one_source():
                return store.counts(EVERYTHING)
            counts = {c: store.count_events(EVERYTHING, RecordQuery(categories=(c,))) for c in Category}
            return {category: count for category, count in counts.items() if count}

    def open(self, record: str) -> Opened:
        """One record, whole; validated now if it never was.

        Raises:
            UsageError: there is no such record.
        """
        with self._vault.read() as session:
            merged = self._merged(RecordStore(session), record)
            stored = RawStore(session)
            raws = [stored.get(row.raw) for row in merged.told_by]
            members = self._members(RecordStore(session), merged)
            kept = tuple(raw for raw in raws if raw is not None)
            origins = _origins(session, kept)
        return Opened(merged, members, kept, self._findings(kept), origins)

    def looked_at(self, what: str, items: int) -> None:
        """Note in the ledger that records were looked at."""
        self._vault.note(what, detail={"items": items})

    def sources(self) -> list[SourceSummary]:
        """Every source with what it told."""
        with self._vault.read() as session:
            told = told_by_sources(session)
            links = {row.source: row for row in LinkStore(session).all()}
            found = SourceStore(session).all()
            return [_summary(source, told, links.get(source.id), self._clock) for source in found]

    def set_aside(self) -> Sequence[KeptRaw]:
        """What is kept but not used."""
        with self._vault.read() as session:
            return RawStore(session).set_aside()

    def require(
        self, *, source: str | None = None, record: str | None = None, categories: Sequence[Category] = ()
    ) -> None:
        """Make sure that a source is there, and a record, in one of these categories.

        Raises:
            UsageError: one of them isn't.
        """
        with self._vault.read() as session:
            if source is not None and SourceStore(session).get(source) is None:
                raise UsageError(f"There is no source “{source}”.", "`chartside sources` lists them.")
            if record is None:
                return
            found = self._merged(RecordStore(session), record).record
            if categories and found.category not in categories:
                raise UsageError(
                    f"This record doesn't belong to {', '.join(categories)}.",
                    f"It belongs to {found.category.value}.",
                )

    def _merged(self, store: RecordStore, record: str) -> Merged:
        reader = SharedReader(store, EVERYTHING)
        for merged in reader.find_merged(RecordQuery(ids=(record,))):
            if any(row.record.id == record for row in merged.told_by):
                return merged
        raise UsageError(f"There is no record “{record}”.", "`chartside records` lists them.")

    def _members(self, store: RecordStore, merged: Merged) -> tuple[Record, ...]:
        row = merged.told_by[0]
        ids = tuple(record_id(row.source, member) for member in row.record.members)
        found = {held.record.id: held.record for held in store.find(EVERYTHING, RecordQuery(ids=ids))}
        return tuple(found[name] for name in ids if name in found)

    def _findings(self, raws: Sequence[KeptRaw]) -> tuple[Finding, ...]:
        findings: list[Finding] = []
        fresh: dict[int, bytes] = {}
        for raw in raws:
            if raw.validation is not None:
                findings += msgspec.json.decode(raw.validation, type=list[Finding])
            elif raw.type is not None:
                found = check(raw.type, raw.body)
                fresh[raw.n] = msgspec.json.encode(found)
                findings += found
        if fresh:
            with self._vault.write() as session:
                for number, encoded in fresh.items():
                    RawStore(session).set_validation(number, encoded)
        return tuple(findings)


def _origins(session: Session, raws: Sequence[KeptRaw]) -> tuple[Origin, ...]:
    names = {source.id: source.name for source in SourceStore(session).all()}
    read = {run.n: run.at for run in RunStore(session).all()}
    return tuple(
        Origin(names.get(raw.source, raw.source), raw.part, raw.at, read.get(raw.run)) for raw in raws
    )


def _summary(
    source: Source, told: Counter[tuple[str, Category]], row: LinkRow | None, clock: Clock
) -> SourceSummary:
    from assistant.links.providers.link import (
        standing,  # with the readers of resources: 35 ms, not for every question
    )

    stands = standing(source, row, clock)
    counts = {category.value: told[source.id, category] for category in Category}
    return SourceSummary(
        id=source.id,
        name=source.name,
        kind=source.kind,
        state=stands.state,
        detail=stands.text,
        expires=None if stands.expires is None else stamp(stands.expires),
        last_success=source.last_success,
        counts={name: count for name, count in counts.items() if count},
    )
