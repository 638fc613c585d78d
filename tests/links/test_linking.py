"""A provider linked, fetched from, broken, mended and unlinked, over a real server on this computer."""

import asyncio
import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assistant.bootstrap import House
from assistant.errors import SourceFailed, UsageError
from assistant.links.providers.linked import LinkBook
from assistant.links.providers.mcp_door import McpDoor
from assistant.links.providers.smart_door import SmartDoor
from assistant.links.removal import forget_source, undo
from assistant.records.dates import shown_date
from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.vault.query import RecordQuery
from connectors.net_errors import Unreachable
from connectors.smart.vendors import vendor_of
from tests.connectors.smart.flows import Clock, network
from tests.fakes import small
from tests.fakes.smart_server import Person
from tests.links.linking import ALL, CLIENT_ID, hospital, house, hurried, linked, nadias, signed_in


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


@pytest.mark.parametrize("kind", [SmartDoor, McpDoor])
async def test_an_address_where_nobody_is_home_is_told_soon(kind: type[SmartDoor | McpDoor]) -> None:
    clock = Clock()
    with pytest.raises(Unreachable):
        await kind(network(clock)).look("http://127.0.0.1:9/r4", typed=True)
    assert sum(clock.waited) < 5


async def test_what_the_provider_takes_back_is_told_and_mended_by_signing_in(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        server.issued.revoke_all()
        server.chart.put(nadias(small.ldl("new", 99, "2026-03-01")))
        with pytest.raises(SourceFailed) as failed:
            await opened.links.sync(link.source)
        assert "sign in" in failed.value.title
        (one,) = opened.links.all()
        assert one.standing.state == "needs sign-in"
        assert "ended or was taken back" in one.standing.text
        assert held(opened) == ALL
        assert (await linked(opened, server)).source == link.source
        assert (await opened.links.sync(link.source)).standing.state == "working"
        assert held(opened) == ALL + 1


async def test_access_that_only_lasts_a_while_says_until_when(opened: House) -> None:
    async with hospital() as server:
        server.faults.lies.add("no-refresh")
        signed = await signed_in(opened, server)
        assert "sign in again" in signed.lasting
        link = opened.links.keep(signed)
        synced = await opened.links.sync(link.source)
        assert synced.standing.state == "working"
        assert synced.standing.expires is not None
        assert shown_date(synced.standing.expires.astimezone().date().isoformat()) in synced.standing.text
        later = synced.standing.expires + timedelta(seconds=1)
        assert LinkBook(opened.vault, lambda: later).get(link.source).standing.state == "needs sign-in"


@pytest.mark.parametrize("fault", ["503", "500", "429", "drop", "html", "not-json"])
async def test_a_server_in_trouble_costs_no_record_and_no_token(opened: House, fault: str) -> None:
    async with hospital() as server:
        server.faults.retry_after = "90000"
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        for path in ("Patient/nadia", "Observation", "Condition", "Encounter"):
            server.faults.next(f"/fhir/{path}", *[fault] * 12)
        failed = False
        try:
            synced = await opened.links.sync(link.source)
        except SourceFailed:
            failed = True
        else:
            assert not synced.told or not synced.told.complete
        (one,) = opened.links.all()
        assert one.standing.state == ("needs sign-in" if fault == "html" else "partly failed")
        assert one.standing.text
        assert held(opened) == ALL
        assert opened.links.book.open(link.source).access is not None
        server.faults.clear()
        assert (await opened.links.sync(link.source)).standing.state == "working", failed


async def test_a_kind_that_is_refused_is_named_and_the_rest_comes(opened: House) -> None:
    async with hospital() as server:
        server.faults.next("/fhir/Condition", *["403"] * 12)
        link = await linked(opened, server)
        synced = await opened.links.sync(link.source)
        assert synced.standing.state == "partly failed"
        assert "refused" in synced.standing.text
        refused = [kind for kind in synced.link.kinds if kind.state == "refused"]
        assert {kind.name for kind in refused} == {"Conditions"}
        assert all(kind.text for kind in refused)
        assert held(opened) == ALL


async def test_what_is_gone_at_the_provider_is_no_longer_used(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        del server.chart.resources["Observation", "ldl0"]
        again = await opened.links.sync(link.source)
        assert (again.gone, held(opened)) == (1, ALL - 1)
        server.chart.put(nadias(small.ldl("ldl0", 90, "2026-01-01")))
        back = await opened.links.sync(link.source)
        assert (back.gone, held(opened)) == (0, ALL)


async def test_a_sync_that_saw_only_a_part_takes_nothing_for_gone(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        server.faults.next("/fhir/Observation", *["500"] * 12)
        again = await opened.links.sync(link.source)
        assert (again.gone, held(opened)) == (0, ALL)


async def test_what_was_taken_back_comes_with_the_next_sync(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        first = await opened.links.sync(link.source)
        undo(opened.vault, first.report.id or "", opened.clock)
        assert held(opened) == 0
        assert state(opened) == "working"
        await opened.links.sync(link.source)
        assert held(opened) == ALL


@pytest.mark.parametrize("keep", [True, False])
async def test_unlinking_ends_access_at_both_ends(opened: House, keep: bool) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        done = await opened.links.unlink(link.source, keep=keep)
        assert "taken your access back" in done.access
        assert all(token.is_revoked() for token in server.issued.tokens)
        asked = len(server.received)
        with pytest.raises(UsageError):
            await opened.links.sync(link.source)
        assert len(server.received) == asked
    assert (held(opened), done.removed) == ((ALL, 0) if keep else (0, ALL))
    assert [source.state for source in opened.shelf.sources()] == (["unlinked"] if keep else [])
    assert opened.links.all() == ()


async def test_unlinking_works_without_the_server(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
    done = await opened.links.unlink(link.source, keep=True)
    assert "may still list" in done.access
    assert opened.links.all() == ()
    assert held(opened) == ALL


@pytest.mark.parametrize("keep", [True, False])
async def test_linking_again_doubles_nothing_and_brings_no_grant_back(opened: House, keep: bool) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        opened.sharing.share([Grant("scripted", Category.LABS, source=link.source)])
        await opened.links.unlink(link.source, keep=keep)
        again = await linked(opened, server)
        await opened.links.sync(again.source)
        assert again.source == link.source
        assert held(opened) == ALL
        assert [grant for grant in opened.sharing.grants() if grant.destination == "scripted"] == []


async def test_another_persons_chart_is_refused(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        other = {
            "resourceType": "Patient",
            "id": "otto",
            "name": [{"family": "Kern"}],
            "birthDate": "1950-01-01",
        }
        server.chart.put(other)
        server.chart.put(small.ldl("o1", 200, "2026-01-01") | {"subject": {"reference": "Patient/otto"}})
        child = opened.links.keep(await signed_in(opened, server, Person(patient="otto")))
        assert child.source != link.source
        synced = await opened.links.sync(child.source)
        assert synced.report.totals.refused > 0
        assert held(opened) == ALL


async def test_a_source_that_is_forgotten_is_signed_out_too(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        await opened.links.sync(link.source)
        forget_source(opened.vault, link.source, opened.clock)
    assert opened.links.all() == ()
    with pytest.raises(UsageError):
        opened.links.book.open(link.source)


async def test_a_source_that_is_forgotten_while_it_is_read_stays_gone(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)

        def forget(done: int, _total: int | None) -> None:
            if done == 3:
                forget_source(opened.vault, link.source, opened.clock)

        with pytest.raises(SourceFailed) as failed:
            await opened.links.sync(link.source, forget)
        assert "deleted here" in failed.value.text
    assert (held(opened), opened.shelf.sources(), opened.links.all()) == (0, [], ())


async def test_two_syncs_of_one_source_don_t_run_at_once(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        both = await asyncio.gather(opened.links.sync(link.source), opened.links.sync(link.source))
        assert {one.standing.state for one in both} == {"working"}
        assert held(opened) == ALL
        assert server.issued.reuse == 0


async def test_the_ledger_tells_of_links_and_holds_no_token(opened: House) -> None:
    async with hospital() as server:
        link = await linked(opened, server)
        server.issued.expire_access()
        await opened.links.sync(link.source)
        await opened.links.unlink(link.source, keep=False)
        secrets = server.issued.secrets()
    entries = opened.ledger()
    links = [(one.kind, one.outcome) for one in entries if one.kind in ("link", "sync", "unlink")]
    assert links == [("link", "done"), ("sync", "begun"), ("sync", "done"), ("unlink", "done")]
    assert opened.verify_ledger().ok
    told = " ".join(map(str, entries))
    assert not [secret for secret in secrets if secret in told]


SCOPES = "launch/patient openid fhirUser patient/*.rs"
NOTE = "Plan: walk daily, come back in spring."


@pytest.mark.parametrize("wrapped", [True, False])
async def test_the_words_of_a_note_come_with_it(opened: House, wrapped: bool) -> None:
    async with hospital() as server:
        server.chart.put(_note("Binary/b1"))
        data = base64.b64encode(NOTE.encode()).decode()
        server.chart.put({"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": data})
        if not wrapped:
            server.plain["/fhir/Binary/b1"] = ("text/plain", NOTE.encode())
        link = await linked(opened, server)
        await opened.links.sync(link.source)
    _, (found,) = opened.shelf.find(RecordQuery(categories=(Category.NOTES,)))
    assert NOTE in " ".join(element.text for element in found.record.elements)
    _, again = opened.shelf.find(RecordQuery(words=("walk", "daily")))
    assert [one.record.id for one in again] == [found.record.id]


def _note(url: str) -> dict[str, Any]:
    return nadias(
        {
            "resourceType": "DocumentReference",
            "id": "d1",
            "status": "current",
            "type": {"text": "Visit note"},
            "date": "2026-03-03T10:00:00Z",
            "content": [{"attachment": {"contentType": "text/plain", "url": url}}],
        }
    )


async def test_a_computer_that_signs_for_itself_needs_no_further_sign_in(tmp_path: Path) -> None:
    lasting = msgspec.structs.replace(vendor_of("https://fhir.epic.com/x"), id="like-epic", scopes=SCOPES)
    opened = hurried(house(tmp_path / "home"), tmp_path, (lasting,))
    async with hospital() as server:
        server.faults.lies.add("no-refresh")
        signed = await signed_in(opened, server)
        assert "stay signed in" in signed.lasting
        link = opened.links.keep(signed)
        server.issued.expire_access()
        synced = await opened.links.sync(link.source)
        assert (synced.standing.state, synced.standing.expires) == ("working", None)
        assert held(opened) == ALL
        used = opened.links.book.used("smart", server.base)
        assert used is not None
        assert used.registration.client_id == CLIENT_ID
    opened.vault.close()
