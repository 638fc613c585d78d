"""How many, and in what stretch of time."""

from collections import Counter
from collections.abc import Sequence

from assistant.records.facts.measures import Measure
from assistant.records.facts.model import Fact, FactKind, Frame
from assistant.records.facts.phrases import dated, joined, plural, shown_day
from assistant.records.facts.text import named
from assistant.records.facts.things import newest
from assistant.records.model import Record, Trust

_MOST_KINDS = 6


def count(records: Sequence[Record], frame: Frame) -> Fact:
    """How many of the records are facts; the records cited are all of them, newest first."""
    counted = newest([record for record in records if record.trust is Trust.FACT])
    if not counted:
        return nothing(frame)
    said = f"{plural(frame.noun, len(counted))}{frame.when}"
    if len(counted) == 1:
        text = f"{said}: {named(counted[0])}, {shown_day(counted[0])}."
    else:
        text = f"{said}: {_kinds(counted)}; the first {_when(counted[-1])}, the last {_when(counted[0])}."
    ids = tuple(record.id for record in counted)
    return Fact(FactKind.COUNT, text, str(len(counted)), None, None, ids)


def nothing(frame: Frame) -> Fact:
    """A count of none, from the question's words only."""
    text = f"0 of the records shared here show {frame.subject}{frame.when}."
    return Fact(FactKind.COUNT, text, "0")


def count_on_side(found: Sequence[Measure], on_side: Sequence[Measure], words: str, frame: Frame) -> Fact:
    """How many values lie on one side of a number, out of those that can be compared with it."""
    unit = next((m.unit for m in found if m.unit), None)
    said = f"{words} {unit}" if unit else words
    title = found[0].title
    text = f"{len(on_side)} of {plural('value', len(found))} of {title}{frame.when} {_is(on_side)} {said}"
    if on_side:
        shown = [f"{m.shown} {dated(m.record)}" for m in on_side[:12]]
        more = f" and {len(on_side) - 12} more" if len(on_side) > 12 else ""
        text += f": {joined(shown)}{more}"
    ids = tuple(m.record.id for m in on_side) or (found[0].record.id,)
    return Fact(FactKind.COUNT, text + ".", str(len(on_side)), None, on_side[0].day if on_side else None, ids)


def _is(on_side: Sequence[Measure]) -> str:
    return "is" if len(on_side) == 1 else "are"


def _kinds(counted: Sequence[Record]) -> str:
    kinds = sorted(Counter(named(record) for record in counted).items(), key=lambda kind: (-kind[1], kind[0]))
    if len(kinds) == 1:
        return kinds[0][0]
    told = [f"{number} {title}" for title, number in kinds[:_MOST_KINDS]]
    rest = sum(number for _, number in kinds[_MOST_KINDS:])
    return joined(told) if not rest else f"{', '.join(told)} and {rest} others"


def _when(record: Record) -> str:
    return dated(record)
