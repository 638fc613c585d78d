"""Things that happened or hold: ordered, grouped by title, with the state that the source gives them."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.records.dates import iso_day, shown_date, sort_key
from assistant.records.facts.phrases import dated, day_of, doubt
from assistant.records.facts.text import named, one_line
from assistant.records.model import Category, Record
from assistant.records.show import line, shown_value

_KIND_WORDS: dict[str, tuple[str, str]] = {
    "MedicationRequest": ("was last prescribed", "was first prescribed"),
    "MedicationStatement": ("was last noted as taken", "was first noted as taken"),
    "MedicationAdministration": ("was last given", "was first given"),
    "MedicationDispense": ("was last handed out", "was first handed out"),
    "ServiceRequest": ("was last ordered", "was first ordered"),
}
_CATEGORY_WORDS: dict[Category, tuple[str, str]] = {
    Category.CONDITIONS: ("last began", "first began"),
    Category.IMMUNIZATIONS: ("was last given", "was first given"),
    Category.PROCEDURES: ("was last done", "was first done"),
    Category.VISITS: ("last took place", "first took place"),
    Category.ALLERGIES: ("was last recorded", "was first recorded"),
    Category.NOTES: ("was last written", "was first written"),
    Category.LABS: ("was last measured", "was first measured"),
    Category.VITALS: ("was last measured", "was first measured"),
}
_BILLS = frozenset(("Claim", "ClaimResponse", "ExplanationOfBenefit"))
"""Whose status says only that the paper is in force."""
_AMOUNTS = frozenset(("total", "paid"))
_AMBIGUOUS_END = frozenset(
    (Category.CONDITIONS, Category.MEDICATIONS, Category.ALLERGIES, Category.INSURANCE)
)


def newest(records: Iterable[Record]) -> list[Record]:
    """Newest first: by date, then title, then what they say; never by id."""
    dated = sorted(records, key=_dated, reverse=True)
    ordered: list[Record] = []
    for _, alike in groupby(dated, key=_dated):
        same = list(alike)
        ordered += same if len(same) == 1 else sorted(same, key=_told)
    return ordered


def _dated(record: Record) -> str:
    return sort_key(record.when) or (record.recorded or "")


def _told(record: Record) -> tuple[str, str, str]:
    return (record.title, shown_value(record.value) if record.value else "", line(record))


def happened(record: Record, *, first: bool = False) -> str:
    """`was last done`: how a record's date is put."""
    if record.kind == "CarePlan" or record.kind == "Goal":
        return "started"
    words = (
        _KIND_WORDS.get(record.kind)
        or _CATEGORY_WORDS.get(record.category)
        or ("was last noted", "was first noted")
    )
    return words[int(first)]


def by_title(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Records grouped by title, both in the order given."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(named(record), []).append(record)
    return groups


def ended(record: Record) -> str:
    """The shown day on which it ended, where the source says."""
    if record.category in _AMBIGUOUS_END and record.when.end:
        return shown_date(iso_day(record.when.end))
    return ""


def state(record: Record) -> str:
    """What the source says of how it stands: `active`, `resolved`; empty where it says nothing."""
    words = doubt(record).strip(" ()")
    if words or record.category is Category.NOTES or record.kind in _BILLS:
        return words
    end = ended(record)
    if record.current is None and not end:
        return ""
    status = record.status or ("active" if record.current else "no longer active")
    return f"{status}, ended {end}" if end and record.current is not True else status


def since(record: Record) -> str:
    """`since 3 Feb 2019`, or when it was recorded; empty without a date."""
    if day := day_of(record.when):
        return f"since {shown_date(day)}"
    return f"recorded {shown_date(iso_day(record.recorded))}" if record.recorded else ""


def entry(record: Record) -> str:
    """One line for a list: date, title, value or state."""
    value = f": {shown_value(record.value)}" if record.value is not None else ""
    stands = state(record)
    if record.kind in _BILLS:
        said = [f"{e.label} {one_line(e.text)}" for e in record.elements if e.label in _AMOUNTS and e.text]
        value = "".join(f"; {words}" for words in dict.fromkeys(said))
    return f"{named(record)}{value}{f' ({stands})' if stands else ''}, {dated(record)}"
