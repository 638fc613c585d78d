import json
from typing import Any

import pytest

from assistant.records.decode import decode
from assistant.records.model import Category, Coding, Record, SetAside, Supporting
from assistant.records.read import names_used, read
from tests.records.samples import (
    RXNORM,
    aside,
    concept,
    condition,
    lab,
    meaning,
    medication,
    nothing,
    record,
    visit,
)


@pytest.mark.parametrize(
    ("resource", "part"),
    [
        ({}, "what kind"),
        ({"resourceType": None}, "what kind"),
        ({"resourceType": 5}, "what kind"),
        ({"resourceType": ""}, "what kind"),
        ({"resourceType": "Spaceship"}, "doesn't read"),
        (lab(modifierExtension=[{"url": "http://x", "valueBoolean": True}]), "qualifier"),
        (lab(component=[{"code": {"text": "x"}, "modifierExtension": [{"url": "http://x"}]}]), "qualifier"),
        (
            medication(contained=[{"resourceType": "Medication", "id": "m", "modifierExtension": [{}]}]),
            "qualifier",
        ),
        (lab(implicitRules="http://example.org/rules"), "special rules"),
        (lab(subject={"reference": "Group/g"}), "other than a patient"),
        (lab(subject={"reference": "Location/l"}), "other than a patient"),
        (lab(subject={"reference": "urn:uuid:5", "type": "Device"}), "other than a patient"),
        (lab(focus=[{"reference": "Patient/fetus"}]), "someone or something else"[:7]),
        ({**condition(), "code": {"coding": [{"system": "x"}]}}, "about"),
        (medication(medicationCodeableConcept=None), "about"),
    ],
)
def test_what_cannot_be_used_safely_is_set_aside_with_a_plain_reason(
    resource: dict[str, Any], part: str
) -> None:
    why = aside(resource)
    assert part in why
    assert why.endswith(".")


def test_an_observation_whose_focus_is_the_patient_is_the_patients() -> None:
    assert record(lab(focus=[{"reference": "Patient/p"}])).title == "LDL cholesterol"
    assert record(lab(modifierExtension=[])).title == "LDL cholesterol"


def test_very_deep_nesting_is_set_aside() -> None:
    deep: Any = {"x": 1}
    for _ in range(100_000):
        deep = {"x": deep}
    found = read(lab(extension=[deep]), id="r", resolve=nothing)
    assert isinstance(found, SetAside)
    while isinstance(deep, dict) and "x" in deep:
        deep = deep.pop("x")


class Names:
    """Supporting resources of a source, and which of them were asked for."""

    def __init__(self, **known: Supporting) -> None:
        self.known = {key.replace("_", "/", 1): value for key, value in known.items()}
        self.asked: list[str] = []

    def __call__(self, key: str) -> Supporting | None:
        self.asked.append(key)
        return self.known.get(key)


def test_a_medicine_in_another_resource_brings_its_name_and_codes() -> None:
    code = Coding(RXNORM, "206765", "lisinopril 10 MG Oral Tablet")
    names = Names(Medication_m=Supporting("Medication", "Lisinopril 10 mg", (code,)))
    told = medication(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
    found = read(told, id="r", resolve=names)
    assert isinstance(found, Record)
    assert (found.title, found.codes) == ("Lisinopril 10 mg", (code,))
    assert names_used(told) == ("Medication/m",)
    unknown = record(told)
    assert "not in these records" in unknown.title


def test_a_contained_medicine_is_read_in_place() -> None:
    told = medication(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#m"},
        contained=[
            {"resourceType": "Medication", "id": "m", "code": concept("582620", "Nizatidine", RXNORM)}
        ],
    )
    found = record(told)
    assert found.title == "Nizatidine"
    assert [item.code for item in found.codes] == ["582620"]
    assert names_used(told) == ()


def test_names_used_is_what_read_asks_for() -> None:
    told = visit(
        participant=[
            {"individual": {"reference": "Practitioner/a"}},
            {"individual": {"reference": "Practitioner/b", "display": "Dr B"}},
        ],
        serviceProvider={"reference": "urn:uuid:org"},
    )
    names = Names(Practitioner_a=Supporting("Practitioner", "Dr A"))
    found = read(told, id="r", resolve=names)
    assert isinstance(found, Record)
    assert tuple(names.asked) == names_used(told) == ("Practitioner/a", "urn:uuid:org")
    assert [item.text for item in found.elements if item.label == "with"] == ["Dr A", "Dr B"]
    assert all(item.target is None for item in found.elements if item.label == "with")


def test_contained_resources_are_read_for_names_only() -> None:
    told = medication(
        contained=[
            {"resourceType": "Condition", "id": "c", "code": {"text": "SECRET"}},
            {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Bone"}]},
        ],
        requester={"reference": "#d"},
        supportingInformation=[{"reference": "#c"}],
    )
    found = record(told)
    assert [(item.category.value, item.text) for item in found.elements if item.text] == [
        ("medications", "Bone"),
        ("conditions", "SECRET"),
    ]


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ({"resourceType": "Organization", "name": "Mercy"}, "Mercy"),
        (
            {
                "resourceType": "Practitioner",
                "name": [{"prefix": ["Dr."], "given": ["Ann"], "family": "Lee"}],
            },
            "Dr. Ann Lee",
        ),
        ({"resourceType": "Medication", "code": {"text": "Aspirin (product)"}}, "Aspirin"),
        ({"resourceType": "Location", "name": "Ward 3"}, "Ward 3"),
        ({"resourceType": "PractitionerRole", "code": [{"text": "Surgeon"}]}, "Surgeon"),
        ({"resourceType": "Questionnaire", "title": "PHQ-9", "name": "Phq9"}, "PHQ-9"),
        ({"resourceType": "Provenance"}, None),
        ({"resourceType": "Organization", "name": 5}, None),
    ],
)
def test_supporting_resources_give_their_name(resource: dict[str, Any], name: str | None) -> None:
    found = meaning(resource)
    assert isinstance(found, Supporting)
    assert (found.type, found.name) == (resource["resourceType"], name)


