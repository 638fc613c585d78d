"""The app over a copy of the sample patient's vault, driven as a patient would."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, TextArea

from assistant.bootstrap import House, default_backends, open_vault
from assistant.llm.base import Backend
from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from assistant.tui.screens import chat
from tests.chat.conftest import PASSPHRASE, Opener, now, opener, sample_home

__all__ = ["opener", "sample_home"]

QUESTIONS = ("How has my LDL changed since 2019?", "Am I allergic to penicillin?")


class CopyDoor:
    """A door to a vault that is there already."""

    name = "Your records"
    suffix = ""
    made = True

    def __init__(self, home: Path, *, asks: bool = False, backends: Sequence[Backend] = ()) -> None:
        self.home = home
        self.asks = asks
        self.backends = tuple(backends)
        self.opened: list[House] = []

    def questions(self) -> Sequence[str]:
        return QUESTIONS

    def open(self, passphrase: str) -> House:
        vault = open_vault(lambda: passphrase if self.asks else PASSPHRASE, home=self.home, clock=now)
        self.opened.append(House(vault, clock=now, backends=[*default_backends(), *self.backends]))
        return self.opened[-1]

    def make(self, passphrase: str) -> tuple[House, str | None]:
        return self.open(passphrase), None

    def close(self) -> None:
        """The vault stays."""


WAITING = frozenset(("compare", "turn", "narrow", "change", "link", "sign in"))
"""Groups of workers that may wait for the patient."""

FOOTER_PAUSES = 100
"""A footer that has no keys to show, or no room, stays as it is."""

PATIENCE = 10.0
"""Seconds a screen has to come to look as it did; what it looks like then is compared."""

Steps = Callable[[Pilot[None]], Awaitable[None]]
Looks = Callable[[ChartsideApp, tuple[int, int], Steps], bool]
Driven = tuple[ChartsideApp, Pilot[None]]
Drive = Callable[..., AbstractAsyncContextManager[Driven]]


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way any more but what waits for the patient or a model."""
    for _ in range(3):
        await pilot.pause()
        await until(pilot, lambda: not busy(pilot))
    for _ in range(FOOTER_PAUSES):
        if footed(pilot):
            break
        await pilot.pause()
    await pilot.pause()


async def started(app: ChartsideApp, pilot: Pilot[None]) -> None:
    """Wait until the first screen is all there: with an open vault, where no passphrase is asked for."""
    if app.door.made and not app.door.asks:
        await until(pilot, lambda: app.house is not None)
    await settled(pilot)


def busy(pilot: Pilot[None]) -> bool:
    """Whether something is under way that doesn't wait for the patient."""
    return any(worker.is_running and worker.group not in WAITING for worker in pilot.app.workers)


def footed(pilot: Pilot[None]) -> bool:
    """Whether every footer in view has its keys in place, also one under a box."""
    top = pilot.app.screen
    under = [screen for screen in pilot.app.screen_stack if screen.is_current]
    in_view = under if isinstance(top, ModalScreen) else [top]
    footers = [footer for screen in in_view for footer in screen.query(Footer)]
    return all(footer.children and footer.children[0].region for footer in footers)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for something that has to come; the test's own time limit ends it."""
    while not holds():
        await pilot.pause()


@pytest.fixture
def drive(opener: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """Starts the app and waits until the vault is open."""
    monkeypatch.setattr(chat, "PREVIEW_AFTER", 0.01)

    @asynccontextmanager
    async def driven(
        *,
        size: tuple[int, int] = (120, 36),
        settings: Settings | None = None,
        door: CopyDoor | None = None,
        backends: Sequence[Backend] = (),
    ) -> AsyncIterator[Driven]:
        if door is None:
            opener("tui").vault.close()
            door = CopyDoor(tmp_path / "tui", backends=backends)
        app = ChartsideApp(door, settings or Settings())
        async with app.run_test(size=size) as pilot:
            await started(app, pilot)
            yield app, pilot

    return driven


@pytest.fixture
def looks_as_it_did(
    snap_compare: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Looks:
    """Whether a screen, after some steps, comes to look as its kept picture does.

    What a terminal shows comes in several frames, and a busy computer draws them later: so the picture is
    waited for, not a moment.
    """
    kept = request.path.parent / "__snapshots__" / request.path.stem / f"{request.node.name}.raw"
    for field in (Input, TextArea):
        monkeypatch.setattr(field.cursor_blink, "_default", False)

    def compare(app: ChartsideApp, size: tuple[int, int], steps: Steps) -> bool:
        async def before(pilot: Pilot[None]) -> None:
            await started(app, pilot)
            await steps(pilot)
            await settled(pilot)
            ends = time.monotonic() + PATIENCE
            picture = kept.read_text() if kept.exists() else ""
            while app.export_screenshot(title=app.title, simplify=True) != picture:
                if time.monotonic() > ends:
                    return
                await pilot.pause()

        return bool(snap_compare(app, terminal_size=size, run_before=before))

    return compare


@pytest.fixture(autouse=True)
def one_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times on the screen are those of the computer: here always the same."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
