"""The records that a sheet is made from, in view of the last visit."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from assistant.errors import UsageError
from assistant.records.dates import span
from assistant.records.facts.phrases import is_fact
from assistant.records.facts.things import newest
from assistant.records.model import Category, Record, Trust
from assistant.sharing.merge import Merged
from assistant.vault.query import RecordQuery

LOOKED_AT = (
    *(Category.CONDITIONS, Category.MEDICATIONS, Category.LABS, Category.VITALS, Category.IMMUNIZATIONS),
    *(Category.ALLERGIES, Category.PROCEDURES, Category.VISITS, Category.NOTES),
)
WITHOUT_A_VISIT_DAYS = 366
"""How far back is looked where no visit stands in the records."""


class MergedReader(Protocol):
    """What a chart needs of the records: all of one event told once, with every record that tells it."""

    def find_merged(self, query: RecordQuery) -> Sequence[Merged]:
        """Records that match, newest first."""


class Chart(msgspec.Struct, frozen=True):
    """Records of one person on one day."""

    records: tuple[Record, ...]
    """Newest first."""
    today: str
    """ISO day."""
    since: str
    """ISO day of the last visit: what happened on it or later is new."""
    last_visit: Record | None = None
    told_by: Mapping[str, tuple[str, ...]] = {}
    """Id of a record that stands for several → the ids of all of them."""

    def of(self, *categories: Category) -> list[Record]:
        """The records of these categories."""
        return [record for record in self.records if record.category in categories]

    def facts(self, *categories: Category) -> list[Record]:
        """Those that may be told as facts about the patient."""
        return [record for record in self.of(*categories) if is_fact(record)]

    def is_new(self, record: Record) -> bool:
        """Whether it surely happened or began between the day of the last visit and today, both included."""
        return self.since <= began(record) <= self.today

    def ids(self, records: Sequence[Record]) -> tuple[str, ...]:
        """The ids of records and of all that tell of the same, each once."""
        return tuple(
            dict.fromkeys(known for record in records for known in self.told_by.get(record.id, (record.id,)))
        )


def began(record: Record) -> str:
    """The earliest ISO day of its date (when it was written down, where it has no other); may be empty."""
    return span(record.when.start or record.when.end or record.recorded or "")[0]


def ended(record: Record) -> str:
    """The earliest ISO day on which it can have ended; empty where no end is told."""
    return span(record.when.end or "")[0]


def read_chart(reader: MergedReader, today: dt.date, *, last_visit: str | None = None) -> Chart:
    """Everything a sheet looks at; `last_visit` names a visit other than the newest to count from.

    Raises:
        UsageError: there is no such visit that took place.
    """
    merged = reader.find_merged(RecordQuery(categories=LOOKED_AT))
    told_by = {
        one.record.id: tuple(row.record.id for row in one.told_by) for one in merged if len(one.told_by) > 1
    }
    return chart_of([one.record for one in merged], today, last_visit=last_visit, told_by=told_by)


def chart_of(
    records: Sequence[Record],
    today: dt.date,
    *,
    last_visit: str | None = None,
    told_by: Mapping[str, tuple[str, ...]] | None = None,
) -> Chart:
    """As `read_chart`, of records at hand."""
    visits = [visit for visit in past_visits(records, today) if last_visit in (None, visit.id)]
    if last_visit is not None and not visits:
        raise UsageError(
            "That is not a visit that took place.", "List them with `chartside records --category visits`."
        )
    last = visits[0] if visits else None
    since = began(last) if last else (today - dt.timedelta(days=WITHOUT_A_VISIT_DAYS)).isoformat()
    return Chart(tuple(newest(records)), today.isoformat(), since, last, told_by or {})


def past_visits(records: Sequence[Record], today: dt.date) -> list[Record]:
    """Encounters that took place, the latest first."""
    return newest(
        record
        for record in records
        if record.kind == "Encounter" and is_fact(record) and "" < began(record) <= today.isoformat()
    )


def coming_visits(records: Sequence[Record], today: dt.date) -> list[Record]:
    """Appointments and encounters that are planned for today or later, the next one first."""
    return newest(
        record
        for record in records
        if record.kind in ("Appointment", "Encounter")
        and record.trust is Trust.PLANNED
        and began(record) >= today.isoformat()
    )[::-1]
