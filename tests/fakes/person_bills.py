"""The bills that `person` writes: a claim, and the long explanation of what was paid."""

from decimal import Decimal

from tests.fakes.person_kinds import SNOMED, TERMS, Context, Resource, new_id

ADJUDICATIONS = (
    ("line_coinsurance_amt", "Line Beneficiary Coinsurance Amount", 20),
    ("line_prvdr_pmt_amt", "Line Provider Payment Amount", 80),
    ("line_sbmtd_chrg_amt", "Line Submitted Charge Amount", 100),
    ("line_alowd_chrg_amt", "Line Allowed Charge Amount", 100),
    ("line_bene_ptb_ddctbl_amt", "Line Beneficiary Part B Deductible Amount", 0),
)
BLUE_BUTTON = "https://bluebutton.cms.gov/resources/codesystem/adjudication"


def claim(context: Context, visit: Resource) -> Resource:
    """The bill for a visit."""
    return _bill(context, "Claim") | {
        "provider": context.ref(context.organization),
        "priority": {"coding": [{"system": TERMS + "processpriority", "code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "Load Test Health Plan"}}],
        "item": [_item(context, visit)],
        "total": _dollars(context.rng.randrange(8000, 40000)),
    }


def benefit(context: Context, visit: Resource, billed: Resource) -> Resource:
    """What the plan paid, with the contained resources and adjudications that such documents carry."""
    charged = context.rng.randrange(8000, 40000)
    item = _item(context, visit) | {
        "category": {
            "coding": [{"system": "https://bluebutton.cms.gov/resources/variables/line_cms_type_srvc_cd",
                        "code": "1", "display": "Medical care"}]
        },
        "servicedPeriod": {"start": context.at(), "end": context.at(15)},
        "locationCodeableConcept": {
            "coding": [{"system": TERMS + "ex-serviceplace", "code": "21", "display": "Inpatient Hospital"}]
        },
        "adjudication": [
            {
                "category": {"coding": [{"system": BLUE_BUTTON, "code": code, "display": words}]},
                "amount": _dollars(charged * share // 100),
            }
            for code, words, share in ADJUDICATIONS
        ],
    }  # fmt: skip
    return _bill(context, "ExplanationOfBenefit") | {
        "contained": _contained(context),
        "identifier": [
            {"system": "https://load.example/claim-id", "value": billed["id"]},
            {"system": "https://load.example/claim-group", "value": new_id(context.rng)},
        ],
        "insurer": {"display": "Load Test Health Plan"},
        "provider": context.ref(context.practitioner),
        "referral": {"reference": "#referral"},
        "claim": context.ref(billed),
        "outcome": "complete",
        "careTeam": [
            {
                "sequence": 1,
                "provider": context.ref(context.practitioner),
                "role": {
                    "coding": [
                        {"system": TERMS + "claimcareteamrole", "code": "primary", "display": "Primary care"}
                    ]
                },
            }
        ],
        "insurance": [{"focal": True, "coverage": {"reference": "#coverage", "display": "Load Test Plan"}}],
        "item": [item],
        "total": [
            {
                "category": {"coding": [{"system": TERMS + "adjudication", "code": "submitted"}]},
                "amount": _dollars(charged),
            }
        ],
        "payment": {"amount": _dollars(charged * 8 // 10)},
    }


def _bill(context: Context, kind: str) -> Resource:
    return {
        "resourceType": kind,
        "id": new_id(context.rng),
        "status": "active",
        "type": {"coding": [{"system": TERMS + "claim-type", "code": "professional"}]},
        "use": "claim",
        "patient": context.ref(context.patient),
        "billablePeriod": {"start": context.at(), "end": context.at(15)},
        "created": context.at(15),
    }


def _contained(context: Context) -> list[Resource]:
    return [
        {
            "resourceType": "ServiceRequest",
            "id": "referral",
            "status": "completed",
            "intent": "order",
            "subject": context.ref(context.patient),
            "requester": context.ref(context.practitioner),
            "performer": [context.ref(context.practitioner)],
        },
        {
            "resourceType": "Coverage",
            "id": "coverage",
            "status": "active",
            "type": {"text": "Load Test Plan"},
            "beneficiary": context.ref(context.patient),
            "payor": [{"display": "Load Test Health Plan"}],
        },
    ]


def _item(context: Context, visit: Resource) -> Resource:
    words = "Encounter for check up (procedure)"
    return {
        "sequence": 1,
        "productOrService": {
            "coding": [{"system": SNOMED, "code": "185349003", "display": words}],
            "text": words,
        },
        "encounter": [context.ref(visit)],
    }


def _dollars(cents: int) -> Resource:
    return {"value": Decimal(cents) / 100, "currency": "USD"}
