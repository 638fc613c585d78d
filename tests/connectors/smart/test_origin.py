"""Which addresses belong to a granted server."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.net_errors import BadAddress, ForeignAddress
from connectors.origin import Origin, parse
from tests.connectors.smart.address_tricks import BASE, FOREIGN, SAME
from tests.connectors.smart.flows import network

GRANTED = Origin.of(BASE)


def test_the_corpus_is_as_large_as_asked() -> None:
    assert len(set(FOREIGN)) + len(SAME) >= 300
    assert len(set(FOREIGN)) == len(FOREIGN)


@pytest.mark.parametrize("trick", FOREIGN, ids=ascii)
def test_a_foreign_address_is_not_the_server(trick: str) -> None:
    assert GRANTED.resolve(trick) is None
    assert not GRANTED.covers(trick)


@pytest.mark.parametrize(("form", "fetched"), SAME, ids=ascii)
def test_every_form_of_an_own_address_is_fetched_in_one(form: str, fetched: str) -> None:
    address = GRANTED.resolve(form)
    assert address is not None
    assert address.text == fetched
    assert parse(fetched) == address


@pytest.mark.parametrize("fetched", [fetched for _, fetched in SAME], ids=ascii)
def test_the_library_that_fetches_reads_the_same_address(fetched: str) -> None:
    read = httpx.URL(fetched)
    assert (read.scheme, read.host, read.port) == ("https", "ehr.example", None)
    assert fetched == f"https://ehr.example{read.raw_path.decode()}"


async def test_nothing_is_looked_up_or_connected_to_for_a_foreign_address() -> None:
    called: list[str] = []

    async def token(refused: str | None = None) -> str:
        called.append("token")
        return "secret"

    async with network().pinned(GRANTED, bearer=token) as client:
        for trick in FOREIGN:
            with pytest.raises(ForeignAddress):
                await client.get(trick)
            with pytest.raises(ForeignAddress):
                await client.post_form(trick, {"a": "b"})
    assert called == []


@pytest.mark.parametrize(
    "address", ["http://ehr.example/fhir", "http://127.0.0.1:8000/fhir", "ftp://x/", "ehr"]
)
def test_a_base_has_to_be_protected(address: str) -> None:
    with pytest.raises(BadAddress):
        Origin.of(address)


def test_plain_http_is_for_this_computer_where_the_patient_typed_it() -> None:
    assert Origin.of("http://localhost:8000/fhir/", typed=True).base == "http://localhost:8000/fhir"
    assert Origin.of("http://[::1]:8000/fhir/", typed=True).base == "http://[::1]:8000/fhir"
    with pytest.raises(BadAddress):
        Origin.of("http://192.168.1.4/fhir", typed=True)


def test_an_international_name_is_one_name_in_both_spellings() -> None:
    origin = Origin.of("https://klinik-süd.example/fhir")
    assert origin.covers(f"https://{'klinik-süd'.encode('idna').decode()}.example/fhir/Patient")
    assert origin.covers("https://KLINIK-SÜD.example/fhir/Patient")
    assert not origin.covers("https://klinik-sud.example/fhir/Patient")


def test_a_number_is_one_number_in_all_spellings() -> None:
    origin = Origin.of("https://[2001:db8::1]:8443/fhir")
    assert origin.covers("https://[2001:0DB8:0:0:0:0:0:1]:8443/fhir/Patient")
    assert not origin.covers("https://[2001:db8::1]/fhir/Patient")


def test_case_of_the_path_matters_unless_the_server_is_known_to_change_it() -> None:
    link = "https://ehr.example/FHIR/R4/Patient?page=2"
    assert not GRANTED.covers(link)
    assert Origin.of(BASE, any_case=True).covers(link)
    assert not Origin.of(BASE, any_case=True).covers("https://ehr.example/FHIR/R44/Patient")


@given(st.text(max_size=60))
def test_no_text_after_the_host_changes_the_host(text: str) -> None:
    for joint in ("", "/", "?", "#", ":", "@", "."):
        address = GRANTED.resolve(f"https://ehr.example{joint}{text}")
        if address is not None:
            assert httpx.URL(address.text).host == "ehr.example"
            assert address.path == "/fhir/r4" or address.path.startswith("/fhir/r4/")


@given(st.text(max_size=60))
def test_what_is_parsed_stays_what_it_is(text: str) -> None:
    address = GRANTED.resolve(text)
    if address is not None:
        assert parse(address.text) == address
        assert str(httpx.URL(address.text)) == address.text
