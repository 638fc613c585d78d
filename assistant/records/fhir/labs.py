"""Results: observations, reports, specimens, and which category each observation belongs to.

An Observation's category follows its own `category` codings, first match wins in the order of
`_BY_CATEGORY`: laboratory; vital signs (also as the misspelt `vital-sign`); activity; imaging, procedure,
exam and therapy with procedures; social history, survey, SDOH, and US Core's status, preference and
directive categories with About me. A sleep measure under activity is sleep; a cause of death is a
condition. Without a category that is known: codes of vital signs, activity and sleep decide; then a
quantity, specimen or reference range makes it a lab result; anything else is a finding, and stays with
conditions, the narrower place.
"""

from typing import Any

from assistant.records.coded import LOINC, codes_of, one_of, words_of
from assistant.records.decode import Node
from assistant.records.fhir.table import Named, Rule, Table, notes, rule
from assistant.records.model import Category

_BY_CATEGORY: dict[str, Category] = {
    "laboratory": Category.LABS,
    "vital-signs": Category.VITALS,
    "vital-sign": Category.VITALS,
    "activity": Category.ACTIVITY,
    "imaging": Category.PROCEDURES,
    "procedure": Category.PROCEDURES,
    "exam": Category.PROCEDURES,
    "therapy": Category.PROCEDURES,
    "social-history": Category.ABOUT,
    "survey": Category.ABOUT,
    "sdoh": Category.ABOUT,
    "disability-status": Category.ABOUT,
    "functional-status": Category.ABOUT,
    "cognitive-status": Category.ABOUT,
    "treatment-intervention-preference": Category.ABOUT,
    "care-experience-preference": Category.ABOUT,
    "observation-adi-documentation": Category.ABOUT,
}
_ORDER = {code: rank for rank, code in enumerate(_BY_CATEGORY)}

VITALS = one_of(
    "85354-9 55284-4 8480-6 8462-4 8478-0 8867-4 9279-1 8310-5 8331-1 8332-9 8333-7 8302-2 8306-3"
    " 29463-7 3141-9 39156-5 59408-5 2708-6 9843-4 8287-5 8289-1 59576-9 77606-2 85353-1 3140-1"
)
"""LOINC codes of vital signs (FHIR R4 vital signs profile, US Core, and their common variants)."""
SLEEP = one_of("93832-4 93831-6 93830-8 93829-0")
"""LOINC codes of sleep measures."""
ACTIVITY = one_of("41950-7 55423-8 41981-2 41953-1 55411-3 68516-4 89555-7 89574-8")
"""LOINC codes of steps, distance, energy and exercise."""
_SOCIAL = one_of("72166-2 11367-0 82810-3 86645-9 11341-5 74165-2 74013-4 11331-6 76690-7 76691-5")
_DEATH = frozenset(("69453-9", "79378-6"))


def _loinc(node: Node) -> frozenset[str]:
    return frozenset(item.code for item in codes_of(node.get("code")) if item.system == LOINC)


def _stated(node: Node) -> Category | None:
    found: Any = node.get("category")
    best: str | None = None
    for concept in found if type(found) is list else (found,):
        for item in codes_of(concept):
            code = item.code.lower()
            if code in _ORDER and (best is None or _ORDER[code] < _ORDER[best]):
                best = code
    return _BY_CATEGORY[best] if best is not None else None


def observation_category(node: Node) -> Category:
    """The category of an Observation, as the module says."""
    stated = _stated(node)
    if stated is Category.LABS or stated is Category.VITALS:
        return stated
    codes = _loinc(node)
    if codes & SLEEP and stated in (None, Category.ACTIVITY):
        return Category.SLEEP
    if stated is not None:
        return Category.CONDITIONS if codes & _DEATH else stated
    for known, category in (
        (VITALS, Category.VITALS),
        (ACTIVITY, Category.ACTIVITY),
        (_SOCIAL, Category.ABOUT),
        (_DEATH, Category.CONDITIONS),
    ):
        if codes & known:
            return category
    lab = any(name in node for name in ("valueQuantity", "valueRatio", "specimen", "referenceRange"))
    return Category.LABS if lab or (codes and "component" in node) else Category.CONDITIONS


