"""A provider linked, fetched from, broken, mended and unlinked, over a real server on this computer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.bootstrap import House
from tests.links.linking import ALL, hospital, house, signed_in


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[House]:
    made = house(tmp_path / "home")
    yield made
    made.vault.close()


def held(opened: House) -> int:
    return sum(opened.shelf.counts().values())


def state(opened: House) -> str:
    (one,) = opened.links.all()
    return one.standing.state


async def test_a_provider_is_linked_and_its_records_come_once(opened: House) -> None:
    async with hospital() as server:
        signed = await signed_in(opened, server)
        assert opened.links.all() == ()
        assert {one.name for one in signed.coming if one.comes} >= {"Lab results"}
        link = opened.links.keep(signed)
        assert state(opened) == "never worked"
        first = await opened.links.sync(link.source)
        assert first.standing.state == "working"
        assert first.told is not None
        assert first.told.complete
        assert held(opened) == ALL
        again = await opened.links.sync(link.source)
        assert (again.report.totals.new, held(opened)) == (0, ALL)
        (row,) = opened.shelf.sources()
        assert (row.state, row.last_success is not None) == ("working", True)
