"""The real lists: what they hold is shown once, what is junk in them not at all."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from connectors.directory.fold import fold
from connectors.directory.index import About, Building
from connectors.directory.merge import name_key
from connectors.directory.model import READ_VERSIONS, Junk, Listed
from connectors.directory.read import reading
from connectors.directory.search import MOST_RESULTS, Directory
from connectors.directory.sift import Sifted, sift

EVERY = 97
"""Look at every so many of the names: a sample that is the same each time."""


@pytest.fixture(scope="module")
def lists(material: Path) -> Path:
    folder = material / "directories"
    if not folder.is_dir():
        pytest.skip("no directories among the test material")
    return folder


@pytest.fixture(scope="module")
def held(lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Directory:
    path = tmp_path_factory.mktemp("held") / "directory.db"
    building = Building(path)
    for file in sorted(lists.iterdir()):
        with reading(file, file.stem) as found:
            building.add(About(file.stem, file.stem), sift(found))
    building.put_in_place()
    return Directory(path)


@pytest.fixture(scope="module")
def shown(held: Directory) -> list[Listed]:
    ids = held._db.execute("SELECT id FROM provider ORDER BY n").fetchall()
    return [one for (own_id,) in ids if (one := held.get(own_id))]


def rows_of(file: Path) -> int:
    if file.suffix == ".csv":
        with file.open(newline="", encoding="utf-8") as text:
            return sum(1 for _ in csv.DictReader(text))
    return len(json.loads(file.read_bytes()))


def test_every_row_is_shown_or_counted_with_its_reason(held: Directory, lists: Path) -> None:
    counted = {about.id: about.shown + sum(about.dropped.values()) for about in held.lists()}
    assert counted == {file.stem: rows_of(file) for file in lists.iterdir()}
    assert all(about.rows == counted[about.id] for about in held.lists())


def test_no_row_of_a_published_list_is_unreadable(held: Directory) -> None:
    reasons = Counter[str]()
    for about in held.lists():
        reasons.update(about.dropped)
    assert reasons[Junk.UNREADABLE.name.lower()] == 0
    assert {
        Junk.TEST_NAME.name.lower(),
        Junk.OLD_FHIR.name.lower(),
        Junk.DUPLICATE.name.lower(),
    } <= reasons.keys()


def test_what_is_shown_has_a_name_and_an_address_to_connect_to(shown: list[Listed]) -> None:
    for one in shown:
        assert len(re.findall(r"[^\W\d_]", one.name)) >= 2
        assert one.url.startswith("https://")
        assert one.fhir_version in READ_VERSIONS
        assert not re.search(
            r"localhost|\.local\b|sandbox|dstu2|//\d+\.\d+\.\d+\.\d+", one.url, re.IGNORECASE
        )


def test_no_name_that_says_test_is_shown_but_where_it_is_what_they_do(shown: list[Listed]) -> None:
    tried = re.compile(r"(?<![a-z])(test|tests|tester|sandbox|demo|do not use|dummy)(?![a-z])", re.IGNORECASE)
    assert [one.name for one in shown if tried.search(one.name)] == []


def test_nobody_is_shown_twice(shown: list[Listed]) -> None:
    pairs = Counter((fold(one.name), re.sub(r"/+$", "", one.url.lower())) for one in shown)
    assert [pair for pair, number in pairs.items() if number > 1] == []


def test_every_sampled_name_is_found_by_its_own_words(held: Directory, shown: list[Listed]) -> None:
    for one in shown[::EVERY]:
        found = {match.provider.name for match in held.search(one.name, MOST_RESULTS)}
        assert one.name in found
        turned = " ".join(reversed(one.name.split()))
        assert one.name in {match.provider.name for match in held.search(turned, MOST_RESULTS)}


def test_a_name_typed_in_full_comes_first(held: Directory, shown: list[Listed]) -> None:
    for one in shown[::EVERY]:
        first = held.search(one.name, 1)[0].provider
        assert name_key(first.name) == name_key(one.name)


def test_a_practice_known_by_an_old_list_brings_its_zip_code_along(
    held: Directory, shown: list[Listed]
) -> None:
    healow = [one for one in shown if "fhir4.healow.com" in one.url]
    assert sum(any(place.zip for place in one.places) for one in healow) > len(healow) // 4


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_example_brands_are_read_and_not_offered(material: Path, number: int) -> None:
    file = material / "brands" / f"Bundle-example{number}.json"
    if not file.is_file():
        pytest.skip("no brands among the test material")
    names = {
        entry["resource"]["name"]
        for entry in json.loads(file.read_bytes())["entry"]
        if entry["resource"]["resourceType"] == "Organization"
    }
    with reading(file, "brands") as found:
        read = [one for one in found if isinstance(one, Listed)]
        assert {one.name for one in read} == names
        assert all(one.url.startswith("https://") and one.fhir_version == "R4" for one in read)
        judged = list(sift(read))
    assert not any(isinstance(one, Sifted) for one in judged)
    assert set(judged) == {Junk.NOT_PUBLIC}
