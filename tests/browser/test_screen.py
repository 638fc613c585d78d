"""The whole way on the screen, with a person in a real browser: linked, asked, broken, mended, unlinked."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.tui.screens.coming import ComingScreen
from assistant.tui.screens.providers import ProvidersScreen
from assistant.tui.screens.registering import RegisteringScreen
from assistant.tui.screens.unlinking import UnlinkScreen
from assistant.tui.widgets import grace
from connectors.smart.vendors import REDIRECTS
from tests.browser.driver import Browser
from tests.browser.signing_in import OURS, fill_in, way_back
from tests.fakes import small
from tests.fakes.smart_server import Registered
from tests.links.linking import ALL, CLIENT_ID, hospital, nadias
from tests.tui.conftest import until
from tests.tui.linking import arrived, drawn_whole, fetched, found, linking, listed, synced, waiting
from tests.tui.test_chat_screen import words


async def signs_in(pilot: Pilot[None], browser: Browser) -> None:
    """From what the server said, through the browser and back by itself, to what would come."""
    for field in pilot.app.screen.query("#client").results(Input):
        field.value = CLIENT_ID
    await pilot.press("f2")
    await browser.go(await waiting(pilot))
    await fill_in(browser)
    assert "Go back to the terminal" in await browser.text(OURS)
    await arrived(pilot, ComingScreen)


async def test_linked_asked_broken_mended_and_unlinked(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = way_back()
    monkeypatch.setitem(REDIRECTS, "http", back)
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        server.clients.add(Registered(CLIENT_ID, redirect_uris=(back,)))
        await found(pilot, server)
        await signs_in(pilot, browser)
        assert "Lab results" in words(app.screen.query("Static"))
        await pilot.press("f5")
        assert f"{ALL} new" in await fetched(pilot)

        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat or type(app.screen) is ProvidersScreen)
        await pilot.press(*["escape"] * (app.screen is not app.chat))
        await until(pilot, lambda: app.screen is app.chat)
        await pilot.press(*"What was my last LDL?", "enter")
        await until(pilot, lambda: "LDL" in drawn_whole(app) and "mg/dL" in drawn_whole(app))

        await pilot.press("f10")
        await arrived(pilot, ProvidersScreen)
        server.faults.next("/fhir/Condition", *["503-bare"] * 12)
        await synced(pilot)
        assert "! partly failed" in listed(pilot)
        server.faults.clear()
        server.issued.revoke_all()
        server.chart.put(nadias(small.ldl("new", 99, "2026-03-01")))
        assert "ended or was taken back" in await synced(pilot)
        assert "! needs sign-in" in listed(pilot)

        await pilot.press("i")
        await arrived(pilot, RegisteringScreen)
        await signs_in(pilot, browser)
        await pilot.press("f5")
        assert "1 new" in await fetched(pilot)
        await pilot.press("escape")
        await arrived(pilot, ProvidersScreen)
        assert "✓ working" in listed(pilot)

        monkeypatch.setattr(grace, "SECONDS", 0.0)
        await pilot.press("u")
        await arrived(pilot, UnlinkScreen)
        await pilot.press("enter")
        await until(pilot, lambda: "Unlinked: " in drawn_whole(app))
        assert "taken your access back" in words(app.screen.query("#told"))
        assert app.house is not None
        assert app.house.links.all() == ()
