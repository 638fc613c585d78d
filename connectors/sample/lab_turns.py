"""Laboratory results that need a word: taken back, corrected, repeated, open, from abroad, or in words."""

from typing import NamedTuple

from connectors.sample import analytes
from connectors.sample.fhir import LOINC, Resource, coding, compact, concept, later, moment, reference, term
from connectors.sample.labs import MERCY, Laboratory, observation
from connectors.sample.people import PATIENT, organization

LISBON = Laboratory("lisbon", PATIENT, organization("sao-lucas"))

CULTURE_FIRST = "Gram-negative rods, more than 100,000 per mL; identification to follow"
CULTURE = "Escherichia coli, more than 100,000 per mL, susceptible to nitrofurantoin"
PAP_NORMAL = "Negative for intraepithelial lesion or malignancy"


class Worded(NamedTuple):
    """A result in words."""

    id: str
    day: str
    time: str
    loinc: str
    name: str
    text: str
    status: str = "final"
    flag: str = ""
    """One of `analytes.FLAG_WORDS`, where the laboratory flags it."""


WORDED = (
    Worded("nitrite", "2016-07-19", "14:20", "5802-4", "Nitrite, urine", "Positive", flag="A"),
    Worded("leukocytes", "2016-07-19", "14:20", "5799-2", "Leukocyte esterase, urine", "2+", flag="A"),
    Worded("culture-first", "2016-07-19", "14:20", "630-4", "Urine culture", CULTURE_FIRST, "preliminary"),
    Worded("culture", "2016-07-19", "14:20", "630-4", "Urine culture", CULTURE, flag="A"),
    Worded("pap", "2013-10-21", "09:30", "10524-7", "Pap test", PAP_NORMAL),
    Worded("pap", "2018-11-20", "09:30", "10524-7", "Pap test", PAP_NORMAL),
    Worded("hepatitis-c", "2019-03-12", "07:50", "13955-0", "Hepatitis C antibody", "Non-reactive"),
    Worded("covid", "2022-01-10", "16:40", "94500-6", "COVID-19 test (PCR)", "Detected", flag="A"),
    Worded("blood-group", "2012-01-17", "19:05", "882-1", "Blood group", "O Rh positive"),
)


def unusual_labs() -> list[Resource]:
    """The results that need a word beside them."""
    return [
        *(_worded(row) for row in WORDED),
        *_haemolysed_potassium(),
        _potassium_in_error(),
        _corrected_tsh(),
        _glucose_from_abroad(),
        _pending_test(),
    ]


def _worded(row: Worded) -> Resource:
    when = moment(row.day, row.time)
    flag = [analytes.interpretation(row.flag)] if row.flag else []
    return compact(
        resourceType="Observation",
        id=f"lab-{row.id}-{row.day}",
        status=row.status,
        category=[term("observation-category", "laboratory", "Laboratory")],
        code=concept(row.name, coding(LOINC, row.loinc)),
        subject=reference(PATIENT),
        effectiveDateTime=when,
        issued=later(when, 120 if row.status == "preliminary" else 2880),
        performer=[organization("mercy-lab")],
        valueString=row.text,
        interpretation=flag,
    )


def _haemolysed_potassium() -> list[Resource]:
    first = observation(MERCY, "potassium", moment("2023-06-13", "18:35"), suffix="-first")
    first |= analytes.measured("potassium", "6.8")
    first["interpretation"] = [analytes.interpretation("HH")]
    first["note"] = [{"text": "Specimen haemolysed: the value may be falsely high. Please repeat."}]
    again = observation(MERCY, "potassium", moment("2023-06-13", "19:50"), suffix="-repeat")
    again |= analytes.measured("potassium", "4.4")
    again["note"] = [{"text": "Repeated on a fresh specimen, not haemolysed."}]
    return [first, again]


def _potassium_in_error() -> Resource:
    wrong = observation(
        MERCY, "potassium", moment("2022-08-16", "08:10"), suffix="-wrong", status="entered-in-error"
    )
    return wrong | analytes.measured("potassium", "9.9")


def _corrected_tsh() -> Resource:
    corrected = observation(MERCY, "tsh", moment("2022-02-15", "08:15"), status="corrected")
    corrected |= analytes.measured("tsh", "2.90")
    corrected["note"] = [{"text": "Corrected report. A value of 4.90 mIU/L was first issued by mistake."}]
    return corrected


def _glucose_from_abroad() -> Resource:
    when = "2018-07-11T10:30:00+01:00"
    return observation(LISBON, "glucose-molar", when) | analytes.measured("glucose-molar", "5.90")


def _pending_test() -> Resource:
    pending = observation(MERCY, "urine-albumin", moment("2026-08-11", "08:10"), status="registered")
    pending["dataAbsentReason"] = term("data-absent-reason", "temp-unknown", "Result not available yet")
    return pending
