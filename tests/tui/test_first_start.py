"""From nothing to an answer, without reading anything but the screen."""

from pathlib import Path

from textual.widgets import Input

from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from assistant.tui.doors import OwnDoor
from assistant.tui.screens.chat import ChatScreen
from assistant.tui.screens.importing import ImportScreen
from assistant.tui.screens.recovery import RecoveryScreen
from assistant.tui.screens.unlock import UnlockScreen
from assistant.tui.screens.welcome import WelcomeScreen
from assistant.tui.widgets.message import AnswerView
from tests.fakes import small
from tests.tui.conftest import settled, until
from tests.tui.test_chat_screen import words


def on(app: ChartsideApp) -> type:
    """Which screen is on."""
    return type(app.screen)


async def test_a_file_is_opened_and_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "my-records.json"
    small.write_bundle(
        file, [small.patient(), small.ldl("o1", 148, "2019-03-12"), small.ldl("o2", 96, "2026-02-10")]
    )
    app = ChartsideApp(OwnDoor(tmp_path / "home"), Settings())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert on(app) is WelcomeScreen
        await pilot.press("down", "enter")
        await settled(pilot)
        assert on(app) is UnlockScreen
        for _ in range(2):
            app.screen.query_one("Input:focus", Input).value = "a few words at random"
            await pilot.press("enter")
            await settled(pilot)
        assert on(app) is RecoveryScreen
        await pilot.press("enter")
        await settled(pilot)
        assert on(app) is ImportScreen
        app.screen.query_one("#path", Input).value = str(file)
        await pilot.press("enter")
        await settled(pilot)
        assert "3 new" in words(app.screen.query("#found"))
        await pilot.press("ctrl+z")
        await settled(pilot)
        assert "3 records are gone" in words(app.screen.query("#found"))
        app.screen.query_one("#path", Input).focus()
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert on(app) is ChatScreen
        assert "Brandt" in words(app.screen.query("#who"))
        assert app.chat is not None
        app.chat.composer.text = "How has my LDL changed?"
        await pilot.press("enter")
        await until(pilot, lambda: "52" in words(app.screen.query(AnswerView)))


async def test_the_sample_patient_answers(tmp_path: Path) -> None:
    app = ChartsideApp(OwnDoor(tmp_path / "home"), Settings())
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.house is not None)
        await settled(pilot)
        await pilot.press("shift+tab", "enter")
        await until(pilot, lambda: "148 mg/dL" in words(app.screen.query(AnswerView)))
        assert not (tmp_path / "home").exists()
