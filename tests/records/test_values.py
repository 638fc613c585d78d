import json
from typing import Any

import pytest

from assistant.records.coded import plain
from assistant.records.decode import decode
from assistant.records.model import ValueKind
from assistant.records.show import line, shown_value
from assistant.records.values import SIGNAL, value_of
from tests.records.samples import LOINC, UCUM, concept, lab, meaning, record


def read_value(**value: Any) -> Any:
    return value_of(decode(json.dumps(value).encode()))


@pytest.mark.parametrize("digits", ["5.40", "5.4", "0.10", "1e2", "-0.0", "100", "12345678901234567890.12"])
def test_a_number_keeps_the_digits_of_the_source(digits: str) -> None:
    body = json.dumps(lab("@")).replace('"@"', digits).encode()
    found = value_of(decode(body))
    assert found is not None
    assert found.quantity is not None
    assert found.quantity.value == digits


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        ({"valueQuantity": {"value": 5, "comparator": "<", "unit": "mg/dL"}}, ValueKind.QUANTITY, "<5 mg/dL"),
        ({"valueQuantity": {"value": "5.4", "unit": "mg/dL"}}, ValueKind.QUANTITY, "5.4 mg/dL"),
        ({"valueQuantity": {"value": 5, "code": "mg/dL", "system": UCUM}}, ValueKind.QUANTITY, "5 mg/dL"),
        ({"valueQuantity": {"value": 5, "code": "tabs"}}, ValueKind.QUANTITY, "5 tabs"),
        ({"valueCodeableConcept": {"text": "Detected"}}, ValueKind.CODED, "Detected"),
        ({"valueCodeableConcept": {"coding": [{"code": "260373001"}]}}, ValueKind.CODED, "code 260373001"),
        ({"valueString": "A+"}, ValueKind.TEXT, "A+"),
        ({"valueBoolean": False}, ValueKind.TEXT, "no"),
        ({"valueInteger": 3}, ValueKind.QUANTITY, "3"),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 2}}}, ValueKind.RANGE, "1 to 2"),
        (
            {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}},
            ValueKind.RATIO,
            "1 : 128",
        ),
        ({"valueDateTime": "2026-01-05T08:00:00Z"}, ValueKind.TEXT, "5 Jan 2026"),
        (
            {"valuePeriod": {"start": "2026-01-05", "end": "2026-01-06"}},
            ValueKind.TEXT,
            "5 Jan 2026 to 6 Jan 2026",
        ),
        ({"valueTime": "08:30:00"}, ValueKind.TEXT, "08:30:00"),
        ({"valueSampledData": {"data": "1 2 3"}}, ValueKind.TEXT, SIGNAL),
        ({"dataAbsentReason": {"text": "Refused"}}, ValueKind.ABSENT, "no value (Refused)"),
        (
            {
                "valueCodeableConcept": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                            "code": "unknown",
                        }
                    ]
                }
            },
            ValueKind.ABSENT,
            "no value (unknown)",
        ),
        (
            {"valueQuantity": {"unit": "mg/dL"}, "dataAbsentReason": {"text": "Error"}},
            ValueKind.ABSENT,
            "no value (Error)",
        ),
    ],
)
def test_every_shape_of_a_value_is_read(given: dict[str, Any], kind: ValueKind, shown: str) -> None:
    found = read_value(**given)
    assert (found.kind, shown_value(found)) == (kind, shown)


@pytest.mark.parametrize(
    "given",
    [
        {"valueQuantity": {"value": True}},
        {"valueQuantity": {"value": "five"}},
        {"valueQuantity": "5 mg"},
        {"valueString": 5},
        {"valueString": "  "},
        {"valueBoolean": "yes"},
        {"valueInteger": True},
        {"valueRatio": {"numerator": {"value": 1}}},
        {},
    ],
)
def test_what_is_no_value_gives_none(given: dict[str, Any]) -> None:
    assert read_value(**given) is None


