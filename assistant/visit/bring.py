"""What to bring: current medicines with the dose as written, allergies with their reaction."""

from collections.abc import Iterator, Sequence

from assistant.records.facts.phrases import doubt, is_fact, tells
from assistant.records.facts.text import named, short
from assistant.records.facts.things import by_title, newest, since
from assistant.records.model import Category, Record
from assistant.visit.chart import Chart
from assistant.visit.model import Bring
from assistant.visit.rules_medicines import ORDERS, said

_LONGEST = 200
_BESIDE = {"medicine": frozenset(("dose",)), "allergy": frozenset(("reaction", "risk"))}


def bring(chart: Chart) -> tuple[Bring, ...]:
    """Medicines, then allergies; of each the confirmed ones first. What is refuted or ended is left out."""
    taken = [record for record in chart.of(Category.MEDICATIONS) if record.kind in ORDERS]
    allergies = [r for r in chart.of(Category.ALLERGIES) if r.kind == "AllergyIntolerance"]
    return (*_lines("medicine", taken, chart), *_lines("allergy", allergies, chart))


def _lines(kind: str, records: Sequence[Record], chart: Chart) -> Iterator[Bring]:
    may_hold = newest(record for record in records if tells(record) and record.current is not False)
    held = [record for record in may_hold if is_fact(record) and record.current is True]
    sure = by_title(held)
    for title, group in sorted(sure.items()):
        yield Bring(kind, _line(title, group[0], kind), chart.ids(group))
    unsure = by_title([record for record in may_hold if named(record) not in sure])
    for title, group in sorted(unsure.items()):
        words = doubt(group[0]) or " (not clear whether this holds now)"
        yield Bring(kind, _line(f"{title}{words}", group[0], kind), chart.ids(group), confirmed=False)


def _line(title: str, record: Record, kind: str) -> str:
    beside = said(record, _BESIDE[kind])
    if not beside and kind == "medicine":
        beside = "no dose in the records"
    begun = since(record)
    name = f"{title}: {short(beside, _LONGEST)}" if beside else title
    return f"{name}; {begun}" if begun else name
