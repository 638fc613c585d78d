"""Conditions, a plan and a goal: what holds, what is over, what was doubted, refuted or a mistake."""

from typing import NamedTuple

from connectors.sample.fhir import (
    ICD10,
    LOINC,
    SNOMED,
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
from connectors.sample.visits import SENSITIVE


class Condition(NamedTuple):
    """One condition, as a table row."""

    id: str
    name: str
    snomed: str
    icd10: str
    clinical: str
    """Clinical status; empty where the record was a mistake."""
    verification: str
    onset: str
    recorded: str
    abated: str = ""
    note: str = ""


CONDITIONS = (
    Condition(
        "hypertension", "High blood pressure (hypertension)", "59621000", "I10",
        "active", "confirmed", "2013-10-21", "2013-10-21",
    ),
    Condition(
        "cholesterol", "High cholesterol (mixed hyperlipidemia)", "267434003", "E78.2",
        "active", "confirmed", "2019-03-19", "2019-03-19",
    ),
    Condition(
        "diabetes", "Type 2 diabetes", "44054006", "E11.9",
        "active", "confirmed", "2021-03-16", "2021-03-16",
        note="Hemoglobin A1c 6.7 % and 6.8 % two weeks apart.",
    ),
    Condition(
        "prediabetes", "Prediabetes", "15777000", "R73.03",
        "inactive", "confirmed", "2017-02", "2017-02-28", "2021-03-16",
        note="Became type 2 diabetes.",
    ),
    Condition(
        "sinusitis", "Viral sinusitis", "444814009", "J01.90",
        "resolved", "confirmed", "2008-11-14", "2008-11-18", "2008-12",
    ),
    Condition(
        "fracture", "Fracture of the left wrist (distal radius)", "", "S52.502A",
        "resolved", "confirmed", "2012-01-17", "2012-01-17", "2012-04-03",
    ),
    Condition(
        "depression", "Depression, single episode", "370143000", "F32.5",
        "remission", "confirmed", "2009", "2010-03-09", "2010",
    ),
    Condition(
        "asthma", "Asthma", "195967001", "J45.909",
        "inactive", "refuted", "2014-02", "2014-03-11",
        note="The cough was a side effect of lisinopril; breathing test normal.",
    ),
    Condition(
        "apnea", "Sleep apnea", "73430006", "G47.30",
        "active", "provisional", "2025", "2025-08-19",
        note="Possible; home sleep test ordered.",
    ),
    Condition(
        "diabetes-wrong", "Type 1 diabetes", "46635009", "E10.9",
        "", "entered-in-error", "2021-03-16", "2021-03-16",
        note="Wrong code chosen; the patient has type 2 diabetes.",
    ),
)  # fmt: skip


def conditions() -> list[Resource]:
    """Every condition, the care plan and the goal."""
    return [*(_condition(row) for row in CONDITIONS), _plan(), _goal()]


def _condition(row: Condition) -> Resource:
    codings = [coding(SNOMED, row.snomed)] if row.snomed else []
    return compact(
        resourceType="Condition",
        id=f"condition-{row.id}",
        meta=SENSITIVE if row.id == "depression" else None,
        clinicalStatus=term("condition-clinical", row.clinical) if row.clinical else None,
        verificationStatus=term("condition-ver-status", row.verification),
        category=[term("condition-category", "problem-list-item", "Problem list")],
        code=concept(row.name, *codings, coding(ICD10, row.icd10)),
        subject=reference(PATIENT),
        onsetDateTime=row.onset,
        abatementDateTime=row.abated,
        recordedDate=moment(row.recorded, "11:00"),
        recorder=clinician("okafor"),
        note=[{"text": row.note}] if row.note else [],
    )


def _plan() -> Resource:
    activities = (
        "Walk 30 minutes on five days a week",
        "Check blood pressure at home once a month",
        "Hemoglobin A1c every six months",
        "Eye exam every year",
    )
    return {
        "resourceType": "CarePlan",
        "id": "plan-diabetes",
        "status": "active",
        "intent": "plan",
        "title": "Diabetes self-care plan",
        "subject": reference(PATIENT),
        "period": {"start": "2021-03-16"},
        "created": "2021-03-16",
        "author": clinician("okafor"),
        "addresses": [reference("Condition/condition-diabetes", "Type 2 diabetes")],
        "goal": [reference("Goal/goal-ldl")],
        "activity": [
            {"detail": {"status": "in-progress", "description": activity}} for activity in activities
        ],
    }


def _goal() -> Resource:
    return {
        "resourceType": "Goal",
        "id": "goal-ldl",
        "lifecycleStatus": "active",
        "achievementStatus": term("goal-achievement", "achieved", "Achieved"),
        "description": {"text": "LDL cholesterol below 100 mg/dL"},
        "subject": reference(PATIENT),
        "startDate": "2019-03-19",
        "target": [
            {
                "measure": concept("LDL cholesterol", coding(LOINC, "18262-6")),
                "detailQuantity": quantity("<100", same_unit("mg/dL")),
            }
        ],
        "statusDate": "2026-02-17",
        "expressedBy": clinician("okafor"),
        "addresses": [reference("Condition/condition-cholesterol", "High cholesterol")],
    }