def test_ranges_are_the_sources_own_with_whom_they_are_for() -> None:
    found = record(
        lab(
            referenceRange=[
                {"text": "< 5"},
                {"low": {"value": 3.50, "unit": "mmol/L"}, "appliesTo": [concept("248152002", "Female")]},
                {
                    "high": {"value": 9},
                    "age": {"low": {"value": 18, "unit": "years"}, "high": {"value": 65, "unit": "years"}},
                },
                {"type": {"text": "nothing else"}},
            ]
        )
    )
    assert len(found.ranges) == 3
    assert "range < 5, or from 3.5 mmol/L for Female, or up to 9 for age 18 to 65 years" in line(found)


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        (
            [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                            "code": "LL",
                        }
                    ]
                }
            ],
            ("LL",),
        ),
        ([{"coding": [{"code": "H"}], "text": "High"}], ("H",)),
        ([{"text": "Elevated"}], ("Elevated",)),
        ([{"coding": [{"system": "http://local", "code": "q7", "display": "Odd"}]}], ("Odd",)),
        ([{"coding": [{"code": "H"}]}, {"coding": [{"code": "A"}]}], ("H", "A")),
        ("H", ()),
    ],
)
def test_flags_are_the_sources_codes_or_words(given: Any, flags: tuple[str, ...]) -> None:
    assert record(lab(interpretation=given)).interpretation == flags


def test_a_part_without_a_name_keeps_its_value() -> None:
    found = record(lab(component=[{"valueInteger": 3}, {"code": {"text": "Left"}}, {}, None]))
    assert [(part.title, part.value is not None) for part in found.parts] == [
        ("unnamed part", True),
        ("Left", False),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Viral sinusitis (disorder)", "Viral sinusitis"),
        ("Pulmonary rehabilitation (regime/therapy)", "Pulmonary rehabilitation"),
        ("Bilirubin.total [Mass/\u200bvolume] in Serum", "Bilirubin.total [Mass/volume] in Serum"),
        ("Allergy to penicillin (severe)", "Allergy to penicillin (severe)"),
        ("Hep A, adult", "Hep A, adult"),
        ("  (finding)", "(finding)"),
        ("Simvastatin (10 MG)", "Simvastatin (10 MG)"),
    ],
)
def test_titles_lose_what_is_no_part_of_the_words(text: str, title: str) -> None:
    assert plain(text) == title


def test_a_title_prefers_the_text_then_what_the_user_chose_then_the_first_display() -> None:
    codings = [
        {"system": LOINC, "code": "1"},
        {"system": LOINC, "code": "2", "display": "Second"},
        {"system": LOINC, "code": "3", "display": "Chosen", "userSelected": True},
    ]
    assert record(lab(code={"coding": codings})).title == "Chosen"
    assert record(lab(code={"coding": codings[:2]})).title == "Second"
    assert record(lab(code={"coding": codings, "text": "Text"})).title == "Text"
    assert record(lab(code={"coding": codings[:1]})).title == "code 1"
    assert [item.code for item in record(lab(code={"coding": codings})).codes] == ["1", "2", "3"]


def test_a_vaccine_with_only_its_code_has_a_plain_name() -> None:
    given = {"resourceType": "Immunization", "status": "completed", "patient": {"reference": "Patient/p"}}
    cvx = {"system": "http://hl7.org/fhir/sid/cvx", "code": "208"}
    assert record({**given, "vaccineCode": {"coding": [cvx]}}).title == "COVID-19 vaccine (mRNA, Pfizer)"
    assert (
        record({**given, "vaccineCode": {"coding": [{**cvx, "display": "Comirnaty"}]}}).title == "Comirnaty"
    )
    assert record({**given, "vaccineCode": {"coding": [{**cvx, "code": "9999"}]}}).title == "code 9999"


def test_an_observation_without_any_name_is_set_aside() -> None:
    codes: tuple[Any, ...] = (None, {}, {"coding": []}, {"coding": [None]}, 5, [], {"text": " "})
    for code in codes:
        assert not hasattr(meaning(lab(code=code)), "title")
