"""What a sync met again counts as met, however it comes to the end of the sync."""

from pathlib import Path

from assistant.links.met import Met
from tests.links.linking import ALL, hospital, house, linked


async def test_what_is_met_again_after_the_last_page_is_not_taken_for_gone(tmp_path: Path) -> None:
    opened = house(tmp_path / "home")
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
    met = Met(opened.vault, link.source)
    assert met.kept("Observation", "ldl0")
    with opened.vault.write() as session:
        assert met.drop_missed(session, ("Observation",)) == ALL - 2
    assert sum(opened.shelf.counts().values()) == 2
    opened.vault.close()
