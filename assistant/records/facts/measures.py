"""Values of records, laid out so that like can be compared with like."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

import msgspec

from assistant.records.coded import LOINC
from assistant.records.dates import iso_day, sort_key
from assistant.records.facts.text import named, one_line, short
from assistant.records.model import Category, Part, Quantity, Record, ReferenceRange, Trust, Value, ValueKind
from assistant.records.show import shown_digits, shown_quantity, shown_value
from assistant.records.units import unit_key

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
LONGEST_VALUE = 400
"""Characters of a value in words; the exact value stands in the record."""
_NEED_UNITS = frozenset((Category.LABS, Category.VITALS))
_PAIR = ((SYSTOLIC, "systolic"), (DIASTOLIC, "diastolic"))


class Measure(msgspec.Struct, frozen=True, gc=False):
    """One value of one record: its own, one of its parts, or both halves of a blood pressure."""

    record: Record
    title: str
    quantities: tuple[Quantity, ...]
    """One number, or the two of a blood pressure; empty for a value in words."""
    exact: str
    """The source's digits (`128/82` for a pair), or the words."""
    unit: str | None
    """The unit as the source shows it."""
    key: str
    """Equal where values may be compared: the unit's comparable spelling; `words` without a number."""
    interpretation: tuple[str, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()
    words: str = ""
    """A value in words, as shown."""

    @property
    def shown(self) -> str:
        """The value as shown, with comparator and unit."""
        if len(self.quantities) < 2:
            return short(shown_quantity(self.quantities[0]) if self.quantities else self.words, LONGEST_VALUE)
        pair = "/".join(f"{q.comparator or ''}{shown_digits(q.value)}" for q in self.quantities)
        return f"{pair} {self.unit}" if self.unit else pair

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The numbers, exactly."""
        return tuple(Decimal(q.value) for q in self.quantities)

    @property
    def comparator(self) -> str | None:
        """The comparator, where the value is only a bound."""
        return next((q.comparator for q in self.quantities if q.comparator), None)

    @property
    def no_unit(self) -> bool:
        """Whether it is a measured number that the source gives no unit for."""
        return bool(self.quantities) and not self.unit and self.record.category in _NEED_UNITS

    @property
    def day(self) -> str:
        """The ISO date at its precision; empty without one."""
        text = self.record.when.start or self.record.when.end
        return iso_day(text) if text else ""


def measures(records: Iterable[Record], part: Sequence[str] = ()) -> list[Measure]:
    """The values of records that are facts or not confirmed, newest first; `part` asks for one component.

    Order: date, then title, then value; never ids.
    """
    found = [m for record in records if (m := measure(record, part)) is not None]
    return newest_first(found)


def newest_first(found: Iterable[Measure]) -> list[Measure]:
    """The order in which values are told."""
    by_text = sorted(found, key=lambda m: (m.title, m.exact))
    return sorted(by_text, key=lambda m: sort_key(m.record.when), reverse=True)


def measure(record: Record, part: Sequence[str] = ()) -> Measure | None:
    """The record's value as asked for; None where it has none that may be told as one."""
    if record.trust not in (Trust.FACT, Trust.UNCONFIRMED):
        return None
    if part:
        chosen = next((p for p in record.parts if _is_part(p, part)), None)
        if chosen is not None:
            return _of_value(
                record,
                f"{named(record)}, {one_line(chosen.title)}",
                chosen.value,
                chosen.interpretation,
                chosen.ranges,
            )
        if record.parts:
            return None
    if record.value is not None and record.value.kind is not ValueKind.ABSENT:
        return _of_value(record, named(record), record.value, record.interpretation, record.ranges)
    return _pair(record) or _of_parts(record)


def _is_part(part: Part, codes: Sequence[str]) -> bool:
    for coding in part.codes:
        if coding.code in codes and coding.system == LOINC:
            return True
    if part.codes:
        return False
    names = {name for code, name in _PAIR if code in codes}
    return any(name in part.title.casefold() for name in names)


def _of_value(
    record: Record,
    title: str,
    value: Value | None,
    interpretation: tuple[str, ...],
    ranges: tuple[ReferenceRange, ...],
) -> Measure | None:
    if value is None or value.kind is ValueKind.ABSENT:
        return None
    quantity = value.quantity if value.kind is ValueKind.QUANTITY else None
    return Measure(
        record=record,
        title=title,
        quantities=(quantity,) if quantity else (),
        exact=quantity.value if quantity else shown_value(value, exact=True),
        unit=(quantity.unit or quantity.code) if quantity else None,
        key=_key(quantity, title) if quantity else "words",
        interpretation=interpretation,
        ranges=ranges,
        words="" if quantity else shown_value(value),
    )


def _key(quantity: Quantity, title: str) -> str:
    """Where the source gives no unit, only values of the same title can be compared."""
    return f"unit {unit_key(quantity)}" if unit_key(quantity) else f"no unit {title.casefold()}"


def _pair(record: Record) -> Measure | None:
    """Both halves of a blood pressure as one value, systolic first."""
    halves = [next((p for p in record.parts if _is_part(p, (code,))), None) for code, _ in _PAIR]
    found = [p.value.quantity for p in halves if p is not None and p.value is not None and p.value.quantity]
    if len(found) != 2 or unit_key(found[0]) != unit_key(found[1]):
        return None
    last = found[1]
    parts = [p for p in halves if p is not None]
    return Measure(
        record=record,
        title=named(record),
        quantities=tuple(found),
        exact="/".join(q.value for q in found),
        unit=last.unit or last.code,
        key=_key(last, named(record)),
        interpretation=tuple(flag for p in parts for flag in p.interpretation),
        ranges=tuple(given for p in parts for given in p.ranges),
    )


def _of_parts(record: Record) -> Measure | None:
    """A panel in words: each part with its value."""
    said = [f"{one_line(p.title)} {shown_value(p.value)}" for p in record.parts if p.value is not None]
    if not said:
        return None
    text = ", ".join(said)
    return Measure(record, named(record), (), text, None, "words", words=short(text))


def comparable(found: Sequence[Measure]) -> tuple[list[Measure], list[Measure]]:
    """Those in the unit of the newest number, and the rest (other units, words); order kept."""
    first = next((m for m in found if m.quantities), None)
    if first is None:
        return [], list(found)
    alike = [m for m in found if m.key == first.key and len(m.quantities) == len(first.quantities)]
    kept = {id(m) for m in alike}
    return alike, [m for m in found if id(m) not in kept]


def plain(found: Iterable[Measure]) -> list[Measure]:
    """Those that are exact numbers, not bounds, and not in doubt."""
    return [m for m in found if m.quantities and m.comparator is None and m.record.trust is Trust.FACT]


def difference(new: Measure, old: Measure) -> tuple[Decimal, ...]:
    """New minus old, exactly, number by number."""
    with localcontext() as context:
        context.prec = 100
        return tuple(a - b for a, b in zip(new.numbers, old.numbers, strict=True))


def digits(number: Decimal) -> str:
    """A number's digits without an exponent; `-0` is `0`."""
    return f"{number if number else abs(number):f}"


def with_unit(numbers: Sequence[str], like: Measure) -> str:
    """Shown digits joined for a pair, with the unit of `like`."""
    text = "/".join(shown_digits(number) for number in numbers)
    unit = like.unit
    if len(numbers) == 1:
        return shown_quantity(Quantity(numbers[0], None, unit))
    return f"{text} {unit}" if unit else text
