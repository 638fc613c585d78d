import pytest

from assistant.records.refs import reference_key


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("Patient/p", "Patient/p"),
        ("Patient/p/_history/2", "Patient/p"),
        ("https://ehr.example.org/fhir/Patient/p", "Patient/p"),
        ("https://ehr.example.org/fhir/Patient/p/_history/2", "Patient/p"),
        ("urn:uuid:5d2c", "urn:uuid:5d2c"),
        ("#med", "#med"),
        ("#", None),
        ("Patient?identifier=http://x|1", None),
        ("Patient/", None),
        ("Patient", None),
        ("patient/p", None),
        ("/p", None),
        ("", None),
        ("https://example.org/", None),
    ],
)
def test_a_reference_has_one_spelling(reference: str, key: str | None) -> None:
    assert reference_key(reference) == key
