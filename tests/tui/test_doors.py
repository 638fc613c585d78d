"""What opens a vault on the screen, and what a run leaves behind."""

import tempfile
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.bootstrap import House, make_house, open_vault
from assistant.errors import WrongPassphrase
from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from assistant.tui.doors import OwnDoor, SampleDoor
from assistant.vault.keychain import Keychain
from tests.fakes.person import write_person
from tests.tui.conftest import Drive, settled, started, until
from tests.tui.terminal import Terminal, plain
from tests.tui.test_chat_screen import words
from tests.vault.test_keychain import ALLOWED, InMemory

PASSPHRASE = "a few words at random"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made, _ = make_house(PASSPHRASE, home=tmp_path / "home")
    made.vault.close()
    return tmp_path / "home"


def test_a_wrong_passphrase_opens_nothing_even_where_the_keychain_would(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembers = Keychain(InMemory(), ALLOWED)
    monkeypatch.setattr("assistant.vault.vault.Keychain", lambda: remembers)
    vault = open_vault(lambda: PASSPHRASE, home=home)
    vault.remember()
    vault.close()
    door = OwnDoor(home)
    with pytest.raises(WrongPassphrase):
        door.open("not it at all")
    for typed in (PASSPHRASE, ""):
        house: House = door.open(typed)
        house.vault.close()


def test_a_passphrase_file_that_does_not_fit_ends_with_its_sentence(home: Path, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("not it at all\n")
    terminal = Terminal(
        "-c",
        "from assistant.cli.main import main; main()",
        columns=100,
        lines=30,
        environment=[
            ("CHARTSIDE_HOME", str(home)),
            ("CHARTSIDE_PASSPHRASE_FILE", str(tmp_path / "passphrase")),
            ("CHARTSIDE_TEST_KDF", "1"),
        ],
    )
    assert terminal.end() == 4
    assert b"doesn't open your records" in plain(terminal.written)


def test_the_sample_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    door = SampleDoor()
    house = door.open("")
    house.vault.close()
    assert list(tmp_path.glob("chartside-demo-*"))
    door.close()
    assert list(tmp_path.glob("chartside-demo-*")) == []


@pytest.mark.parametrize("key", ["f2", "f8", "ctrl+q"])
async def test_an_import_that_is_stopped_keeps_only_the_draft(home: Path, tmp_path: Path, key: str) -> None:
    write_person(tmp_path / "person.json", 30_000)
    app = ChartsideApp(OwnDoor(home, PASSPHRASE), Settings())
    async with app.run_test() as pilot:
        await started(app, pilot)
        await pilot.press(*"why")
        await pilot.press("f4")
        app.screen.query_one("#path", Input).value = str(tmp_path / "person.json")
        await pilot.press("enter")
        await until(pilot, lambda: "Reading" in words(app.screen.query("#found")))
        await pilot.press(key)
        await until(pilot, lambda: not any(worker.is_running for worker in app.workers))
        if key == "f2":
            assert "Nothing of it was kept" in words(app.screen.query("#found"))
    vault = open_vault(lambda: PASSPHRASE, home=home)
    assert House(vault).shelf.counts() == {}
    assert House(vault).chats.draft(None) == "why"
    vault.close()


@pytest.mark.parametrize("content", [b"", b"<html>no</html>", b"{}", b"\x00\xff", b'{"resourceType": 5}'])
async def test_a_wrong_file_is_told(drive: Drive, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wrong.json").write_bytes(content)
    async with drive() as (app, pilot):
        assert app.house is not None
        before, told = sum(app.house.shelf.counts().values()), []
        await pilot.press("f4")
        for path in (tmp_path / "nowhere.json", tmp_path / "wrong.json"):
            app.screen.query_one("#path", Input).value = str(path)
            await pilot.press("enter")
            await settled(pilot)
            told.append(words(app.screen.query("#found")))
        assert "no such file" in told[0]
        assert "Taken back" not in told[1]
        assert any(said in told[1] for said in ("could not be", "set aside", "Nothing was done"))
        assert sum(app.house.shelf.counts().values()) == before
