import msgspec
import pytest

from assistant.records.person import (
    Match,
    Person,
    compare,
    contained_person,
    needs_person,
    person_reference,
    read_person,
)
from tests.records.samples import lab

MRN = "http://mercy.example.org/mrn"
NADIA = Person(("p1",), "Brandt", ("Nadia", "Maria"), "Nadia Brandt", "1968-04-01", "female", ((MRN, "77"),))


def other(**changes: object) -> Person:
    """A Patient of another source who is Nadia but for the changes."""
    return msgspec.structs.replace(NADIA, **{"keys": ("q9",), "identifiers": (), **changes})


@pytest.mark.parametrize(
    ("person", "match"),
    [
        (NADIA, Match.SAME),
        (other(), Match.SAME),
        (other(given=("NADIA",), family="BRANDT"), Match.SAME),
        (other(given=("Nadía",)), Match.SAME),
        (other(gender=None), Match.SAME),
        (other(identifiers=(("http://quest.example.org/id", "5"),)), Match.SAME),
        # A sibling, and a twin.
        (other(given=("Mara",), born="1970-02-02"), Match.OTHER),
        (other(given=("Mara",)), Match.OTHER),
        # Someone else of the same name, and a father and son.
        (other(born="1968-04-02"), Match.OTHER),
        (other(born="1998"), Match.OTHER),
        # A twin of the same name at the same hospital.
        (other(identifiers=((MRN, "78"),)), Match.DOUBT),
        (other(gender="male"), Match.DOUBT),
        # Not enough to tell.
        (other(born=None), Match.DOUBT),
        (other(born="1968"), Match.DOUBT),
        (other(given=(), family=None, born=None), Match.DOUBT),
        # A shared identifier, with and without something against it.
        (other(identifiers=((MRN, "77"),), family="Okafor"), Match.SAME),
        (other(identifiers=((MRN, "77"),), born=None, given=(), family=None), Match.SAME),
        (other(identifiers=((MRN, "77"),), given=("Mara",)), Match.DOUBT),
        (other(identifiers=((MRN, "77"),), born="1999-01-01"), Match.DOUBT),
        (other(identifiers=((MRN, "77"), (MRN, "78"))), Match.SAME),
        # The same key.
        (Person(("p1",)), Match.SAME),
        (Person(("p1",), "Brandt", ("Mara",), born="1968-04-01"), Match.DOUBT),
        (Person(("p1",), "Feeney", ("Joe",), born="1950-01-01"), Match.OTHER),
    ],
)
def test_a_person_is_taken_for_the_owner_only_on_firm_ground(person: Person, match: Match) -> None:
    assert compare(NADIA, person) is match
    assert compare(person, NADIA) is match


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        ({"resourceType": "Patient", "id": "p"}, "p"),
        ({"resourceType": "Patient"}, None),
        ({"subject": {"reference": "Patient/p"}}, "p"),
        ({"subject": {"reference": "Patient/p/_history/3"}}, "p"),
        ({"subject": {"reference": "https://ehr.example.org/fhir/Patient/p"}}, "p"),
        ({"subject": {"reference": "urn:uuid:5d2c"}}, "5d2c"),
        ({"patient": {"reference": "Patient/p"}}, "p"),
        ({"beneficiary": {"reference": "Patient/p"}}, "p"),
        ({"for": {"reference": "Patient/p"}}, "p"),
        ({"subject": [{"reference": "Patient/p"}]}, "p"),
        ({"subject": {"reference": "Group/g"}}, None),
        ({"subject": {"reference": "Location/l"}}, None),
        ({"subject": {"reference": "urn:uuid:5d2c", "type": "Device"}}, None),
        ({"subject": {"reference": "Patient?identifier=x|1"}}, None),
        ({"subject": {"display": "Nadia"}}, None),
        ({"subject": {"reference": "#p"}}, None),
        ({"subject": "Patient/p"}, None),
        ({}, None),
    ],
)
def test_a_resource_names_the_patient_that_it_is_about(resource: dict[str, object], key: str | None) -> None:
    assert person_reference(resource) == key


def test_an_appointment_is_about_the_patient_who_takes_part() -> None:
    patient, doctor = {"actor": {"reference": "Patient/p"}}, {"actor": {"reference": "Practitioner/d"}}
    appointment = {"resourceType": "Appointment", "participant": [doctor, patient]}
    assert person_reference(appointment) == "p"
    assert person_reference({**appointment, "participant": [doctor]}) is None
    two = [patient, {"actor": {"reference": "Patient/q"}}]
    assert person_reference({**appointment, "participant": two}) is None


def test_a_contained_patient_is_compared_by_what_it_says_not_by_its_local_id() -> None:
    inner = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "Feeney", "given": ["Joe"]}],
        "birthDate": "1950-01-01",
    }
    told = lab(subject={"reference": "#p1"}, contained=[inner])
    assert person_reference(told) == "#p1"
    found = contained_person(told)
    assert found is not None
    assert found.keys == ()
    assert compare(NADIA, found) is Match.OTHER
    assert contained_person(lab()) is None


def test_what_a_patient_says_about_who_it_is_is_read() -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [
            {"use": "old", "family": "Weiss", "given": ["Nadia"]},
            {"use": "official", "family": "Brandt", "given": ["Nadia", "Maria"], "prefix": ["Dr."]},
        ],
        "birthDate": "1968-04-01",
        "gender": "female",
        "identifier": [
            {"system": MRN, "value": "77"},
            {"system": MRN, "value": "1", "use": "old"},
            {"value": "no system"},
            None,
        ],
    }
    found = read_person(patient, "urn:uuid:aaa-bbb")
    assert found == Person(
        ("p1", "aaa-bbb"),
        "Brandt",
        ("Nadia", "Maria"),
        "Dr. Nadia Maria Brandt",
        "1968-04-01",
        "female",
        ((MRN, "77"),),
    )
    assert read_person(patient, "https://ehr.example.org/fhir/Patient/p1").keys == ("p1",)
    assert read_person({}, None) == Person()


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        *(
            (kind, False)
            for kind in ("Organization", "Practitioner", "PractitionerRole", "Location", "Medication")
        ),
        *((kind, False) for kind in ("Endpoint", "Provenance", "Questionnaire", "Library")),
        *(
            (kind, True)
            for kind in ("Patient", "Observation", "Condition", "Coverage", "Device", "Spaceship")
        ),
    ],
)
def test_only_what_names_or_sources_others_needs_no_person(kind: str, needs: bool) -> None:
    assert needs_person(kind) is needs
