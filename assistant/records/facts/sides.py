"""On which side of its source's own range a value lies: by the source's flag, else by its range."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from assistant.records.facts.measures import DIASTOLIC, SYSTOLIC, Measure, measure
from assistant.records.model import Quantity, ReferenceRange
from assistant.records.units import unit_key


class Side(StrEnum):
    """Where a value lies."""

    HIGH = "high"
    LOW = "low"
    IN = "in range"
    OUT = "out of range"
    """Flagged as abnormal, or a pair with one number high and one low."""


_FLAGS: dict[str, Side] = {
    **dict.fromkeys(("H", "HH", "HU", ">"), Side.HIGH),
    **dict.fromkeys(("L", "LL", "LU", "<"), Side.LOW),
    **dict.fromkeys(("A", "AA"), Side.OUT),
    "N": Side.IN,
}
"""HL7 v3 ObservationInterpretation codes that place a number."""


def side_of(value: Measure) -> Side | None:
    """Where a value lies; None where its source doesn't tell by a flag or a range in the value's unit."""
    if len(value.quantities) == 2:
        halves = [measure(value.record, (code,)) for code in (SYSTOLIC, DIASTOLIC)]
        return _both([side_of(half) if half is not None else None for half in halves])
    flagged = {_FLAGS[flag] for flag in value.interpretation if flag in _FLAGS}
    if flagged:
        return _both([*flagged - {Side.OUT}] or [Side.OUT])
    if not value.quantities:
        return None
    placed = {_within(value.quantities[0], given) for given in value.ranges}
    return placed.pop() if len(placed) == 1 else None


def _both(sides: Sequence[Side | None]) -> Side | None:
    told = {side for side in sides if side is not None}
    outside = told - {Side.IN}
    if len(outside) > 1:
        return Side.OUT
    if outside:
        return outside.pop()
    return Side.IN if told and None not in sides else None


def _within(quantity: Quantity, given: ReferenceRange) -> Side | None:
    ends = [end for end in (given.low, given.high) if end is not None]
    if not ends or any(end.comparator or not _same_unit(end, quantity) for end in ends):
        return None
    low = Decimal(given.low.value) if given.low else None
    high = Decimal(given.high.value) if given.high else None
    if quantity.comparator:
        return _bound(Decimal(quantity.value), quantity.comparator, low, high)
    number = Decimal(quantity.value)
    if low is not None and number < low:
        return Side.LOW
    return Side.HIGH if high is not None and number > high else Side.IN


def _bound(number: Decimal, comparator: str, low: Decimal | None, high: Decimal | None) -> Side | None:
    """Where everything that a limit such as `<5` can mean lies; None where it may be on two sides."""
    strict = len(comparator) == 1
    if comparator in ("<", "<="):
        if low is None:
            return Side.IN if high is not None and number <= high else None
        return Side.LOW if number < low or (strict and number == low) else None
    if comparator in (">", ">="):
        if high is None:
            return Side.IN if low is not None and number >= low else None
        return Side.HIGH if number > high or (strict and number == high) else None
    return None


def _same_unit(end: Quantity, quantity: Quantity) -> bool:
    """Whether a range's end may be compared; one without a unit is in its value's own."""
    return not unit_key(end) or unit_key(end) == unit_key(quantity)
