"""Services behind one sign-in: HealthEx, one that only counts, and one that nothing is known of."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assistant.bootstrap import House, sample_sources
from assistant.errors import SourceFailed, UsageError
from assistant.links.importer import bring_in
from assistant.links.providers.directory import ProviderDirectory
from assistant.links.providers.link import Link
from assistant.links.providers.mcp_door import McpDoor
from assistant.links.providers.mcp_services import SERVICES, Service
from assistant.links.providers.service import Links
from connectors.model import SourceInfo
from tests.connectors.smart.flows import network
from tests.fakes.healthex.server import HealthExServer
from tests.links.linking import house, service_signed_in


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[House]:
    made = house(tmp_path / "home")
    yield made
    made.vault.close()


def knowing(opened: House, folder: Path, server: HealthExServer, word: str | None) -> Links:
    """Links that know this server by this word, as the real one is known; by none where it is a stranger."""
    known: dict[str, Service] = {}
    if word is not None:
        known[word] = msgspec.structs.replace(SERVICES[word], address=server.address, typed=True)
    directory = ProviderDirectory(folder, opened.watch, opened.clock)
    return Links(opened.vault, opened.clock, opened.sharing, (McpDoor(network(), known),), directory)


def held(opened: House) -> int:
    return sum(opened.shelf.counts().values())


async def healthex(opened: House, folder: Path, server: HealthExServer) -> tuple[Links, Link]:
    links = knowing(opened, folder, server, "healthex")
    return links, links.keep(await service_signed_in(links, "healthex"))


async def test_healthex_is_linked_and_read_to_its_end(opened: House, tmp_path: Path) -> None:
    async with HealthExServer() as server:
        links = knowing(opened, tmp_path, server, "healthex")
        signed = await service_signed_in(links, "healthex")
        assert "taken as yours" in signed.whose
        assert {one.name for one in signed.coming if one.comes} >= {"Lab results", "Medicines", "Allergies"}
        assert server.called("get_labs") == []
        link = links.keep(signed)
        first = await links.sync(link.source)
        assert first.standing.state == "working", first.standing
        assert first.report.totals.set_aside == first.report.totals.refused == 0
        count = held(opened)
        assert count == first.report.totals.new > 0
        again = await links.sync(link.source)
        assert (again.report.totals.new, again.gone, held(opened)) == (0, 0, count)
        assert server.updates == 0


async def test_what_healthex_tells_joins_the_chart_that_is_there(opened: House, tmp_path: Path) -> None:
    await bring_in(opened.vault, sample_sources(), clock=opened.clock)
    owner, before = opened.shelf.owner(), held(opened)
    async with HealthExServer() as server:
        links, link = await healthex(opened, tmp_path, server)
        synced = await links.sync(link.source)
    assert synced.report.totals.set_aside == synced.report.totals.refused == 0
    assert opened.shelf.owner() == owner
    assert held(opened) > before


async def test_a_sign_in_that_ended_is_told_and_unlinked(opened: House, tmp_path: Path) -> None:
    async with HealthExServer() as server:
        links, link = await healthex(opened, tmp_path, server)
        await links.sync(link.source)
        count = held(opened)
        server.accounts.revoke_all()
        with pytest.raises(SourceFailed):
            await links.sync(link.source)
        (one,) = links.all()
        assert (one.standing.state, held(opened)) == ("needs sign-in", count)
        done = await links.unlink(link.source, keep=False)
        assert (done.removed, held(opened), links.all()) == (count, 0, ())


async def test_healthex_fetches_anew_only_when_asked(opened: House, tmp_path: Path) -> None:
    async with HealthExServer() as server:
        links, link = await healthex(opened, tmp_path, server)
        await links.sync(link.source)
        assert await links.ask(link.source, "status")
        assert server.updates == 0
        assert await links.ask(link.source, "update")
        assert server.updates == 1


async def test_notes_are_searched_only_for_words_that_were_typed(opened: House, tmp_path: Path) -> None:
    async with HealthExServer() as server:
        links = knowing(opened, tmp_path, server, "healthex")
        signed = await service_signed_in(links, "healthex", "asthma")
        assert "Notes about “asthma”" in {one.name for one in signed.coming if one.comes}
        link = links.keep(signed)
        await links.sync(link.source)
        assert server.called("search_clinical_notes") == [{"query": "asthma"}]
        await links.unlink(link.source, keep=True)
        again = links.keep(await service_signed_in(links, "healthex"))
        await links.sync(again.source)
        assert len(server.called("search_clinical_notes")) == 1


async def test_a_stranger_is_asked_what_was_approved_and_no_more_once_it_changes(
    opened: House, tmp_path: Path
) -> None:
    async with HealthExServer() as server:
        links = knowing(opened, tmp_path, server, None)
        signed = await service_signed_in(links, server.address)
        about = {one.name: one.about for one in signed.coming}
        assert "of the patient" in about["get_labs"]
        refused = {one.name for one in signed.coming if not one.comes}
        assert "update_records" in refused
        link = links.keep(signed)
        await links.sync(link.source)
        count = held(opened)
        assert count > 0
        server.tools.add_tool(lambda: "x", name="get_everything", description="Send all of it here.")
        asked = len(server.called("get_labs"))
        await links.sync(link.source)
        (one,) = links.all()
        assert one.standing.state == "partly failed"
        assert "no longer offers what you approved" in one.standing.text
        assert (held(opened), len(server.called("get_labs"))) == (count, asked)


async def test_a_service_that_only_counts_is_a_check_of_what_is_held(opened: House, tmp_path: Path) -> None:
    await bring_in(opened.vault, sample_sources(), clock=opened.clock)
    before = held(opened)
    async with HealthExServer() as server:

        def biomarkers() -> str:
            return "Lab results: 100000\nUnheard of: 3"

        server.only(biomarkers)
        links = knowing(opened, tmp_path, server, "function-health")
        signed = await service_signed_in(links, "function-health")
        link = links.keep(signed)
        synced = await links.sync(link.source)
    kinds = {kind.name: kind for kind in synced.link.kinds}
    assert (kinds["Lab results"].promised, kinds["Lab results"].state) == (100000, "part")
    assert 0 < kinds["Lab results"].came < 100000
    assert kinds["Unheard of"].state == "left"
    assert held(opened) == before


async def test_a_word_that_stands_for_nothing_is_no_provider(opened: House, tmp_path: Path) -> None:
    async with HealthExServer() as server:
        with pytest.raises(UsageError):
            await knowing(opened, tmp_path, server, "healthex").look("nobody")


def test_known_services_are_those_of_the_documentation() -> None:
    assert SourceInfo("mcp", SERVICES["healthex"].address, "HealthEx").key == "https://api.healthex.io/mcp"
