"""What is listed is found while it is typed, best first; what is not shown is found by nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.directory.fold import fold
from connectors.directory.index import About, Building
from connectors.directory.model import Place, Seen
from connectors.directory.search import Directory
from connectors.errors import SourceUnreadable
from tests.connectors.directory.made import BRANDS, directory, table

ROWS = (
    ("Mercy", "https://fhir.mercy.org/r4", "Springfield", "MO", "65804"),
    ("Mercy Hospital", "https://fhir.mercyportland.org/r4", "Portland", "Maine", "4101"),
    ("Mercy Hospital", "https://fhir.mercychicago.org/r4", "Chicago", "IL", "60616"),
    ("Our Lady of Mercy Clinic", "https://fhir.olmercy.org/r4", "Austin", "TX", "73301"),
    ("TX - Austin Family Practice", "https://fhir.vendor.com/r4", "", "", ""),
    ("OR - Austin Family Practice", "https://fhir.vendor.com/r4/other", "", "", ""),
    ("Clínica Niño Jesús", "https://fhir.nino.org/r4", "San Juan", "PR", "00901"),
    ("Children’s Clinic of Hawai’i", "https://fhir.keiki.org/r4", "Hilo", "HI", "96720"),
    ("Saint Mary's Orthopaedic Centre", "https://fhir.marys.org/r4", "", "", ""),
    ("J.W. Podiatry, P.C.", "https://fhir.jw.org/r4", "", "", ""),
    ("Lakeside TEST", "https://fhir.lakeside.org/r4", "Madison", "WI", "53703"),
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    made = directory(tmp_path_factory.mktemp("held"), ("brands", BRANDS), ("rows", table(ROWS)))
    yield made
    made.close()


def names(found: Directory, text: str, limit: int = 20) -> list[str]:
    return [match.provider.name for match in found.search(text, limit)]


def test_the_same_name_comes_first_then_beginnings_then_words(held: Directory) -> None:
    assert names(held, "mercy") == ["Mercy", "Mercy Hospital", "Mercy Hospital", "Our Lady of Mercy Clinic"]


def test_a_brand_comes_before_its_facilities(held: Directory) -> None:
    found = names(held, "lakeside")
    assert found[0] == "Lakeside Health"
    assert set(found[1:]) == {"Lakeside Hospital", "Lakeside Heart Center"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("clinica nino", "Clínica Niño Jesús"),
        ("CLÍNICA niño", "Clínica Niño Jesús"),
        ("childrens hawaii", "Children's Clinic of Hawai'i"),
        ("children's hawai'i", "Children's Clinic of Hawai'i"),
        ("st marys ortho", "Saint Mary's Orthopaedic Centre"),
        ("st. mary's orthopedic center", "Saint Mary's Orthopaedic Centre"),
        ("jw podiatry pc", "J.W. Podiatry, P.C."),
        ("j.w. podiatry", "J.W. Podiatry, P.C."),
        ("the mercy hospital of portland", "Mercy Hospital"),
        ("MyLakeside", "Lakeside Health"),
        ("lake county general", "Lakeside Health"),
    ],
)
def test_spelling_accents_and_other_names_don_t_matter(held: Directory, typed: str, first: str) -> None:
    assert fold(names(held, typed)[0]) == fold(first)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("mercy portland", "https://fhir.mercyportland.org/r4"),
        ("mercy 04101", "https://fhir.mercyportland.org/r4"),
        ("mercy illinois", "https://fhir.mercychicago.org/r4"),
        ("mercy il", "https://fhir.mercychicago.org/r4"),
        ("60616", "https://fhir.mercychicago.org/r4"),
        ("austin family texas", "https://fhir.vendor.com/r4"),
    ],
)
def test_city_state_and_zip_tell_apart(held: Directory, typed: str, url: str) -> None:
    assert [match.provider.url for match in held.search(typed)] == [url]


@pytest.mark.parametrize("slip", ["podaitry", "podiatri", "podiatrry", "podiatr", "poiatry", "podxatry"])
def test_one_slip_is_forgiven(held: Directory, slip: str) -> None:
    assert names(held, slip) == ["J.W. Podiatry, P.C."]
    assert names(held, f"{slip} nowhere") == []


def test_junk_is_found_by_nothing(held: Directory) -> None:
    everything = {match.provider.name for letter in ascii_lowercase for match in held.search(letter, 500)}
    assert not any("TEST" in name for name in everything)
    assert names(held, "lakeside test") == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_name_is_found_by_the_beginnings_of_its_own_words(held: Directory, data: st.DataObject) -> None:
    shown = [row[0] for row in ROWS if "TEST" not in row[0]]
    name = data.draw(st.sampled_from(shown))
    own = data.draw(st.permutations(fold(name).split()))
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in own]
    assert fold(name) in {fold(one) for one in names(held, " ".join(typed), 500)}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=300))
def test_anything_may_be_typed(held: Directory, typed: str) -> None:
    assert isinstance(held.search(typed), list)


@pytest.mark.parametrize(
    "typed", ['"', "a OR b", "name:mercy", "mercy*", "NEAR(a b)", "-mercy", "^m", "%", "';--", "\0"]
)
def test_signs_are_not_a_language(held: Directory, typed: str) -> None:
    plain = fold(typed)
    assert held.search(typed) == held.search(plain)


def test_an_id_leads_back_to_its_provider(held: Directory) -> None:
    for match in held.search("mercy"):
        assert held.get(match.id) == match.provider
    assert held.get("nothing") is None


class Doors(NamedTuple):
    """Rows of one practice, and which address is to be shown."""

    rows: tuple[tuple[str, ...], ...]
    shown: tuple[str, ...]


@pytest.mark.parametrize(
    "doors",
    [
        Doors(
            (
                ("Hill", "https://fhir.hill.org/api/FHIR/DSTU2"),
                ("HILL", "https://fhir.hill.org/api/FHIR/R4/"),
            ),
            ("https://fhir.hill.org/api/FHIR/R4/",),
        ),
        Doors(
            (("Hill", "https://fhir.hill.org/R4"), ("hill.", "https://FHIR.hill.org:443/R4/")),
            ("https://fhir.hill.org/R4",),
        ),
        Doors(
            (
                ("Hill", "https://fhir.fhirpoint.open.allscripts.com/fhirroute/fhir/1007"),
                ("Hill", "https://fhir.fhirpoint.open.allscripts.com/fhirroute/open/1007"),
            ),
            ("https://fhir.fhirpoint.open.allscripts.com/fhirroute/open/1007",),
        ),
        Doors((("Hill", "https://fhir.hill.org/DSTU2"), ("Dale", "https://fhir.hill.org/DSTU2")), ()),
        Doors(
            (("Hill", "https://shared.org/r4/aaa1"), ("Hill", "https://shared.org/r4/bbb2")),
            ("https://shared.org/r4/aaa1", "https://shared.org/r4/bbb2"),
        ),
        Doors(
            (("Hill", "https://shared.org/r4"), ("Dale", "https://shared.org/r4")),
            ("https://shared.org/r4", "https://shared.org/r4"),
        ),
    ],
)
def test_one_practice_is_shown_once_and_two_are_two(tmp_path: Path, doors: Doors) -> None:
    extra = ("Elsewhere", "https://elsewhere.org/r4")
    held = directory(tmp_path, ("rows", table([*doors.rows, extra], ("name", "url"))))
    assert sorted(m.provider.url for m in (*held.search("hill"), *held.search("dale"))) == sorted(doors.shown)
    (about,) = held.lists()
    assert about.rows == len(doors.rows) + 1
    assert about.rows - about.shown == sum(about.dropped.values()) == len(doors.rows) - len(doors.shown)
    held.close()


def test_the_same_practice_in_two_lists_knows_what_each_says(tmp_path: Path) -> None:
    url = "https://fhir.hill.org/r4"
    places = table([("Hill Clinic", url, "Madison", "WI", "53703")])
    sign_in = json.dumps(
        [{"name": "Hill Clinic", "url": f"{url}/", "authorize": "https://auth.hill.org/a"}]
    ).encode()
    for n, lists in enumerate(((("one", places), ("two", sign_in)), (("two", sign_in), ("one", places)))):
        (tmp_path / str(n)).mkdir()
        held = directory(tmp_path / str(n), *lists)
        (match,) = held.search("hill")
        assert match.provider.places == (Place("Madison", "WI", "53703"),)
        assert match.provider.authorize == "https://auth.hill.org/a"
        held.close()


def test_hints_are_the_same_name_and_where_several_have_it_the_same_place(held: Directory) -> None:
    seen = [
        Seen("Mercy Hospital", "Portland", "ME"),
        Seen("MERCY"),
        Seen("Nowhere General"),
        Seen("Lakeside"),
    ]
    hints = held.hints(seen)
    assert [(hint.provider.url, hint.seen_at) for hint in hints] == [
        ("https://fhir.mercyportland.org/r4", "Mercy Hospital"),
        ("https://fhir.mercy.org/r4", "MERCY"),
    ]


def test_a_list_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    directory(tmp_path, ("brands", BRANDS)).close()
    before = (tmp_path / "directory.db").read_bytes()
    with pytest.raises(SourceUnreadable):
        directory(tmp_path, ("rows", table([("TEST", "https://fhir.hill.org/r4", "", "", "")])))
    assert (tmp_path / "directory.db").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"directory.db", "brands", "rows"}


def test_searching_changes_no_file(tmp_path: Path) -> None:
    directory(tmp_path, ("brands", BRANDS)).close()
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    held = Directory(tmp_path / "directory.db")
    held.search("a very private search")
    held.hints([Seen("a very private place")])
    held.close()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_damaged_directory_says_so_and_is_built_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "directory.db"
    path.write_bytes(content)
    with pytest.raises(SourceUnreadable):
        Directory(path)
    held = directory(tmp_path, ("brands", BRANDS))
    assert [about.id for about in held.lists()] == ["brands"]
    held.close()


def test_no_room_on_the_disk_is_told_as_such(tmp_path: Path) -> None:
    building = Building(tmp_path / "directory.db")
    building._db.execute("PRAGMA max_page_count = 30")
    rows = [(f"Clinic {n} of a long and winding name", f"https://fhir.c{n}.org/r4") for n in range(2000)]
    (tmp_path / "rows").write_bytes(table(rows, ("name", "url")))
    from connectors.directory.read import reading
    from connectors.directory.sift import sift

    with pytest.raises(OSError, match="could not be written"), reading(tmp_path / "rows", "r") as found:
        building.add(About("r", "r"), sift(found))
    building.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]
