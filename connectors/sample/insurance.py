"""Insurance: two policies, one claim and what the plan paid for it."""

from decimal import Decimal

from connectors.sample.fhir import CPT, Json, Resource, coding, compact, concept, reference, term
from connectors.sample.people import PATIENT, clinician, organization

POLICIES = (
    # payer, kind, first day, last day, member number
    ("district", "Employee health plan", "2006-09-01", "2015-12-31", "NSD-20433"),
    ("northfield", "Silver plan", "2016-01-01", "", "NF-552-70918"),
)


def insurance() -> list[Resource]:
    """The policies, and the claim for the physical of 2026 with its explanation of benefits."""
    return [*(_policy(*row) for row in POLICIES), _claim(), _benefit()]


def _policy(payer: str, kind: str, start: str, end: str, member: str) -> Resource:
    return {
        "resourceType": "Coverage",
        "id": f"coverage-{payer}",
        "status": "active",
        "type": {"text": kind},
        "subscriberId": member,
        "beneficiary": reference(PATIENT),
        "relationship": term("subscriber-relationship", "self", "Self"),
        "period": compact(start=start, end=end),
        "payor": [organization(payer)],
    }


def _claim() -> Resource:
    return _bill("Claim", "claim-2026-02-17") | {
        "provider": clinician("okafor"),
        "priority": term("processpriority", "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": reference("Coverage/coverage-northfield")}],
        "item": [_item()],
        "total": _dollars("265.00"),
    }


def _benefit() -> Resource:
    amounts = (("submitted", "Charged", "265.00"), ("benefit", "Paid by the plan", "245.00"))
    return _bill("ExplanationOfBenefit", "benefit-2026-02-17") | {
        "created": "2026-03-05",
        "insurer": organization("northfield"),
        "provider": clinician("okafor"),
        "claim": reference("Claim/claim-2026-02-17"),
        "outcome": "complete",
        "insurance": [{"focal": True, "coverage": reference("Coverage/coverage-northfield")}],
        "item": [_item()],
        "total": [
            {"category": term("adjudication", code, words), "amount": _dollars(amount)}
            for code, words, amount in amounts
        ],
        "payment": {"date": "2026-03-05", "amount": _dollars("245.00")},
    }


def _bill(kind: str, key: str) -> Resource:
    return {
        "resourceType": kind,
        "id": key,
        "status": "active",
        "type": term("claim-type", "professional", "Professional"),
        "use": "claim",
        "patient": reference(PATIENT),
        "billablePeriod": {"start": "2026-02-17", "end": "2026-02-17"},
        "created": "2026-02-18",
    }


def _item() -> Json:
    return {
        "sequence": 1,
        "productOrService": concept("Yearly physical", coding(CPT, "99396")),
        "servicedDate": "2026-02-17",
        "net": _dollars("265.00"),
        "encounter": [reference("Encounter/visit-2026-02-17")],
    }


def _dollars(amount: str) -> Json:
    return {"value": Decimal(amount), "currency": "USD"}
