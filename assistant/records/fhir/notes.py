"""Notes and documents: their text is what a person wrote, and always its own category."""

from assistant.records.fhir.table import Table, notes, rule
from assistant.records.model import Category

DOCUMENT = Table(
    type="DocumentReference",
    category=Category.NOTES,
    noun="Document",
    names=("type", "description", "category"),
    codes="type",
    when=("context.period", "date"),
    recorded=("date",),
    rules=(
        rule("description", "string", "description"),
        rule("content.attachment", "Attachment", "text"),
        rule("category", "CodeableConcept", "kind"),
        rule("context.event", "CodeableConcept", "about"),
        rule("author", "Who", "by"),
        rule("custodian", "Who", "kept by"),
        rule("context.encounter", "Reference", "visit", Category.VISITS),
        rule("relatesTo.target", "Reference", "relates to"),
    ),
)

MEDIA = Table(
    type="Media",
    category=Category.NOTES,
    noun="Picture, video or sound",
    names=("view", "modality", "type"),
    codes="type",
    when=("createdDateTime", "createdPeriod"),
    recorded=("issued",),
    rules=(
        rule("content", "Attachment", "file"),
        rule("type", "CodeableConcept", "kind"),
        rule("bodySite", "CodeableConcept", "where", Category.PROCEDURES),
        rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
        rule("operator", "Who", "by"),
        rule("device", "Reference", "device", Category.PROCEDURES),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

COMMUNICATION = Table(
    type="Communication",
    category=Category.NOTES,
    noun="Message",
    names=("topic", "category"),
    codes="topic",
    prefix="Message: ",
    when=("sent", "received"),
    rules=(
        rule("payload.contentString", "string", "text"),
        rule("payload.contentAttachment", "Attachment", "text"),
        rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
        rule("reasonReference", "Reference", "for", Category.CONDITIONS),
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("about", "Reference", "about", Category.CONDITIONS),
        rule("sender", "Who", "from"),
        rule("recipient", "Who", "to"),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

TABLES = (DOCUMENT, MEDIA, COMMUNICATION)
