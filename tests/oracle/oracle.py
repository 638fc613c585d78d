"""Questions about a Synthea bundle with answers worked out from its raw JSON, independently of the product.

Where two resources could both be meant (the same date, the same extreme), there is no case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.oracle.raw import Value, codes, mentions, of_type, parts, quantities, resources, started, title

TODAY = "2020-06-01"
"""The day that the questions are asked on: after everything in the bundles."""

MEASURED: dict[str, tuple[str, set[str]]] = {
    "LDL": ("LDL", {"18262-6"}),
    "HDL": ("HDL cholesterol", {"2085-9"}),
    "triglycerides": ("triglycerides", {"2571-8"}),
    "total cholesterol": ("total cholesterol", {"2093-3"}),
    "A1c": ("A1c", {"4548-4"}),
    "blood sugar": ("blood sugar", {"2339-0"}),
    "creatinine": ("creatinine", {"38483-4"}),
    "BUN": ("blood urea nitrogen", {"6299-2"}),
    "calcium": ("calcium", {"49765-1"}),
    "sodium": ("sodium level", {"2947-0"}),
    "potassium": ("potassium", {"6298-4"}),
    "chloride": ("chloride", {"2069-3"}),
    "CO2": ("carbon dioxide", {"20565-8"}),
    "eGFR": ("eGFR", {"33914-3"}),
    "microalbumin": ("microalbumin creatinine ratio", {"14959-1"}),
    "hemoglobin": ("hemoglobin", {"718-7"}),
    "hematocrit": ("hematocrit", {"4544-3", "20570-8"}),
    "white cells": ("white blood cell count", {"6690-2"}),
    "red cells": ("red blood cell count", {"789-8"}),
    "platelets": ("platelet count", {"777-3"}),
    "MCV": ("MCV", {"787-2"}),
    "ALT": ("ALT", {"1742-6"}),
    "albumin": ("albumin", {"1751-7"}),
    "PSA": ("PSA", {"2857-1"}),
    "weight": ("weight", {"29463-7"}),
    "height": ("height", {"8302-2"}),
    "BMI": ("BMI", {"39156-5"}),
    "pain": ("pain score", {"72514-3"}),
    "temperature": ("temperature", {"8331-1"}),
}
"""What it is called in questions, and its LOINC codes in the bundles."""
PRESSURE = {"55284-4", "85354-9"}
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
VACCINES: dict[str, set[str]] = {
    "flu shot": {"140"},
    "tetanus shot": {"113", "20"},
    "pneumonia vaccine": {"133", "33"},
    "hepatitis A vaccine": {"52", "83"},
    "hepatitis B vaccine": {"43", "08"},
    "shingles vaccine": {"121"},
    "meningitis vaccine": {"114"},
}
CONDITIONS: dict[str, set[str]] = {
    "high blood pressure": {"38341003"},
    "prediabetes": {"15777000"},
    "a sinus infection": {"444814009", "40055000", "36971009"},
    "bronchitis": {"10509002"},
    "a sore throat": {"195662009", "43878008"},
    "anemia": {"271737000"},
    "atrial fibrillation": {"49436004"},
    "an ear infection": {"65363002"},
    "a stroke": {"230690007"},
    "Alzheimer's": {"26929004"},
    "pneumonia": {"233604007"},
    "high cholesterol": {"55822004"},
    "migraines": {"124171000119105"},
    "a concussion": {"62106007"},
}
PROCEDURES: dict[str, set[str]] = {
    "colonoscopy": {"73761001"},
    "chest x-ray": {"399208008"},
    "spirometry": {"127783003", "23426006"},
    "cardioversion": {"180325003"},
    "allergy shot": {"180256009"},
    "prostate biopsy": {"65575008"},
}
EMERGENCY = {"50849002", "183460006"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Case:
    """One question with what its first fact must say."""

    question: str
    kind: str
    value: str | None
    """The source's digits, exact digits worked out, or text; None where the answer is no value."""
    unit: str | None
    date: str | None
    """ISO day of the value or happening, where one is asked for."""
    ids: tuple[str, ...]
    """Resource ids: the first one cited, or all of a set, in any order."""


