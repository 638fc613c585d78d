"""How far each status of FHIR R4 lets a record be told as fact: one table for all types.

A record's trust is the furthest from fact that any of its status fields gives, in the order error, refuted,
not done, planned, not confirmed, fact. A required status that is missing, and any code that the table
doesn't know, is not confirmed. Family history is family history whatever its status, unless it is an error.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from assistant.records.coded import codes_of, string
from assistant.records.decode import Node
from assistant.records.model import Trust

_F, _U, _R, _E = Trust.FACT, Trust.UNCONFIRMED, Trust.REFUTED, Trust.ERROR
_N, _P = Trust.NOT_DONE, Trust.PLANNED
_WORST = (_F, _U, _P, _N, _R, _E)
_RANK = {trust: rank for rank, trust in enumerate(_WORST)}
_RANK[Trust.FAMILY] = 0


def _codes(fact: str = "", **other: str) -> dict[str, Trust]:
    table = dict.fromkeys(fact.split(), _F)
    for name, codes in other.items():
        table.update(dict.fromkeys(codes.split(), Trust(name)))
    return table


_RESULT = _codes(
    "final amended corrected appended",
    unconfirmed="registered partial preliminary unknown",
    not_done="cancelled",
    error="entered-in-error",
)
_VERIFIED = _codes(
    "confirmed",
    unconfirmed="unconfirmed provisional differential presumed",
    refuted="refuted",
    error="entered-in-error",
)
_EVENT = _codes(
    "in-progress on-hold stopped completed",
    planned="preparation",
    not_done="not-done",
    unconfirmed="unknown",
    error="entered-in-error",
)
_ORDER = _codes(
    "completed",
    planned="draft active on-hold",
    not_done="revoked",
    unconfirmed="unknown",
    error="entered-in-error",
)
_INTENT = _codes(
    "order original-order reflex-order filler-order instance-order directive", planned="proposal plan option"
)
_BILL = _codes("active", planned="draft", not_done="cancelled", error="entered-in-error")
_USE = _codes("claim", planned="preauthorization predetermination")
_CLINICAL = _codes("active recurrence relapse inactive remission resolved")

STATUS: dict[str, dict[str, dict[str, Trust]]] = {
    "Observation": {"status": _RESULT},
    "DiagnosticReport": {"status": _RESULT},
    "RiskAssessment": {"status": _RESULT},
    "DetectedIssue": {"status": _RESULT},
    "Condition": {"clinicalStatus": _CLINICAL, "verificationStatus": _VERIFIED},
    "AllergyIntolerance": {"clinicalStatus": _CLINICAL, "verificationStatus": _VERIFIED},
    "MedicationRequest": {
        "status": _codes(
            "active on-hold completed stopped",
            planned="draft",
            not_done="cancelled",
            unconfirmed="unknown",
            error="entered-in-error",
        ),
        "intent": _INTENT,
    },
    "MedicationStatement": {
        "status": _codes(
            "active completed stopped on-hold",
            planned="intended",
            not_done="not-taken",
            unconfirmed="unknown",
            error="entered-in-error",
        )
    },
    "MedicationDispense": {
        "status": _codes(
            "completed stopped",
            planned="preparation in-progress on-hold",
            not_done="cancelled declined",
            unconfirmed="unknown",
            error="entered-in-error",
        )
    },
    "MedicationAdministration": {"status": _EVENT},
    "Immunization": {"status": _codes("completed", not_done="not-done", error="entered-in-error")},
    "Procedure": {"status": _EVENT},
    "Media": {"status": _EVENT},
    "Communication": {"status": _EVENT},
    "AdverseEvent": {"actuality": _codes("actual", unconfirmed="potential")},
    "ClinicalImpression": {
        "status": _codes("completed", unconfirmed="in-progress", error="entered-in-error"),
    },
    "Encounter": {
        "status": _codes(
            "arrived triaged in-progress onleave finished",
            planned="planned",
            not_done="cancelled",
            unconfirmed="unknown",
            error="entered-in-error",
        )
    },
    "EpisodeOfCare": {
        "status": _codes(
            "active onhold finished",
            planned="planned waitlist",
            not_done="cancelled",
            error="entered-in-error",
        )
    },
    "Appointment": {
        "status": _codes(
            "arrived fulfilled checked-in",
            planned="proposed pending booked waitlist",
            not_done="cancelled noshow",
            error="entered-in-error",
        )
    },
    "CareTeam": {"status": _codes("active suspended inactive", planned="proposed", error="entered-in-error")},
    "CarePlan": {
        "status": _codes(
            "active on-hold completed",
            planned="draft",
            not_done="revoked",
            unconfirmed="unknown",
            error="entered-in-error",
        ),
        # A care plan is a plan by nature: only a proposal of one is less than fact.
        "intent": _codes("plan order", planned="proposal option"),
    },
    "Goal": {
        "lifecycleStatus": _codes(
            "accepted active on-hold completed",
            planned="proposed planned",
            not_done="cancelled rejected",
            error="entered-in-error",
        )
    },
    "Flag": {"status": _codes("active inactive", error="entered-in-error")},
    "ServiceRequest": {"status": _ORDER, "intent": _INTENT},
    "DeviceRequest": {"status": _ORDER, "intent": _INTENT},
    "NutritionOrder": {"status": _ORDER, "intent": _INTENT},
    "VisionPrescription": {"status": _BILL},
    "ImmunizationRecommendation": {},
    "ImagingStudy": {
        "status": _codes(
            "available", unconfirmed="registered unknown", not_done="cancelled", error="entered-in-error"
        )
    },
    "Device": {"status": _codes("active inactive", unconfirmed="unknown", error="entered-in-error")},
    "DeviceUseStatement": {
        "status": _codes("active completed stopped on-hold", planned="intended", error="entered-in-error")
    },
    "Specimen": {"status": _codes("available unavailable unsatisfactory", error="entered-in-error")},
    "DocumentReference": {
        "status": _codes("current superseded", error="entered-in-error"),
        "docStatus": _codes("final amended", unconfirmed="preliminary", error="entered-in-error"),
    },
    "QuestionnaireResponse": {
        "status": _codes("completed amended", unconfirmed="in-progress stopped", error="entered-in-error")
    },
    "FamilyMemberHistory": {"status": _codes("partial completed health-unknown", error="entered-in-error")},
    "Claim": {"status": _BILL, "use": _USE},
    "ExplanationOfBenefit": {"status": _BILL, "use": _USE},
    "ClaimResponse": {"status": _BILL, "use": _USE},
    "Coverage": {"status": _BILL},
    "Patient": {},
    "RelatedPerson": {},
}
"""type → status field → code → trust."""

_OPTIONAL = frozenset(("clinicalStatus", "verificationStatus", "docStatus", "use", "actuality"))
_OPTIONAL_STATUS = frozenset(("Device", "Specimen", "CareTeam"))
_SILENT = frozenset(("confirmed", "claim", "final", "actual"))

_COURSE = {
    **dict.fromkeys(("active", "recurrence", "relapse"), True),
    **dict.fromkeys(("inactive", "remission", "resolved"), False),
}
_USE_OF = {
    **dict.fromkeys(("active", "accepted"), True),
    **dict.fromkeys(("on-hold", "onhold", "completed", "stopped", "cancelled", "revoked"), False),
    **dict.fromkeys(("suspended", "inactive", "finished", "not-taken", "rejected"), False),
    **dict.fromkeys(("draft", "proposed", "planned", "intended", "waitlist"), False),
}
_HOLDS: dict[str, dict[str, bool]] = {
    "Condition": _COURSE,
    "AllergyIntolerance": _COURSE,
    "MedicationRequest": _USE_OF,
    "MedicationStatement": _USE_OF,
    "CarePlan": _USE_OF,
    "Goal": _USE_OF,
    "Flag": _USE_OF,
    "CareTeam": _USE_OF,
    "Coverage": _USE_OF,
    "Device": _USE_OF,
    "DeviceUseStatement": _USE_OF,
    "EpisodeOfCare": _USE_OF,
    "NutritionOrder": _USE_OF,
    "DocumentReference": {"current": True, "superseded": False},
    "MedicationAdministration": {"in-progress": True},
    "Encounter": {"in-progress": True, "arrived": True, "triaged": True, "onleave": True},
}
"""type → code → whether it holds now. A code that is missing says nothing about now."""


class Judged(msgspec.Struct, frozen=True, gc=False):
    """What a resource's status fields say together."""

    status: str | None
    trust: Trust
    current: bool | None


