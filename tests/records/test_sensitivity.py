from pathlib import Path
from typing import Any

import pytest

from assistant.records.model import Category, Coding, Record
from assistant.records.read import read
from assistant.records.sensitive_codes import CODES, ICD_PREFIXES
from assistant.records.sensitivity import code_labels, word_labels
from assistant.records.words import index_text, index_texts
from tests.records.samples import (
    LOINC,
    RXNORM,
    SNOMED,
    concept,
    condition,
    lab,
    medication,
    nothing,
    record,
    resources,
    visit,
)

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize(
    "code", ["R", "V", "ETH", "PSY", "HIV", "STD", "SEX", "SUD", "SDV", "42CFRPart2", "BHR", "MST"]
)
def test_the_sources_security_labels_are_kept_as_given(code: str) -> None:
    assert record(lab(meta={"security": [{"system": "x", "code": code}]})).labels == (code,)


@pytest.mark.parametrize(
    "meta",
    [{"security": [{"code": "N"}]}, {"tag": [{"code": "HIV"}]}, {"security": []}, {"security": [None]}],
)
def test_normal_confidentiality_and_tags_do_not_count(meta: dict[str, Any]) -> None:
    assert record(lab(meta=meta)).labels == ()


def test_a_security_label_that_is_only_words_or_unknown_still_counts() -> None:
    assert record(lab(meta={"security": [{"display": "restricted"}]})).labels == ("labelled",)
    assert record(lab(meta={"security": [{"code": "SOMETHING-NEW"}]})).labels == ("SOMETHING-NEW",)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("HIV 1 RNA viral load", "hiv"),
        ("Human immunodeficiency virus infection", "hiv"),
        ("bictegravir 50 MG / emtricitabine 200 MG / tenofovir [Biktarvy]", "hiv"),
        ("Alcohol dependence", "substance-use"),
        ("Opioid use disorder", "substance-use"),
        ("Alcoholic cirrhosis of liver", "substance-use"),
        ("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", "substance-use"),
        ("Urine drug screen", "substance-use"),
        ("Major depressive disorder", "mental-health"),
        ("Recurrent depression", "mental-health"),
        ("PHQ-9 total score", "mental-health"),
        ("Generalized anxiety disorder", "mental-health"),
        ("sertraline 50 MG Oral Tablet", "mental-health"),
        ("Attention deficit hyperactivity disorder", "mental-health"),
        ("Chlamydia trachomatis DNA", "sexual-health"),
        ("Gonorrhea infection test", "sexual-health"),
        ("Erectile dysfunction", "sexual-health"),
        ("Normal pregnancy", "reproductive"),
        ("Etonogestrel 68 MG Drug Implant", "reproductive"),
        ("Insertion of intrauterine contraceptive device", "reproductive"),
        ("Prenatal visit", "reproductive"),
        ("Carrier of cystic fibrosis gene mutation", "genetic"),
        ("BRCA1 gene analysis", "genetic"),
        ("Victim of domestic violence", "violence"),
        ("History of child abuse", "violence"),
        ("Sexual assault", "violence"),
    ],
)
def test_plain_words_put_a_record_into_a_value_set(text: str, label: str) -> None:
    assert label in word_labels([text])
    assert label in record(condition(text, "0")).labels


@pytest.mark.parametrize(
    "text",
    [
        "Smokes tobacco daily",
        "Tobacco smoking status NHIS",
        "Nicotine dependence",
        "24hr nicotine transdermal patch",
        "Abuse-Deterrent 12 HR Oxycodone Hydrochloride 15 MG Extended Release Oral Tablet",
        "Non-alcoholic fatty liver disease",
        "ST segment depression",
        "ST depression",
        "Respiratory depression",
        "Hearing aids",
        "Hepatitis C antibody test",
        "Chlamydia pneumoniae IgG",
        "IPV",
        "HPV vaccine",
        "Photophobia",
        "Loss of appetite (anorexia)",
        "Alzheimer's disease",
        "Carrier protein deficiency",
        "Low back pain",
        "Body Weight",
        "Generalized osteoarthritis",
        "Maternal grandmother has diabetes",
        "Delivery of wheelchair",
        "Rate control",
        "Std deviation",
        "Bupropion hydrochloride 150 MG",
        "Family planning of diet",
        "Follitropin (FSH) [Units/volume] in Serum",
    ],
)
def test_ordinary_things_are_not_labelled(text: str) -> None:
    assert word_labels([text]) == []


