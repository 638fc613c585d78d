"""Keys for the same event told by two sources, and for values that may stand in one series.

An event key is a claim, so it leans to silence: no key without a date, a code or a title, no key from a
date alone where the kind of record happens more than once a day. Two records with equal keys tell the same
thing, at the same minute (or on the same day, for a date alone), with the same value and the same status.
"""

from decimal import Decimal, InvalidOperation
from hashlib import blake2b

from assistant.records.coded import one_of
from assistant.records.dates import has_time, utc_minute
from assistant.records.model import Coding, Part, Quantity, Record, Value, ValueKind, When
from assistant.records.units import unit_key
from assistant.records.words import code_token, fold, system_letter

_RANK = {"l": 0, "s": 1, "r": 2, "c": 3, "i": 4}
_GENERIC = one_of(
    "85354-9 8480-6 8462-4 8867-4 9279-1 8310-5 8302-2 29463-7 39156-5 2708-6 9843-4 8289-1 59576-9"
)
"""LOINC codes that FHIR's vital signs profile asks for beside any more specific one."""

_RESULTS = frozenset(("Observation", "DiagnosticReport"))
_BY_DAY = frozenset(
    (
        *("Observation", "Condition", "AllergyIntolerance", "Immunization", "Procedure"),
        *("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration"),
    )
)
"""Kinds of which the same thing on the same day, told the same way, is one event."""
_BY_MINUTE = frozenset(
    (
        "Encounter",
        "DiagnosticReport",
        "ImagingStudy",
        "QuestionnaireResponse",
        "Specimen",
        "DocumentReference",
    )
)
"""Kinds that need a time of day to be one event."""
_BY_YEAR = frozenset(("Condition", "AllergyIntolerance"))
"""Kinds for which a year or month is as much as one says."""
_TELLING = frozenset(("dose", "where", "answer", "text", "series"))
"""Labels of elements that make two records of the same thing different events."""


def canonical(codes: tuple[Coding, ...], title: str) -> str:
    """The one code that a record is compared by, as a token: LOINC, else SNOMED CT, RxNorm, CVX, ICD, any
    other; the folded title where there is no code."""
    if len(codes) == 1:
        return code_token(codes[0].system, codes[0].code)
    best: Coding | None = None
    rank = 99
    for item in codes:
        letter = system_letter(item.system)
        if letter == "l" and item.code in _GENERIC:
            return code_token(item.system, item.code)
        found = _RANK.get(letter or "", 9)
        if found < rank:
            best, rank = item, found
    if best is not None:
        return code_token(best.system, best.code)
    words = fold(title)
    return "t:" + " ".join(words) if words else ""


def normal_digits(digits: str) -> str:
    """One spelling of a number: `5.40` as `5.4`, `1e2` as `100`."""
    if "e" in digits or "E" in digits:
        try:
            number = Decimal(digits)
        except InvalidOperation:
            return digits
        digits = f"{number:f}" if abs(number.adjusted()) < 40 else str(number.normalize())
    if "." in digits and "E" not in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def _quantity(q: Quantity | None) -> str:
    if q is None:
        return ""
    return f"{q.comparator or ''}{normal_digits(q.value)} {unit_key(q)}"


def _value(value: Value | None) -> str:
    if value is None:
        return ""
    if value.quantity is not None or value.second is not None:
        return f"{value.kind}:{_quantity(value.quantity)}|{_quantity(value.second)}"
    return f"{value.kind}:{' '.join((value.text or '').casefold().split())}"


def _moment(kind: str, when: When, valued: bool) -> str | None:
    start = when.start or when.end
    if start is None:
        return None
    if not has_time(start) and (
        kind not in _BY_DAY
        or (len(start) < 10 and kind not in _BY_YEAR)
        or (kind == "Observation" and not valued)
    ):
        return None
    end = when.end if when.start is not None else None
    return f"{utc_minute(start)}/{utc_minute(end) if end else ''}"


def _has_number(value: Value | None) -> bool:
    return value is not None and value.kind is ValueKind.QUANTITY


def _told(record: Record, name: str, moment: str) -> str:
    """Everything in which two tellings of one event must agree."""
    value, parts = record.value, record.parts
    told: list[str] = [record.kind, name, moment, record.trust, _value(value)]
    if record.kind not in _RESULTS:
        told.append(f"{record.status} {record.current}")
    if parts:
        told.extend(sorted(f"{canonical(part.codes, part.title)}={_value(part.value)}" for part in parts))
    if not _has_number(value) and not (parts and any(_has_number(part.value) for part in parts)):
        told.extend(fold(record.title))
    telling = (
        element
        for element in record.elements
        if element.label in _TELLING and element.category is record.category
    )
    told.extend(f"{element.label}={' '.join(element.text.casefold().split())}" for element in telling)
    return "\x1f".join(told)


def event_key(record: Record) -> str:
    """Equal only for the same event told by two sources; empty where no such claim can be made."""
    return _event(record, canonical(record.codes, record.title))


def _event(record: Record, name: str) -> str:
    kind = record.kind
    if kind not in _BY_DAY and kind not in _BY_MINUTE:
        return ""
    if kind == "DocumentReference" and not any(element.label == "text" for element in record.elements):
        return ""
    moment = _moment(kind, record.when, record.value is not None or bool(record.parts))
    if moment is None:
        return ""
    told = _told(record, name, moment).encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=12).hexdigest()


def _series(name: str, value: Value | None) -> str:
    if value is None or value.kind is not ValueKind.QUANTITY or value.quantity is None:
        return ""
    return f"{name}|{unit_key(value.quantity)}" if name else ""


def series_key(record: Record) -> str:
    """Equal for values that may stand in one series: the same code and unit. Empty without a quantity."""
    return _series(canonical(record.codes, record.title), record.value)


def part_series_key(part: Part) -> str:
    """The series key of one component, comparable with those of records of the same thing."""
    return _series(canonical(part.codes, part.title), part.value)


def keys(record: Record) -> tuple[str, str]:
    """Event key and series key of one record."""
    name = canonical(record.codes, record.title)
    return _event(record, name), _series(name, record.value)
