"""A provider found, signed in to, agreed to, fetched from, broken, mended and unlinked, on the screen."""

import socket
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from textual.widgets import Input, OptionList

from assistant.errors import VaultBusy
from assistant.links.providers.door import Choice, Signed
from assistant.links.providers.link import Registration
from assistant.links.providers.service import Unlinked
from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.tui.screens.coming import ComingScreen
from assistant.tui.screens.find_provider import FindProviderScreen
from assistant.tui.screens.providers import ProvidersScreen
from assistant.tui.screens.registering import RegisteringScreen
from assistant.tui.screens.signing_in import SigningInScreen
from assistant.tui.screens.unlinking import UnlinkScreen
from assistant.tui.widgets import grace
from tests.fakes import small
from tests.fakes.smart_server import Person, Registered
from tests.links.linking import ALL, LABS, WEIGHTS, hospital, nadias
from tests.links.linking import linked as link_aside
from tests.links.linking import signed_in as signed_in_aside
from tests.tui.conftest import until
from tests.tui.linking import (
    arrived,
    begun,
    drawn_whole,
    fetched,
    found,
    linking,
    listed,
    pasted,
    signed_in,
    still,
    synced,
    waiting,
)
from tests.tui.test_chat_screen import words


async def test_from_nothing_to_an_answer(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        assert "No provider is linked yet" in words(app.screen.query("#told"))
        await found(pilot, server)
        assert "client id" in words(app.screen.query("Static"))
        await pilot.press("f2")
        await still(pilot)
        assert "Type the client id" in words(app.screen.query("#matter"))
        landed = await Person().lands_on(await begun(pilot))
        for wrong in ("hello", "https://clinic.example/", landed.replace("state=", "state=x")):
            await pasted(pilot, wrong)
            assert "This sign-in goes on." in words(app.screen.query("#matter"))
            assert app.screen.query_one("#landed", Input).value == ""
        await pasted(pilot, landed)
        await arrived(pilot, ComingScreen)
        coming = words(app.screen.query("Static"))
        assert "Lab results" in coming
        assert "no model sees any of it" in coming
        assert "until you unlink" in coming
        assert app.house is not None
        assert app.house.links.all() == ()
        assert server.requests("/fhir/Observation") == []
        await pilot.press("f5")
        came = await fetched(pilot)
        assert f"{ALL} new" in came
        assert f"Lab results: {LABS + WEIGHTS}." in came
        assert sum(app.house.shelf.counts().values()) == ALL
        asked = app.screen.query_one("#next", OptionList).get_option_at_index(0).id
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        await until(pilot, lambda: str(asked) in drawn_whole(app))


async def test_whoever_says_no_gives_access_back(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        assert app.house is not None
        app.house.sharing.share([Grant("scripted", Category.LABS)])
        await found(pilot, server)
        await signed_in(pilot)
        assert "share with scripted" in words(app.screen.query("Static"))
        await pilot.press("escape")
        await until(pilot, lambda: "Nothing was kept" in drawn_whole(app))
        assert "taken your access back" in drawn_whole(app)
        assert all(token.is_revoked() for token in server.issued.tokens)
        assert app.house.links.all() == ()


async def test_a_lock_before_anyone_agreed_gives_access_back(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        assert app.house is not None
        signed = await signed_in_aside(app.house, server)
        app.push_screen(ComingScreen(signed, "Nothing is shared.", app.house.links.drop))
        await arrived(pilot, ComingScreen)
        await pilot.press("f8")
        await until(pilot, lambda: app.house is None)
        assert server.issued.tokens
        assert all(token.is_revoked() for token in server.issued.tokens)


async def test_a_no_on_the_page_is_told_and_the_sign_in_starts_again(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        await found(pilot, server)
        address = await begun(pilot)
        await pasted(pilot, await Person(decision="deny").lands_on(address))
        assert "F7 starts again" in words(app.screen.query("#matter"))
        assert not app.screen.query_one("#landed").display
        await pilot.press("f7")
        assert await waiting(pilot) != address
        for screen in (RegisteringScreen, FindProviderScreen, ProvidersScreen):
            await pilot.press("escape")
            await arrived(pilot, screen)
        assert app.house is not None
        assert app.house.links.all() == ()


async def test_the_browser_comes_back_by_itself_and_the_address_goes_nowhere_else(tmp_path: Path) -> None:
    opened: list[str] = []
    signed: list[Signed | None] = []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        redirect = f"http://127.0.0.1:{free.getsockname()[1]}/chartside"
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        server.clients.add(Registered("mine", redirect_uris=(redirect,)))
        assert app.house is not None
        offer = await app.house.links.look(server.base)
        begin = partial(app.house.links.begin, offer, Choice(Registration("mine"), "http", redirect))

        def opens(page: str) -> bool:
            opened.append(page)
            return False

        app.push_screen(SigningInScreen("Clinic", begin, opens), signed.append)
        address = await waiting(pilot)
        assert opened == []
        await pilot.press("f2")
        await still(pilot)
        assert opened == [address]
        assert "no browser" in words(app.screen.query("#matter"))
        state = address.partition("state=")[2].partition("&")[0]
        await pilot.press("f5")
        await still(pilot)
        assert app.clipboard == address
        told = [f"{note.title} {note.message}" for note in app._notifications]
        assert told
        assert not any(state in text for text in told)
        assert state not in "".join(entry.detail for entry in app.house.ledger())
        await pilot.press("f6")
        await still(pilot)
        assert "The QR code of this address needs" in drawn_whole(app)
        await pilot.press("escape")
        assert "close this page" in await Person().signs_in(address)
        await until(pilot, lambda: bool(signed))
        assert signed[0] is not None
        assert app.house.links.all() == ()


async def test_broken_told_and_mended(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home", server) as (app, pilot):
        assert "✓ working, last fetched" in listed(pilot)
        server.issued.revoke_all()
        server.chart.put(nadias(small.ldl("new", 99, "2026-03-01")))
        assert "ended or was taken back" in await synced(pilot)
        assert "! needs sign-in, last fetched" in listed(pilot)
        assert app.house is not None
        assert sum(app.house.shelf.counts().values()) == ALL
        await pilot.press("i")
        await arrived(pilot, RegisteringScreen)
        assert not app.screen.query("#client")
        await signed_in(pilot)
        await pilot.press("f5")
        assert "1 new" in await fetched(pilot)
        await pilot.press("escape")
        await arrived(pilot, ProvidersScreen)
        assert "✓ working" in listed(pilot)
        assert len(app.house.links.all()) == 1


async def test_all_are_fetched_from_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    async with hospital() as one, hospital() as other, linking(tmp_path / "home", one) as (app, pilot):
        assert app.house is not None
        await link_aside(app.house, other)
        one.issued.revoke_all()
        await pilot.press("escape", "f10")
        await arrived(pilot, ProvidersScreen)
        await pilot.press("a")
        came = await fetched(pilot)
        assert "ended or was taken back" in came
        assert "Got " in came
        states = [linked.standing.state for linked in app.house.links.all()]
        assert states == ["needs sign-in", "working"]


async def test_what_did_not_come_is_named_until_it_does(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home", server, (120, 40)) as (app, pilot):
        server.faults.next("/fhir/Condition", *["403"] * 12)
        server.faults.next("/fhir/Encounter", *["503-bare"] * 12)
        came = await synced(pilot)
        assert "! Conditions: 0, refused." in came
        assert "! Clinical visits: 0, failed." in came
        assert "! partly failed" in listed(pilot)
        await pilot.press("enter")
        await still(pilot)
        assert "! Conditions: 0, refused." in words(app.screen.query("#kinds-text"))
        server.faults.clear()
        assert "!" not in await synced(pilot)
        assert "✓ working" in listed(pilot)


async def test_access_that_has_run_out_is_told_before_anything_is_tried(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        assert app.house is not None
        server.faults.lies.add("no-refresh")
        signed = await signed_in_aside(app.house, server)
        over = msgspec.structs.replace(signed.access, expires=signed.access.expires - timedelta(days=1))
        app.house.links.keep(msgspec.structs.replace(signed, access=over))
        await pilot.press("escape", "f10")
        await arrived(pilot, ProvidersScreen)
        assert "! needs sign-in. Access there has run out" in listed(pilot)


async def test_a_stopped_fetch_keeps_what_came_and_goes_on_later(tmp_path: Path) -> None:
    async with hospital() as server, linking(tmp_path / "home", server) as (app, pilot):
        server.faults.pause = 60.0
        asked = len(server.requests("/fhir/Condition"))
        server.faults.next("/fhir/Condition", "slow")
        await pilot.press("s")
        await until(pilot, lambda: len(server.requests("/fhir/Condition")) > asked)
        await pilot.press("escape")
        assert "Still fetching" in words(app.screen.query("#now"))
        await pilot.press("f2")
        assert "Stopped. What came stays" in await fetched(pilot)
        await pilot.press("escape")
        await arrived(pilot, ProvidersScreen)
        assert "stopped before its end" in listed(pilot)
        await synced(pilot)
        assert "✓ working" in listed(pilot)
        assert app.house is not None
        assert sum(app.house.shelf.counts().values()) == ALL


@pytest.mark.parametrize("delete", [False, True])
async def test_unlinking_asks_and_says_what_became_of_it(
    tmp_path: Path, delete: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hospital() as server, linking(tmp_path / "home", server) as (app, pilot):
        monkeypatch.setattr(grace, "SECONDS", 3600.0)
        await pilot.press("u")
        await arrived(pilot, UnlinkScreen)
        await pilot.press("enter")
        assert isinstance(app.screen, UnlinkScreen), "a key that was on its way unlinks nothing"
        await pilot.press("escape")
        await arrived(pilot, ProvidersScreen)
        monkeypatch.setattr(grace, "SECONDS", 0.0)
        await pilot.press("u")
        await arrived(pilot, UnlinkScreen)
        await pilot.press(*(["down", "enter", *"yes", "enter"] if delete else ["enter"]))
        await until(pilot, lambda: "Unlinked: " in drawn_whole(app))
        told = words(app.screen.query("#told"))
        assert "taken your access back" in told
        assert (f"{ALL} records were deleted" if delete else "Its records stay here") in told
        assert "stays with its maker" in told
        assert app.house is not None
        assert app.house.links.all() == ()
        assert sum(app.house.shelf.counts().values()) == (0 if delete else ALL)


async def test_unlinking_without_the_server_says_that_it_may_still_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grace, "SECONDS", 0.0)
    server = hospital()
    async with linking(tmp_path / "home", await server.__aenter__()) as (app, pilot):
        await server.__aexit__(None, None, None)
        await pilot.press("u")
        await arrived(pilot, UnlinkScreen)
        await pilot.press("enter")
        await until(pilot, lambda: "may still list" in words(app.screen.query("#told")))
        assert app.house is not None
        assert app.house.links.all() == ()


async def test_an_unlinking_that_fails_leaves_the_list_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(source: str, *, keep: bool) -> Unlinked:
        raise VaultBusy("Another window is writing.", "Try again.")

    monkeypatch.setattr(grace, "SECONDS", 0.0)
    async with hospital() as server, linking(tmp_path / "home", server) as (app, pilot):
        assert app.house is not None
        monkeypatch.setattr(app.house.links, "unlink", busy)
        await pilot.press("u")
        await arrived(pilot, UnlinkScreen)
        await pilot.press("enter")
        await until(pilot, lambda: any(note.title == VaultBusy.title for note in app._notifications))
        assert "Unlinking" not in words(app.screen.query("#told"))
        assert "working" in listed(pilot)
