"""What is not a provider does not show, and what looks like junk but is somebody's doctor does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.directory.address import Address, read_address, safe_https
from connectors.directory.fold import fold, words
from connectors.directory.junk import clean_name, unfit_name
from connectors.directory.model import Junk
from connectors.directory.states import zip_code


@pytest.mark.parametrize(
    ("reason", "names"),
    [
        (Junk.NO_NAME, ("", "  ", "3241234", "*-*", "7 8")),
        (
            Junk.TEST_NAME,
            (
                "TEST",
                "Lakeside - TEST",
                "Lakeside (Test)",
                "Epic Sandbox",
                "A07Test",
                "testing 123",
                "zzTest",
                "Demo Dermatology",
                "Hill DEV 18.4",
                "QA4",
                "Train_Hill Clinic",
                "Hill Clinic - Mock",
                "Fake org",
            ),
        ),
        (
            Junk.RETIRED,
            ("DO NOT USE", "Hill Clinic DNU", "ZZZ Hill Clinic", "Hill Inactive", "Hill Health OLD"),
        ),
        (
            Junk.PLACEHOLDER,
            ("Default", "unknown", "My New Practice", "asdfasdf", "teeeestt", "Sample Client 001"),
        ),
        (Junk.INSIDE_NAME, ("FHIR_173COREES60", "TW", "CA-095-C", "https://h.org", "Hill FHIR Server")),
    ],
)
def test_a_name_that_is_none_is_told_from_the_rest(reason: Junk, names: tuple[str, ...]) -> None:
    assert {name: unfit_name(clean_name(name)) for name in names} == dict.fromkeys(names, reason)


@pytest.mark.parametrize(
    "name",
    [
        "NJ - David Alan Testa DO, PA",
        "Austin Psychological Testing Center",
        "MI - Dream Sleep Testing",
        "Habersham Primary Care Demorest GA",
        "PA - Fademos Family Practice",
        "CA - Dev Mishra M.D.",
        "Robert D. Mock, MD",
        "CT - Old Greenwich Medical Group",
        "Center of Vision Development, Pllc",
        "The Training Station PT",
        "HOUSTON GASTROINTESTINAL",
        "Timothy C. DeMott, M.A.",
        "Internal Medicine of East Haven",
        "Legacy Health",
        "Alpha Medical Center",
        "UCSF",
        "O&O",
        "Clínica Tanamá - Arecibo",
        "東京クリニック",
        "Sample Family Medicine",
    ],
)
def test_a_real_name_is_kept(name: str) -> None:
    assert unfit_name(clean_name(name)) is None


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ("*Hill  Clinic* ", "Hill Clinic"),
        ("Cypress%20Urology%2C%20PA", "Cypress Urology, PA"),
        ("Hill &amp; Dale", "Hill & Dale"),
        ("Hill Hospital - HH_PROD", "Hill Hospital"),
        ("Hill Hospital (PROD)", "Hill Hospital"),
        ("Hill Hosp Expanse (Hosted by OpSus)", "Hill Hosp"),
        ("Hill Hosp MaaS Pod 011 07", "Hill Hosp"),
        ("Hill Health System - GL01", "Hill Health System"),
        ("CC004_HILL OBGYN", "HILL OBGYN"),
        ("Hill Urology 1206 - 5139", "Hill Urology"),
        ("Clinic 24", "Clinic 24"),
        ("Prodigy Health", "Prodigy Health"),
    ],
)
def test_notes_of_those_who_host_are_taken_off_a_name(listed: str, shown: str) -> None:
    assert clean_name(listed) == shown


@pytest.mark.parametrize(
    ("reason", "addresses"),
    [
        (Junk.NO_ADDRESS, ("", " ")),
        (
            Junk.BROKEN_ADDRESS,
            (
                "fhir.hill.org/r4",
                "ftp://hill.org/fhir",
                "https://",
                "https://hill.org\t/fhir",
                "https://a@hill.org/",
                "https://hill.org\\@evil.org/",
                "https://hill.org:x/",
                "https://h_i ll.org",
                "https://[::1",
                "//hill.org",
                "https://hill.org/https://hill.org/fhir",
                "https://api.hill.org/{practice}/r4",
                "javascript:alert(1)",
                "https://hi..ll.org/",
                "https://-hill.org/",
                "https://hill.org/\x1b[2J",
                "https://" + "a" * 600,
            ),
        ),
        (Junk.NOT_HTTPS, ("http://fhir.hill.org/r4", "HTTP://fhir.hill.org/r4")),
        (
            Junk.NOT_PUBLIC,
            (
                "https://localhost/fhir",
                "https://server/fhir",
                "https://10.1.2.3/fhir",
                "https://[::1]/fhir",
                "https://fhir.hill.local/r4",
                "https://40.71.37.243/FHIR",
                "https://ehr.example.com/r4",
                "https://a.b.1/x",
            ),
        ),
        (
            Junk.TEST_ADDRESS,
            (
                "https://fhirtest.hill.org/r4",
                "https://fhir-test.hill.org/r4",
                "https://sandbox.hill.org/r4",
                "https://qa.hill.org/r4",
                "https://hill.org/fhir/10128-TEST",
                "https://hill.org/demoAPIServer/fhir/r4",
            ),
        ),
        (
            Junk.NOT_FHIR,
            (
                "https://hill.org/fhir?cust=7",
                "https://hill.org/r4#x",
                "https://hill.org/api/Patient",
                "https://hill.org/a.html",
            ),
        ),
    ],
)
def test_an_address_that_is_none_is_told_with_its_reason(reason: Junk, addresses: tuple[str, ...]) -> None:
    assert {address: read_address(address) for address in addresses} == dict.fromkeys(addresses, reason)


@pytest.mark.parametrize(
    ("address", "version"),
    [
        ("https://fhir.hill.org/api/FHIR/R4/", "R4"),
        ("https://fhir4.healow.com/fhir/r4/AACJCD", "R4"),
        ("https://live01.hill.org:443/v1/uscore/R4", "R4"),
        ("https://fhir.hill.org/api/FHIR/DSTU2", "DSTU2"),
        ("https://live01.hill.org/v2/argonaut/v1", "DSTU2"),
        ("https://hill.org/R2/open", "DSTU2"),
        ("https://fhir.healow.com/FHIRServer/fhir/BJFJAD", "STU3"),
        ("https://latest.hill.org/fhir", ""),
        ("https://centerofvisiondevelopment.hill.org/api/x1/fhir", ""),
        ("https://fhir.hill.org/fhir/weststate", ""),
    ],
)
def test_an_address_tells_its_version_where_it_does(address: str, version: str) -> None:
    read = read_address(address)
    assert isinstance(read, Address)
    assert read.version == version


def test_one_address_has_one_key_however_it_is_written() -> None:
    ways = (
        "https://FHIR.Hill.org/api/FHIR/R4/",
        "HTTPS://fhir.hill.org:443/api/fhir/r4",
        " https://fhir.hill.org//api/FHIR/R4/metadata",
    )
    assert {read.key for way in ways if isinstance(read := read_address(way), Address)} == {
        "fhir.hill.org/api/fhir/r4"
    }


@given(st.text(max_size=80))
def test_no_text_is_too_odd_to_be_judged(text: str) -> None:
    read = read_address(f"https://{text}")
    if isinstance(read, Address):
        assert read.url.startswith("https://")
        assert not any(char.isspace() or ord(char) < 32 for char in read.url)
    unfit_name(clean_name(text))
    assert safe_https(text) in ("", text.strip())
    assert fold(fold(text)) == fold(text)
    assert all(word.isalnum() for word in words(text))


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ("53703-1234", "53703"),
        ("537031234", "53703"),
        ("1841", "01841"),
        ("79761?", "79761"),
        ("0", ""),
        ("904404", ""),
        ("KY1-1010", "KY1-1010"),
        ("CA", ""),
        ("", ""),
    ],
)
def test_a_zip_code_is_five_digits_or_one_from_abroad(listed: str, shown: str) -> None:
    assert zip_code(listed) == shown
