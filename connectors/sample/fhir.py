"""Small FHIR R4 datatypes as plain dicts, and their bytes: what every part of the sample is built from."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import msgspec

Resource: TypeAlias = dict[str, Any]
Json: TypeAlias = dict[str, Any]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CVX = "http://hl7.org/fhir/sid/cvx"
CPT = "http://www.ama-assn.org/go/cpt"
UCUM = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem/"

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Unit(NamedTuple):
    """A unit as printed, and its UCUM code."""

    text: str
    ucum: str


def same_unit(text: str) -> Unit:
    """A unit that is printed as its UCUM code."""
    return Unit(text, text)


def encode(resource: Resource) -> bytes:
    """Compact JSON in UTF-8; a Decimal keeps its digits (5.40 stays 5.40)."""
    return _ENCODER.encode(resource)


def compact(**members: Any) -> Json:
    """The members that hold something, in the order given: FHIR has no empty lists and no nulls."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {}, ())}


def coding(system: str, code: str, display: str | None = None) -> Json:
    """FHIR Coding."""
    return compact(system=system, code=code, display=display)


def concept(text: str | None, *codings: Json) -> Json:
    """FHIR CodeableConcept."""
    return compact(coding=list(codings), text=text)


def term(table: str, code: str, text: str | None = None) -> Json:
    """A CodeableConcept of one code of an HL7 table, such as `condition-clinical`."""
    return concept(text, coding(TERMS + table, code))


def quantity(printed: str, unit: Unit) -> Json:
    """FHIR Quantity from digits as printed, with a comparator in front where there is one: `<0.1`."""
    digits = printed.lstrip("<>=")
    comparator = printed[: len(printed) - len(digits)]
    return compact(value=Decimal(digits), comparator=comparator, unit=unit.text, system=UCUM, code=unit.ucum)


def reference(target: str, display: str | None = None) -> Json:
    """FHIR Reference to `Type/id` of the same source."""
    return compact(reference=target, display=display)


def moment(day: str, time: str = "09:00") -> str:
    """FHIR dateTime of a day and a wall-clock time where the patient lives (US Eastern)."""
    return f"{day}T{time}:00{_offset(date.fromisoformat(day))}"


def universal(local: str) -> str:
    """The same instant in UTC, as `...Z`."""
    shifted = datetime.fromisoformat(local)
    offset = shifted.utcoffset() or timedelta()
    return (shifted.replace(tzinfo=None) - offset).isoformat() + "Z"


def later(local: str, minutes: int) -> str:
    """A dateTime some minutes later, with the same offset."""
    return (datetime.fromisoformat(local) + timedelta(minutes=minutes)).isoformat()


def _offset(day: date) -> str:
    """US Eastern: daylight time from the second Sunday of March to the first Sunday of November."""
    march = date(day.year, 3, 8)
    november = date(day.year, 11, 1)
    starts = march + timedelta(days=(6 - march.weekday()) % 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return "-04:00" if starts <= day < ends else "-05:00"