def _code(value: Any, table: Mapping[str, Trust]) -> str | None:
    """The status code of a field: a code, a CodeableConcept's known code, or its text."""
    if isinstance(value, str):
        return value.strip().lower() or None
    if type(value) is not dict:
        return None
    codes = [item.code.strip().lower() for item in codes_of(value)]
    known = [code for code in codes if code in table]
    if known:
        return max(known, key=lambda code: _RANK[table[code]])
    text = string(value.get("text"))
    return (text.strip().lower() if text else None) or (codes[0] if codes else None)


def judge(kind: str, resource: Node) -> Judged:
    """Status, trust and whether it holds now, of a resource of a type that `STATUS` lists."""
    trust = _F
    words: list[str] = []
    current: bool | None = None
    holds = _HOLDS.get(kind)
    for field, table in STATUS[kind].items():
        value = resource.get(field)
        code = _code(value, table) if value is not None else None
        if code is None:
            required = field not in _OPTIONAL and not (field == "status" and kind in _OPTIONAL_STATUS)
            given = _U if required or value is not None else _F
        else:
            given = table.get(code, _U)
            if not words or (code not in _SILENT and (given is not _F or field == "clinicalStatus")):
                words.append(code)
            if holds is not None and code in holds and current is None:
                current = holds[code]
        if _RANK[given] > _RANK[trust]:
            trust = given
    return _special(kind, resource, Judged(", ".join(words) or None, trust, current))


