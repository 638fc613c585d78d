"""C-03: each path has its category, reasons are conditions everywhere, what no rule names stays in."""

import json
import re
from collections.abc import Iterator

import msgspec
import pytest

from assistant.records.fhir.compile import choices
from assistant.records.fhir.insurance import item_category
from assistant.records.fhir.table import Rule, Table
from assistant.records.fhir.tables import TABLES
from assistant.records.model import Category, Record
from assistant.records.read import read
from assistant.records.words import index_text
from tests.records.fhir_models import Field, Full, paths
from tests.records.samples import nothing

REASON = re.compile(
    r"reason|diagnos|indication|complication|supportingInfo|conclusionCode|resultingCondition|asNeededCodeableConcept",
    re.IGNORECASE,
)
SAME_KIND = {
    "Who": {"Reference"},
    "Class": {"Coding"},
    "Answers": {"QuestionnaireResponseItem"},
    "Extension": {"Extension"},
    "date": {"Date"},
    "dateTime": {"DateTime", "Date"},
    "instant": {"Instant"},
    "code": {"Code", "string"},
    "markdown": {"string"},
    "time": {"Time"},
    "decimal": {"Decimal", "decimal"},
    "integer": {"Integer", "PositiveInt", "UnsignedInt"},
    "positiveInt": {"PositiveInt", "Integer"},
    "unsignedInt": {"UnsignedInt", "Integer", "PositiveInt"},
    "Quantity": {"Quantity"},
    "Dosage": {"Dosage", "MedicationAdministrationDosage"},
}
# Read by the titles, values and dates of a table, beside its rules.
ALSO = {
    "Observation": {"value", "component", "interpretation", "referenceRange", "dataAbsentReason"},
    "ImagingStudy": {"series"},
    "Device": {"deviceName", "manufacturer", "modelNumber"},
    "DeviceUseStatement": {"device"},
    "DeviceRequest": {"codeReference"},
    "VisionPrescription": {"lensSpecification"},
    "RiskAssessment": {"prediction", "condition"},
    "FamilyMemberHistory": {"name", "condition"},
    "Patient": {"name"},
    "RelatedPerson": {"name", "relationship"},
    "Coverage": {"payor"},
    "QuestionnaireResponse": {"questionnaire"},
}
STATUSES = {
    "status",
    "intent",
    "use",
    "lifecycleStatus",
    "clinicalStatus",
    "verificationStatus",
    "docStatus",
    "actuality",
}


def flat(table: Table) -> Iterator[tuple[str, Rule, Rule]]:
    """(path, the rule there, the rule it belongs to) for every path that a table reads out."""
    for given in table.rules:
        for rule in choices(given):
            yield rule.path, rule, rule
            for inner in rule.parts:
                for part in choices(inner):
                    yield f"{rule.path}.{part.path}", part, rule


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_rule_names_a_path_of_fhir_with_its_type(kind: str) -> None:
    known: dict[str, Field] = dict(paths(kind))
    for path, rule, _ in flat(TABLES[kind]):
        if rule.kind == "Extension":
            continue
        assert path in known, f"{kind}.{path} is no path of FHIR"
        if rule.kind in ("Group", "boolean"):
            assert rule.kind == "Group" or known[path].type == "boolean"
            continue
        assert known[path].type in SAME_KIND.get(rule.kind, {rule.kind}), (kind, path, known[path].type)


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_reason_and_diagnosis_that_is_read_out_is_a_condition(kind: str) -> None:
    for path, _, owner in flat(TABLES[kind]):
        if REASON.search(path):
            assert owner.category is Category.CONDITIONS or TABLES[kind].category is Category.CONDITIONS, path


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_annotations_and_attachments_are_notes(kind: str) -> None:
    for path, rule, owner in flat(TABLES[kind]):
        if rule.kind in ("Annotation", "Attachment") and not owner.parts:
            assert (owner.category or TABLES[kind].category) is Category.NOTES, path


def covered(kind: str, path: str) -> bool:
    """Whether a table reads something at this path."""
    table = TABLES[kind]
    read_out = {path for path, _, _ in flat(table)} | {
        *table.names,
        *table.when,
        *table.recorded,
        *table.members,
    }
    read_out |= {table.codes} | ALSO.get(kind, set()) | STATUSES
    if "medication[x]" in table.names:
        read_out |= {"medicationCodeableConcept", "medicationReference"}
    steps = path.split(".")
    heads = {".".join(steps[: n + 1]) for n in range(len(steps))}
    return bool(heads & read_out) or (kind == "Observation" and path.startswith("value"))


