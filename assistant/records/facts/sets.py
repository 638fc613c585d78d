"""Answers that are a set: what holds now, what there is in a stretch of time."""

from collections.abc import Sequence

from assistant.records.facts.measures import measure
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import (
    dated,
    day_of,
    doubt,
    is_fact,
    plural,
    shown_day,
    some,
    tells,
)
from assistant.records.facts.text import one_line
from assistant.records.facts.things import by_title, entry, newest, since, state
from assistant.records.model import Category, Record, Trust

_BESIDE: dict[Category, tuple[str, ...]] = {
    Category.MEDICATIONS: ("dose",),
    Category.ALLERGIES: ("reaction", "risk"),
}
_LONGEST_BESIDE = 160
_MOST_DATES = 6
MOST_APART = 20
"""More things than this are put together by title."""
MOST_LINES = 60
"""Lines of a list; how many more there are is said."""


def current(records: Sequence[Record], frame: Frame) -> Fact | None:
    """What the source says holds now, one title a line; what is unclear or not confirmed is told apart.

    None where nothing holds or may hold.
    """
    held = newest([record for record in records if is_fact(record) and record.current is True])
    unsure = newest(
        [
            record
            for record in records
            if record.current is not False
            and (record.trust is Trust.UNCONFIRMED or (is_fact(record) and record.current is None))
        ]
    )
    if not held and not unsure:
        return None
    groups = by_title(held)
    lines = [f"- {title}{_since(group)}{_beside(group[0])}" for title, group in groups.items()]
    head = f"{plural(frame.noun, len(groups))} marked as current in your records:" if held else ""
    if unsure:
        lines.append(
            "Not clear whether these hold now:" if held else "It isn't clear whether these hold now:"
        )
        lines += [f"- {title}{doubt(group[0])}{_since(group)}" for title, group in by_title(unsure).items()]
    text = "\n".join(part for part in (head, *lines) if part)
    ids = tuple(record.id for group in groups.values() for record in group) + tuple(r.id for r in unsure)
    return Fact(FactKind.CURRENT, text, str(len(groups)), None, None, ids)


def holds(records: Sequence[Record]) -> Fact | None:
    """Whether one thing holds now: yes with since when, or what the latest record says instead."""
    sure = newest([record for record in records if is_fact(record)])
    active = [record for record in sure if record.current is True]
    if active:
        groups = by_title(active)
        said = [f"{title}{_since(group)} ({state(group[0])})" for title, group in groups.items()]
        text = f"Yes: {'; '.join(said)}."
        return Fact(
            FactKind.CURRENT, text, None, None, day_of(active[-1].when) or None, tuple(r.id for r in active)
        )
    if not sure:
        return None
    groups = by_title(sure)
    said = []
    for title, group in groups.items():
        stands = state(group[0])
        said.append(
            f"{title} {dated(group[0])}"
            + (f" is marked {stands}" if stands else ", with nothing said about now")
        )
    text = f"Not marked as current: {'; '.join(said)}."
    return Fact(FactKind.CURRENT, text, None, None, day_of(sure[0].when) or None, tuple(r.id for r in sure))


def _beside(record: Record) -> str:
    """What a patient needs beside the name: the dose of a medicine, the reaction of an allergy."""
    labels = _BESIDE.get(record.category, ())
    said = [f"{e.label}: {one_line(e.text)}" for e in record.elements if e.label in labels and e.text]
    return "".join(f"; {words}" for words in dict.fromkeys(said) if len(words) <= _LONGEST_BESIDE)


def _since(group: Sequence[Record]) -> str:
    """Since when; the earliest of several records of one title, and how many there are."""
    begun = since(group[-1])
    if len(group) == 1:
        return f", {begun}" if begun else ""
    return f", {begun} ({len(group)} records, the latest {shown_day(group[0])})" if begun else ""


def listed(records: Sequence[Record], frame: Frame, *, most: int | None = None) -> Fact | None:
    """Everything there is, newest first, one a line; values of one title share a line, as do many things.

    Family history is told as such."""
    told = newest([record for record in records if tells(record) or record.trust is Trust.FAMILY])
    if not told:
        return None
    kept = told[:most] if most else told
    valued = kept[0].category in (Category.LABS, Category.VITALS) and len(kept) > 1
    grouped = valued or len(kept) > MOST_APART
    lines = _by_title(kept) if grouped else [f"- {entry(record)}" for record in kept]
    order = "" if len({day_of(record.when) for record in kept}) == 1 else ", newest first"
    head = f"{plural(frame.noun, len(kept))}{frame.when}{order}:"
    if most and len(told) > most:
        head = f"The latest {head}"
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"- and {len(lines) - MOST_LINES} more"]
    ids = tuple(record.id for record in kept)
    return Fact(FactKind.LIST, "\n".join([head, *lines]), str(len(kept)), None, None, ids)


def _each(title: str, group: Sequence[Record]) -> str:
    if len(group) == 1:
        return entry(group[0])
    dates = some([dated(record) for record in group], _MOST_DATES)
    stands = state(group[0])
    return f"{title}, {len(group)} times{f' (the latest is {stands})' if stands else ''}: {dates}"


def _by_title(records: Sequence[Record]) -> list[str]:
    lines = []
    for title, group in by_title(records).items():
        values = [m for record in group if (m := measure(record)) is not None]
        if not values:
            lines.append(f"- {_each(title, group)}")
            continue
        said = [f"{m.shown}{doubt(m.record)} {dated(m.record)}" for m in values[:6]]
        more = f" and {len(values) - 6} more" if len(values) > 6 else ""
        lines.append(f"- {title}: {', '.join(said)}{more}")
    return lines
