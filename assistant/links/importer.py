"""Bring sources in: one transaction for what has no cursor, one per cursor for what can resume.

What fails leaves what was there before. What was kept up to a cursor stays, and reading goes on from there.
While a source that can resume is waited for, nothing of the vault is held: others write meanwhile.
"""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from copy import deepcopy

from assistant.clock import Clock, stamp
from assistant.errors import SourceFailed
from assistant.links.failing import told
from assistant.links.intake import Intake
from assistant.links.keeping import keep_at_once, keep_beside
from assistant.links.met import Met
from assistant.links.owner import OwnerStore, owner_name
from assistant.links.report import FileReport, Found, ImportReport
from assistant.links.states import NEVER, PARTLY, SIGN_IN, WORKING
from assistant.links.whose import joined_with, propose
from assistant.records.identity import source_id
from assistant.vault.ledger import Ledger
from assistant.vault.runs import RunStore
from assistant.vault.sources import SourceStore
from assistant.vault.tables import Source
from assistant.vault.vault import Session, Vault
from connectors.base import Connector
from connectors.errors import SourceError, SourceUnreadable
from connectors.model import Batch, SourceInfo

Progress = Callable[[int, int | None], None]
"""Told how much of the whole is behind: done, total (None where unknown)."""


async def bring_in(
    vault: Vault,
    connectors: Sequence[Connector],
    *,
    clock: Clock,
    patient: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    met: Met | None = None,
) -> ImportReport:
    """Import these sources together; what they say of each other's owner counts for all.

    `patient` names the owner (by name or id) for a vault that has none, where the sources name several. `met`
    keeps account of what a linked source still has.

    Raises:
        SourceFailed: a source stopped part-way and nothing of it could be kept.
        VaultBusy, StorageFailed: the vault could not be written; it is as it was.
    """
    bringing = _Bringing(vault, clock, patient=patient, dry_run=dry_run, progress=progress, met=met)
    try:
        for connector in connectors:
            await bringing.source(connector)
        return bringing.finish()
    except BaseException as error:  # interrupted or cancelled too: nothing may stay half brought in
        bringing.abandon(error)
        raise


class _TakenBack(Exception):
    """Rolls a transaction back."""