def _special(kind: str, resource: Node, judged: Judged) -> Judged:
    status, trust, current = judged.status, judged.trust, judged.current
    if resource.get("doNotPerform") is True and trust is not _E:
        return Judged(f"{status}, not to be done" if status else "not to be done", _N, False)
    if kind in ("Condition", "AllergyIntolerance"):
        ended = any(name.startswith("abatement") for name in resource) if current is None else False
        return Judged(status, trust, False if ended or trust in (_R, _E) else current)
    if kind == "FamilyMemberHistory":
        return Judged(status, trust if trust is _E else Trust.FAMILY, current)
    if kind == "ImmunizationRecommendation":
        return Judged("recommended", _P, current)
    if kind == "Patient":
        return Judged("inactive" if resource.get("active") is False else None, trust, current)
    return _asked_for(kind, resource, judged) if trust is _P else judged


def _asked_for(kind: str, resource: Node, judged: Judged) -> Judged:
    """What is planned or ordered: the intent is told with the status."""
    intent = resource.get("intent")
    intent = intent.strip().lower() if isinstance(intent, str) else ""
    status = judged.status or ""
    reported = resource.get("reportedBoolean") is True or "reportedReference" in resource
    if kind == "MedicationRequest" and intent == "plan" and reported and "draft" not in status:
        # US Core has a medicine that the patient reports taking as a plan.
        return Judged(f"{status.split(', ')[0]}, reported", _U, judged.current)
    if kind in _ORDERS and intent in _INTENT and intent not in status.split(", "):
        return Judged(f"{status}, {intent}" if status else intent, _P, judged.current)
    return judged


_ORDERS = frozenset(("ServiceRequest", "DeviceRequest", "NutritionOrder"))
