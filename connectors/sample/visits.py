"""Clinical visits: when, why, with whom, and which condition each was about."""

from typing import NamedTuple

from connectors.sample.fhir import (
    SNOMED,
    TERMS,
    Json,
    Resource,
    coding,
    compact,
    concept,
    later,
    moment,
    reference,
)
from connectors.sample.people import PATIENT, clinician, location, organization

KINDS = {
    "physical": ("AMB", "Yearly physical", "162673000", 45),
    "office": ("AMB", "Office visit", "185345009", 25),
    "urgent": ("AMB", "Urgent care visit", "185345009", 40),
    "emergency": ("EMER", "Emergency department visit", "50849002", 190),
    "video": ("VR", "Video visit", "185345009", 20),
}
"""Class, words, SNOMED CT code and usual minutes of each kind of visit."""


class Visit(NamedTuple):
    """One visit, as a table row."""

    day: str
    time: str
    kind: str
    who: str
    reason: str
    conditions: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The Encounter's logical id."""
        return f"visit-{self.day}"


VISITS = (
    Visit("2006-09-12", "09:00", "physical", "okafor", "New patient"),
    Visit("2007-09-25", "09:15", "physical", "okafor", "Yearly check"),
    Visit("2008-11-18", "16:30", "urgent", "petrov", "Facial pain and fever", ("sinusitis",)),
    Visit("2009-09-29", "09:00", "physical", "okafor", "Yearly check"),
    Visit("2010-03-09", "14:00", "office", "abrams", "Behavioral health follow-up", ("depression",)),
    Visit("2010-10-19", "09:30", "physical", "okafor", "Yearly check"),
    Visit("2011-10-25", "09:00", "physical", "okafor", "Yearly check"),
    Visit("2012-01-17", "18:40", "emergency", "whitfield", "Fall on ice, left wrist pain", ("fracture",)),
    Visit("2012-01-24", "11:00", "office", "tran", "Wrist fracture follow-up", ("fracture",)),
    Visit("2012-04-03", "11:15", "office", "tran", "Wrist healed, cast off", ("fracture",)),
    Visit("2012-10-23", "09:00", "physical", "okafor", "Yearly check"),
    Visit("2013-10-21", "09:00", "physical", "okafor", "Yearly check", ("hypertension",)),
    Visit("2013-11-18", "08:45", "office", "petrov", "Blood pressure check", ("hypertension",)),
    Visit("2014-03-11", "10:30", "office", "okafor", "Dry cough for two months", ("asthma", "hypertension")),
    Visit("2014-06-10", "10:00", "office", "okafor", "Tired, heavy periods"),
    Visit("2014-12-09", "09:45", "office", "petrov", "Iron check"),
    Visit("2015-05-05", "13:00", "office", "sandoval", "Allergy testing"),
    Visit("2015-10-13", "09:00", "physical", "okafor", "Yearly check", ("hypertension",)),
    Visit("2016-07-19", "14:00", "urgent", "petrov", "Burning when passing urine"),
    Visit("2016-09-20", "09:00", "physical", "okafor", "Yearly check", ("hypertension",)),
    Visit("2017-02-28", "10:15", "office", "okafor", "Blood sugar results", ("prediabetes",)),
    Visit("2017-10-10", "09:00", "physical", "okafor", "Yearly check", ("hypertension", "prediabetes")),
    Visit("2018-11-20", "09:00", "physical", "okafor", "Yearly check", ("hypertension", "prediabetes")),
    Visit("2019-03-19", "10:00", "office", "okafor", "Cholesterol results", ("cholesterol",)),
    Visit("2019-09-24", "09:00", "physical", "okafor", "Yearly check", ("hypertension", "cholesterol")),
    Visit("2020-10-06", "15:00", "video", "okafor", "Check-in during the pandemic", ("hypertension",)),
    Visit("2021-03-16", "09:30", "office", "okafor", "Blood sugar and cholesterol results", ("diabetes",)),
    Visit("2021-09-21", "09:00", "physical", "okafor", "Yearly check", ("diabetes", "cholesterol")),
    Visit("2022-01-11", "12:20", "video", "petrov", "Fever and cough, positive COVID-19 test"),
    Visit("2022-02-22", "09:00", "physical", "okafor", "Yearly check", ("diabetes", "cholesterol")),
    Visit("2022-08-23", "10:30", "office", "okafor", "Liver values follow-up"),
    Visit("2023-02-21", "09:00", "physical", "okafor", "Yearly check", ("diabetes", "cholesterol")),
    Visit("2023-06-13", "17:50", "emergency", "whitfield", "Dizzy after a hot day"),
    Visit("2023-08-22", "10:00", "office", "okafor", "Diabetes check", ("diabetes",)),
    Visit("2024-02-13", "09:00", "physical", "okafor", "Yearly check", ("diabetes", "hypertension")),
    Visit("2024-08-20", "10:00", "office", "okafor", "Diabetes check", ("diabetes",)),
    Visit("2025-02-18", "09:00", "physical", "okafor", "Yearly check", ("diabetes", "hypertension")),
    Visit(
        "2025-08-19", "10:15", "office", "okafor", "Diabetes check, tired in the day", ("apnea", "diabetes")
    ),
    Visit(
        "2026-02-17",
        "09:00",
        "physical",
        "okafor",
        "Yearly check",
        ("cholesterol", "diabetes", "hypertension"),
    ),
    Visit("2026-08-18", "10:00", "office", "okafor", "Diabetes check", ("diabetes",)),
)

