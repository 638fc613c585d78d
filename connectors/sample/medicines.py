"""Medicines: what was prescribed, why, how it was taken, and why two of them ended."""

from typing import NamedTuple

from connectors.sample.fhir import (
    RXNORM,
    Resource,
    coding,
    compact,
    concept,
    moment,
    quantity,
    reference,
    same_unit,
    term,
)
from connectors.sample.people import PATIENT, clinician


class Prescription(NamedTuple):
    """One prescription, as a table row."""

    id: str
    name: str
    rxnorm: str
    status: str
    written: str
    how: str
    times_a_day: int
    reason: str
    condition: str = ""
    ended: str = ""
    """Last day, where it ended."""
    ended_why: str = ""
    replaces: str = ""


PRESCRIPTIONS = (
    Prescription(
        "lisinopril", "Lisinopril 10 mg tablet", "314076", "stopped", "2013-10-21",
        "Take 1 tablet by mouth once a day", 1, "High blood pressure", "hypertension",
        "2014-03-11", "Dry cough caused by the medicine",
    ),
    Prescription(
        "losartan", "Losartan 50 mg tablet", "979492", "active", "2014-03-11",
        "Take 1 tablet by mouth once a day", 1, "High blood pressure", "hypertension",
        replaces="lisinopril",
    ),
    Prescription(
        "nitrofurantoin", "Nitrofurantoin 100 mg capsule", "1648755", "completed", "2016-07-19",
        "Take 1 capsule by mouth twice a day for 5 days", 2, "Urinary tract infection",
        ended="2016-07-24",
    ),
    Prescription(
        "atorvastatin-20", "Atorvastatin 20 mg tablet", "617310", "stopped", "2019-03-19",
        "Take 1 tablet by mouth in the evening", 1, "High cholesterol", "cholesterol",
        "2021-03-16", "Dose raised to 40 mg",
    ),
    Prescription(
        "atorvastatin-40", "Atorvastatin 40 mg tablet", "617311", "active", "2021-03-16",
        "Take 1 tablet by mouth in the evening", 1, "High cholesterol", "cholesterol",
        replaces="atorvastatin-20",
    ),
    Prescription(
        "metformin", "Metformin 500 mg tablet", "861007", "active", "2021-03-16",
        "Take 1 tablet by mouth twice a day with meals", 2, "Type 2 diabetes", "diabetes",
    ),
)  # fmt: skip

NAMED_SEPARATELY = "losartan"
"""Its prescription refers to a Medication resource, as some servers do for all."""


def medicines() -> list[Resource]:
    """Six prescriptions, one medicine bought without one, and the Medication that a prescription names."""
    return [_losartan(), *(_request(row) for row in PRESCRIPTIONS), _vitamin_d()]


def _losartan() -> Resource:
    row = next(row for row in PRESCRIPTIONS if row.id == NAMED_SEPARATELY)
    return {
        "resourceType": "Medication",
        "id": "medication-losartan",
        "code": concept(row.name, coding(RXNORM, row.rxnorm)),
        "status": "active",
    }


def _request(row: Prescription) -> Resource:
    inline = concept(row.name, coding(RXNORM, row.rxnorm)) if row.id != NAMED_SEPARATELY else None
    named = reference("Medication/medication-losartan") if row.id == NAMED_SEPARATELY else None
    taken = compact(start=row.written, end=row.ended)
    unit = same_unit("{capsule}" if "capsule" in row.name else "{tablet}")
    return compact(
        resourceType="MedicationRequest",
        id=f"prescription-{row.id}",
        status=row.status,
        statusReason={"text": row.ended_why} if row.ended_why else None,
        intent="order",
        category=[term("medicationrequest-category", "outpatient", "Outpatient")],
        medicationCodeableConcept=inline,
        medicationReference=named,
        subject=reference(PATIENT),
        encounter=reference(f"Encounter/visit-{row.written}"),
        authoredOn=moment(row.written, "10:20"),
        dispenseRequest={"validityPeriod": taken} if row.ended else None,
        requester=clinician("petrov" if row.id == "nitrofurantoin" else "okafor"),
        reasonCode=[{"text": row.reason}],
        reasonReference=[reference(f"Condition/condition-{row.condition}")] if row.condition else [],
        dosageInstruction=[
            {
                "text": row.how,
                "timing": {"repeat": {"boundsPeriod": taken, "frequency": row.times_a_day, "period": 1,
                                      "periodUnit": "d"}},
                "route": {"text": "by mouth"},
                "doseAndRate": [{"doseQuantity": quantity("1", unit)}],
            }
        ],
        priorPrescription=reference(f"MedicationRequest/prescription-{row.replaces}")
        if row.replaces
        else None,
    )  # fmt: skip


def _vitamin_d() -> Resource:
    return {
        "resourceType": "MedicationStatement",
        "id": "statement-vitamin-d",
        "status": "active",
        "medicationCodeableConcept": concept("Vitamin D3 1000 IU (25 mcg)", coding(RXNORM, "2418")),
        "subject": reference(PATIENT),
        "effectivePeriod": {"start": "2018-11-20"},
        "dateAsserted": moment("2026-02-17", "09:20"),
        "informationSource": reference(PATIENT),
        "reasonCode": [{"text": "Low vitamin D"}],
        "note": [{"text": "Bought without a prescription"}],
        "dosage": [
            {
                "text": "Take 1 capsule (1000 IU) by mouth once a day",
                "doseAndRate": [{"doseQuantity": quantity("1000", same_unit("[iU]"))}],
            }
        ],
    }
