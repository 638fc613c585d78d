"""Lists in each shape are read; what is broken costs itself, and what is hostile costs nothing else."""

import json
from pathlib import Path

import pytest

from connectors.directory.model import Junk, Listed, Place
from connectors.directory.sift import Sifted
from connectors.errors import SourceUnreadable
from tests.connectors.directory.made import BRANDS, bundle, endpoint, found, organization, table


def shown(rows: list[Sifted | Junk]) -> dict[str, Listed]:
    return {row.provider.name: row.provider for row in rows if isinstance(row, Sifted)}


def test_a_brand_has_its_current_address_its_portal_and_its_places(tmp_path: Path) -> None:
    lake = shown(found(tmp_path, BRANDS))["Lakeside Health"]
    assert lake.url == "https://fhir.lakeside.org/api/FHIR/R4/"
    assert (lake.fhir_version, lake.portal, lake.site) == ("R4", "MyLakeside", "https://lakeside.org")
    assert lake.aliases == ("Lake County General",)
    assert lake.places == (Place("Madison", "WI"), Place("Rockford", "IL"))
    assert (lake.facility, lake.facilities) == (False, 2)


@pytest.mark.parametrize("name", ["Lakeside Hospital", "Lakeside Heart Center"])
def test_a_facility_leads_to_its_brands_address(tmp_path: Path, name: str) -> None:
    rows = shown(found(tmp_path, BRANDS))
    facility = rows[name]
    assert facility.url == rows["Lakeside Health"].url
    assert facility.facility
    assert (facility.brand, facility.portal) == ("Lakeside Health", "MyLakeside")


def test_part_of_leads_two_steps_up_and_never_round_in_circles(tmp_path: Path) -> None:
    chain = [organization(f"o{n}", f"Step {n} Clinic", part_of=f"o{n - 1}") for n in range(1, 5)]
    top = organization("o0", "Step Top Clinic", doors=("e",))
    circle = [organization("x", "Round Clinic", part_of="y"), organization("y", "Around Clinic", part_of="x")]
    door = endpoint("e", "https://fhir.steps.org/r4")
    rows = found(tmp_path, bundle([*chain, *circle, top, door]))
    assert set(shown(rows)) == {"Step Top Clinic", "Step 1 Clinic", "Step 2 Clinic"}
    assert rows.count(Junk.NO_ADDRESS) == len(chain) + len(circle) - 2


def test_each_portal_of_an_organization_is_a_choice_of_its_own(tmp_path: Path) -> None:
    doors = [endpoint("a", "https://one.river.org/r4"), endpoint("b", "https://two.river.org/r4")]
    extension = [
        organization("_", "_", doors=(door,), portal=portal)["extension"][0]
        for door, portal in (("a", "River Gateway"), ("b", "River Kids"))
    ]
    rows = found(tmp_path, bundle([*doors, organization("r", "River Health", extension=extension)]))
    pairs = {(row.provider.url, row.provider.portal) for row in rows if isinstance(row, Sifted)}
    assert pairs == {
        ("https://one.river.org/r4", "River Gateway"),
        ("https://two.river.org/r4", "River Kids"),
    }


def test_a_vendors_bundle_may_name_the_owner_from_the_endpoints_side(tmp_path: Path) -> None:
    managed = endpoint(
        "m", "https://fhir.hill.org/r4", managingOrganization={"reference": "Organization/hill"}
    )
    inside = {"resourceType": "Organization", "id": "c", "name": "Dale Clinic"}
    contained = endpoint("c", "https://fhir.dale.org/r4", contained=[inside])
    rows = shown(found(tmp_path, bundle([managed, contained, organization("hill", "Hill Clinic")])))
    assert {name: row.url for name, row in rows.items()} == {
        "Hill Clinic": "https://fhir.hill.org/r4",
        "Dale Clinic": "https://fhir.dale.org/r4",
    }


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"status": "test"}, Junk.TEST_ADDRESS),
        ({"status": "off"}, Junk.RETIRED),
        ({"connectionType": {"code": "hl7v2-mllp"}}, Junk.NOT_FHIR),
        ({"address": ""}, Junk.NO_ADDRESS),
    ],
)
def test_an_endpoint_that_nobody_can_sign_in_at_is_not_offered(
    tmp_path: Path, more: dict[str, object], reason: Junk
) -> None:
    door = endpoint("e", "https://fhir.hill.org/r4") | more
    assert found(tmp_path, bundle([door, organization("o", "Hill Clinic", doors=("e",))])) == [reason]


