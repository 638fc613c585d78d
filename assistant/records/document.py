"""A record as the JSON of the commands: the source's digits beside what is shown."""

from collections.abc import Iterable
from typing import Any

from assistant.records.model import Part, Quantity, Record, ReferenceRange, Value, ValueKind
from assistant.records.show import line, shown_range, shown_value


def as_document(record: Record, *, source: str, members: Iterable[Record] = ()) -> dict[str, Any]:
    """The record of the contract's `records`; `parts` holds components and the values that it groups."""
    return {
        "id": record.id,
        "category": record.category.value,
        "kind": record.kind,
        "title": record.title,
        "text": line(record, record.elements),
        "date": record.when.start or record.when.end,
        "end": record.when.end,
        "recorded": record.recorded,
        **_valued(record.value),
        "range": _ranges(record.ranges),
        "interpretation": ", ".join(record.interpretation) or None,
        "status": record.status,
        "trust": record.trust.value,
        "current": record.current,
        "codes": [{"system": c.system, "code": c.code, "display": c.display} for c in record.codes],
        "labels": list(record.labels),
        "parts": [_part(part) for part in record.parts] + [_member(member) for member in members],
        "source": source,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        **_valued(part.value),
        "range": _ranges(part.ranges),
        "interpretation": ", ".join(part.interpretation) or None,
    }


def _member(record: Record) -> dict[str, Any]:
    return {
        "record": record.id,
        "title": record.title,
        **_valued(record.value),
        "range": _ranges(record.ranges),
        "interpretation": ", ".join(record.interpretation) or None,
        "trust": record.trust.value,
    }


def _valued(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {"value": None, "shown": None, "unit": None, "comparator": None}
    quantity = value.quantity if value.kind is ValueKind.QUANTITY else None
    return {
        "value": quantity.value if quantity is not None else _words(value),
        "shown": shown_value(value),
        "unit": _unit(quantity),
        "comparator": quantity.comparator if quantity is not None else None,
    }


def _words(value: Value) -> str | None:
    return None if value.kind is ValueKind.ABSENT else shown_value(value, exact=True)


def _unit(quantity: Quantity | None) -> str | None:
    return (quantity.unit or quantity.code) if quantity is not None else None


def _ranges(ranges: tuple[ReferenceRange, ...]) -> str | None:
    return ", or ".join(shown_range(given) for given in ranges) or None
