"""Every face holds the same conversation: the screen, the line mode and `ask` send and answer alike."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.bootstrap import House
from assistant.chat.browse import PastTurn
from assistant.chat.events import Outgoing
from assistant.plain import LineChat
from assistant.records.model import Category
from assistant.settings import Settings
from assistant.sharing.model import Grant
from assistant.tui.app import ChartsideApp
from assistant.tui.screens.outgoing import OutgoingScreen
from assistant.tui.widgets import grace
from tests.chat.conftest import PASSPHRASE, Opener, opener, sample_home
from tests.cli.conftest import Ran
from tests.tui.conftest import CopyDoor, settled, started, until

__all__ = ["opener", "sample_home"]

QUESTIONS = (
    "How has my LDL changed since 2019?",
    "And before that?",
    "Which medicines do I take now?",
    "Am I allergic to penicillin?",
    "Have I ever had a measles titer?",
)


class Said(NamedTuple):
    """What a face made of a question, as its vault tells it."""

    state: str
    answer: str
    sha256: str
    items: int
    numbers: int


Face = Callable[[House, Path, str, bool], Awaitable[list[Said]]]


def told(turn: PastTurn) -> Said:
    assert turn.outgoing is not None
    text = turn.answer.text if turn.answer is not None else ""
    numbers = len(turn.answer.numbers) if turn.answer is not None else 0
    return Said(turn.state, text, turn.outgoing.request.sha256, len(turn.outgoing.message.items), numbers)


def of(house: House) -> list[Said]:
    (chat,) = house.chats.all()
    return [told(turn) for turn in house.chats.turns(chat.id)]


async def line_mode(house: House, home: Path, to: str, yes: bool) -> list[Said]:
    async def approver(outgoing: Outgoing) -> bool:
        return yes

    talk = LineChat(house, lambda _: None, approver)
    await asyncio.to_thread(talk.run, [f"/to {to}", *QUESTIONS])
    return of(house)


async def command(house: House, home: Path, to: str, yes: bool) -> list[Said]:
    """`ask`, in a process of its own for each question, as a shell would."""
    (home.parent / "passphrase").write_text(PASSPHRASE + "\n")
    environment = {
        **os.environ,
        "CHARTSIDE_HOME": str(home),
        "CHARTSIDE_PASSPHRASE_FILE": str(home.parent / "passphrase"),
    }
    chat: str | None = None
    for question in QUESTIONS:
        arguments = ["ask", question, "--to", to, "--json", *(["--yes"] if yes else [])]
        arguments += ["--chat", chat] if chat else []
        program = "from assistant.cli.main import main; main()"
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", program, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout, done.stderr)
        assert ran.code in (0, 3), ran.err
        chat = json.loads(ran.out)["chat"]
    return of(house)


async def screen(house: House, home: Path, to: str, yes: bool) -> list[Said]:
    app = ChartsideApp(CopyDoor(home), Settings())
    async with app.run_test() as pilot:
        await started(app, pilot)
        assert app.chat is not None
        await app.chat.ask_someone_else(to)
        for question in QUESTIONS:
            app.chat.ask(question)
            await until(
                pilot,
                lambda: isinstance(app.screen, OutgoingScreen) or not app.chat.busy,  # type: ignore[union-attr]
            )
            if isinstance(app.screen, OutgoingScreen):
                await pilot.press("f5" if yes else "escape")
            await until(pilot, lambda: not app.chat.busy)  # type: ignore[union-attr]
            await settled(pilot)
        assert app.house is not None
        return of(app.house)


FACES: dict[str, Face] = {"screen": screen, "line mode": line_mode, "ask": command}


@pytest.mark.parametrize(("to", "yes"), [("offline", True), ("scripted", True), ("scripted", False)])
async def test_the_faces_agree(
    opener: Opener, tmp_path: Path, to: str, yes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grace, "SECONDS", 0.001)
    said: dict[str, list[Said]] = {}
    for name, face in FACES.items():
        house = opener(name)
        house.sharing.share(Grant("scripted", c) for c in (Category.LABS, Category.MEDICATIONS))
        said[name] = await face(house, tmp_path / name, to, yes)
    assert [one.state for one in said["ask"]] == ["answered" if yes else "refused"] * len(QUESTIONS)
    assert said["screen"] == said["line mode"] == said["ask"]