class _Bringing:
    """One import under way: the transaction, the run, and one intake per source."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        *,
        patient: str | None,
        dry_run: bool,
        progress: Progress,
        met: Met | None,
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._patient = patient
        self._dry_run = dry_run
        self._progress = progress
        self._met = met
        self._id = f"i{secrets.token_hex(4)}"
        self._intakes: list[Intake] = []
        self._unread: list[FileReport] = []
        self._failed: list[Source] = []
        self._kept = False
        self._there: set[str] = set()
        """Sources that were there when their reading began: who deletes one meanwhile means it."""
        self._good: dict[str, FileReport] = {}
        self._transaction: AbstractContextManager[Session] | None = None
        with vault.read() as session:
            self._owner = OwnerStore(session).get()

    async def source(self, connector: Connector) -> None:
        """Read one source to its end, or to where it stops."""
        info = connector.info
        with self._vault.read() as session:
            known = SourceStore(session).get(source_id(info.kind, info.key))
        cursor = known.cursor if known is not None else None
        waits = connector.resumes and not self._dry_run
        if not waits:
            self._begin()
        elif known is not None:
            self._there.add(known.id)

        def take(batches: Sequence[Batch]) -> None:
            self._take(info, batches, afresh=waits and cursor is None and not self._kept)

        def tell(batch: Batch) -> None:
            self._progress(batch.done, batch.total)

        try:
            await (keep_beside if waits else keep_at_once)(connector, cursor, take, tell)
        except SourceUnreadable as error:
            self._begin()
            self._unread.append(FileReport(info.key, "unknown", problems=[Found("", error.text)]))
            row = self._source_row(info)
            if known is not None:
                # A place that the source no longer knows must not stand in the way of the next reading.
                self._failed.append(_failed(known, error.text, cursor=None))
            self._note_state(info, NEVER if row.last_success is None else PARTLY, error.text, cursor=None)
        except SourceError as error:
            if self._kept:
                self._stop_at_cursor(info, error)
                return
            self.abandon(error)
            if known is not None and not self._dry_run:
                self._failed.append(_failed(known, error.text, cursor=cursor, sign_in=error.needs_sign_in))
                self._tell_known_sources()
            raise told(error) from None
        else:
            self._read_to_its_end(info, alone=waits)

    def _read_to_its_end(self, info: SourceInfo, *, alone: bool) -> None:
        """Say that a source works. One that can resume says so by itself: nothing new is success too."""
        if alone and self._transaction is not None:
            self._settle()
            self._end(None)
        if not alone:
            self._begin()
            self._note_state(info, WORKING, "", cursor=None, done=True)
            return
        with self._vault.write() as self._session:
            self._note_state(info, WORKING, "", cursor=None, done=True)

    def _begin(self) -> None:
        """Have a transaction, with the run and every intake in it."""
        if self._transaction is not None:
            return
        transaction = self._vault.write()
        self._session = transaction.__enter__()
        self._transaction = transaction
        runs = RunStore(self._session)
        known = runs.get(self._id)
        self._run = runs.start(self._id, at=self._now()) if known is None or known.n is None else known.n
        for intake in self._intakes:
            intake.go_on_in(self._session)

    def _take(self, info: SourceInfo, batches: Sequence[Batch], *, afresh: bool) -> None:
        """Keep what came up to a cursor, or up to now where there is none."""
        if not batches:
            return
        self._begin()
        intake = self._intake(info)
        for batch in batches:
            intake.take(batch)
        if self._met is not None:
            self._met.keep(self._session, intake.source, batches, afresh=afresh)
        cursor = batches[-1].cursor
        if cursor is not None and not self._dry_run:
            self._checkpoint(info, cursor)

    def _intake(self, info: SourceInfo) -> Intake:
        row = self._source_row(info)
        if not self._intakes or self._intakes[-1].source != row.id:
            self._intakes.append(Intake(self._session, source=row.id, run=self._run, owner=self._owner))
        return self._intakes[-1]

    def finish(self) -> ImportReport:
        """Decide whose everything is, and commit (or take back a dry run)."""
        self._begin()
        self._settle()
        files = [report for intake in self._intakes for report in intake.files.values()] + self._unread
        report = ImportReport(self._id, owner_name(self._owner), files)
        if self._dry_run or not (report.usable or report.totals.set_aside):
            self._end(_TakenBack())
            self._tell_known_sources()
            return ImportReport(None, report.owner if self._dry_run else None, files)
        counts = {name: getattr(report.totals, name) for name in report.totals.__struct_fields__}
        Ledger(self._session).append(
            "import",
            at=self._now(),
            items=counts["new"],
            outcome="done",
            detail={"import": self._id, **counts},
        )
        self._end(None)
        return report

    def _tell_known_sources(self) -> None:
        """Nothing was kept, but a source that was known before is to say that it can't be read now."""
        if self._dry_run or not self._failed:
            return
        with self._vault.write() as session:
            for row in self._failed:
                SourceStore(session).put(row)

    def abandon(self, error: BaseException) -> None:
        """Take back what isn't committed."""
        self._end(error)

    def _settle(self) -> None:
        """Decide on what is provisional; keep the owner if it is now known, drop what brought nothing."""
        persons = [intake.persons for intake in self._intakes]
        self._owner = self._owner or propose(persons, self._patient)
        for intake in self._intakes:
            intake.settle(self._owner)
        if self._owner is not None:
            self._owner = joined_with(self._owner, persons)
            OwnerStore(self._session).set(self._owner)

    def _checkpoint(self, info: SourceInfo, cursor: str) -> None:
        self._settle()
        sources = SourceStore(self._session)
        row = self._source_row(info)
        row.cursor, row.state = cursor, PARTLY
        sources.put(row)
        self._end(None)
        self._kept = True
        self._good = deepcopy(self._intakes[-1].files)

    def _stop_at_cursor(self, info: SourceInfo, error: SourceError) -> None:
        """Take back what came after the last cursor, and say what failed."""
        self._end(_TakenBack())
        self._begin()
        self._intakes[-1].files = self._good
        self._unread.append(FileReport(info.key, "unknown", problems=[Found("", error.text)]))
        state = SIGN_IN if error.needs_sign_in else PARTLY
        self._note_state(info, state, error.text, cursor=self._source_row(info).cursor)

    def _note_state(
        self, info: SourceInfo, state: str, detail: str, *, cursor: str | None, done: bool = False
    ) -> None:
        row = self._source_row(info)
        row.state, row.detail, row.cursor = state, detail, cursor
        if done:
            row.last_success = self._now()
        SourceStore(self._session).put(row)

    def _source_row(self, info: SourceInfo) -> Source:
        sources = SourceStore(self._session)
        name = source_id(info.kind, info.key)
        known = sources.get(name)
        if known is None and name in self._there:
            raise SourceFailed(
                "It was deleted here while it was read, so nothing more of it was kept.",
                "Link it again if you want its records.",
            )
        return known or sources.put(
            Source(id=name, kind=info.kind, key=info.key, name=info.name, state=NEVER)
        )

    def _end(self, error: BaseException | None) -> None:
        """Commit, or with an error take the transaction back."""
        transaction, self._transaction = self._transaction, None
        if transaction is None:
            return
        if error is None:
            transaction.__exit__(None, None, None)
            return
        try:
            transaction.__exit__(type(error), error, error.__traceback__)
        except type(error):
            return

    def _now(self) -> str:
        return stamp(self._clock())


def _failed(known: Source, why: str, *, cursor: str | None, sign_in: bool = False) -> Source:
    """A known source, saying what failed."""
    state = SIGN_IN if sign_in else PARTLY if known.last_success else NEVER
    return Source(**known.model_dump() | {"state": state, "detail": why, "cursor": cursor})
