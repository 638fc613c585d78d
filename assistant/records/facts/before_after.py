"""Values before and after a medicine began: side by side, never as cause."""

from collections.abc import Sequence

from assistant.records.dates import first_day, iso_day, last_day, shown_date
from assistant.records.facts.change import moved
from assistant.records.facts.extremes import left_aside, middle
from assistant.records.facts.measures import Measure, comparable, digits, plain, with_unit
from assistant.records.facts.model import Fact, FactKind
from assistant.records.facts.phrases import day_of, is_fact, plural
from assistant.records.facts.text import named
from assistant.records.facts.values import told
from assistant.records.model import Record, Trust, When

NO_CAUSE = "This doesn't prove that the medicine is the reason: other things may have changed too."


def start_of(records: Sequence[Record]) -> Record | None:
    """The record that first shows a medicine as a fact, by the earliest day that its start can mean."""
    dated = [record for record in records if is_fact(record) and record.when.start]
    return min(dated, key=lambda r: (first_day(When(start=r.when.start)), named(r)), default=None)


def before_after(found: Sequence[Measure], medicine: Sequence[Record]) -> Fact | None:
    """The averages before and after the first record of a medicine, in the newest value's unit.

    `value` is the difference of the two averages as told; None where one side has no value or the medicine
    has no start date. A value of the very day counts as before; where the start is only a month or a year,
    values of that time count on neither side. None without any exact, dated value.
    """
    start = start_of(medicine)
    alike, others = comparable([m for m in found if m.record.trust is Trust.FACT])
    exact = [m for m in plain(alike) if m.day]
    if not exact or not medicine:
        return None
    if start is None:
        text = f"The records don't say when {named(medicine[0])} began, so there is no before and after."
        return Fact(FactKind.BEFORE_AFTER, text, None, exact[0].unit, None, (medicine[0].id,))
    began = When(start=start.when.start)
    first, last = first_day(began), last_day(began)
    after = [m for m in exact if first_day(m.record.when) > last]
    before = [m for m in exact if _ended_by(last_day(m.record.when), first, last)]
    text, value = _compared(before, after, named(start))
    text += f" The records first show {named(start)} {'on' if first == last else 'in'} "
    text += f"{shown_date(iso_day(start.when.start or ''))}; {_placed(first == last)}"
    unplaced = len(exact) - len(after) - len(before)
    if unplaced:
        text += f" {plural('value', unplaced)} can't be put on either side."
    if all(record.current is not True for record in medicine):
        text += " It isn't marked as current, so some of the values after may be from after it ended."
    text += left_aside(others, [m for m in alike if m not in exact]) + f" {NO_CAUSE}"
    ids = tuple(dict.fromkeys((start.id, *(m.record.id for m in (*after, *before)))))
    return Fact(FactKind.BEFORE_AFTER, text, value, exact[0].unit, day_of(began) or None, ids)


def _ended_by(day: str, first: str, last: str) -> bool:
    return day < first or (first == last and day == first)


def _placed(whole_day: bool) -> str:
    if whole_day:
        return "a value of that very day counts as before."
    return "values of that time count on neither side."


def _compared(before: Sequence[Measure], after: Sequence[Measure], name: str) -> tuple[str, str | None]:
    if not (before and after):
        side = after or before
        if not side:
            return f"No value can be put before or after the start of {name}.", None
        word, other = ("after", "before") if after else ("before", "after")
        text = (
            f"There is no {side[0].title} value {other} {name} began; {_side(side)} is the average {word} it"
        )
        return f"{text} ({_coverage(side)}).", None
    old, new = middle(before), middle(after)
    steps = [b - a for a, b in zip(old, new, strict=True)]
    text = (
        f"{moved(steps, after[0])} on average: your {after[0].title} was {_side(before)} before {name} began"
    )
    text += f" ({_coverage(before)}) and {_side(after)} after ({_coverage(after)})."
    text += f" The last value before is {told(before[0])}, the first after {told(after[-1])}."
    return text, "/".join(digits(step) for step in steps)


def _side(side: Sequence[Measure]) -> str:
    return with_unit([digits(number) for number in middle(side)], side[0])


def _coverage(side: Sequence[Measure]) -> str:
    newest, oldest = shown_date(side[0].day), shown_date(side[-1].day)
    dates = newest if newest == oldest else f"{oldest} to {newest}"
    return f"{plural('value', len(side))}, {dates}"
