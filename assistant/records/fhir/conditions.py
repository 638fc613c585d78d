"""Conditions, and what is planned or assessed about them: care plans, goals, risks, flags, issues."""

from typing import Any

from assistant.records.coded import words_of
from assistant.records.decode import Node
from assistant.records.fhir.table import Named, Table, flag, group, notes, part, rule
from assistant.records.model import Category

CONDITION = Table(
    type="Condition",
    category=Category.CONDITIONS,
    noun="",
    names=("code",),
    when=("onsetDateTime", "onsetPeriod"),
    recorded=("recordedDate",),
    rules=(
        rule("abatement", "dateTime|Age|Period|Range|string", "ended"),
        rule("onset", "Age|Range|string", "began"),
        rule("severity", "CodeableConcept", "severity"),
        rule("bodySite", "CodeableConcept", "where"),
        group("stage", "stage", part("summary", "CodeableConcept"), part("type", "CodeableConcept")),
        rule("stage.assessment", "Reference", "assessed in"),
        rule("category", "CodeableConcept", "kind"),
        rule("evidence.code", "CodeableConcept", "seen by"),
        rule("evidence.detail", "Reference", "seen in"),
        rule("recorder", "Who", "recorded by"),
        rule("asserter", "Who", "told by"),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)


def _plan_title(_node: Node, named: Named) -> str | None:
    name = named.found
    if name is None:
        return None
    return name if "plan" in name.lower() else f"Care plan: {name}"


CARE_PLAN = Table(
    type="CarePlan",
    category=Category.CONDITIONS,
    noun="Care plan",
    names=("title", "category"),
    codes="category",
    title=_plan_title,
    when=("period",),
    recorded=("created",),
    rules=(
        rule("addresses", "Reference", "for"),
        group(
            "activity.detail",
            "activity",
            flag("doNotPerform", "not to be done", ""),
            part("code", "CodeableConcept"),
            part("status", "code"),
            part("scheduled", "Timing|Period|string"),
            part("description", "string"),
        ),
        rule("activity.reference", "Reference", "activity"),
        rule("activity.detail.reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
        rule("activity.detail.reasonReference", "Reference", "for", Category.CONDITIONS),
        rule("activity.outcomeCodeableConcept", "CodeableConcept", "outcome"),
        rule("activity.detail.product", "CodeableConcept|Reference", "with", Category.MEDICATIONS),
        rule("goal", "Reference", "goal"),
        rule("description", "string", "description"),
        rule("supportingInfo", "Reference", "supporting information", Category.CONDITIONS),
        rule("author", "Who", "by"),
        rule("contributor", "Who", "with"),
        rule("careTeam", "Reference", "care team", Category.VISITS),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
        notes("activity.progress"),
    ),
)

GOAL = Table(
    type="Goal",
    category=Category.CONDITIONS,
    noun="",
    names=("description",),
    prefix="Goal: ",
    when=("startDate",),
    recorded=("statusDate",),
    rules=(
        group(
            "target",
            "target",
            part("measure", "CodeableConcept"),
            part("detail", "Quantity|Range|CodeableConcept|string|integer|Ratio"),
            flag("detailBoolean", "yes", ""),
            part("due", "date|Duration", "due"),
        ),
        rule("achievementStatus", "CodeableConcept", "achieved"),
        rule("startCodeableConcept", "CodeableConcept", "starts"),
        rule("priority", "CodeableConcept", "priority"),
        rule("category", "CodeableConcept", "kind"),
        rule("statusReason", "string", "why this status", Category.CONDITIONS),
        rule("addresses", "Reference", "for"),
        rule("outcomeCode", "CodeableConcept", "outcome"),
        rule("outcomeReference", "Reference", "outcome"),
        rule("expressedBy", "Who", "set by"),
        notes(),
    ),
)


def _risk_title(node: Node, named: Named) -> str | None:
    outcomes = node.get("prediction")
    first: Any = outcomes[0] if type(outcomes) is list and outcomes else outcomes
    outcome = words_of(first.get("outcome")) if type(first) is dict else None
    name = outcome or named.found or named.who(node.get("condition"))
    return f"Risk assessment: {name}" if name else None


RISK = Table(
    type="RiskAssessment",
    category=Category.CONDITIONS,
    noun="Risk assessment",
    names=("code", "method"),
    codes="code",
    title=_risk_title,
    when=("occurrenceDateTime", "occurrencePeriod"),
    rules=(
        group(
            "prediction",
            "risk",
            part("outcome", "CodeableConcept"),
            part("probability", "decimal|Range", "probability"),
            part("qualitativeRisk", "CodeableConcept"),
            part("relativeRisk", "decimal", "relative risk"),
            part("when", "Period|Range"),
            part("rationale", "string"),
        ),
        rule("condition", "Reference", "of"),
        rule("method", "CodeableConcept", "method"),
        rule("mitigation", "string", "what can be done"),
        rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
        rule("reasonReference", "Reference", "for", Category.CONDITIONS),
        rule("basis", "Reference", "based on", Category.CONDITIONS),
        rule("performer", "Who", "by"),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

FLAG = Table(
    type="Flag",
    category=Category.CONDITIONS,
    noun="",
    names=("code",),
    prefix="Flag: ",
    when=("period",),
    rules=(
        rule("category", "CodeableConcept", "kind"),
        rule("author", "Who", "by"),
        rule("encounter", "Reference", "visit", Category.VISITS),
    ),
)

IMPRESSION = Table(
    type="ClinicalImpression",
    category=Category.CONDITIONS,
    noun="Clinical impression",
    names=("code",),
    when=("effectiveDateTime", "effectivePeriod"),
    recorded=("date",),
    rules=(
        rule("summary", "string", "summary", Category.NOTES),
        rule("description", "string", "description", Category.NOTES),
        rule("problem", "Reference", "about", Category.CONDITIONS),
        rule("finding.itemCodeableConcept", "CodeableConcept", "finding"),
        rule("finding.itemReference", "Reference", "finding"),
        rule("prognosisCodeableConcept", "CodeableConcept", "outlook"),
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("assessor", "Who", "by"),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

ADVERSE_EVENT = Table(
    type="AdverseEvent",
    category=Category.CONDITIONS,
    noun="Adverse event",
    names=("event", "category"),
    codes="event",
    when=("date",),
    recorded=("recordedDate",),
    rules=(
        rule("seriousness", "CodeableConcept", "seriousness"),
        rule("severity", "CodeableConcept", "severity"),
        rule("outcome", "CodeableConcept", "outcome"),
        rule("resultingCondition", "Reference", "led to", Category.CONDITIONS),
        rule("suspectEntity.instance", "Reference", "suspected", Category.MEDICATIONS),
        rule("recorder", "Who", "recorded by"),
        rule("encounter", "Reference", "visit", Category.VISITS),
    ),
)

ISSUE = Table(
    type="DetectedIssue",
    category=Category.CONDITIONS,
    noun="Detected issue",
    names=("code",),
    prefix="Issue: ",
    when=("identifiedDateTime", "identifiedPeriod"),
    rules=(
        rule("severity", "code", "severity"),
        rule("detail", "string", "detail"),
        rule("implicated", "Reference", "about", Category.MEDICATIONS),
        rule("evidence.code", "CodeableConcept", "seen by"),
        rule("mitigation.action", "CodeableConcept", "what was done"),
        rule("author", "Who", "by"),
    ),
)

TABLES = (CONDITION, CARE_PLAN, GOAL, RISK, FLAG, IMPRESSION, ADVERSE_EVENT, ISSUE)