def test_what_stands_where_a_date_should_is_kept_as_it_is() -> None:
    found = record(lab(effectiveDateTime="last Tuesday"))
    assert found.when.start is None
    assert [(item.text, item.category) for item in found.elements] == [("last Tuesday", Category.LABS)]


@pytest.mark.parametrize(
    ("resource", "start", "recorded"),
    [
        (lab(issued="2026-02-04T00:00:00Z"), "2026-02-03T08:00:00-05:00", "2026-02-04T00:00:00Z"),
        (lab(effectiveDateTime=None, issued="2026-02-04T00:00:00Z"), None, "2026-02-04T00:00:00Z"),
        (lab(effectiveDateTime=None, effectivePeriod={"start": "2026", "end": "2027"}), "2026", None),
        (lab(effectiveDateTime=None, meta={"lastUpdated": "2026-03"}), None, "2026-03"),
        (condition(recordedDate="2020"), "2019-05-03", "2020"),
        (medication(), "2020-01-02", None),
        (visit(), "2020-01-02T09:00:00Z", None),
    ],
)
def test_when_it_happened_is_not_when_it_was_written_down(
    resource: dict[str, Any], start: str | None, recorded: str | None
) -> None:
    found = record(resource)
    assert (found.when.start, found.recorded) == (start, recorded)


def test_a_narrative_is_read_only_where_it_says_more_and_only_as_a_note() -> None:
    story = {"div": "<div><p>Walked in.</p></div>"}
    for status, texts in (("generated", []), ("additional", ["Walked in."]), (None, [])):
        found = record(visit(text={**story, "status": status}))
        assert [item.text for item in found.elements if item.category is Category.NOTES] == texts


def test_answers_are_read_with_their_questions_at_any_depth() -> None:
    answers = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "item": [
            {
                "linkId": "1",
                "text": "Housing",
                "item": [{"linkId": "1.1", "text": "Do you own?", "answer": [{"valueBoolean": False}]}],
            },
            {
                "linkId": "2",
                "text": "Drinks",
                "answer": [{"valueInteger": 2}, {"valueCoding": {"display": "Often"}}],
            },
            {"linkId": "3", "text": "Silent"},
        ],
    }
    found = record(answers)
    assert [item.text for item in found.elements] == ["Do you own? no", "Drinks: 2, Often"]
    assert {item.category for item in found.elements} == {Category.ABOUT}


def test_the_patient_is_a_record_about_me() -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "name": [
            {"use": "maiden", "family": "Old"},
            {"use": "official", "family": "Brandt", "given": ["Nadia"]},
        ],
        "birthDate": "1968-04-01",
        "gender": "female",
        "identifier": [{"system": "http://mrn", "value": "7"}],
        "generalPractitioner": [{"display": "Dr A"}],
    }
    found = record(patient)
    assert (found.title, found.category) == ("Nadia Brandt", Category.ABOUT)
    assert {(item.label, item.text, item.category.value) for item in found.elements} >= {
        ("born", "1 Apr 1968", "about"),
        ("identifier", "7", "about"),
        ("doctor", "Dr A", "visits"),
    }


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b"null", b'{"a":', b"\xff", b'{"a":' * 3000 + b"1" + b"}" * 3000]
)
def test_bytes_that_are_no_object_are_a_decode_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        decode(body)


def test_reading_takes_what_the_plain_json_module_gives_too() -> None:
    body = json.dumps(lab(5.4))
    found = read(json.loads(body), id="r", resolve=nothing)
    assert isinstance(found, Record)
    assert found.value is not None
    assert found.value.quantity is not None
    assert found.value.quantity.value == "5.4"