@pytest.mark.parametrize(
    ("system", "code", "labels"),
    [
        (SNOMED, "86406008", ["hiv"]),
        (f"{SNOMED}/731000124108", "86406008", ["hiv"]),
        ("urn:oid:2.16.840.1.113883.6.96", "86406008", ["hiv"]),
        (ICD, "B20", ["hiv"]),
        (ICD, "F17.210", []),
        (ICD, "F10.20", ["substance-use"]),
        (ICD, "f32.9", ["mental-health"]),
        (ICD, "F64.0", ["sexual-health"]),
        (ICD, "O99.320", ["substance-use"]),
        (ICD, "O80", ["reproductive"]),
        (ICD, "Z15.01", ["genetic"]),
        (ICD, "Z91.410", ["violence"]),
        (ICD, "F03.90", []),
        (ICD, "E11.9", []),
        (ICD, "I10", []),
        (LOINC, "44249-1", ["mental-health"]),
        (LOINC, "72166-2", []),
        (LOINC, "86406008", []),
        ("http://local", "86406008", []),
        (RXNORM, "86406008", []),
    ],
)
def test_codes_put_a_record_into_a_value_set_only_in_their_own_system(
    system: str, code: str, labels: list[str]
) -> None:
    assert code_labels([Coding(system, code)]) == labels


def test_the_tables_hold_well_formed_codes_once() -> None:
    for code in CODES["l"]:
        assert len(code.split("-")) == 2
        assert luhn(code.replace("-", "")), code
    for code in CODES["s"]:
        assert code.isdigit()
        assert verhoeff(code), code
    assert all(prefix[0].isalpha() and "." not in prefix for prefix in ICD_PREFIXES)


def luhn(digits: str) -> bool:
    """The check digit of a LOINC code (mod 10)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 * (number > 9)
    return total % 10 == 0


def verhoeff(digits: str) -> bool:
    """The check digit of a SNOMED CT identifier."""
    multiply = [[(j + i) % 5 if i < 5 and j < 5 else 0 for j in range(10)] for i in range(10)]
    for i in range(10):
        for j in range(10):
            if i < 5:
                multiply[i][j] = (i + j) % 5 + (5 if j >= 5 else 0)
            else:
                multiply[i][j] = (i - j) % 5 + (0 if j >= 5 else 5)
    permute = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for n in range(2, 8):
        permute.append([permute[n - 1][permute[1][k]] for k in range(10)])
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = multiply[check][permute[place % 8][int(digit)]]
    return check == 0


def test_values_parts_and_doses_count_and_notes_do_not() -> None:
    assert record(
        lab(code={"text": "Screening"}, valueQuantity=None, valueString="Positive for HIV")
    ).labels == ("hiv",)
    assert record(
        lab(component=[{"code": concept("44250-9", "Little interest", LOINC), "valueInteger": 2}])
    ).labels
    assert record(condition(note=[{"text": "Mother had depression"}])).labels == ()
    assert record(medication(dosageInstruction=[{"text": "after pregnancy"}])).labels == ()


def test_a_sensitive_reason_labels_itself_and_leaves_the_visit_plain() -> None:
    plain, telling = record(visit()), record(visit(reasonCode=[concept("35489007", "Depressive disorder")]))
    assert telling.labels == plain.labels == ()
    assert [(item.label, item.labels) for item in telling.elements if item.labels] == [
        ("for", ("mental-health",))
    ]
    assert telling.event == plain.event
    for category in Category:
        assert index_text(telling, category) == index_text(plain, category)
    assert index_texts(telling) == index_texts(plain)
    ordinary = record(visit(reasonCode=[concept("38341003", "Hypertension")]))
    assert "hypertension" in index_text(ordinary, Category.CONDITIONS)[0]


def test_a_sensitive_element_of_the_records_own_category_labels_the_record() -> None:
    plan = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "title": "Care plan",
        "activity": [
            {"detail": {"code": concept("24165007", "Alcoholism counseling"), "status": "scheduled"}}
        ],
    }
    assert record(plan).labels == ("substance-use",)


def test_names_of_people_are_not_searched() -> None:
    relative = {"resourceType": "RelatedPerson", "name": [{"family": "Yaz", "given": ["Violence"]}]}
    assert record(relative).labels == ()


def test_few_of_the_synthetic_patients_records_are_labelled_and_all_for_a_reason(material: Path) -> None:
    labelled = total = 0
    for resource in resources(material, "fhir-r4"):
        found = read(resource, id="r", resolve=nothing)
        if isinstance(found, Record):
            total += 1
            labelled += bool(found.labels)
            if found.kind in ("Observation", "Immunization", "AllergyIntolerance", "DiagnosticReport"):
                assert found.labels == (), found.title
    assert 0 < labelled < total / 10
