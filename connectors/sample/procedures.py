"""Procedures and imaging: what was done, what was ordered, what was cancelled."""

from typing import NamedTuple

from connectors.sample.fhir import (
    CPT,
    SNOMED,
    Json,
    Resource,
    coding,
    compact,
    concept,
    later,
    moment,
    reference,
    term,
)
from connectors.sample.people import PATIENT, clinician, location


class Procedure(NamedTuple):
    """One procedure, as a table row."""

    id: str
    day: str
    time: str
    minutes: int
    name: str
    code: Json
    who: str
    reason: str = ""
    outcome: str = ""


MAMMOGRAM = coding(CPT, "77067", "Screening mammography")
NOTHING_SUSPICIOUS = "No sign of cancer"

PROCEDURES = (
    Procedure("mammogram", "2010-11-09", "10:00", 20, "Screening mammogram", MAMMOGRAM, "okafor",
              "Mother had breast cancer", NOTHING_SUSPICIOUS),
    Procedure("wrist-xray", "2012-01-17", "19:15", 10, "X-ray of the left wrist", coding(SNOMED, "60027007"),
              "whitfield", "Fall on ice", "Fracture of the distal radius, not displaced"),
    Procedure("cast", "2012-01-17", "20:30", 30, "Cast put on the left forearm", coding(SNOMED, "274474001"),
              "whitfield", "Fracture of the left wrist"),
    Procedure("mammogram", "2013-11-12", "10:00", 20, "Screening mammogram", MAMMOGRAM, "okafor",
              "Mother had breast cancer", NOTHING_SUSPICIOUS),
    Procedure("skin-test", "2015-05-05", "13:15", 60, "Penicillin skin test and oral challenge",
              coding(CPT, "95018"), "sandoval", "Childhood rash after penicillin", "Negative"),
    Procedure("mammogram", "2016-11-15", "10:00", 20, "Screening mammogram", MAMMOGRAM, "okafor",
              "Mother had breast cancer", NOTHING_SUSPICIOUS),
    Procedure("colonoscopy", "2018-06-05", "08:00", 45, "Colonoscopy", coding(SNOMED, "73761001"), "haile",
              "Screening at 50", "Normal; repeat in 10 years"),
    Procedure("mammogram", "2019-11-12", "10:00", 20, "Screening mammogram", MAMMOGRAM, "okafor",
              "Mother had breast cancer", NOTHING_SUSPICIOUS),
    Procedure("eye-exam", "2022-04-12", "13:30", 40, "Diabetic eye exam", coding(CPT, "92014"), "okafor",
              "Type 2 diabetes", "No damage from diabetes"),
    Procedure("mammogram", "2022-11-15", "10:00", 20, "Screening mammogram", MAMMOGRAM, "okafor",
              "Mother had breast cancer", NOTHING_SUSPICIOUS),
    Procedure("ecg", "2023-06-13", "18:20", 10, "Electrocardiogram (ECG)", coding(CPT, "93000"), "whitfield",
              "Dizziness", "Normal rhythm"),
    Procedure("mammogram", "2024-11-12", "10:00", 20, "Screening mammogram", MAMMOGRAM, "okafor",
              "Mother had breast cancer", NOTHING_SUSPICIOUS),
    Procedure("eye-exam", "2025-04-15", "13:30", 40, "Diabetic eye exam", coding(CPT, "92014"), "okafor",
              "Type 2 diabetes", "No damage from diabetes"),
)  # fmt: skip


def procedures() -> list[Resource]:
    """Everything done, the imaging with its report, and what is ordered or was not done."""
    return [*(_procedure(row) for row in PROCEDURES), *_wrist_imaging(), *_open_orders(), _not_done()]


def _procedure(row: Procedure) -> Resource:
    start = moment(row.day, row.time)
    return compact(
        resourceType="Procedure",
        id=f"procedure-{row.id}-{row.day}",
        status="completed",
        code=concept(row.name, row.code),
        subject=reference(PATIENT),
        performedPeriod={"start": start, "end": later(start, row.minutes)},
        performer=[{"actor": clinician(row.who)}],
        reasonCode=[{"text": row.reason}] if row.reason else [],
        outcome={"text": row.outcome} if row.outcome else None,
    )


def _wrist_imaging() -> list[Resource]:
    started = moment("2012-01-17", "19:15")
    study = {
        "resourceType": "ImagingStudy",
        "id": "imaging-wrist-2012-01-17",
        "status": "available",
        "subject": reference(PATIENT),
        "encounter": reference("Encounter/visit-2012-01-17"),
        "started": started,
        "numberOfSeries": 1,
        "numberOfInstances": 3,
        "location": location("imaging"),
        "description": "X-ray of the left wrist, 3 views",
    }
    report = {
        "resourceType": "DiagnosticReport",
        "id": "imaging-report-wrist-2012-01-17",
        "status": "final",
        "category": [term("v2-0074", "RAD", "Radiology")],
        "code": concept("X-ray of the left wrist", coding(SNOMED, "60027007")),
        "subject": reference(PATIENT),
        "effectiveDateTime": started,
        "issued": later(started, 45),
        "performer": [clinician("whitfield")],
        "imagingStudy": [reference("ImagingStudy/imaging-wrist-2012-01-17")],
        "conclusion": "Fracture of the distal radius, not displaced. No other fracture.",
    }
    return [study, report]


def _open_orders() -> list[Resource]:
    rows = (
        ("sleep-test", "Home sleep test", "95806", "2026-08-18", "2027-01", "Possible sleep apnea"),
        ("mammogram", "Screening mammogram", "77067", "2026-08-18", "2026-12", "Mother had breast cancer"),
    )
    return [
        {
            "resourceType": "ServiceRequest",
            "id": f"order-{key}-{day}",
            "status": "active",
            "intent": "order",
            "code": concept(name, coding(CPT, cpt)),
            "subject": reference(PATIENT),
            "encounter": reference(f"Encounter/visit-{day}"),
            "occurrenceDateTime": due,
            "authoredOn": moment(day, "10:25"),
            "requester": clinician("okafor"),
            "reasonCode": [{"text": reason}],
        }
        for key, name, cpt, day, due, reason in rows
    ]


def _not_done() -> Resource:
    return {
        "resourceType": "Procedure",
        "id": "procedure-bone-density-2020-04-21",
        "status": "not-done",
        "statusReason": {"text": "Clinic closed during the pandemic"},
        "code": concept("Bone density scan", coding(CPT, "77080")),
        "subject": reference(PATIENT),
        "performedDateTime": "2020-04-21",
    }