SETS = frozenset(("current", "list", "count"))
"""Kinds whose ids are a set."""


def cases(path: Path) -> list[Case]:
    """All cases for one bundle."""
    found = resources(path)
    made = [case for name, wanted in MEASURED.values() for case in _measured(name, quantities(found, wanted))]
    made += _pressure(found)
    made += [
        case
        for name, wanted in VACCINES.items()
        for case in _vaccine(name, _coded(found, "Immunization", wanted))
    ]
    for name, wanted in CONDITIONS.items():
        had = _coded(found, "Condition", wanted)
        if had or not mentions(found, wanted):
            made += _condition(name, had)
    made += [
        case
        for name, wanted in PROCEDURES.items()
        for case in _last_and_count(name, _coded(found, "Procedure", wanted))
    ]
    made += [*_visits(found), *_held(found), *_smoking(found)]
    made.append(Case("What is my latest ferritin?", "none", None, None, None, ()))
    return made


def _coded(found: list[dict[str, Any]], kind: str, wanted: set[str]) -> list[dict[str, Any]]:
    field = {"Immunization": "vaccineCode"}.get(kind, "code")
    held = [resource for resource in of_type(found, kind) if codes(resource[field]) & wanted]
    return sorted(held, key=started)


def _measured(name: str, values: list[Value]) -> Iterator[Case]:
    if not values or len({value.at for value in values}) < len(values):
        return
    first, last = values[0], values[-1]
    yield _of(f"What is my latest {name}?", "latest", last)
    yield _of(f"what was my first {name}", "earliest", first)
    yield _of(f"What was my {name} on {_in_words(first.day)}?", "at_time", first)
    same_day = [value for value in values if value.day == last.day]
    if len(same_day) == 1:
        yield Case(
            f"When was my last {name} measured?", "latest", last.digits, last.unit, last.day, (last.id,)
        )
    yield Case(f"How many {name} results do I have?", "count", str(len(values)), None, None, _ids(values))
    in_year = [value for value in values if value.year == last.year]
    yield _of(f"what was my {name} in {last.year}?", "at_time", in_year[-1])
    alike = [value for value in values if value.unit == last.unit]
    yield from _extremes(name, alike)
    if len(values) > 1:
        yield _of(f"What was my {name} before the last one?", "previous", values[-2])
    if len(alike) > 1:
        yield _change(f"How has my {name} changed?", alike[0], last)
        recent = [value for value in alike if value.year >= last.year - 3]
        if len(recent) > 1:
            yield _change(f"How has my {name} changed since {last.year - 3}?", recent[0], last)


def _extremes(name: str, values: list[Value]) -> Iterator[Case]:
    numbers = [value.number for value in values]
    for word, kind, edge in (("highest", "maximum", max(numbers)), ("lowest", "minimum", min(numbers))):
        if numbers.count(edge) == 1:
            yield _of(f"What is my {word} {name}?", kind, values[numbers.index(edge)])


def _pressure(found: list[dict[str, Any]]) -> Iterator[Case]:
    top, bottom = parts(found, PRESSURE, SYSTOLIC), parts(found, PRESSURE, DIASTOLIC)
    if not top or len({value.at for value in top}) < len(top):
        return
    assert [value.id for value in top] == [value.id for value in bottom]
    both = f"{top[-1].digits}/{bottom[-1].digits}"
    yield Case("What's my blood pressure?", "latest", both, top[-1].unit, top[-1].day, (top[-1].id,))
    yield _of("What is my latest systolic blood pressure?", "latest", top[-1])
    yield _of("what's the bottom number of my blood pressure", "latest", bottom[-1])
    yield from _extremes("systolic pressure", top)


def _vaccine(name: str, given: list[dict[str, Any]]) -> Iterator[Case]:
    yield from _last_and_count(name, given)
    if given and _alone(given, 0):
        yield Case(
            f"When did I get my first {name}?",
            "first_time",
            None,
            None,
            started(given[0])[:10],
            _ids(given[:1]),
        )


