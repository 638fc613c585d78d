"""Procedures, imaging, orders for them, and devices. Why they were done is a condition."""

from typing import Any

from assistant.records.coded import plain, string, words_of
from assistant.records.decode import Node
from assistant.records.fhir.table import Named, Rule, Table, flag, group, notes, part, rule
from assistant.records.model import Category

_WHY: tuple[Rule, ...] = (
    rule("reasonCode", "CodeableConcept", "for", Category.CONDITIONS),
    rule("reasonReference", "Reference", "for", Category.CONDITIONS),
)
_VISIT = rule("encounter", "Reference", "visit", Category.VISITS)

PROCEDURE = Table(
    type="Procedure",
    category=Category.PROCEDURES,
    noun="",
    names=("code", "category"),
    codes="code",
    when=("performedDateTime", "performedPeriod"),
    rules=(
        rule("performed", "Age|Range|string", "when"),
        rule("bodySite", "CodeableConcept", "where"),
        rule("outcome", "CodeableConcept", "outcome"),
        *_WHY,
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("complication", "CodeableConcept", "complication", Category.CONDITIONS),
        rule("complicationDetail", "Reference", "complication", Category.CONDITIONS),
        rule("followUp", "CodeableConcept", "follow-up"),
        rule("usedCode", "CodeableConcept", "used"),
        rule("usedReference", "Who", "used"),
        rule("focalDevice.manipulated", "Reference", "device"),
        rule("report", "Reference", "report"),
        rule("performer.actor", "Who", "by"),
        rule("recorder", "Who", "recorded by"),
        rule("asserter", "Who", "told by"),
        rule("location", "Who", "at"),
        rule("basedOn", "Reference", "ordered by"),
        rule("partOf", "Reference", "part of"),
        _VISIT,
        notes(),
    ),
)


def _study_title(node: Node, named: Named) -> str | None:
    if named.found:
        return named.found
    series: Any = node.get("series")
    for item in series if type(series) is list else ():
        if type(item) is dict:
            modality, site = item.get("modality"), item.get("bodySite")
            words = [
                plain(text)
                for found in (modality, site)
                if type(found) is dict and (text := string(found.get("display")) or string(found.get("code")))
            ]
            if words:
                return "Imaging: " + ", ".join(words)
    return None


IMAGING = Table(
    type="ImagingStudy",
    category=Category.PROCEDURES,
    noun="Imaging study",
    names=("procedureCode", "description"),
    codes="procedureCode",
    title=_study_title,
    when=("started",),
    rules=(
        group(
            "series",
            "series",
            part("modality", "Coding"),
            part("bodySite", "Coding"),
            part("laterality", "Coding"),
            part("description", "string"),
        ),
        rule("modality", "Coding", "method"),
        rule("description", "string", "description"),
        *_WHY,
        rule("referrer", "Who", "asked for by"),
        rule("interpreter", "Who", "read by"),
        rule("location", "Who", "at"),
        rule("basedOn", "Reference", "ordered by"),
        _VISIT,
        notes(),
    ),
)

ORDER = Table(
    type="ServiceRequest",
    category=Category.PROCEDURES,
    noun="",
    names=("code", "orderDetail", "category"),
    codes="code",
    when=("occurrenceDateTime", "occurrencePeriod", "authoredOn"),
    recorded=("authoredOn",),
    rules=(
        rule("orderDetail", "CodeableConcept", "detail"),
        rule("category", "CodeableConcept", "kind"),
        rule("occurrenceTiming", "Timing", "when"),
        rule("quantity", "Quantity|Ratio|Range", "quantity"),
        flag("asNeededBoolean", "yes", "as needed"),
        rule("asNeededCodeableConcept", "CodeableConcept", "as needed for", Category.CONDITIONS),
        rule("bodySite", "CodeableConcept", "where"),
        *_WHY,
        rule("supportingInfo", "Reference", "supporting information", Category.CONDITIONS),
        rule("specimen", "Reference", "sample", Category.LABS),
        rule("requester", "Who", "ordered by"),
        rule("performer", "Who", "to be done by"),
        rule("locationReference", "Who", "at"),
        rule("insurance", "Reference", "insurance", Category.INSURANCE),
        rule("patientInstruction", "string", "instructions", Category.NOTES),
        _VISIT,
        notes(),
    ),
)


