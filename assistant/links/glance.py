"""A record at a glance: what one line of a list says of it."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from assistant.records.dates import shown_date
from assistant.records.facts.measures import measure
from assistant.records.flags import FLAG_WORDS
from assistant.records.model import CATEGORY_NAMES, Record, Trust, When
from assistant.records.show import shown_interpretation, shown_value, status_words


class Mark(StrEnum):
    """The sign that stands for a source's flag, so that no colour is needed to see it."""

    NONE = ""
    HIGH = "▲"
    LOW = "▼"
    OTHER = "◆"
    """Said to be abnormal, without saying in which direction."""


_LOOSE = frozenset(("A", "AA", "EX", "UNX", "TOX"))
_PLAIN = frozenset(("N", "EXP", "null"))


_ROUTINE = frozenset(("current", "final", "finished"))
"""Statuses that say nothing about whether something holds now."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """What one line says of a record."""

    id: str
    category: str
    """The patient's word."""
    date: str
    title: str
    value: str
    """With unit and comparator, rounded as shown; empty without one."""
    state: str
    """What must stand beside the value: never empty where the record is not plain fact."""
    mark: Mark
    flags: str
    """The source's flags in words; empty where it says that all is normal."""
    doubtful: bool
    """Whether it is not plain fact about the patient."""


def row_of(record: Record) -> Row:
    """One line for a record."""
    flags = flags_of(record)
    return Row(
        id=record.id,
        category=CATEGORY_NAMES[record.category],
        date=_date(record.when),
        title=record.title,
        value=_value(record),
        state=state_of(record),
        mark=mark_of(flags),
        flags=shown_interpretation(flag for flag in flags if flag not in _PLAIN),
        doubtful=record.trust is not Trust.FACT,
    )


def gone(record_id: str) -> Row:
    """The line for a record that was taken out of the vault while it was listed."""
    title = "No longer among your records"
    return Row(record_id, "", "", title, "", "", Mark.NONE, "", False)


def flags_of(record: Record) -> tuple[str, ...]:
    """The source's codes for the value, and for those of its parts."""
    each = (record.interpretation, *(part.interpretation for part in record.parts))
    return tuple(dict.fromkeys(flag for flags in each for flag in flags))


def state_of(record: Record) -> str:
    """What must be said beside the value, or whether a medicine, condition or plan holds now."""
    words = status_words(record)
    if words is not None:
        return words
    says = record.current is not None and record.status not in _ROUTINE
    return record.status or "" if says else ""


def mark_of(flags: Sequence[str]) -> Mark:
    """The sign for flags; for both directions at once, that of neither."""
    words = [FLAG_WORDS.get(flag, "") for flag in flags]
    high = any("above the" in text for text in words)
    low = any("below the" in text for text in words)
    if high or low:
        return Mark.OTHER if high and low else Mark.HIGH if high else Mark.LOW
    return Mark.OTHER if _LOOSE.intersection(flags) else Mark.NONE


def _date(when: When) -> str:
    if when.start is None and when.end is not None:
        return f"–{shown_date(when.end)}"
    return shown_date(when.start) if when.start else "no date"


def _value(record: Record) -> str:
    """The value of the record, whatever its trust; of a blood pressure both halves."""
    if record.value is not None:
        return " ".join(shown_value(record.value).split())
    found = measure(msgspec.structs.replace(record, trust=Trust.FACT)) if record.parts else None
    return found.shown if found is not None else ""
