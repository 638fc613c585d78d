"""Medicines: ordered, taken, handed out, given. Doses are medications; what they are for is a condition."""

from assistant.records.fhir.table import Rule, Table, flag, group, notes, part, rule
from assistant.records.model import Category

_WHY: tuple[Rule, ...] = (
    rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
    rule("reasonReference", "Reference", "for", Category.CONDITIONS),
)
_SUPPORTING = rule("supportingInformation", "Reference", "supporting information", Category.CONDITIONS)
UNNAMED = "Medicine (its name is not in these records)"


def _as_needed(path: str) -> Rule:
    return rule(f"{path}.asNeededCodeableConcept", "CodeableConcept", "as needed for", Category.CONDITIONS)


REQUEST = Table(
    type="MedicationRequest",
    category=Category.MEDICATIONS,
    noun=UNNAMED,
    names=("medication[x]",),
    when=("authoredOn",),
    rules=(
        rule("dosageInstruction", "Dosage", "dose"),
        _as_needed("dosageInstruction"),
        *_WHY,
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("category", "CodeableConcept", "setting"),
        rule("courseOfTherapyType", "CodeableConcept", "course"),
        flag("reportedBoolean", "by the patient or someone else, not ordered here", "reported"),
        rule("reportedReference", "Who", "reported by"),
        rule("requester", "Who", "ordered by"),
        group(
            "dispenseRequest",
            "supply",
            part("quantity", "Quantity"),
            part("expectedSupplyDuration", "Duration", "for"),
            part("numberOfRepeatsAllowed", "unsignedInt", "refills"),
            part("validityPeriod", "Period"),
            part("performer", "Who", "at"),
        ),
        rule("priorPrescription", "Reference", "instead of"),
        rule("detectedIssue", "Reference", "issue", Category.CONDITIONS),
        _SUPPORTING,
        rule("insurance", "Reference", "insurance", Category.INSURANCE),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

STATEMENT = Table(
    type="MedicationStatement",
    category=Category.MEDICATIONS,
    noun=UNNAMED,
    names=("medication[x]",),
    when=("effectiveDateTime", "effectivePeriod"),
    recorded=("dateAsserted",),
    rules=(
        rule("dosage", "Dosage", "dose"),
        _as_needed("dosage"),
        *_WHY,
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("category", "CodeableConcept", "setting"),
        rule("informationSource", "Who", "reported by"),
        rule("context", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

DISPENSE = Table(
    type="MedicationDispense",
    category=Category.MEDICATIONS,
    noun=UNNAMED,
    names=("medication[x]",),
    prefix="Handed out: ",
    when=("whenHandedOver", "whenPrepared"),
    rules=(
        rule("quantity", "Quantity", "quantity"),
        rule("daysSupply", "Quantity", "supply"),
        rule("dosageInstruction", "Dosage", "dose"),
        _as_needed("dosageInstruction"),
        rule("type", "CodeableConcept", "fill"),
        rule("statusReasonCodeableConcept", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("statusReasonReference", "Reference", "why this status", Category.CONDITIONS),
        rule("performer.actor", "Who", "by"),
        rule("location", "Who", "at"),
        rule("authorizingPrescription", "Reference", "prescription"),
        rule("detectedIssue", "Reference", "issue", Category.CONDITIONS),
        _SUPPORTING,
        rule("context", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

ADMINISTRATION = Table(
    type="MedicationAdministration",
    category=Category.MEDICATIONS,
    noun=UNNAMED,
    names=("medication[x]",),
    prefix="Given: ",
    when=("effectiveDateTime", "effectivePeriod"),
    rules=(
        rule("dosage", "Dosage", "dose"),
        *_WHY,
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("category", "CodeableConcept", "setting"),
        rule("performer.actor", "Who", "by"),
        rule("request", "Reference", "prescription"),
        rule("device", "Reference", "device", Category.PROCEDURES),
        _SUPPORTING,
        rule("context", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

TABLES = (REQUEST, STATEMENT, DISPENSE, ADMINISTRATION)
