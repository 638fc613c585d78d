"""Vital signs: what was measured at each visit, and the patient's own blood pressure readings at home."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from connectors.sample.fhir import (
    LOINC,
    Json,
    Resource,
    Unit,
    coding,
    compact,
    concept,
    moment,
    quantity,
    reference,
    same_unit,
    term,
)
from connectors.sample.people import PATIENT, organization
from connectors.sample.visits import visit_at

PRESSURE = same_unit("mm[Hg]")
SYSTOLIC = concept("Systolic blood pressure", coding(LOINC, "8480-6", "Systolic blood pressure"))
DIASTOLIC = concept("Diastolic blood pressure", coding(LOINC, "8462-4", "Diastolic blood pressure"))
BLOOD_PRESSURE = concept("Blood pressure", coding(LOINC, "85354-9", "Blood pressure panel"))


class Sign(NamedTuple):
    """One kind of vital sign."""

    loinc: str
    name: str
    unit: Unit


SIGNS = {
    "pulse": Sign("8867-4", "Heart rate", Unit("beats/min", "/min")),
    "temperature": Sign("8310-5", "Body temperature", Unit("°C", "Cel")),
    "weight": Sign("29463-7", "Body weight", same_unit("kg")),
    "height": Sign("8302-2", "Body height", same_unit("cm")),
    "bmi": Sign("39156-5", "Body mass index", Unit("kg/m²", "kg/m2")),
    "breathing": Sign("9279-1", "Respiratory rate", Unit("breaths/min", "/min")),
    "oxygen": Sign("59408-5", "Oxygen saturation", same_unit("%")),
}

CHECK_UPS = (
    # day, systolic, diastolic, pulse, temperature, weight, height
    ("2006-09-12", "118", "74", "68", "36.6", "63.8", "168"),
    ("2007-09-25", "120", "76", "70", "36.7", "64.5", "168"),
    ("2009-09-29", "122", "78", "72", "36.6", "66.9", "168"),
    ("2010-10-19", "126", "80", "71", "36.5", "67.4", "168"),
    ("2011-10-25", "128", "82", "70", "36.7", "68.2", "168"),
    ("2012-10-23", "134", "84", "73", "36.6", "70.5", "168"),
    ("2013-10-21", "148", "92", "76", "36.8", "72.1", "168"),
    ("2015-10-13", "128", "80", "70", "36.6", "73.0", "168"),
    ("2016-09-20", "130", "82", "72", "36.5", "74.6", "168"),
    ("2017-10-10", "132", "82", "71", "36.7", "75.8", "168"),
    ("2018-11-20", "134", "84", "74", "36.6", "77.4", "168"),
    ("2019-09-24", "130", "80", "70", "36.6", "76.1", "167"),
    ("2021-09-21", "126", "78", "68", "36.5", "74.9", "167"),
    ("2022-02-22", "128", "80", "69", "36.7", "73.6", "167"),
    ("2023-02-21", "130", "80", "70", "36.6", "73.2", "167"),
    ("2024-02-13", "126", "78", "67", "36.5", "72.0", "167"),
    ("2025-02-18", "124", "76", "66", "36.6", "71.5", "167"),
    ("2026-02-17", "122", "76", "66", "36.6", "70.8", "167"),
)
OFFICE = (
    # day, systolic, diastolic, pulse, weight
    ("2012-01-24", "130", "82", "74", "69.0"),
    ("2012-04-03", "128", "80", "70", "69.4"),
    ("2013-11-18", "138", "86", "72", "72.0"),
    ("2014-03-11", "132", "82", "73", "72.4"),
    ("2014-06-10", "126", "80", "84", "71.8"),
    ("2014-12-09", "128", "80", "72", "72.6"),
    ("2017-02-28", "132", "82", "72", "75.2"),
    ("2019-03-19", "136", "84", "73", "77.9"),
    ("2021-03-16", "134", "82", "72", "78.3"),
    ("2022-08-23", "126", "78", "68", "73.0"),
    ("2023-08-22", "128", "78", "68", "72.6"),
    ("2024-08-20", "126", "76", "67", "71.9"),
    ("2025-08-19", "124", "76", "66", "71.2"),
    ("2026-08-18", "120", "74", "65", "70.4"),
)
URGENT = (
    # day, systolic, diastolic, pulse, temperature with its unit, breathing, oxygen
    ("2008-11-18", "124", "78", "88", "100.4 [degF]", "16", "98"),
    ("2012-01-17", "142", "88", "96", "36.7 Cel", "18", "99"),
    ("2016-07-19", "130", "82", "86", "37.9 Cel", "16", "98"),
    ("2023-06-13", "116", "70", "92", "36.4 Cel", "18", "97"),
)
HOME_READINGS = {
    # month: systolic/diastolic on its first day at 07:00
    "2013-11": "142/88", "2013-12": "138/86", "2014-01": "136/84", "2014-02": "134/84", "2014-03": "136/84",
    "2014-04": "134/82", "2014-05": "130/82", "2014-06": "128/80", "2014-07": "128/80", "2014-08": "126/78",
    "2021-03": "136/84", "2021-04": "134/82", "2021-05": "134/82", "2021-06": "132/80", "2021-07": "130/80",
    "2021-08": "128/80", "2021-09": "128/78", "2021-10": "126/78", "2021-11": "128/80", "2021-12": "126/78",
    "2024-06": "130/80", "2024-07": "128/80", "2024-08": "128/78", "2024-09": "126/78", "2024-10": "128/80",
    "2024-11": "130/80", "2024-12": "128/78", "2025-01": "126/78", "2025-02": "126/76", "2025-03": "124/76",
    "2025-04": "126/78", "2025-05": "124/76", "2025-06": "122/76", "2025-07": "124/76", "2025-08": "122/74",
    "2025-09": "124/76", "2025-10": "126/78", "2025-11": "124/76", "2025-12": "126/78", "2026-01": "124/76",
    "2026-02": "124/76", "2026-03": "122/74", "2026-04": "122/76", "2026-05": "120/74", "2026-06": "118/74",
    "2026-07": "120/74", "2026-08": "122/76", "2026-09": "120/74", "2026-10": "118/72",
}  # fmt: skip


def vitals() -> list[Resource]:
    """Every vital sign, visit by visit, then the readings at home."""
    resources: list[Resource] = []
    for day, systolic, diastolic, pulse, temperature, weight, height in CHECK_UPS:
        resources += [
            _pressure(day, systolic, diastolic),
            _sign(day, "pulse", pulse),
            _sign(day, "temperature", temperature),
            _sign(day, "weight", weight),
            _sign(day, "height", height),
            _sign(day, "bmi", _body_mass_index(weight, height)),
        ]
    for day, systolic, diastolic, pulse, weight in OFFICE:
        resources += [
            _pressure(day, systolic, diastolic),
            _sign(day, "pulse", pulse),
            _sign(day, "weight", weight),
            _sign(day, "bmi", _body_mass_index(weight, "168" if day < "2019-09" else "167")),
        ]
    for day, systolic, diastolic, pulse, temperature, breathing, oxygen in URGENT:
        degrees, unit = temperature.split(" ")
        resources += [
            _pressure(day, systolic, diastolic),
            _sign(day, "pulse", pulse),
            _sign(day, "temperature", degrees, Unit("°C", unit) if unit == "Cel" else same_unit(unit)),
            _sign(day, "breathing", breathing),
            _sign(day, "oxygen", oxygen),
        ]
    return resources + [_home_reading(month, reading) for month, reading in HOME_READINGS.items()]


def _body_mass_index(weight: str, height: str) -> str:
    metres = Decimal(height) / 100
    return str((Decimal(weight) / (metres * metres)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _sign(day: str, kind: str, printed: str, unit: Unit | None = None) -> Resource:
    sign = SIGNS[kind]
    value = quantity(printed, unit or sign.unit)
    return _vital(kind, day, concept(sign.name, coding(LOINC, sign.loinc))) | {"valueQuantity": value}


def _pressure(day: str, systolic: str, diastolic: str) -> Resource:
    return _vital("pressure", day, BLOOD_PRESSURE) | {"component": _both(systolic, diastolic)}


def _home_reading(month: str, reading: str) -> Resource:
    systolic, diastolic = reading.split("/")
    return {
        "resourceType": "Observation",
        "id": f"home-pressure-{month}",
        "status": "final",
        "category": [term("observation-category", "vital-signs", "Vital signs")],
        "code": BLOOD_PRESSURE,
        "subject": reference(PATIENT),
        "effectiveDateTime": moment(f"{month}-01", "07:00"),
        "performer": [reference(PATIENT)],
        "component": _both(systolic, diastolic),
        "note": [{"text": "Measured at home"}],
    }


def _both(systolic: str, diastolic: str) -> list[Json]:
    return [
        {"code": SYSTOLIC, "valueQuantity": quantity(systolic, PRESSURE)},
        {"code": DIASTOLIC, "valueQuantity": quantity(diastolic, PRESSURE)},
    ]


def _vital(kind: str, day: str, code: Json) -> Resource:
    visit = visit_at(day)
    return compact(
        resourceType="Observation",
        id=f"vital-{kind}-{day}",
        status="final",
        category=[term("observation-category", "vital-signs", "Vital signs")],
        code=code,
        subject=reference(PATIENT),
        encounter=reference(f"Encounter/{visit.id}"),
        effectiveDateTime=moment(day, visit.time),
        performer=[organization("mercy")],
    )