def said(record: Record) -> Iterator[tuple[Category, str]]:
    """Every text that a record holds, with the category that governs it."""
    own = record.category
    yield own, record.title
    yield own, record.status or ""
    codes = [*record.codes]
    for value in (record.value, *(part.value for part in record.parts)):
        if value is not None:
            yield own, str(value)
    for part in record.parts:
        yield own, part.title
        codes.extend(part.codes)
    for item in codes:
        yield own, f"{item.code} {item.display}"
    yield own, " ".join(record.interpretation)
    yield own, str(record.ranges)
    for element in record.elements:
        yield element.category, f"{element.text} {element.codes}"


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_full_resource_says_only_what_its_table_names_and_reasons_only_as_conditions(kind: str) -> None:
    full = Full(kind)
    full.json.pop("focus", None)
    found = read(full.json, id="r", resolve=nothing)
    assert isinstance(found, Record), found
    heard = 0
    for category, text in said(found):
        for word in re.findall(r"zq\d+x", text):
            heard += 1
            path = full.words[word]
            assert covered(kind, path), f"{kind}.{path} was read out under {category}"
            if REASON.search(path) and path != "dataAbsentReason":
                assert category is Category.CONDITIONS, f"{kind}.{path} was read out under {category}"
            assert path not in ("subject", "patient", "beneficiary"), f"{kind}: the patient's name"
    assert heard > 2 or kind in ("VisionPrescription",)


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_narratives_contained_resources_and_extensions_stay_in(kind: str) -> None:
    full = Full(kind)
    full.json.pop("focus", None)
    full.json["text"] = {"status": "generated", "div": "<div>zqhidden</div>"}
    full.json["contained"] = [{"resourceType": "Condition", "id": "c", "code": {"text": "zqhidden"}}]
    full.json["extension"] = [{"url": "http://example.org/other", "valueString": "zqhidden"}]
    found = read(full.json, id="r", resolve=nothing)
    assert isinstance(found, Record)
    assert "zqhidden" not in str(found)


def apart(kind: str) -> list[str]:
    """Top-level keys that hold only elements of other categories than the record's own."""
    table = TABLES[kind]
    keys: dict[str, bool] = {}
    for path, _, owner in flat(table):
        key = path.split(".", 1)[0]
        other = owner.pick is None and owner.category not in (None, table.category) and table.pick is None
        keys[key] = keys.get(key, True) and other
    used = {path.split(".", 1)[0] for path in (*table.names, *table.when, *table.recorded, table.codes)}
    return [
        key for key, other in keys.items() if other and key not in used | ALSO.get(kind, set()) | STATUSES
    ]


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_what_belongs_to_other_categories_changes_nothing_of_the_record(kind: str) -> None:
    keys = apart(kind)
    full = Full(kind).json
    full.pop("focus", None)
    sensitive = json.loads(
        re.sub(r"zq\d+x", "HIV infection", json.dumps({key: full[key] for key in keys if key in full}))
    )
    without = {key: value for key, value in full.items() if key not in keys}
    one = read({**without, **sensitive}, id="r", resolve=nothing)
    other = read(without, id="r", resolve=nothing)
    assert isinstance(one, Record)
    assert isinstance(other, Record)
    own = tuple(item for item in one.elements if item.category is one.category)
    assert msgspec.structs.replace(one, elements=own) == msgspec.structs.replace(
        other, elements=tuple(item for item in other.elements if item.category is other.category)
    )
    assert index_text(one, one.category) == index_text(other, other.category)


def test_the_category_of_a_claims_item_is_never_more_open_than_its_ties() -> None:
    claim = {"type": {"coding": [{"code": "professional"}]}}
    for tie in ("diagnosisSequence", "informationSequence", "procedureSequence"):
        assert item_category({tie: [1]}, claim) is not Category.INSURANCE
    assert item_category({"diagnosisSequence": [1], "procedureSequence": [1]}, claim) is Category.CONDITIONS
    assert item_category({}, {"type": {"coding": [{"code": "pharmacy"}]}}) is Category.MEDICATIONS
    assert item_category({}, claim) is Category.PROCEDURES
    assert item_category({"encounter": [{"reference": "Encounter/e"}]}, claim) is Category.INSURANCE
    first: dict[str, object] = {}
    assert item_category(first, {**claim, "item": [first, {}]}) is Category.INSURANCE
