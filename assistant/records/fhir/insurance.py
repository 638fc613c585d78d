"""Insurance: coverage, claims, benefits. What was diagnosed, done or taken is not insurance.

An item of a claim is insurance where it names the visit that was billed: it points at an encounter or is
the first, and nothing ties it to a diagnosis, a procedure or supporting information. Any other item is a
service, and belongs to procedures; a drug belongs to medications.
"""

from typing import Any

from assistant.records.coded import codes_of, words_of
from assistant.records.decode import Node
from assistant.records.fhir.table import Named, Rule, Table, group, part, rule
from assistant.records.model import Category


def item_category(item: Node, claim: Node) -> Category:
    """Which category a claim's item belongs to, by what it is tied to."""
    for tie, category in (
        ("diagnosisSequence", Category.CONDITIONS),
        ("informationSequence", Category.CONDITIONS),
        ("procedureSequence", Category.PROCEDURES),
    ):
        if item.get(tie):
            return category
    drug = any(
        "ndc" in code.system or "rxnorm" in code.system for code in codes_of(item.get("productOrService"))
    )
    if drug or (not item.get("encounter") and _is_pharmacy(claim)):
        return Category.MEDICATIONS
    items: Any = claim.get("item")
    first = type(items) is list and bool(items) and items[0] is item
    return Category.INSURANCE if first or item.get("encounter") else Category.PROCEDURES


def _is_pharmacy(claim: Node) -> bool:
    return any(code.code.lower() == "pharmacy" for code in codes_of(claim.get("type")))


def _billed(node: Node) -> str | None:
    items: Any = node.get("item")
    for item in items if type(items) is list else ():
        if type(item) is dict and item_category(item, node) is Category.INSURANCE:
            words = words_of(item.get("productOrService"))
            if words:
                return words
    return None


def _claim_title(node: Node, named: Named) -> str | None:
    billed = _billed(node) or named.found
    return f"Claim: {billed}" if billed else None


def _benefit_title(node: Node, named: Named) -> str | None:
    billed = _billed(node) or named.found
    return f"Explanation of benefits: {billed}" if billed else None


_DIAGNOSIS: tuple[Rule, ...] = (
    rule("diagnosis.diagnosisCodeableConcept", "CodeableConcept", "diagnosis", Category.CONDITIONS),
    rule("diagnosis.diagnosisReference", "Reference", "diagnosis", Category.CONDITIONS),
    rule("procedure.procedureCodeableConcept", "CodeableConcept", "procedure", Category.PROCEDURES),
    rule("procedure.procedureReference", "Reference", "procedure", Category.PROCEDURES),
    group(
        "supportingInfo",
        "supporting information",
        part("category", "CodeableConcept"),
        part("code", "CodeableConcept"),
        part("timing", "date|Period"),
        part("value", "string|Quantity|Reference|Attachment"),
        category=Category.CONDITIONS,
    ),
    rule("prescription", "Reference", "prescription", Category.MEDICATIONS),
)
_WHO: tuple[Rule, ...] = (
    rule("insurer", "Who", "insurer"),
    rule("provider", "Who", "from"),
    rule("facility", "Who", "at"),
    rule("insurance.coverage", "Reference", "coverage"),
    rule("item.encounter", "Reference", "visit", Category.VISITS),
)

CLAIM = Table(
    type="Claim",
    category=Category.INSURANCE,
    noun="Claim",
    names=("type",),
    codes="type",
    title=_claim_title,
    when=("billablePeriod", "created"),
    recorded=("created",),
    rules=(
        rule("total", "Money", "total"),
        rule("type", "CodeableConcept", "kind"),
        group(
            "item",
            "item",
            part("productOrService", "CodeableConcept"),
            part("net", "Money"),
            pick=item_category,
        ),
        *_DIAGNOSIS,
        rule("supportingInfo.reason", "CodeableConcept", "because of", Category.CONDITIONS),
        *_WHO,
    ),
)

BENEFIT = Table(
    type="ExplanationOfBenefit",
    category=Category.INSURANCE,
    noun="Explanation of benefits",
    names=("type",),
    codes="type",
    title=_benefit_title,
    when=("billablePeriod", "created"),
    recorded=("created",),
    rules=(
        group("total", "total", part("category", "CodeableConcept"), part("amount", "Money")),
        rule("payment.amount", "Money", "paid"),
        rule("payment.date", "date", "paid on"),
        rule("outcome", "code", "outcome"),
        rule("type", "CodeableConcept", "kind"),
        group(
            "item",
            "item",
            part("productOrService", "CodeableConcept"),
            part("net", "Money"),
            pick=item_category,
        ),
        group("careTeam", "with", part("provider", "Who"), part("role", "CodeableConcept")),
        *_DIAGNOSIS,
        rule("supportingInfo.reason", "Coding", "because of", Category.CONDITIONS),
        *_WHO,
        rule("claim", "Reference", "claim"),
        rule("processNote.text", "string", "note", Category.NOTES),
    ),
)

RESPONSE = Table(
    type="ClaimResponse",
    category=Category.INSURANCE,
    noun="Answer to a claim",
    names=("type",),
    codes="type",
    prefix="Answer to a claim: ",
    when=("created",),
    rules=(
        group("total", "total", part("category", "CodeableConcept"), part("amount", "Money")),
        rule("payment.amount", "Money", "paid"),
        rule("outcome", "code", "outcome"),
        rule("insurer", "Who", "insurer"),
        rule("request", "Reference", "claim"),
        rule("processNote.text", "string", "note", Category.NOTES),
    ),
)


def _coverage_title(node: Node, named: Named) -> str | None:
    payers: Any = node.get("payor")
    names = [name for item in payers if (name := named.who(item))] if type(payers) is list else []
    words = list(dict.fromkeys(word for word in (*names, named.found) if word))
    return f"Coverage: {', '.join(words)}" if words else None


COVERAGE = Table(
    type="Coverage",
    category=Category.INSURANCE,
    noun="Coverage",
    names=("type",),
    title=_coverage_title,
    when=("period",),
    rules=(
        rule("payor", "Who", "payer"),
        group(
            "class", "plan", part("type", "CodeableConcept"), part("name", "string"), part("value", "string")
        ),
        rule("subscriberId", "string", "member number"),
        rule("identifier", "Identifier", "identifier"),
        rule("policyHolder", "Who", "policy holder"),
        rule("subscriber", "Who", "subscriber"),
        rule("relationship", "CodeableConcept", "relationship to the subscriber"),
        rule("dependent", "string", "dependent number"),
        rule("network", "string", "network"),
        group("costToBeneficiary", "cost", part("type", "CodeableConcept"), part("value", "Quantity|Money")),
    ),
)

TABLES = (CLAIM, BENEFIT, RESPONSE, COVERAGE)
