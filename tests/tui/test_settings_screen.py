"""The settings screen as a patient uses it: by keyboard, kept at once, and told when it can't be."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from assistant.errors import StorageFailed
from assistant.settings import NAMES, Settings, load, save, sentences
from assistant.tui.keys import conflicts
from assistant.tui.screens.settings import SettingsScreen
from assistant.tui.themes import THEMES, theme_name

PATH = Path("data [b]home") / "settings.toml"


class Holder(App[None]):
    """Pushes the screen, takes what it gives, and shows its theme."""

    def __init__(self, screen: SettingsScreen) -> None:
        super().__init__()
        self._first = screen
        self.left_with: Settings | None = None

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.push_screen(self._first, self._left)

    def on_settings_screen_changed(self, changed: SettingsScreen.Changed) -> None:
        self.theme = theme_name(changed.settings.theme)

    def _left(self, settings: Settings | None) -> None:
        self.left_with = settings


def holding(
    settings: Settings, keep: Callable[[Settings], None] = lambda _: None, path: Path = PATH
) -> Holder:
    return Holder(SettingsScreen(settings, keep, path))


async def mark(pilot: Pilot[None], name: str) -> None:
    pilot.app.screen.query_one(OptionList).highlighted = NAMES.index(name)
    await pilot.pause()


def row(app: App[None], name: str) -> str:
    return str(app.screen.query_one(OptionList).get_option(name).prompt)


def said(app: App[None]) -> str:
    return str(app.screen.query_one("#said", Static).render())


def focused(app: App[None]) -> str | None:
    return app.focused.id if app.focused else None


async def test_every_setting_is_there_with_its_value_and_what_it_does() -> None:
    app = holding(Settings(motion=False, lock_after_minutes=0, country="DE", keys={"chat.stop": "f1"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for name, sentence in sentences().items():
            assert sentence in row(app, name)
        for name, value in {
            "theme": "dark",
            "motion": "off",
            "lock_after_minutes": "never",
            "country": "DE",
            "language": "English",
            "date_style": "3 Feb 2026",
            "keys": "chat.stop=f1",
        }.items():
            assert value in row(app, name).splitlines()[0]


async def test_the_place_of_the_file_is_shown_as_it_is() -> None:
    app = holding(Settings())
    async with app.run_test() as pilot:
        await pilot.pause()
        assert str(PATH) in str(app.screen.query_one("#where", Static).render())


async def test_enter_takes_the_next_theme_shows_it_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    app = holding(Settings(), lambda settings: save(path, settings), path)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert load(path).theme == "light"
        assert app.theme == theme_name("light")
        assert row(app, "theme").splitlines()[0].split() == ["Theme", "light"]
        await pilot.press("space", "enter", "enter")
        assert load(path) == Settings()
        await pilot.press("down", "space")
        assert load(path).motion is False


async def test_d_brings_the_default_back() -> None:
    kept: list[Settings] = []
    app = holding(Settings(theme="light"), kept.append)
    async with app.run_test() as pilot:
        await pilot.press("d")
        assert kept == [Settings()]


async def test_escape_gives_the_settings_back() -> None:
    app = holding(Settings())
    async with app.run_test() as pilot:
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert app.left_with == Settings(theme="light")


@pytest.mark.parametrize(
    ("name", "keys", "wanted"),
    [
        ("lock_after_minutes", ["5"], Settings(lock_after_minutes=5)),
        ("monthly_cap_usd", ["5"], Settings(monthly_cap_usd=5)),
        ("country", ["u", "s"], Settings(country="US")),
        ("keys", [*"chat.stop", "=", *"f1"], Settings(keys={"chat.stop": "f1"})),
    ],
)
async def test_what_has_no_list_is_typed(name: str, keys: list[str], wanted: Settings) -> None:
    kept: list[Settings] = []
    app = holding(Settings(), kept.append)
    async with app.run_test() as pilot:
        await mark(pilot, name)
        await pilot.press("enter", "ctrl+u", *keys, "enter")
        assert kept == [wanted]
        assert said(app).startswith("Saved.")
        assert focused(app) == "settings"


@pytest.mark.parametrize(
    ("name", "keys", "told"),
    [
        ("lock_after_minutes", ["x"], "It is a whole number from 0 to 1440"),
        ("country", ["u", "k"], "“country” can't be “UK”"),
        ("keys", ["f", "1"], "“f1” has no key."),
    ],
)
async def test_what_can_not_be_is_told_and_can_be_typed_again(name: str, keys: list[str], told: str) -> None:
    kept: list[Settings] = []
    app = holding(Settings(), kept.append)
    async with app.run_test() as pilot:
        await mark(pilot, name)
        await pilot.press("enter", "ctrl+u", *keys, "enter")
        assert told in said(app)
        assert focused(app) == "typed"
        await pilot.press("escape")
        assert app.left_with is None
        assert focused(app) == "settings"
        assert kept == []


async def test_a_key_that_would_do_two_things_is_not_kept() -> None:
    kept: list[Settings] = []

    def wrong(keymap: Mapping[str, str]) -> tuple[str, ...]:
        return conflicts({"Settings": SettingsScreen.BINDINGS}, keymap)

    app = Holder(SettingsScreen(Settings(), kept.append, PATH, conflicts=wrong))
    async with app.run_test() as pilot:
        await mark(pilot, "keys")
        await pilot.press("enter", *"settings.back=d", "enter")
        assert "d would do 2 things: Default (settings.default) and Back (settings.back)" in said(app)
        assert kept == []


async def test_what_has_one_choice_says_so() -> None:
    app = holding(Settings())
    async with app.run_test() as pilot:
        await mark(pilot, "language")
        await pilot.press("enter")
        assert "only one choice" in said(app)


async def test_a_disk_that_refuses_changes_nothing() -> None:
    def refuse(_: Settings) -> None:
        raise StorageFailed("The disk did not take the change [b].", "Make room.")

    app = holding(Settings(), refuse)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert said(app).startswith("! ")
        assert "The disk did not take the change [b]. Make room." in said(app)
        assert "dark" in row(app, "theme").splitlines()[0]
        await pilot.press("escape")
        await pilot.pause()
        assert app.left_with == Settings()


def test_its_keys_get_along() -> None:
    assert conflicts({"Settings": SettingsScreen.BINDINGS}, {}) == ()
