"""A remote source through the same way in as files: pages, a line that drops, going on, telling the truth."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.bootstrap import House, make_house
from assistant.clock import utc_now
from assistant.errors import SourceFailed
from assistant.links.importer import bring_in
from assistant.links.report import ImportReport
from assistant.records.model import Category
from assistant.vault.ledger import Ledger
from assistant.vault.query import RecordQuery
from tests.fakes import small
from tests.fakes.remote import FakeRemote

FIRST = [small.patient(), *(small.ldl(f"a{n}", 90 + n, f"2026-01-{n:02}") for n in range(1, 6))]
SECOND = [small.ldl(f"b{n}", 80 + n, f"2026-02-{n:02}") for n in range(1, 6)]
THIRD = [small.weight(f"c{n}", 70 + n, f"2026-03-{n:02}") for n in range(1, 6)]
PAGES = [[json.dumps(resource).encode() for resource in page] for page in (FIRST, SECOND, THIRD)]
ALL = sum(len(page) for page in PAGES)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made, _ = make_house("correct horse battery staple", home=tmp_path / "home")
    yield made
    made.vault.close()


def sync(house: House, remote: FakeRemote) -> ImportReport:
    return asyncio.run(bring_in(house.vault, [remote], clock=utc_now))


def held(house: House) -> int:
    return sum(house.shelf.counts().values())


def test_every_page_comes_in_once(house: House) -> None:
    report = sync(house, FakeRemote(PAGES))
    assert (report.totals.new, held(house)) == (ALL, ALL)
    (source,) = house.shelf.sources()
    assert (source.state, source.kind) == ("working", "remote")
    again = sync(house, FakeRemote(PAGES))
    assert (again.totals.new, again.totals.unchanged, held(house)) == (0, ALL, ALL)


@pytest.mark.parametrize("pages", [1, 2])
def test_what_came_before_the_line_dropped_is_kept_and_reading_goes_on(house: House, pages: int) -> None:
    remote = FakeRemote(PAGES, fail_after=pages)
    kept = sum(len(page) for page in PAGES[:pages])
    broken = sync(house, remote)
    assert (broken.totals.new, broken.totals.problems, held(house)) == (kept, 1, kept)
    (source,) = house.shelf.sources()
    assert (source.state, source.last_success) == ("partly failed", None)
    assert "stopped answering" in source.detail
    remote.fail_after = None
    mended = sync(house, remote)
    assert remote.asked[1] is not None
    assert (mended.totals.new, held(house)) == (ALL - kept, ALL)
    assert house.shelf.sources()[0].state == "working"


def test_a_line_that_drops_at_once_leaves_nothing(house: House) -> None:
    with pytest.raises(SourceFailed):
        sync(house, FakeRemote(PAGES, fail_after=0))
    assert held(house) == 0
    assert house.shelf.sources() == []


def test_a_place_that_the_server_forgot_is_read_from_the_start(house: House) -> None:
    sync(house, FakeRemote(PAGES, fail_after=1))
    other = [PAGES[0][:3], *PAGES[1:]]
    forgotten = sync(house, FakeRemote(other))
    assert forgotten.totals.problems == 1
    assert house.shelf.sources()[0].state == "never worked"
    assert sync(house, FakeRemote(other)).totals.problems == 0
    assert house.shelf.sources()[0].state == "working"
    assert held(house) == ALL


def test_a_dry_run_of_a_remote_source_keeps_nothing(house: House) -> None:
    tried = asyncio.run(bring_in(house.vault, [FakeRemote(PAGES)], clock=utc_now, dry_run=True))
    assert (tried.totals.new, tried.id, held(house)) == (ALL, None, 0)


def test_a_sync_can_be_undone_like_any_import(house: House) -> None:
    from assistant.links.removal import undo

    report = sync(house, FakeRemote(PAGES))
    assert undo(house.vault, report.id or "", utc_now).removed == ALL
    assert held(house) == 0
    with house.vault.read() as session:
        assert Ledger(session).verify().ok


@pytest.mark.parametrize("changed", [False, True])
def test_a_name_that_comes_pages_later_is_filled_in(house: House, changed: bool) -> None:
    order = small.medication("order", "314076", "Lisinopril 10 MG", "2026-01-01")
    del order["medicationCodeableConcept"]
    order |= {"medicationReference": {"reference": "Medication/m"}}
    between = [*SECOND, order | {"status": "stopped"}] if changed else SECOND
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "Lisinopril 10 MG"}}
    pages = [[json.dumps(one).encode() for one in page] for page in ([*FIRST, order], between, [medicine])]
    sync(house, FakeRemote(pages))
    _, found = house.shelf.find(RecordQuery(categories=(Category.MEDICATIONS,)))
    assert [merged.record.title for merged in found] == ["Lisinopril 10 MG"]
