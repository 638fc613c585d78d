"""Vaccines and allergies."""

from assistant.records.fhir.table import Table, flag, group, notes, part, rule
from assistant.records.model import Category

IMMUNIZATION = Table(
    type="Immunization",
    category=Category.IMMUNIZATIONS,
    noun="",
    names=("vaccineCode",),
    when=("occurrenceDateTime",),
    recorded=("recorded",),
    rules=(
        rule("occurrenceString", "string", "when"),
        rule("doseQuantity", "Quantity", "dose"),
        group(
            "protocolApplied",
            "dose number",
            part("series", "string"),
            part("doseNumber", "positiveInt|string"),
            part("seriesDoses", "positiveInt|string", "of"),
        ),
        rule("protocolApplied.targetDisease", "CodeableConcept", "against"),
        rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
        rule("reasonReference", "Reference", "for", Category.CONDITIONS),
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("reaction.detail", "Reference", "reaction", Category.CONDITIONS),
        rule("site", "CodeableConcept", "site"),
        rule("route", "CodeableConcept", "route"),
        rule("lotNumber", "string", "lot"),
        rule("manufacturer", "Who", "maker"),
        flag("isSubpotent", "less than the full dose", "potency"),
        rule("reportOrigin", "CodeableConcept", "reported by"),
        rule("performer.actor", "Who", "by"),
        rule("location", "Who", "at"),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

RECOMMENDATION = Table(
    type="ImmunizationRecommendation",
    category=Category.IMMUNIZATIONS,
    noun="Recommended vaccines",
    names=("recommendation.vaccineCode", "recommendation.targetDisease"),
    prefix="Recommended: ",
    when=("date",),
    rules=(
        group(
            "recommendation",
            "recommended",
            part("vaccineCode", "CodeableConcept"),
            part("targetDisease", "CodeableConcept", "against"),
            part("forecastStatus", "CodeableConcept"),
            part("dateCriterion.value", "dateTime", "date"),
            part("doseNumber", "positiveInt|string", "dose"),
        ),
        rule("recommendation.forecastReason", "CodeableConcept", "why", Category.CONDITIONS),
        rule("authority", "Who", "by"),
    ),
)

ALLERGY = Table(
    type="AllergyIntolerance",
    category=Category.ALLERGIES,
    noun="",
    names=("code", "reaction.substance"),
    codes="code",
    when=("onsetDateTime", "onsetPeriod"),
    recorded=("recordedDate",),
    rules=(
        group(
            "reaction",
            "reaction",
            part("manifestation", "CodeableConcept"),
            part("severity", "code"),
            part("substance", "CodeableConcept", "to"),
            part("exposureRoute", "CodeableConcept", "by"),
            part("onset", "dateTime", "on"),
            part("description", "string"),
        ),
        rule("type", "code", "kind"),
        rule("category", "code", "to a"),
        rule("criticality", "code", "risk"),
        rule("onset", "Age|Range|string", "since"),
        rule("lastOccurrence", "dateTime", "last time"),
        rule("recorder", "Who", "recorded by"),
        rule("asserter", "Who", "told by"),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
        notes("reaction.note"),
    ),
)

TABLES = (IMMUNIZATION, RECOMMENDATION, ALLERGY)
