"""Take back an import, or forget records, sources, everything of one; and release what was set aside."""

from collections.abc import Iterable

import msgspec

from assistant.clock import Clock, stamp
from assistant.errors import UsageError
from assistant.links.owner import OwnerStore
from assistant.links.providers.link import read_link
from assistant.links.reading import Reader
from assistant.links.rows import new_record
from assistant.records.model import Record
from assistant.vault.ledger import Ledger
from assistant.vault.links import LinkStore, MetStore
from assistant.vault.raws import KeptRaw, RawStore
from assistant.vault.records import RecordStore
from assistant.vault.runs import RunStore
from assistant.vault.session import Session
from assistant.vault.sources import SourceStore
from assistant.vault.vault import Vault
from assistant.vault.visits import VisitStore


class Undone(msgspec.Struct, frozen=True):
    """How many records an undo took away, and how many earlier versions it brought back."""

    removed: int
    restored: int


def undo(vault: Vault, run: str, clock: Clock) -> Undone:
    """Take back one import: what it brought goes, what it replaced is in force again.

    Raises:
        UsageError: there is no such import, or it was undone before.
    """
    with vault.write() as session:
        runs, raws, records = RunStore(session), RawStore(session), RecordStore(session)
        row = runs.get(run)
        if row is None or row.n is None or row.state == "undone":
            raise UsageError(f"There is no import “{run}” to undo.", "`chartside ledger` lists the imports.")
        brought = raws.of_run(row.n)
        removed = records.remove([raw.n for raw in brought])
        restored = _read_again(session, raws.many(raws.remove_run(row.n).restored))
        runs.set_state(run, "undone")
        for source in {raw.source for raw in brought}:
            _fetch_all_again(session, source)
        _drop_empty_sources(session)
        _enter(session, clock, "undo", removed, {"import": run})
    return Undone(removed, restored)


def forget_source(vault: Vault, source: str, clock: Clock) -> int:
    """Delete a source with all that it told. Gives how many records went.

    Raises:
        UsageError: there is no such source.
    """
    with vault.write() as session:
        if SourceStore(session).get(source) is None:
            raise UsageError(f"There is no source “{source}”.", "`chartside sources` lists them.")
        removed = forget_in(session, source)
        _enter(session, clock, "delete", removed, {"source": source})
    return removed


def forget_in(session: Session, source: str) -> int:
    """Delete a source with all that it told and all that lets in there, in the caller's write. Gives how many
    records went."""
    raws = RawStore(session).of_source(source, current=False)
    removed = _remove(session, [raw.n for raw in raws])
    LinkStore(session).remove(source)
    MetStore(session).clear(source)
    SourceStore(session).remove(source)
    _drop_owner_of_nothing(session)
    return removed


def forget_records(vault: Vault, raws: Iterable[KeptRaw], clock: Clock) -> int:
    """Delete resources with all their versions. Gives how many records went."""
    with vault.write() as session:
        store = RawStore(session)
        wanted = {(raw.source, raw.type, raw.rid) for raw in raws}
        numbers = [
            known.n
            for source in {source for source, _, _ in wanted}
            for known in store.of_source(source, current=False)
            if (known.source, known.type, known.rid) in wanted
        ]
        removed = _remove(session, numbers)
        _drop_empty_sources(session)
        _enter(session, clock, "delete", removed, {})
    return removed


def release(vault: Vault, number: int, clock: Clock) -> None:
    """Use a resource that was set aside: the patient says that it is theirs.

    Raises:
        UsageError: it isn't set aside, or it can't be read safely.
    """
    with vault.write() as session:
        raws = RawStore(session)
        raw = raws.get(number)
        if raw is None or raw.state != "set_aside":
            raise UsageError(f"Nothing is set aside under {number}.", "`chartside set-aside` lists what is.")
        if not _read_again(session, [raw]):
            raise UsageError(
                "This can't be read safely, so it stays set aside.", "It can be looked at and deleted."
            )
        raws.set_state([number], "record")
        _enter(session, clock, "release", 1, {})


def discard(vault: Vault, number: int, clock: Clock) -> None:
    """Delete a resource that was set aside.

    Raises:
        UsageError: nothing is set aside under this number.
    """
    with vault.write() as session:
        raw = RawStore(session).get(number)
        if raw is None or raw.state != "set_aside":
            raise UsageError(f"Nothing is set aside under {number}.", "`chartside set-aside` lists what is.")
        _remove(session, [number])
        _enter(session, clock, "delete", 0, {})


def _read_again(session: Session, raws: Iterable[KeptRaw]) -> int:
    store, count = RecordStore(session), 0
    for raw in raws:
        reader = Reader(raw.source)
        reader.raws = RawStore(session)
        reading = reader.read_stored(raw)
        if isinstance(reading.meaning, Record):
            store.add([new_record(reading.meaning, raw=raw.n, source=raw.source)])
            count += 1
    return count


def _remove(session: Session, raws: list[int]) -> int:
    VisitStore(session).forget(raws)
    removed = RecordStore(session).remove(raws)
    RawStore(session).remove(raws)
    return removed


def _drop_empty_sources(session: Session) -> None:
    sources, raws = SourceStore(session), RawStore(session)
    linked = {row.source for row in LinkStore(session).all()}
    for source in sources.all():
        if source.id not in linked and not raws.of_source(source.id, current=False):
            sources.remove(source.id)
    _drop_owner_of_nothing(session)


def _fetch_all_again(session: Session, source: str) -> None:
    """What was taken back must not be taken for known at the next sync."""
    links, sources = LinkStore(session), SourceStore(session)
    row, known = links.get(source), sources.get(source)
    if row is None or known is None:
        return
    row.body = msgspec.json.encode(msgspec.structs.replace(read_link(row), last=None, full=None))
    links.put(row)
    known.cursor = None
    sources.put(known)


def _drop_owner_of_nothing(session: Session) -> None:
    if not SourceStore(session).all():
        OwnerStore(session).set(None)


def _enter(session: Session, clock: Clock, kind: str, items: int, detail: dict[str, str]) -> None:
    Ledger(session).append(kind, at=stamp(clock()), items=items, outcome="done", detail=detail)
