"""Visit sheets of one vault: made, kept, changed, written out. Nothing of them leaves by itself."""

import secrets
from collections.abc import Callable, Iterable, Sequence

import msgspec

from assistant.clock import Clock, stamp
from assistant.errors import UsageError
from assistant.sharing.reader import SharedReader
from assistant.vault.ledger import Ledger
from assistant.vault.query import EVERYTHING
from assistant.vault.records import RecordStore
from assistant.vault.session import Session
from assistant.vault.vault import Vault
from assistant.vault.visits import VisitStore
from assistant.visit import edit
from assistant.visit.chart import coming_visits, read_chart
from assistant.visit.make import make_sheet, visit_of
from assistant.visit.model import Question, Visit, VisitSheet
from assistant.visit.stored import from_stored, to_stored


class NewVisit(msgspec.Struct, frozen=True):
    """What is said of a visit before its sheet is made; all of it may be left out."""

    date: str | None = None
    """ISO, at any precision."""
    who: str | None = None
    record: str | None = None
    """A coming visit of the records. Where nothing is said at all, the next one is taken."""
    since: str | None = None
    """A past visit of the records to count changes from; the newest if unset."""
    carry_over: str | None = None
    """A sheet whose open questions come along."""


class VisitService:
    """The visit sheets of one vault."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def coming(self) -> Sequence[Visit]:
        """The visits that the records have as planned, the next one first."""
        with self._vault.read() as session:
            today = self._clock().astimezone().date()
            chart = read_chart(SharedReader(RecordStore(session), EVERYTHING), today)
        return [visit_of(record) for record in coming_visits(chart.records, today)]

    def new(self, wanted: NewVisit | None = None) -> VisitSheet:
        """Make a sheet by rules over everything in the vault, and keep it.

        Raises:
            UsageError: a visit or sheet that was named isn't there.
        """
        wanted = wanted or NewVisit()
        now = self._clock()
        today = now.astimezone().date()
        with self._vault.read() as session:
            carried = from_stored(VisitStore(session).get(wanted.carry_over)) if wanted.carry_over else None
            reader = SharedReader(RecordStore(session), EVERYTHING)
            chart = read_chart(reader, today, last_visit=wanted.since)
        planned = [visit_of(record) for record in coming_visits(chart.records, today)]
        sheet = make_sheet(chart, _visit(wanted, planned), id=_new_id(), at=stamp(now), carried=carried)
        with self._vault.write() as session:
            VisitStore(session).put(to_stored(sheet))
            self._note(session, "visit sheet made", sheet)
        return sheet

    def all(self) -> Sequence[VisitSheet]:
        """Every sheet, the one made last first."""
        with self._vault.read() as session:
            return [from_stored(stored) for stored in VisitStore(session).all()]

    def get(self, sheet: str) -> VisitSheet:
        """The sheet of this id.

        Raises:
            UsageError: there is none.
        """
        with self._vault.read() as session:
            return from_stored(VisitStore(session).get(sheet))

    def change(self, sheet: str, *steps: Callable[[VisitSheet], VisitSheet]) -> VisitSheet:
        """Change a sheet by steps of `visit.edit`, all of them or none, and keep it.

        Raises:
            UsageError: there is no such sheet, or a step makes no sense.
        """
        now = stamp(self._clock())
        with self._vault.write() as session:
            store = VisitStore(session)
            changed = before = from_stored(store.get(sheet))
            for step in steps:
                changed = step(changed)
            if changed == before:
                return before
            changed = msgspec.structs.replace(changed, updated_at=now)
            store.put(to_stored(changed))
            self._note(session, "visit sheet edited", changed)
        return changed

    def propose(self, sheet: str, proposed: Iterable[Question]) -> VisitSheet:
        """Add what a model proposed (see `visit.proposals`), as far as there is room.

        Raises:
            UsageError: there is no such sheet.
        """
        questions = tuple(proposed)
        return self.change(sheet, lambda known: edit.propose(known, questions))

    def delete(self, sheet: str) -> None:
        """Delete a sheet for good.

        Raises:
            UsageError: there is none.
        """
        with self._vault.write() as session:
            store = VisitStore(session)
            known = from_stored(store.get(sheet))
            store.remove(sheet)
            self._note(session, "visit sheet deleted", known)

    def exported(self, sheet: VisitSheet, form: str) -> None:
        """Note in the ledger that a sheet is written out to a readable file; before it is."""
        with self._vault.write() as session:
            self._note(session, "visit sheet exported", sheet, form)

    def _note(self, session: Session, kind: str, sheet: VisitSheet, form: str | None = None) -> None:
        detail = {"visit": sheet.id} | ({"format": form} if form else {})
        now = stamp(self._clock())
        Ledger(session).append(kind, at=now, items=len(sheet.questions), outcome="done", detail=detail)


def _visit(wanted: NewVisit, planned: Sequence[Visit]) -> Visit:
    if wanted.record is not None:
        chosen = next((visit for visit in planned if visit.record == wanted.record), None)
        if chosen is None:
            raise UsageError(
                "That is not a visit to come.", "List them with `chartside records --category visits`."
            )
        return msgspec.structs.replace(chosen, date=wanted.date or chosen.date, who=wanted.who or chosen.who)
    if wanted.date is None and wanted.who is None:
        return planned[0] if planned else Visit()
    return Visit(date=wanted.date, who=wanted.who)


def _new_id() -> str:
    return f"v{secrets.token_hex(4)}"
