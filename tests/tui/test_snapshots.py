"""Every screen as it looks: dark, light, without color, and on 80 columns by 24 lines.

`pytest tests/tui/test_snapshots.py --snapshot-update` makes them anew; look at each before it is kept.
"""

import secrets
import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from assistant.records.model import Category
from assistant.settings import Settings
from assistant.sharing.model import Grant
from assistant.tui.app import ChartsideApp
from assistant.tui.doors import Door, OwnDoor
from assistant.tui.screens import chat
from assistant.tui.screens.adding import AddModelScreen
from assistant.tui.screens.outgoing import OutgoingScreen
from assistant.tui.screens.recovery import RecoveryScreen
from assistant.tui.widgets import grace
from tests.tui.conftest import CopyDoor, Looks, Steps, settled, until

QUESTION = "How has my LDL changed since 2019?"


def keys(*pressed: str) -> Steps:
    """Press these keys, one after the other is done."""

    async def steps(pilot: Pilot[None]) -> None:
        for key in pressed:
            await pilot.press(key)
            await settled(pilot)

    return steps


async def answered(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, ChartsideApp)
    assert app.chat is not None
    app.chat.ask(QUESTION)
    await until(pilot, lambda: not any(worker.is_running for worker in app.workers))
    await settled(pilot)


async def urgent(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, ChartsideApp)
    assert app.chat is not None
    app.chat.ask("my chest hurts and my left arm is numb")
    await until(pilot, lambda: not any(worker.is_running for worker in app.workers))
    await settled(pilot)


async def approving(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, ChartsideApp)
    assert app.house is not None
    assert app.chat is not None
    app.house.sharing.share([Grant("scripted", Category.LABS)])
    await app.chat.ask_someone_else("scripted")
    app.chat.ask(QUESTION)
    await until(pilot, lambda: isinstance(app.screen, OutgoingScreen))
    await settled(pilot)


async def recovery(pilot: Pilot[None]) -> None:
    pilot.app.push_screen(RecoveryScreen("ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567"))


async def adding(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, ChartsideApp)
    assert app.house is not None
    app.push_screen(AddModelScreen(app.house))
    await settled(pilot)


def after(first: Steps, *pressed: str) -> Steps:
    """Keys after something else."""

    async def steps(pilot: Pilot[None]) -> None:
        await first(pilot)
        await keys(*pressed)(pilot)

    return steps


SCREENS: dict[str, Steps] = {
    "chat-empty": keys(),
    "chat": answered,
    "chat-answer": after(answered, "shift+tab"),
    "chat-sharing": after(answered, "f2", "down"),
    "approving": approving,
    "urgent": urgent,
    "visits": keys("ctrl+s"),
    "visit": keys("ctrl+s", "enter", "space", "down"),
    "outgoing": after(answered, "ctrl+o"),
    "outgoing-laid-out": after(answered, "ctrl+o", "v"),
    "narrow": keys("f2", "down", "n"),
    "whom": keys("ctrl+t"),
    "adding": adding,
    "compare": keys("f12"),
    "chats": after(answered, "ctrl+l"),
    "import": keys("f4"),
    "ledger": keys("ctrl+b"),
    "settings": keys("ctrl+g"),
    "help": keys("f1"),
    "jump": after(answered, "f3"),
    "recovery": recovery,
    "records": keys("ctrl+r"),
    "records-searched": keys("ctrl+r", "slash", "l", "d", "l"),
    "record": after(answered, "shift+tab", "1"),
    "record-source": after(answered, "shift+tab", "1", "j"),
    "timeline": keys("ctrl+r", "down", "t"),
    "locked": keys("f8"),
}


async def passphrases(pilot: Pilot[None]) -> None:
    await keys("down", "enter")(pilot)


FIRST: dict[str, Steps] = {"welcome": keys(), "new-passphrase": passphrases}
"""Where there is no vault yet."""
SCREENS |= {
    "category": keys("ctrl+r", "c"),
    "rename": after(answered, "ctrl+l", "f2"),
    "passphrase": keys(),
}
LOOKS: dict[str, tuple[str, tuple[int, int]]] = {
    "dark": ("dark", (120, 36)),
    "light": ("light", (120, 36)),
    "nocolor": ("dark", (120, 36)),
    "small": ("dark", (80, 24)),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", [*SCREENS, *FIRST])
def test_a_screen_looks_as_it_did(
    name: str,
    look: str,
    looks_as_it_did: Looks,
    sample_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theme, size = LOOKS[look]
    if look == "nocolor":
        monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(chat, "PREVIEW_AFTER", 0.001)
    monkeypatch.setattr(grace, "SECONDS", 0.001)
    monkeypatch.setenv("CHARTSIDE_HOME", "/nonexistent/chartside")
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    door: Door = OwnDoor(tmp_path / "none")
    if name in SCREENS:
        door = CopyDoor(Path(shutil.copytree(sample_home, tmp_path / "home")), asks=name == "passphrase")
    app = ChartsideApp(door, Settings(theme=theme, motion=False))  # type: ignore[arg-type]
    assert looks_as_it_did(app, size, {**SCREENS, **FIRST}[name])
