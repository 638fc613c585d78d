"""What the patient is told beside a message and no model ever is.

All of it may depend on what isn't shared: sources, categories that are off, flags that ask for a call.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from assistant.chat.events import Origin
from assistant.grounding.ground import Grounded
from assistant.grounding.missing import SourceSeen, how_to_get
from assistant.records.dates import first_day, shown_when
from assistant.records.model import Record, Trust
from assistant.vault.query import Stored
from assistant.vault.session import Session
from assistant.vault.sources import SourceStore

CRITICAL = frozenset(("HH", "LL", "AA"))
"""HL7 v3 ObservationInterpretation: the source's own flags for a critical result; there is no other."""

RECENT = dt.timedelta(days=30)
"""A critical result as young as this asks for a call today."""

_WHOLE = frozenset(("working", "unlinked"))
"""States of a source of which everything came that it had; see `vault.tables.Source.state`."""


class Sources(msgspec.Struct, frozen=True):
    """The vault's sources by id, as the patient's own screen knows them."""

    by_id: Mapping[str, SourceSeen]

    @classmethod
    def of(cls, session: Session) -> "Sources":
        """Those of a vault."""
        rows = SourceStore(session).all()
        return cls({row.id: SourceSeen(row.name, row.last_success, row.state not in _WHOLE) for row in rows})


def origins(rows: Sequence[Stored], sources: Sources) -> tuple[Origin, ...]:
    """Which sources the records of a message come from, each with the day of its newest one there."""
    newest: dict[str, str] = {}
    for row in rows:
        day = first_day(row.record.when)
        newest[row.source] = max(newest.get(row.source, ""), day)
    return tuple(
        Origin(sources.by_id[source].name, day, sources.by_id[source].failed)
        for source, day in newest.items()
        if source in sources.by_id
    )


def missing(grounded: Grounded, sources: Sources) -> tuple[str, ...]:
    """How to get what is not in the records; nothing where something was found."""
    return how_to_get(grounded.looked_for, sources=tuple(sources.by_id.values()))


def critical(records: Sequence[Record], today: dt.date) -> tuple[str, ...]:
    """What to do about results that their own source marks as critical."""
    marked = [record for record in records if record.trust is Trust.FACT and _flags(record) & CRITICAL]
    return tuple(dict.fromkeys(_told(record, today) for record in marked))


def _flags(record: Record) -> set[str]:
    return {*record.interpretation, *(flag for part in record.parts for flag in part.interpretation)}


def _told(record: Record, today: dt.date) -> str:
    what = f"{record.title} ({shown_when(record.when) or 'no date'})"
    day = first_day(record.when)
    if day and dt.date.fromisoformat(day) >= today - RECENT:
        return f"Contact the lab or your clinic today: the lab marked {what} as critical."
    asked = "If nobody has talked with you about it, ask your clinic."
    return f"The lab marked {what} as critical at the time. {asked}"
