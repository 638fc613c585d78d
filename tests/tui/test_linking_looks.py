"""The screens of linking as they look on 80 columns by 24 lines and with more room, and under hostile names.

`pytest tests/tui/test_linking_looks.py --snapshot-update` makes the pictures anew.
"""

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from assistant.links.providers.door import Signed
from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from assistant.tui.screens import chat, signing_in
from assistant.tui.screens.coming import ComingScreen
from assistant.tui.screens.fetching_lists import ListsScreen
from assistant.tui.screens.registering import RegisteringScreen
from assistant.tui.screens.signing_in import SigningInScreen
from assistant.tui.screens.unlinking import UnlinkScreen
from assistant.tui.widgets.qr import qr_code, qr_lines
from tests.tui import link_values
from tests.tui.conftest import Looks, Steps, settled, started
from tests.tui.linking import LinkDoor, drawn_whole
from tests.tui.test_snapshots import LOOKS, after, keys

EVIL = "Clinic\x1b]52;c;cm0gLXJm\x07\u202e\u200b[@click=app.quit]x[/] [bold]"
NOTHING_SHARED = "Linking shares nothing: no model sees any of it unless you switch it on."


async def dropped(signed: Signed) -> str:
    return ""


def pushed(make: Callable[[], Screen[Any]]) -> Steps:
    """A screen that a provider's answer would lead to."""

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(make())
        await settled(pilot)

    return steps


def linked(name: str = "Lakeside Health") -> Steps:
    """The providers, with one linked."""

    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ChartsideApp)
        assert app.house is not None
        app.house.links.keep(link_values.signed(name))
        await keys("f10")(pilot)

    return steps


def sign_in(name: str = "Lakeside Health", host: str = "fhir.lakeside.org") -> SigningInScreen:
    begin: Callable[[], Awaitable[Any]] = lambda: link_values.attempt(host=host)  # noqa: E731
    return SigningInScreen(name, begin, lambda _: True)


def coming(name: str = "Lakeside Health", left: str = "Claims and benefits") -> ComingScreen:
    return ComingScreen(link_values.signed(name, left), NOTHING_SHARED, dropped)


SCREENS: dict[str, Steps] = {
    "providers-none": keys("f10"),
    "find-provider": keys("f10", "n"),
    "lists": pushed(ListsScreen),
    "registering": pushed(lambda: RegisteringScreen(link_values.offer())),
    "registering-secret": pushed(lambda: RegisteringScreen(link_values.offer(vendor="quest"))),
    "signing-in": pushed(sign_in),
    "signing-in-qr": after(pushed(sign_in), "f6"),
    "coming": pushed(coming),
    "coming-from-a-stranger": pushed(lambda: ComingScreen(link_values.stranger(), NOTHING_SHARED, dropped)),
    "providers": after(linked(), "enter"),
    "unlinking": pushed(lambda: UnlinkScreen("Lakeside Health")),
}


def started_app(home: Path, monkeypatch: pytest.MonkeyPatch, look: str) -> ChartsideApp:
    """The app over an empty vault, where nothing moves."""
    monkeypatch.setattr(chat, "PREVIEW_AFTER", 0.001)
    monkeypatch.setattr(signing_in, "monotonic", lambda: 0.0)
    monkeypatch.setenv("CHARTSIDE_HOME", "/nonexistent/chartside")
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    return ChartsideApp(LinkDoor(home), Settings(theme=LOOKS[look][0], motion=False))  # type: ignore[arg-type]


WIDE = ("providers", "registering", "signing-in", "signing-in-qr", "coming")
"""Those that look otherwise where there is room."""


@pytest.mark.parametrize(
    ("name", "look"), [*((name, "small") for name in SCREENS), *((name, "dark") for name in WIDE)]
)
def test_a_screen_looks_as_it_did(
    name: str, look: str, looks_as_it_did: Looks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = started_app(tmp_path / "home", monkeypatch, look)
    assert looks_as_it_did(app, LOOKS[look][1], SCREENS[name])


HOSTILE: dict[str, Steps] = {
    "registering": pushed(lambda: RegisteringScreen(link_values.offer(EVIL))),
    "signing in": pushed(lambda: sign_in(EVIL, EVIL)),
    "coming": pushed(lambda: coming(EVIL, EVIL)),
    "tools": pushed(lambda: ComingScreen(link_values.stranger(EVIL, EVIL), NOTHING_SHARED, dropped)),
    "providers": linked(EVIL),
    "unlinking": pushed(lambda: UnlinkScreen(EVIL)),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_providers_words_neither_act_nor_hide(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = started_app(tmp_path / "home", monkeypatch, "dark")
    async with app.run_test(size=(120, 36)) as pilot:
        await started(app, pilot)
        await HOSTILE[name](pilot)
        drawn = drawn_whole(app)
    assert "[@click=app.quit]x[/] [bold]" in drawn
    assert not set(drawn) & set("\x1b\x07\u202e\u200b")


@pytest.mark.parametrize("length", [10, 200, 1200])
def test_a_code_has_every_module_of_the_address(length: int) -> None:
    import segno

    address = f"https://clinic.example/{'a' * length}"
    lines = qr_lines(address)
    assert lines is not None
    halves = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}
    drawn = [[halves[cell][half] for cell in line] for line in lines for half in (0, 1)]
    wanted = [[int(bool(dark)) for dark in row] for row in segno.make_qr(address, error="l").matrix]
    quiet = (len(lines[0]) - len(wanted)) // 2
    assert [row[quiet:-quiet] for row in drawn[quiet : quiet + len(wanted)]] == wanted
    assert not any(any(row) for row in (*drawn[:quiet], *drawn[quiet + len(wanted) :]))


def test_a_code_that_has_no_room_is_a_sentence() -> None:
    lines = qr_lines("https://clinic.example/")
    assert lines is not None
    width, height = len(lines[0]), len(lines)
    assert str(qr_code("https://clinic.example/", width, height)) == "\n".join(lines)
    assert f"needs {width} columns and {height} lines" in str(
        qr_code("https://clinic.example/", width - 1, 99)
    )
    assert "too long" in str(qr_code("x" * 9000, 999, 999))
