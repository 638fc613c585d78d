"""The conversation on the screen, as a patient drives it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from assistant.records.model import Category
from assistant.sharing.model import Grant
from assistant.tui.app import ChartsideApp
from assistant.tui.screens.chat import ChatScreen
from assistant.tui.screens.outgoing import OutgoingScreen
from assistant.tui.screens.unlock import UnlockScreen
from assistant.tui.widgets import grace
from assistant.tui.widgets.composer import Composer
from assistant.tui.widgets.message import AnswerPart, AnswerView, QuestionView
from tests.chat.conftest import PASSPHRASE, Opener
from tests.fakes.slow import SlowBackend
from tests.tui.conftest import CopyDoor, Drive, settled, until


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Approving is possible at once."""
    monkeypatch.setattr(grace, "SECONDS", 0.001)


def words(widgets: Iterable[Widget]) -> str:
    """Everything that these widgets show."""
    return "\n".join(str(widget.render()) for widget in widgets if isinstance(widget, Static))


def chat(app: ChartsideApp) -> ChatScreen:
    assert app.chat is not None
    return app.chat


def is_locked(app: ChartsideApp) -> bool:
    return app.house is None


async def asked(pilot: Pilot[None], text: str, *, wait: bool = True) -> None:
    chat(pilot.app).composer.text = text  # type: ignore[arg-type]
    await pilot.press("enter")
    await settled(pilot)
    if wait:
        await until(pilot, lambda: not any(worker.is_running for worker in pilot.app.workers))
        await pilot.pause()


async def to(pilot: Pilot[None], destination: str, *categories: Category) -> None:
    app = pilot.app
    assert isinstance(app, ChartsideApp)
    assert app.house is not None
    app.house.sharing.share(Grant(destination, category) for category in categories)
    await chat(app).ask_someone_else(destination)
    await settled(pilot)


