"""Who is who in the sample: the patient as each source knows her, and those who treat her."""

from typing import NamedTuple

from connectors.sample.fhir import TERMS, Json, Resource, coding, compact, concept, reference, term

NAME = "Nadia Brandt"
BORN = "1968-05-17"
PATIENT = "Patient/nadia-brandt"
QUEST_PATIENT = "Patient/q-7730184"


class Clinician(NamedTuple):
    """A person who treats, as a table row."""

    id: str
    prefix: str
    given: str
    family: str
    specialty: str


CLINICIANS = (
    Clinician("okafor", "Dr.", "Ifeoma", "Okafor", "Family medicine"),
    Clinician("whitfield", "Dr.", "Marcus", "Whitfield", "Emergency medicine"),
    Clinician("sandoval", "Dr.", "Lucía", "Sandoval", "Allergy and immunology"),
    Clinician("tran", "Dr.", "Minh", "Tran", "Orthopedics"),
    Clinician("abrams", "Dr.", "Judith", "Abrams", "Psychiatry"),
    Clinician("petrov", "", "Elena", "Petrov, NP", "Family medicine"),
    Clinician("haile", "Dr.", "Samuel", "Haile", "Gastroenterology"),
)

ORGANIZATIONS = (
    ("mercy", "Mercy General Hospital"),
    ("mercy-lab", "Mercy General Laboratory"),
    ("quest-lab", "Quest lab"),
    ("sao-lucas", "Hospital São Lucas, Lisboa"),
    ("northfield", "Northfield Health Plan"),
    ("district", "Northfield School District"),
)

LOCATIONS = (
    ("family", "Mercy Family Medicine, Elm Street"),
    ("emergency", "Mercy General Emergency Department"),
    ("imaging", "Mercy General Imaging"),
    ("specialists", "Mercy General Specialty Clinics"),
)


def clinician(key: str) -> Json:
    """A reference to a clinician, with the name as display."""
    row = next(row for row in CLINICIANS if row.id == key)
    return reference(f"Practitioner/{key}", " ".join(filter(None, (row.prefix, row.given, row.family))))


def organization(key: str) -> Json:
    """A reference to an organization, with its name as display."""
    return reference(f"Organization/{key}", dict(ORGANIZATIONS)[key])


def location(key: str) -> Json:
    """A reference to a place, with its name as display."""
    return reference(f"Location/{key}", dict(LOCATIONS)[key])


def mercy_people() -> list[Resource]:
    """The patient as Mercy knows her, and everyone and every place Mercy's records name."""
    return [
        _mercy_patient(),
        *(_organization(key, name) for key, name in ORGANIZATIONS),
        *(
            {"resourceType": "Location", "id": key, "status": "active", "name": name}
            for key, name in LOCATIONS
        ),
        *(_practitioner(row) for row in CLINICIANS),
    ]


def quest_people() -> list[Resource]:
    """The patient as the lab knows her, under its own number, and the lab itself."""
    patient = {
        "resourceType": "Patient",
        "id": QUEST_PATIENT.removeprefix("Patient/"),
        "identifier": [_identifier("PI", "https://quest-lab.example/patient-id", "7730184")],
        "name": [{"use": "official", "family": "Brandt", "given": ["Nadia"]}],
        "gender": "female",
        "birthDate": BORN,
    }
    return [patient, _organization("quest-lab", dict(ORGANIZATIONS)["quest-lab"])]


def _mercy_patient() -> Resource:
    return {
        "resourceType": "Patient",
        "id": PATIENT.removeprefix("Patient/"),
        "identifier": [_identifier("MR", "https://mercy-general.example/mrn", "MG-204817")],
        "active": True,
        "name": [{"use": "official", "text": NAME, "family": "Brandt", "given": ["Nadia"]}],
        "telecom": [
            {"system": "phone", "value": "555-0142", "use": "mobile"},
            {"system": "email", "value": "nadia.brandt@example.com"},
        ],
        "gender": "female",
        "birthDate": BORN,
        "address": [{"use": "home", "line": ["18 Larch Lane"], "city": "Northfield", "country": "US"}],
        "maritalStatus": term("v3-MaritalStatus", "M", "Married"),
        "contact": [
            {
                "relationship": [term("v2-0131", "C", "Emergency contact")],
                "name": {"family": "Brandt", "given": ["Tomas"]},
                "telecom": [{"system": "phone", "value": "555-0143"}],
            }
        ],
        "communication": [
            {"language": concept("English", coding("urn:ietf:bcp:47", "en", "English")), "preferred": True}
        ],
        "generalPractitioner": [clinician("okafor")],
        "managingOrganization": organization("mercy"),
    }


def _identifier(kind: str, system: str, value: str) -> Json:
    return {"type": concept(None, coding(TERMS + "v2-0203", kind)), "system": system, "value": value}


def _organization(key: str, name: str) -> Resource:
    return {"resourceType": "Organization", "id": key, "active": True, "name": name}


def _practitioner(row: Clinician) -> Resource:
    return {
        "resourceType": "Practitioner",
        "id": row.id,
        "active": True,
        "name": [compact(family=row.family, given=[row.given], prefix=[row.prefix] if row.prefix else None)],
        "qualification": [{"code": {"text": row.specialty}}],
    }