OBSERVATION = Table(
    type="Observation",
    category=Category.LABS,
    noun="",
    names=("code",),
    pick=observation_category,
    when=("effectiveDateTime", "effectivePeriod", "effectiveInstant"),
    recorded=("issued",),
    measured=True,
    members=("hasMember",),
    rules=(
        rule("effectiveTiming", "Timing", "when"),
        rule("bodySite", "CodeableConcept", "where"),
        rule("method", "CodeableConcept", "method"),
        rule("specimen", "Reference", "sample", Category.LABS),
        rule("device", "Reference", "device", Category.PROCEDURES),
        rule("performer", "Who", "by"),
        rule("derivedFrom", "Reference", "worked out from"),
        rule("basedOn", "Reference", "ordered by", Category.PROCEDURES),
        rule("partOf", "Reference", "part of", Category.PROCEDURES),
        rule("encounter", "Reference", "visit", Category.VISITS),
        notes(),
    ),
)

_LAB_SECTIONS = one_of(
    "LAB CH HM MB IMM BLB SR TX MCB MYC PAR VR SP CP CTH GE OTH laboratory LP29693-6 LP7839-6"
)
_IMAGE_SECTIONS = one_of("RAD RX CT CUS EC EN NMR NMS NRS OUS RUS VUS XRC ICU CG US LP29684-5 LP29708-2")
_PANELS = one_of(
    "58410-2 57698-3 24331-1 24323-8 51990-0 24321-2 24320-4 24362-6 24357-6 57021-8 24325-3 34528-0"
)
"""LOINC codes of the commonest laboratory panels, for reports without a category."""


def _note_like(words: str | None) -> bool:
    return words is not None and words.lower().endswith((" note", " summary"))


def report_category(node: Node) -> Category:
    """The category of a DiagnosticReport: by its service section, else by its code and what it holds."""
    found: Any = node.get("category")
    for concept in found if type(found) is list else (found,):
        for item in codes_of(concept):
            if item.code in _LAB_SECTIONS:
                return Category.LABS
            if item.code in _IMAGE_SECTIONS:
                return Category.PROCEDURES
    if _loinc(node) & _PANELS:
        return Category.LABS
    if _note_like(words_of(node.get("code"))):
        return Category.NOTES
    return Category.LABS if node.get("result") and not node.get("imagingStudy") else Category.PROCEDURES


REPORT = Table(
    type="DiagnosticReport",
    category=Category.LABS,
    noun="",
    names=("code", "category"),
    codes="code",
    pick=report_category,
    when=("effectiveDateTime", "effectivePeriod"),
    recorded=("issued",),
    members=("result",),
    rules=(
        rule("conclusion", "string", "conclusion", Category.NOTES),
        rule("conclusionCode", "CodeableConcept", "conclusion", Category.CONDITIONS),
        rule("presentedForm", "Attachment", "report", Category.NOTES),
        rule("media.comment", "string", "picture", Category.NOTES),
        rule("media.link", "Reference", "picture", Category.NOTES),
        rule("imagingStudy", "Reference", "imaging study", Category.PROCEDURES),
        rule("specimen", "Reference", "sample", Category.LABS),
        rule("performer", "Who", "by"),
        rule("resultsInterpreter", "Who", "read by"),
        rule("basedOn", "Reference", "ordered by", Category.PROCEDURES),
        rule("encounter", "Reference", "visit", Category.VISITS),
    ),
)


def _sample_title(_node: Node, named: Named) -> str | None:
    return f"Sample: {named.found}" if named.found else None


_COLLECTION: tuple[Rule, ...] = (
    rule("collection.bodySite", "CodeableConcept", "from"),
    rule("collection.method", "CodeableConcept", "taken by"),
    rule("collection.collector", "Who", "by"),
    rule("collection.fastingStatusCodeableConcept", "CodeableConcept", "fasting"),
    rule("collection.fastingStatusDuration", "Duration", "fasting"),
    rule("collection.quantity", "Quantity", "amount"),
)

SPECIMEN = Table(
    type="Specimen",
    category=Category.LABS,
    noun="Sample",
    names=("type",),
    title=_sample_title,
    when=("collection.collectedDateTime", "collection.collectedPeriod"),
    recorded=("receivedTime",),
    rules=(
        *_COLLECTION,
        rule("condition", "CodeableConcept", "state"),
        rule("request", "Reference", "ordered by", Category.PROCEDURES),
        notes(),
    ),
)

TABLES = (OBSERVATION, REPORT, SPECIMEN)