def _last_and_count(name: str, given: list[dict[str, Any]]) -> Iterator[Case]:
    if not given:
        yield Case(f"Have I ever had a {name}?", "none", None, None, None, ())
        return
    last = started(given[-1])[:10]
    if _alone(given, -1):
        yield Case(f"When was my last {name}?", "last_time", None, None, last, _ids(given[-1:]))
        yield Case(f"Have I ever had a {name}?", "ever", None, None, last, _ids(given[-1:]))
    yield Case(f"How many times have I had a {name}?", "count", str(len(given)), None, None, _ids(given))


def _condition(name: str, had: list[dict[str, Any]]) -> Iterator[Case]:
    if not had:
        yield Case(f"Have I ever had {name}?", "none", None, None, None, ())
        return
    if _alone(had, 0):
        question = f"When was I first diagnosed with {name}?"
        yield Case(question, "first_time", None, None, started(had[0])[:10], _ids(had[:1]))
    if _alone(had, -1):
        yield Case(f"Have I ever had {name}?", "ever", None, None, started(had[-1])[:10], _ids(had[-1:]))
        yield Case(
            f"When did I last have {name}?", "last_time", None, None, started(had[-1])[:10], _ids(had[-1:])
        )


def _visits(found: list[dict[str, Any]]) -> Iterator[Case]:
    visits = sorted(of_type(found, "Encounter"), key=started)
    for year in sorted({started(visit)[:4] for visit in visits})[-2:]:
        held = [visit for visit in visits if started(visit)[:4] == year]
        yield Case(f"How many visits did I have in {year}?", "count", str(len(held)), None, None, _ids(held))
        yield Case(f"list my doctor visits in {year}", "list", str(len(held)), None, None, _ids(held))
    if _alone(visits, -1):
        last = visits[-1]
        yield Case(
            "When was my last doctor's visit?", "last_time", None, None, started(last)[:10], (last["id"],)
        )
    emergencies = [visit for visit in visits if codes(visit["type"][0]) & EMERGENCY]
    question = "How many times have I been to the emergency room?"
    yield Case(question, "count", str(len(emergencies)), None, None, _ids(emergencies))


def _held(found: list[dict[str, Any]]) -> Iterator[Case]:
    medicines = [m for m in of_type(found, "MedicationRequest") if m["status"] == "active"]
    yield _set("What medicines am I taking?", medicines, "medicationCodeableConcept")
    for kind, question in (
        ("Condition", "What are my current conditions?"),
        ("AllergyIntolerance", "What am I allergic to?"),
    ):
        held = [r for r in of_type(found, kind) if codes(r["clinicalStatus"]) == {"active"}]
        yield _set(question, held, "code")


def _smoking(found: list[dict[str, Any]]) -> Iterator[Case]:
    told = [r for r in of_type(found, "Observation") if "72166-2" in codes(r["code"])]
    told.sort(key=lambda r: str(r["effectiveDateTime"]))
    if told and len({r["effectiveDateTime"] for r in told}) == len(told):
        last = told[-1]
        text = title(last["valueCodeableConcept"])
        yield Case("Do I smoke?", "latest", text, None, last["effectiveDateTime"][:10], (last["id"],))


def _set(question: str, held: list[dict[str, Any]], field: str) -> Case:
    if not held:
        return Case(question, "none", None, None, None, ())
    titles = {title(resource[field]) for resource in held}
    return Case(question, "current", str(len(titles)), None, None, _ids(held))


def _of(question: str, kind: str, value: Value) -> Case:
    return Case(question, kind, value.digits, value.unit, value.day, (value.id,))


def _change(question: str, old: Value, new: Value) -> Case:
    return Case(question, "change", f"{new.number - old.number:f}", new.unit, new.day, (new.id,))


def _alone(found: list[dict[str, Any]], at: int) -> bool:
    """Whether no other of them has the same day."""
    return sum(started(resource)[:10] == started(found[at])[:10] for resource in found) == 1


def _ids(found: list[Any]) -> tuple[str, ...]:
    return tuple(item["id"] if isinstance(item, dict) else item.id for item in found)


def _in_words(day: str) -> str:
    year, month, date = day.split("-")
    return f"{int(date)} {MONTHS[int(month) - 1]} {year}"
