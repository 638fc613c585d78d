"""Bring sources in: one transaction for what has no cursor, one per cursor for what can resume.

What fails leaves what was there before. What was kept up to a cursor stays, and reading goes on from there.
"""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, aclosing
from copy import deepcopy

from assistant.clock import Clock, stamp
from assistant.errors import SourceFailed
from assistant.links.intake import Intake
from assistant.links.owner import OwnerStore, owner_name
from assistant.links.report import FileReport, Found, ImportReport
from assistant.links.whose import joined_with, propose
from assistant.records.identity import source_id
from assistant.vault.ledger import Ledger
from assistant.vault.runs import RunStore
from assistant.vault.sources import SourceStore
from assistant.vault.tables import Source
from assistant.vault.vault import Session, Vault
from connectors.base import Connector
from connectors.errors import SourceError, SourceInterrupted, SourceUnreadable
from connectors.model import SourceInfo

Progress = Callable[[int, int | None], None]
"""Told how much of the whole is behind: done, total (None where unknown)."""

WORKING = "working"
PARTLY = "partly failed"
NEVER = "never worked"


async def bring_in(
    vault: Vault,
    connectors: Sequence[Connector],
    *,
    clock: Clock,
    patient: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> ImportReport:
    """Import these sources together; what they say of each other's owner counts for all.

    `patient` names the owner (by name or id) for a vault that has none, where the sources name several.

    Raises:
        SourceFailed: a source stopped part-way and nothing of it could be kept.
        VaultBusy, StorageFailed: the vault could not be written; it is as it was.
    """
    bringing = _Bringing(vault, clock, patient=patient, dry_run=dry_run, progress=progress)
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
        self, vault: Vault, clock: Clock, *, patient: str | None, dry_run: bool, progress: Progress
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._patient = patient
        self._dry_run = dry_run
        self._progress = progress
        self._id = f"i{secrets.token_hex(4)}"
        self._intakes: list[Intake] = []
        self._unread: list[FileReport] = []
        self._failed: list[Source] = []
        self._kept = False
        self._good: dict[str, FileReport] = {}
        self._begin()

    def _begin(self) -> None:
        self._transaction: AbstractContextManager[Session] = self._vault.write()
        self._session = self._transaction.__enter__()
        runs = RunStore(self._session)
        known = runs.get(self._id)
        self._run = runs.start(self._id, at=self._now()) if known is None or known.n is None else known.n
        self._owner = OwnerStore(self._session).get()

    async def source(self, connector: Connector) -> None:
        """Read one source to its end, or to where it stops."""
        info = connector.info
        row = self._source_row(info)
        intake = Intake(self._session, source=row.id, run=self._run, owner=self._owner)
        self._intakes.append(intake)
        try:
            async with aclosing(connector.read(row.cursor)) as batches:
                async for batch in batches:
                    intake.take(batch)
                    self._progress(batch.done, batch.total)
                    if batch.cursor is not None and not self._dry_run:
                        self._checkpoint(info, batch.cursor)
        except SourceUnreadable as error:
            self._unread.append(FileReport(info.key, "unknown", problems=[Found("", error.text)]))
            # A place that the source no longer knows must not stand in the way of the next reading.
            self._failed.append(Source(**row.model_dump() | {"detail": error.text}))
            self._note_state(info, NEVER if row.last_success is None else PARTLY, error.text, cursor=None)
        except SourceInterrupted as error:
            if not self._kept:
                raise SourceFailed(error.text, error.next_step, title=error.title) from None
            self._stop_at_cursor(info, error)
        else:
            self._note_state(info, WORKING, "", cursor=None, done=True)

    def finish(self) -> ImportReport:
        """Decide whose everything is, and commit (or take back a dry run)."""
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
        """Nothing was kept, but a source that was read before is to say that it can't be read now."""
        failed = [] if self._dry_run else [row for row in self._failed if row.last_success or row.cursor]
        if not failed:
            return
        with self._vault.write() as session:
            for row in failed:
                state = PARTLY if row.last_success else NEVER
                told = Source(**row.model_dump() | {"state": state, "cursor": None})
                SourceStore(session).put(told)

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
        self._begin()
        for intake in self._intakes:
            intake.go_on_in(self._session)
        self._good = deepcopy(self._intakes[-1].files)

    def _stop_at_cursor(self, info: SourceInfo, error: SourceError) -> None:
        """Take back what came after the last cursor, and say what failed."""
        self._end(_TakenBack())
        self._begin()
        self._intakes[-1].go_on_in(self._session)
        self._intakes[-1].files = self._good
        self._unread.append(FileReport(info.key, "unknown", problems=[Found("", error.text)]))
        self._note_state(info, PARTLY, error.text, cursor=self._source_row(info).cursor)

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
        return known or sources.put(
            Source(id=name, kind=info.kind, key=info.key, name=info.name, state=NEVER)
        )

    def _end(self, error: BaseException | None) -> None:
        """Commit, or with an error take the transaction back."""
        transaction = self._transaction
        if error is None:
            transaction.__exit__(None, None, None)
            return
        try:
            transaction.__exit__(type(error), error, error.__traceback__)
        except type(error):
            return

    def _now(self) -> str:
        return stamp(self._clock())