async def test_a_question_is_answered_with_what_was_sent_for_it(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await asked(pilot, "How has my LDL changed since 2019?")
        shown = words(app.screen.query(AnswerView))
        assert "148 mg/dL on 12 Mar 2019" in shown
        assert "numbers match your records" in shown
        assert "↑ 2 records" in shown
        assert chat(app).composer.text == ""


async def test_the_footer_offers_only_what_can_be_done_now(drive: Drive) -> None:
    async with drive() as (app, pilot):
        assert "ctrl+r" in app.screen.active_bindings
        await pilot.press("f8")
        await settled(pilot)
        assert "ctrl+r" not in app.screen.active_bindings


async def test_the_line_above_the_question_says_what_would_be_sent(drive: Drive) -> None:
    async with drive() as (app, pilot):
        chat(app).composer.text = "Which medicines do I take now?"
        await until(pilot, lambda: "Medications 4" in words([app.screen.query_one("#status")]))
        await pilot.press("f2", "down", "space")
        await settled(pilot)
        status = words([app.screen.query_one("#status")])
        assert "0 records" in status
        assert "Not shared here: Medications" in status
        await pilot.press("space")
        await settled(pilot)
        assert "Medications 4" in words([app.screen.query_one("#status")])


async def test_a_key_that_was_on_its_way_approves_nothing(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grace, "SECONDS", 3600.0)
    async with drive() as (app, pilot):
        await to(pilot, "scripted", Category.MEDICATIONS)
        await asked(pilot, "Which medicines do I take now?", wait=False)
        assert isinstance(app.screen, OutgoingScreen)
        await pilot.press("f5", "f6", "enter", "space")
        assert isinstance(app.screen, OutgoingScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert "Not sent" in words(app.screen.query(AnswerView))
        assert chat(app).composer.text == "Which medicines do I take now?"


@pytest.mark.usefixtures("no_wait")
async def test_a_message_is_shown_and_sent_as_shown(drive: Drive) -> None:
    slow = SlowBackend()
    slow.go.set()
    async with drive(backends=[slow]) as (app, pilot):
        await to(pilot, "slow", Category.MEDICATIONS)
        await asked(pilot, "Which medicines do I take now?", wait=False)
        shown = words(app.screen.query("#body"))
        await pilot.press("f5")
        await settled(pilot)
        assert slow.received[0].body.decode() in shown
        assert slow.received[0].sha256 in shown
        assert "It fell to 96 mg/dL." in words(app.screen.query(AnswerView))


@pytest.mark.usefixtures("no_wait")
async def test_a_record_is_kept_out_and_the_message_made_anew(drive: Drive) -> None:
    slow = SlowBackend()
    slow.go.set()
    async with drive(backends=[slow]) as (app, pilot):
        await to(pilot, "slow", Category.MEDICATIONS)
        await asked(pilot, "Which medicines do I take now?", wait=False)
        await pilot.press("w")
        await settled(pilot)
        assert isinstance(app.screen, OutgoingScreen)
        await pilot.press("f5")
        await settled(pilot)
        assert len(slow.received) == 1
        assert b"Atorvastatin" not in slow.received[0].body
        assert b"Metformin" in slow.received[0].body


@pytest.mark.usefixtures("no_wait")
async def test_escape_stops_an_answer_and_keeps_what_came(drive: Drive) -> None:
    slow = SlowBackend()
    async with drive(backends=[slow]) as (app, pilot):
        await to(pilot, "slow", Category.LABS)
        await asked(pilot, "What was my last LDL?", wait=False)
        await pilot.press("f5")
        await until(pilot, lambda: "It fell" in words(app.screen.query(AnswerView)))
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "It fell" in words(app.screen.query(AnswerView))
        assert "Stopped here." in words(app.screen.query(AnswerView))
        assert app.house is not None
        (turn,) = app.house.chats.turns(str(chat(app).desk.talk.chat))  # type: ignore[union-attr]
        assert turn.state == "stopped"
        assert turn.answer is not None
        assert turn.answer.text == "It fell "


@pytest.mark.usefixtures("no_wait")
async def test_a_long_answer_is_whole_at_its_end(drive: Drive) -> None:
    slow = SlowBackend(first="a paragraph of an answer\n\n" * 200, rest="the end")
    async with drive(backends=[slow]) as (app, pilot):
        await to(pilot, "slow", Category.LABS)
        await asked(pilot, "What was my last LDL?", wait=False)
        await pilot.press("f5")
        await until(pilot, lambda: len(app.screen.query(AnswerPart)) > 0)
        slow.go.set()
        await until(pilot, lambda: "the end" in words(app.screen.query(AnswerView)))
        await settled(pilot)
        assert len(app.screen.query(AnswerPart)) == 0
        assert words(app.screen.query(AnswerView)).count("a paragraph of an answer") == 200


@pytest.mark.usefixtures("no_wait")
async def test_one_key_stops_everything(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await to(pilot, "scripted", *Category)
        await pilot.press("f9")
        await settled(pilot)
        assert app.house is not None
        assert app.house.sharing.grants() == []
        assert "●" not in str(app.screen.query_one("#switches").render_lines)
        await asked(pilot, "What was my last LDL?", wait=False)
        assert "0 records" in words(app.screen.query("#head"))


async def test_typing_survives_the_lock_and_the_screen_is_cleared(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await asked(pilot, "How has my LDL changed since 2019?")
        chat(app).composer.text = "is 96 good for"
        await pilot.press("f8")
        await settled(pilot)
        assert isinstance(app.screen, UnlockScreen)
        assert is_locked(app)
        left = [node for screen in app.screen_stack for node in screen.query("*")]
        assert not any(isinstance(node, (AnswerView, QuestionView, Composer)) for node in left)
        await pilot.press("enter")
        await settled(pilot)
        assert chat(app).composer.text == "is 96 good for"
        assert "148 mg/dL" in words(app.screen.query(AnswerView))


async def test_nobody_there_locks(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive() as (app, pilot):
        monkeypatch.setattr(app, "_active", app._active - 60 * 60)
        await app._lock_when_idle()
        await settled(pilot)
        assert isinstance(app.screen, UnlockScreen)


async def test_the_passphrase_opens_and_a_wrong_one_says_so(
    drive: Drive, opener: Opener, tmp_path: Path
) -> None:
    opener("locked").vault.close()
    door = CopyDoor(tmp_path / "locked", asks=True)
    async with drive(door=door) as (app, pilot):
        assert isinstance(app.screen, UnlockScreen)
        await pilot.press(*"not it at all", "enter")
        await settled(pilot)
        assert "doesn't open" in words(app.screen.query("#matter"))
        app.screen.query_one("#first").value = PASSPHRASE  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ChatScreen)


async def test_an_answer_is_copied_on_the_key_only(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def native(text: str) -> bool:
        copied.append(text)
        return True

    monkeypatch.setattr("assistant.tui.app.copy_natively", native)
    async with drive() as (app, pilot):
        await asked(pilot, "What was my last hemoglobin A1c?")
        assert copied == []
        app.screen.query_one(AnswerView).focus()
        await pilot.press("c")
        assert "A1c" in copied[0]


async def test_a_cited_record_opens(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await asked(pilot, "How has my LDL changed since 2019?")
        app.screen.query_one(AnswerView).focus()
        await pilot.press("1")
        await settled(pilot)
        assert type(app.screen).__name__ == "RecordScreen"


async def test_a_crash_names_no_content(drive: Drive, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "148 mg/dL of nobody's business"

    def broken() -> None:
        raise RuntimeError(secret)

    async def crashed() -> None:
        async with drive() as (app, pilot):
            app.call_later(broken)
            await pilot.pause()
            await pilot.pause()

    with pytest.raises(RuntimeError):
        await crashed()
    out, err = capsys.readouterr()
    assert "RuntimeError" in out + err
    assert secret not in out + err


def turns(app: ChartsideApp) -> list[str]:
    """The states of the turns of the only conversation."""
    assert app.house is not None
    (past,) = app.house.chats.all()
    return [turn.state for turn in app.house.chats.turns(past.id)]


async def test_what_was_not_sent_is_not_said_to_have_been(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await asked(pilot, "What was my last LDL?")
        await to(pilot, "scripted", Category.MEDICATIONS)
        await asked(pilot, "Which medicines do I take now?", wait=False)
        await pilot.press("escape")
        await settled(pilot)
        refused = words([app.screen.query(AnswerView).last()])
        assert "Not sent" in refused
        assert "↑" not in refused
        assert app.house is not None
        (past,) = app.house.chats.all()
        await chat(app).go_on(past.id)
        first, again = app.screen.query(AnswerView)
        assert "↑" in words([first])
        assert "↑" not in words([again])


async def test_a_question_that_was_sent_is_no_draft_any_more(drive: Drive) -> None:
    async with drive() as (app, pilot):
        chat(app).composer.text = "What was my last LDL?"
        desk = chat(app).desk
        assert desk is not None
        desk.keep_draft(None, "What was my last LDL?")
        await pilot.press("enter")
        await until(pilot, lambda: "LDL" in words(app.screen.query(AnswerView)))
        await settled(pilot)
        await pilot.press("ctrl+n")
        await settled(pilot)
        assert chat(app).composer.text == ""


async def test_the_key_that_stops_everything_works_over_a_message_too(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await to(pilot, "scripted", Category.MEDICATIONS)
        await asked(pilot, "Which medicines do I take now?", wait=False)
        await pilot.press("f9")
        await until(pilot, lambda: not chat(app).busy)
        await settled(pilot)
        assert on_chat(app)
        assert app.house is not None
        assert app.house.sharing.grants() == []
        assert "answered" not in turns(app)


def on_chat(app: ChartsideApp) -> bool:
    return isinstance(app.screen, ChatScreen)


@pytest.mark.usefixtures("no_wait")
async def test_a_lock_keeps_what_came_of_an_answer(drive: Drive) -> None:
    slow = SlowBackend()
    async with drive(backends=[slow]) as (app, pilot):
        await to(pilot, "slow", Category.LABS)
        await asked(pilot, "What was my last LDL?", wait=False)
        await pilot.press("f5")
        await until(pilot, lambda: "It fell" in words(app.screen.query(AnswerView)))
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, UnlockScreen))
        await pilot.press("enter")
        await until(pilot, lambda: app.house is not None)
        await settled(pilot)
        assert turns(app) == ["stopped"]
        assert "It fell" in words(app.screen.query(AnswerView))
        assert app.house is not None
        assert [entry.outcome for entry in app.house.ledger() if entry.kind == "outcome"] == ["stopped"]


async def test_a_conversation_that_was_deleted_leaves_the_screen(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await asked(pilot, "What was my last LDL?")
        await pilot.press("ctrl+l")
        await settled(pilot)
        await pilot.press("down", "delete")
        await settled(pilot)
        await pilot.press(*"yes", "enter")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert len(app.screen.query(AnswerView)) == 0
        await asked(pilot, "What was my last LDL?")
        assert turns(app) == ["answered"]


async def test_the_mouse_opens_what_was_sent_and_what_is_cited(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await asked(pilot, "Am I allergic to penicillin?")
        view = app.screen.query_one(AnswerView)
        lines = [view.render_line(row).text for row in range(view.size.height)]
        inside = view.content_region.offset - view.region.offset
        for mark, kind in (("[1]", "RecordScreen"), ("view", "OutgoingScreen")):
            row = next(n for n, line in enumerate(lines) if mark in line)
            await pilot.click(view, offset=inside + Offset(lines[row].index(mark) + 1, row))
            await settled(pilot)
            assert type(app.screen).__name__ == kind
            await pilot.press("escape")
            await settled(pilot)
