"""Observation values (FHIR R4, Observation.value[x]): every shape to one `Value`, digits as written."""

import re
from collections.abc import Iterator
from typing import Any

from assistant.records import coded
from assistant.records.coded import codes_of, string, words_of
from assistant.records.decode import Digits, Node
from assistant.records.model import Part, Quantity, ReferenceRange, Value, ValueKind

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_UCUM = frozenset((coded.UCUM, "https://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8"))
_FLAGS = frozenset(
    (
        "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        "http://hl7.org/fhir/v2/0078",
        "http://terminology.hl7.org/CodeSystem/v2-0078",
        "http://hl7.org/fhir/observation-interpretation",
        "urn:oid:2.16.840.1.113883.5.83",
        "",
    )
)
SIGNAL = "a recorded signal, not shown here"
"""What stands for SampledData, whose points are no value to read out."""


def digits_of(value: Any) -> str | None:
    """A number's digits: as decoded, or text that is nothing but a number. None for anything else."""
    kind = type(value)
    if kind is Digits:
        return str(value)
    if kind is int:
        return str(value) if abs(value) < 10**40 else None
    if kind is float:
        value = repr(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return value.strip()
    return None


def quantity(node: Any) -> Quantity | None:
    """A FHIR Quantity (Age, Duration, Count, SimpleQuantity); None without a number."""
    if type(node) is not dict:
        return None
    digits = digits_of(node.get("value"))
    if digits is None:
        return None
    unit = node.get("unit")
    code = node.get("code")
    comparator = node.get("comparator")
    if not isinstance(unit, str) or not unit.strip():
        unit = None
    if not isinstance(code, str) or not code.strip():
        code = None
    system = node.get("system")
    if code is not None and not (isinstance(system, str) and system in _UCUM):
        unit, code = unit or code, None
    return Quantity(digits, comparator if isinstance(comparator, str) and comparator else None, unit, code)


def money(node: Any) -> Quantity | None:
    """A FHIR Money: the currency is the unit."""
    if type(node) is not dict or (digits := digits_of(node.get("value"))) is None:
        return None
    return Quantity(digits, None, string(node.get("currency")) or string(node.get("code")))


def _coded(node: Any) -> Value | None:
    text = words_of(node)
    if text is None:
        return None
    codes = codes_of(node)
    if codes and all(item.system == coded.ABSENT for item in codes):
        return Value(ValueKind.ABSENT, text=text, codes=codes)
    return Value(ValueKind.CODED, text=text, codes=codes)


def _text(node: Any) -> Value | None:
    text = string(node)
    return Value(ValueKind.TEXT, text=text) if text is not None else None


def _boolean(node: Any) -> Value | None:
    return Value(ValueKind.TEXT, text="yes" if node else "no") if isinstance(node, bool) else None


def _number(node: Any) -> Value | None:
    digits = digits_of(node) if not isinstance(node, bool) else None
    return Value(ValueKind.QUANTITY, Quantity(digits)) if digits is not None else None


def _quantity(node: Any) -> Value | None:
    found = quantity(node)
    return Value(ValueKind.QUANTITY, found) if found is not None else None


def _range(node: Any) -> Value | None:
    if type(node) is not dict:
        return None
    low, high = quantity(node.get("low")), quantity(node.get("high"))
    return Value(ValueKind.RANGE, low, high) if low or high else None


def _ratio(node: Any) -> Value | None:
    if type(node) is not dict:
        return None
    over, under = quantity(node.get("numerator")), quantity(node.get("denominator"))
    return Value(ValueKind.RATIO, over, under) if over and under else None


def _period(node: Any) -> Value | None:
    if type(node) is not dict:
        return None
    start, end = string(node.get("start")), string(node.get("end"))
    if start and end:
        return Value(ValueKind.TEXT, text=f"{start} to {end}")
    text = f"from {start}" if start else f"until {end}" if end else None
    return Value(ValueKind.TEXT, text=text) if text else None


def _signal(node: Any) -> Value | None:
    return Value(ValueKind.TEXT, text=SIGNAL) if type(node) is dict else None


_SHAPES = (
    ("valueQuantity", _quantity),
    ("valueCodeableConcept", _coded),
    ("valueString", _text),
    ("valueBoolean", _boolean),
    ("valueInteger", _number),
    ("valueRange", _range),
    ("valueRatio", _ratio),
    ("valueDateTime", _text),
    ("valuePeriod", _period),
    ("valueTime", _text),
    ("valueSampledData", _signal),
)


def value_of(node: Node) -> Value | None:
    """The value[x] of an Observation or component; why it is absent where the source says so."""
    for name, shape in _SHAPES:
        found = node.get(name)
        if found is not None:
            value = shape(found)
            if value is not None:
                return value
    absent = node.get("dataAbsentReason")
    if absent is not None:
        text = words_of(absent)
        if text is not None:
            return Value(ValueKind.ABSENT, text=text, codes=codes_of(absent))
    return None


def _objects(found: Any) -> Iterator[Node]:
    if type(found) is list:
        for item in found:
            if type(item) is dict:
                yield item
    elif type(found) is dict:
        yield found


def interpretation_of(node: Node) -> tuple[str, ...]:
    """The source's flags: HL7 codes (`H`, `LL`) where there are any, else its words."""
    found = node.get("interpretation")
    if found is None:
        return ()
    flags: list[str] = []
    for concept in _objects(found):
        codes = [item.code for item in codes_of(concept) if item.system in _FLAGS]
        words = words_of(concept)
        flags.extend(codes or ([words] if words else []))
    return tuple(flags)


def ranges_of(node: Node) -> tuple[ReferenceRange, ...]:
    """The source's own reference ranges, each with whom it applies to."""
    found = node.get("referenceRange")
    if found is None:
        return ()
    ranges: list[ReferenceRange] = []
    for item in _objects(found):
        low, high, text = quantity(item.get("low")), quantity(item.get("high")), string(item.get("text"))
        if low is None and high is None and text is None:
            continue
        applies = [
            words
            for name in ("type", "appliesTo")
            for concept in _objects(item.get(name))
            if (words := words_of(concept)) is not None
        ]
        if (age := _age(item.get("age"))) is not None:
            applies.append(age)
        ranges.append(ReferenceRange(low, high, text, tuple(applies)))
    return tuple(ranges)


def _age(node: Any) -> str | None:
    if type(node) is not dict:
        return None
    low, high = quantity(node.get("low")), quantity(node.get("high"))
    if low and high:
        return f"age {low.value} to {high.value} {high.unit or high.code or ''}".strip()
    if low:
        return f"age {low.value} {low.unit or low.code or ''}".strip() + " and over"
    return f"age up to {high.value} {high.unit or high.code or ''}".strip() if high else None


def parts_of(node: Node) -> tuple[Part, ...]:
    """The components of an Observation that say anything; one without a name keeps its value."""
    found = node.get("component")
    if found is None:
        return ()
    parts: list[Part] = []
    for item in _objects(found):
        code = item.get("code")
        title, value = words_of(code), value_of(item)
        if title is None and value is None:
            continue
        parts.append(
            Part(title or "unnamed part", codes_of(code), value, interpretation_of(item), ranges_of(item))
        )
    return tuple(parts)
