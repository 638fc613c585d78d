"""Which resources of a chart a thing's description means; none where it could mean two things."""

import re

import msgspec

from tests.answers.chart import Chart, Resource, about, began, own_words
from tests.oracle.raw import Value, codes, of_type

_VITALS = frozenset(
    ("8302-2", "29463-7", "39156-5", "85354-9", "55284-4", "8331-1", "8310-5", "8867-4", "9279-1")
)
_HAPPENED = frozenset(("final", "amended", "corrected", "completed", "finished", "active", "stopped", None))


class Thing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a question is about, as FHIR names it."""

    look: str
    """Resource type."""
    codes: tuple[str, ...] = ()
    text: str = ""
    """Or words in its name."""
    reason: str = ""
    """Or a code of why it took place."""
    area: str = ""
    """Or an Observation category: `laboratory`, `vital-signs`."""
    part: str = ""
    """The component that is meant."""
    pair: tuple[str, ...] = ()
    """Two components that make one value: `120/80`."""
    clash: tuple[str, ...] = ()
    """Codes of other things that the same words could mean: with one of them in the chart, no case."""


def meant(chart: Chart, thing: Thing) -> list[Resource]:
    """The resources that a thing means, by date; empty where something else could be meant too."""
    if chart.codes & set(thing.clash):
        return []
    held = [resource for resource in of_type(chart.held, thing.look) if _is(resource, thing)]
    if any(resource.get("status") not in _HAPPENED for resource in held):
        return []
    return sorted(held, key=began)


def _is(resource: Resource, thing: Thing) -> bool:
    if thing.area:
        return area_of(resource) == thing.area
    if thing.reason:
        return any(thing.reason in codes(reason) for reason in resource.get("reasonCode", []))
    if not thing.codes and not thing.text:
        return True
    named = bool(thing.text) and thing.text in own_words(resource).casefold()
    return named or bool(about(resource) & {*thing.codes, *([thing.part] if thing.part else [])})


def area_of(resource: Resource) -> str:
    """An Observation's category; where it names none, the one that its code and value speak for."""
    named = {code for category in resource.get("category", []) for code in codes(category)}
    if named:
        return min(named)
    if about(resource) & _VITALS:
        return "vital-signs"
    return "laboratory" if "valueQuantity" in resource else ""


def values(chart: Chart, thing: Thing) -> list[Value]:
    """What was measured, by date; empty where two values of one day could both be meant."""
    found = [value for r in meant(chart, thing) if began(r) for value in _measured(r, thing)]
    days = {value.day for value in found}
    whole = all(len(value.at) >= 10 for value in found)
    return found if len(days) == len(found) and whole else []


def _measured(resource: Resource, thing: Thing) -> list[Value]:
    at, rid = began(resource), str(resource["id"])
    if thing.pair:
        ends = [_quantity(resource, code) for code in thing.pair]
        if any(end is None for end in ends):
            return []
        digits = "/".join(str(end[0]) for end in ends if end)
        return [Value(rid, at, digits, ends[0][1] if ends[0] else None)]
    if thing.part:
        one = _quantity(resource, thing.part)
        return [Value(rid, at, *one)] if one else []
    if codes(resource["code"]) & set(thing.codes):
        return _own(resource, rid, at)
    found = [_quantity(resource, code) for code in thing.codes]
    return [Value(rid, at, *one) for one in found if one]


def _own(resource: Resource, rid: str, at: str) -> list[Value]:
    if "valueQuantity" in resource:
        return [Value(rid, at, *_digits(resource["valueQuantity"]))]
    if "valueCodeableConcept" in resource:
        concept = resource["valueCodeableConcept"]
        return [Value(rid, at, str(concept.get("text") or concept["coding"][0]["display"]), None)]
    return []


def _quantity(resource: Resource, code: str) -> tuple[str, str | None] | None:
    for part in resource.get("component", []):
        if code in codes(part.get("code")) and "valueQuantity" in part:
            return _digits(part["valueQuantity"])
    return None


def _digits(quantity: Resource) -> tuple[str, str | None]:
    unit = quantity.get("unit") or quantity.get("code")
    return str(quantity["value"]), str(unit) if unit else None


def flagged(resource: Resource) -> bool:
    """Whether the source marks any of an Observation's values as other than normal."""
    marks = list(resource.get("interpretation", []))
    marks += [mark for part in resource.get("component", []) for mark in part.get("interpretation", [])]
    return any(not _normal(mark) for mark in marks)


def _normal(mark: Resource) -> bool:
    return "N" in codes(mark) or re.fullmatch(r"(?i)normal", str(mark.get("text", ""))) is not None
