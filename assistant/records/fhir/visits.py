"""Visits: encounters, episodes, appointments, and the people who care. Why one came is a condition."""

from assistant.records.coded import coding_words, string
from assistant.records.decode import Node
from assistant.records.fhir.table import Named, Rule, Table, group, notes, part, rule
from assistant.records.model import Category

CLASSES = {
    "AMB": "outpatient",
    "EMER": "emergency",
    "FLD": "in the field",
    "HH": "at home",
    "IMP": "hospital stay",
    "ACUTE": "acute hospital stay",
    "NONAC": "hospital stay",
    "OBSENC": "observation",
    "PRENC": "before admission",
    "SS": "short stay",
    "VR": "virtual",
}
"""HL7 ActCode encounter classes in plain words."""

_WHY: tuple[Rule, ...] = (
    rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
    rule("reasonReference", "Reference", "for", Category.CONDITIONS),
)


def class_words(node: Node) -> str | None:
    """Encounter.class in plain words."""
    found = node.get("class")
    if type(found) is not dict:
        return None
    code = string(found.get("code"))
    return CLASSES.get(code or "") or coding_words(found)


def _visit_title(node: Node, named: Named) -> str | None:
    if named.found and named.found.lower() != "unknown":
        return named.found
    kind = class_words(node)
    return f"Visit ({kind})" if kind else None


ENCOUNTER = Table(
    type="Encounter",
    category=Category.VISITS,
    noun="Visit",
    names=("type", "serviceType"),
    codes="type",
    title=_visit_title,
    when=("period",),
    rules=(
        Rule("class", "Class", "kind"),
        *_WHY,
        rule("diagnosis.condition", "Reference", "diagnosis", Category.CONDITIONS),
        rule("serviceType", "CodeableConcept", "service"),
        rule("participant.individual", "Who", "with"),
        rule("location.location", "Who", "where"),
        rule("serviceProvider", "Who", "at"),
        group(
            "hospitalization",
            "hospital stay",
            part("admitSource", "CodeableConcept", "came from"),
            part("dischargeDisposition", "CodeableConcept", "discharged to"),
            part("reAdmission", "CodeableConcept"),
        ),
        rule("length", "Duration", "length"),
        rule("basedOn", "Reference", "ordered by", Category.PROCEDURES),
        rule("partOf", "Reference", "part of"),
        rule("appointment", "Reference", "appointment"),
    ),
)

EPISODE = Table(
    type="EpisodeOfCare",
    category=Category.VISITS,
    noun="Episode of care",
    names=("type",),
    when=("period",),
    rules=(
        rule("diagnosis.condition", "Reference", "diagnosis", Category.CONDITIONS),
        rule("managingOrganization", "Who", "at"),
        rule("careManager", "Who", "with"),
        rule("team", "Reference", "care team"),
    ),
)

CARE_TEAM = Table(
    type="CareTeam",
    category=Category.VISITS,
    noun="Care team",
    names=("name", "category"),
    codes="category",
    when=("period",),
    rules=(
        group(
            "participant",
            "member",
            part("member", "Who"),
            part("role", "CodeableConcept"),
            part("period", "Period"),
        ),
        *_WHY,
        rule("managingOrganization", "Who", "at"),
        rule("encounter", "Reference", "visit"),
        notes(),
    ),
)


def _appointment_title(_node: Node, named: Named) -> str | None:
    return f"Appointment: {named.found}" if named.found else None


APPOINTMENT = Table(
    type="Appointment",
    category=Category.VISITS,
    noun="Appointment",
    names=("serviceType", "appointmentType", "specialty", "serviceCategory"),
    codes="serviceType",
    title=_appointment_title,
    when=("start+end", "requestedPeriod"),
    recorded=("created",),
    rules=(
        *_WHY,
        rule("cancelationReason", "CodeableConcept", "why cancelled", Category.CONDITIONS),
        rule("description", "string", "description", Category.NOTES),
        rule("comment", "string", "comment", Category.NOTES),
        rule("patientInstruction", "string", "instructions", Category.NOTES),
        rule("specialty", "CodeableConcept", "specialty"),
        rule("participant.actor", "Who", "with"),
        rule("minutesDuration", "positiveInt", "minutes"),
        rule("supportingInformation", "Reference", "supporting information", Category.CONDITIONS),
        rule("basedOn", "Reference", "ordered by", Category.PROCEDURES),
    ),
)

TABLES = (ENCOUNTER, EPISODE, CARE_TEAM, APPOINTMENT)