SENSITIVE = {
    "security": [
        coding(TERMS + "v3-Confidentiality", "R", "restricted"),
        coding(TERMS + "v3-ActCode", "PSY", "psychiatry disorder information sensitivity"),
    ]
}
"""`meta` of what the hospital itself labels as sensitive."""


def visit_at(day: str) -> Visit:
    """The visit of a day."""
    return next(visit for visit in VISITS if visit.day == day)


def visits() -> list[Resource]:
    """Every visit, the next appointment, and the team."""
    return [*(_encounter(visit) for visit in VISITS), _next_appointment(), _team()]


def _encounter(visit: Visit) -> Resource:
    kind, words, code, minutes = KINDS[visit.kind]
    start = moment(visit.day, visit.time)
    return compact(
        resourceType="Encounter",
        id=visit.id,
        meta=SENSITIVE if visit.who == "abrams" else None,
        status="finished",
        **{"class": coding(TERMS + "v3-ActCode", kind)},
        type=[concept(words, coding(SNOMED, code))],
        subject=reference(PATIENT),
        participant=[{"individual": clinician(visit.who)}],
        period={"start": start, "end": later(start, minutes)},
        reasonCode=[{"text": visit.reason}],
        diagnosis=[_diagnosis(condition) for condition in visit.conditions],
        location=[] if visit.kind == "video" else [{"location": location(_place(visit))}],
        serviceProvider=organization("mercy"),
    )


def _place(visit: Visit) -> str:
    if visit.kind == "emergency":
        return "emergency"
    return "family" if visit.who in ("okafor", "petrov") else "specialists"


def _diagnosis(condition: str) -> Json:
    return {"condition": reference(f"Condition/condition-{condition}")}


def _next_appointment() -> Resource:
    start = moment("2027-02-16", "09:00")
    return {
        "resourceType": "Appointment",
        "id": "appointment-2027-02-16",
        "status": "booked",
        "serviceType": [{"text": "Yearly physical"}],
        "reasonCode": [{"text": "Yearly check"}],
        "description": "Yearly physical with Dr. Ifeoma Okafor",
        "start": start,
        "end": later(start, 45),
        "created": moment("2026-08-18", "10:40"),
        "comment": "Fasting blood test one week before. Bring your home blood pressure readings.",
        "participant": [
            {"actor": reference(PATIENT), "status": "accepted"},
            {"actor": clinician("okafor"), "status": "accepted"},
            {"actor": location("family"), "status": "accepted"},
        ],
    }


def _team() -> Resource:
    return {
        "resourceType": "CareTeam",
        "id": "care-team",
        "status": "active",
        "name": "Diabetes and heart health team",
        "subject": reference(PATIENT),
        "period": {"start": "2021-03-16"},
        "participant": [
            {"role": [{"text": "Primary care physician"}], "member": clinician("okafor")},
            {"role": [{"text": "Nurse practitioner"}], "member": clinician("petrov")},
        ],
        "managingOrganization": [organization("mercy")],
    }