def test_what_has_wrong_types_costs_itself_only(tmp_path: Path) -> None:
    wrong = [
        organization("w", "Wrong"),
        {"resourceType": "Endpoint", "id": "w", "address": ["https://x.org"]},
    ]
    wrong[0]["name"] = {"not": "a text"}
    good = [endpoint("e", "https://fhir.hill.org/r4"), organization("o", "Hill Clinic", doors=("e",))]
    rows = found(tmp_path, bundle([*wrong, *good]))
    assert set(shown(rows)) == {"Hill Clinic"}
    assert rows.count(Junk.UNREADABLE) == len(wrong)


def test_a_list_that_breaks_off_is_refused_wherever_it_does(tmp_path: Path) -> None:
    for end in range(1, len(BRANDS) - 2, 97):
        with pytest.raises(SourceUnreadable):
            found(tmp_path, BRANDS[:end])
    rows = json.dumps([{"name": "Hill Clinic", "url": "https://fhir.hill.org/r4"}]).encode()
    for end in range(1, len(rows)):
        with pytest.raises(SourceUnreadable):
            found(tmp_path, rows[:end])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><title>Sign in</title>",
        b"%PDF-1.7",
        b"name,url\x00\nx,y\n",
        b"first,second\nHill Clinic,https://fhir.hill.org/r4\n",
        b"[" * 100_000,
        b"[1" + b"0" * 100_000,
        b'{"resourceType":"Bundle","entry":[' + b'{"resource":' * 50_000,
        b"name,url\n" + b"x" * 200_000,
    ],
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        found(tmp_path, content)
    assert refused.value.text
    assert refused.value.next_step


def test_a_table_is_read_by_its_headings_in_any_order_and_spelling(tmp_path: Path) -> None:
    headings = ("Zip Code", "FHIR Base URL", "Organization Name", "State", "City")
    content = b"\xef\xbb\xbf" + table(
        [("6850", "https://fhir.hill.org/r4", "Hill Clinic", "connecticut", "Norwalk")], headings
    )
    hill = shown(found(tmp_path, content))["Hill Clinic"]
    assert hill.places == (Place("Norwalk", "CT", "06850"),)


def test_a_broken_row_of_a_table_costs_little(tmp_path: Path) -> None:
    good = [(f"Hill Clinic {n}", f"https://fhir.hill{n}.org/r4", "", "", "") for n in range(5)]
    content = table(good) + b'\n"unclosed\nalone\n' + b"\xff\xfe,https://fhir.dale.org/r4,,,\n"
    rows = found(tmp_path, content)
    assert set(shown(rows)) == {row[0] for row in good}
    assert set(rows) & set(Junk)


def test_json_rows_bring_sign_in_addresses_but_only_plain_ones(tmp_path: Path) -> None:
    good = {"name": "Hill Clinic", "url": "https://fhir.hill.org/r4", "token": "https://auth.hill.org/token"}
    odd = good | {
        "name": "Dale Clinic",
        "authorize": "javascript:alert(1)",
        "token": "http://auth.dale.org/t",
    }
    rows = shown(found(tmp_path, json.dumps([good, odd, 7, {"name": 3}, {}]).encode()))
    assert rows["Hill Clinic"].token == good["token"]
    assert (rows["Dale Clinic"].authorize, rows["Dale Clinic"].token) == ("", "")


def test_nothing_but_a_plain_file_is_opened(tmp_path: Path) -> None:
    from connectors.directory.read import reading

    (tmp_path / "real").write_bytes(BRANDS)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("link", "missing", "."):
        with pytest.raises(SourceUnreadable), reading(tmp_path / name, "one"):
            pass
