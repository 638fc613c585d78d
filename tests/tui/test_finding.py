"""Finding a provider on the screen: in lists, by what records say, by address; lists fetched meanwhile."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.bootstrap import provider_directory
from assistant.clock import utc_now
from assistant.errors import SourceFailed
from assistant.links.importer import bring_in
from assistant.links.providers.service import Links
from assistant.settings import Settings
from assistant.tui import lists
from assistant.tui.app import ChartsideApp
from assistant.tui.doors import OwnDoor
from assistant.tui.screens.fetching_lists import ListsScreen
from assistant.tui.screens.find_provider import FindProviderScreen
from assistant.tui.screens.recovery import RecoveryScreen
from assistant.tui.screens.registering import RegisteringScreen
from assistant.tui.screens.unlock import UnlockScreen
from connectors.directory.known import KNOWN
from tests.fakes import small
from tests.fakes.in_process import InProcessFile
from tests.links.linking import hospital
from tests.tui.conftest import until
from tests.tui.linking import arrived, drawn_whole, linking, listed, still
from tests.tui.test_chat_screen import words

TABLE = (
    "name,url,city,state\n"
    "Mercy Hospital,https://fhir.mercy-springfield.health/api/R4,Springfield,MO\n"
    "Lakeview Clinic,https://fhir.lakeview-clinic.health/api/R4,Madison,WI\n"
    "Evil\x1b[2J [@click=app.quit]Clinic[/],https://fhir.evil-clinic.health/api/R4,Nowhere,KS\n"
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, beside a table of providers."""
    monkeypatch.setenv("CHARTSIDE_HOME", str(tmp_path / "data"))
    table = tmp_path / "mine.csv"
    table.write_text(TABLE)
    return table


async def test_where_the_patient_was_seen_comes_first_and_every_key_searches(
    tmp_path: Path, data: Path
) -> None:
    provider_directory().add(data)
    seen = small.visit("v1", "Checkup", "2026-01-05", serviceProvider={"display": "Lakeview Clinic"})
    chart = tmp_path / "chart.json"
    small.write_bundle(chart, [small.patient(), seen])
    async with linking(tmp_path / "home") as (app, pilot):
        assert app.house is not None
        await bring_in(app.house.vault, [InProcessFile(chart)], clock=utc_now)
        await pilot.press("n")
        await arrived(pilot, FindProviderScreen)
        hinted, *others = listed(pilot).splitlines()
        assert hinted == "You were seen at Lakeview Clinic: Lakeview Clinic"
        assert any("invented patients" in line for line in others)
        await pilot.press(*"merc")
        await still(pilot)
        assert listed(pilot).startswith("Mercy Hospital\n  Springfield MO")
        assert "Lakeview" not in listed(pilot)
        await pilot.press("x", "x", "x")
        await still(pilot)
        assert "Nothing fits" in words(app.screen.query("#matter"))
        app.screen.query_one("#typed", Input).value = "clinic"
        await still(pilot)
        assert listed(pilot).startswith("Lakeview Clinic")
        assert "[@click=app.quit]Clinic" in listed(pilot)
        assert "\x1b" not in drawn_whole(app)


async def test_without_a_list_one_is_fetched_by_another_process(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = "from assistant.bootstrap import provider_directory as p; from pathlib import Path; import sys; "
    adding = f"{take}print('5 MB', file=sys.stderr); p().add(Path({str(data)!r}))"
    monkeypatch.setattr(lists, "COMMAND", (sys.executable, "-c", adding))
    async with linking(tmp_path / "home") as (app, pilot):
        await pilot.press("n")
        await arrived(pilot, FindProviderScreen)
        assert "No list of providers is here yet" in words(app.screen.query("#matter"))
        await pilot.press("f5")
        await arrived(pilot, ListsScreen)
        assert all(one.name in listed(pilot) and one.address in listed(pilot) for one in KNOWN)
        assert not (tmp_path / "data" / "providers").exists()
        await pilot.press("enter")
        await until(pilot, lambda: "is here" in words(app.screen.query("#matter")))
        await pilot.press("escape")
        await arrived(pilot, FindProviderScreen)
        await pilot.press(*"merc")
        await still(pilot)
        assert listed(pilot).startswith("Mercy Hospital")


async def test_from_the_first_start_to_the_search(tmp_path: Path) -> None:
    app = ChartsideApp(OwnDoor(tmp_path / "home"), Settings(motion=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await still(pilot)
        await pilot.press("down", "down", "enter")
        await arrived(pilot, UnlockScreen)
        for _ in range(2):
            app.screen.query_one("Input:focus", Input).value = "a few words at random"
            await pilot.press("enter")
        await arrived(pilot, RecoveryScreen)
        await pilot.press("enter")
        await arrived(pilot, FindProviderScreen)
        assert "invented patients" in listed(pilot)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_an_unknown_list_is_told() -> None:
    with pytest.raises(SourceFailed) as failed:
        await lists.fetch_list("no-such-list", lambda _: None)
    assert "no published list of that name" in failed.value.text


async def test_fetching_that_is_stopped_leaves_no_process() -> None:
    told: list[str] = []
    command = ("/bin/sh", "-c", "echo $$ >&2; exec sleep 600", "sh")
    fetching = asyncio.create_task(lists.fetch_list("epic", told.append, command))
    while not told:
        await asyncio.sleep(0)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    with pytest.raises(ProcessLookupError):
        os.kill(int(told[0]), 0)


async def test_a_damaged_directory_leaves_the_way_by_address(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "providers"
    folder.mkdir(parents=True)
    (folder / "directory.db").write_bytes(b"no database")
    async with hospital() as server, linking(tmp_path / "home") as (app, pilot):
        await pilot.press("n")
        await arrived(pilot, FindProviderScreen)
        assert "fetch the lists again" in words(app.screen.query("#matter"))
        app.screen.query_one("#typed", Input).value = server.base
        await still(pilot)
        await pilot.press("enter")
        await arrived(pilot, RegisteringScreen)


@pytest.mark.parametrize("there", [True, False])
async def test_healthex_is_offered_where_there_is_a_door_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setattr(Links, "doors", ("smart", "mcp") if there else ("smart",))
    async with linking(tmp_path / "home") as (_, pilot):
        await pilot.press("n")
        await arrived(pilot, FindProviderScreen)
        assert ("HealthEx" in listed(pilot)) is there


async def test_what_no_address_is_is_told_and_the_search_stays(tmp_path: Path) -> None:
    async with linking(tmp_path / "home") as (app, pilot):
        await pilot.press("n")
        await arrived(pilot, FindProviderScreen)
        app.screen.query_one("#typed", Input).value = "http://user:pass@clinic.example/"
        await still(pilot)
        await pilot.press("enter")
        await still(pilot)
        assert isinstance(app.screen, FindProviderScreen)
        assert "address" in words(app.screen.query("#matter"))