def _device_title(node: Node, named: Named) -> str | None:
    if named.found:
        return named.found
    names: Any = node.get("deviceName")
    for item in names if type(names) is list else ():
        name = string(item.get("name")) if type(item) is dict else None
        if name:
            return plain(name)
    made = [text for key in ("manufacturer", "modelNumber") if (text := string(node.get(key)))]
    return f"Device: {', '.join(made)}" if made else None


DEVICE = Table(
    type="Device",
    category=Category.PROCEDURES,
    noun="Device",
    names=("type",),
    title=_device_title,
    rules=(
        rule("deviceName.name", "string", "name"),
        rule("manufacturer", "string", "maker"),
        rule("modelNumber", "string", "model"),
        rule("lotNumber", "string", "lot"),
        rule("serialNumber", "string", "serial number"),
        rule("distinctIdentifier", "string", "identifier"),
        rule("udiCarrier.carrierHRF", "string", "UDI"),
        rule("udiCarrier.deviceIdentifier", "string", "device identifier"),
        rule("manufactureDate", "dateTime", "made"),
        rule("expirationDate", "dateTime", "expires"),
        rule("safety", "CodeableConcept", "safety"),
        rule("statusReason", "CodeableConcept", "why this status", Category.CONDITIONS),
        rule("owner", "Who", "owner"),
        notes(),
    ),
)

DEVICE_USE = Table(
    type="DeviceUseStatement",
    category=Category.PROCEDURES,
    noun="Use of a device",
    title=lambda node, named: f"Use of {name}" if (name := named.who(node.get("device"))) else None,
    when=("timingDateTime", "timingPeriod"),
    recorded=("recordedOn",),
    rules=(
        rule("device", "Reference", "device"),
        rule("bodySite", "CodeableConcept", "where"),
        *_WHY,
        rule("source", "Who", "told by"),
        notes(),
    ),
)

DEVICE_ORDER = Table(
    type="DeviceRequest",
    category=Category.PROCEDURES,
    noun="Device order",
    names=("codeCodeableConcept",),
    title=lambda node, named: named.found or named.who(node.get("codeReference")),
    when=("authoredOn",),
    rules=(
        *_WHY,
        rule("supportingInfo", "Reference", "supporting information", Category.CONDITIONS),
        rule("requester", "Who", "ordered by"),
        rule("performer", "Who", "from"),
        _VISIT,
        notes(),
    ),
)


def _diet_title(_node: Node, named: Named) -> str | None:
    return f"Diet: {named.found}" if named.found else None


DIET = Table(
    type="NutritionOrder",
    category=Category.PROCEDURES,
    noun="Diet order",
    names=("oralDiet.type", "supplement.type", "supplement.productName", "enteralFormula.baseFormulaType"),
    codes="oralDiet.type",
    title=_diet_title,
    when=("dateTime",),
    rules=(
        rule("oralDiet.type", "CodeableConcept", "diet"),
        rule("oralDiet.schedule", "Timing", "when"),
        rule("oralDiet.instruction", "string", "instructions"),
        rule("supplement.productName", "string", "supplement"),
        rule("excludeFoodModifier", "CodeableConcept", "without"),
        rule("foodPreferenceModifier", "CodeableConcept", "preference", Category.ABOUT),
        rule("allergyIntolerance", "Reference", "allergy", Category.ALLERGIES),
        rule("orderer", "Who", "ordered by"),
        _VISIT,
        notes(),
    ),
)


def _lens(node: Node, _named: Named) -> str | None:
    specification: Any = node.get("lensSpecification")
    products = (
        [words_of(item.get("product")) for item in specification or () if type(item) is dict]
        if type(specification) is list
        else []
    )
    names = list(dict.fromkeys(name for name in products if name))
    return "Vision prescription" + (f": {', '.join(names)}" if names else "")


VISION = Table(
    type="VisionPrescription",
    category=Category.PROCEDURES,
    noun="Vision prescription",
    title=_lens,
    when=("dateWritten",),
    recorded=("created",),
    rules=(
        group(
            "lensSpecification",
            "lens",
            part("eye", "code"),
            part("sphere", "decimal", "sphere"),
            part("cylinder", "decimal", "cylinder"),
            part("axis", "integer", "axis"),
            part("add", "decimal", "add"),
            part("power", "decimal", "power"),
            part("backCurve", "decimal", "back curve"),
            part("diameter", "decimal", "diameter"),
        ),
        rule("prescriber", "Who", "by"),
        _VISIT,
        notes("lensSpecification.note"),
    ),
)

TABLES = (PROCEDURE, IMAGING, ORDER, DEVICE, DEVICE_USE, DEVICE_ORDER, DIET, VISION)
