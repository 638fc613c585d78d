"""Adding, finding, removing and comparing models on the screen."""

import pytest
from textual.widgets import Input, OptionList, Select

from assistant.llm.models import NewModel
from assistant.llm.offline import OfflineBackend
from assistant.records.model import Category
from assistant.safe_text import safe_text
from assistant.sharing.model import Grant
from assistant.tui.screens.adding import AddModelScreen, Proposal
from assistant.tui.screens.compare import CompareScreen
from assistant.tui.screens.outgoing import OutgoingScreen
from assistant.tui.widgets import grace
from assistant.tui.widgets.message import AnswerView, NoticeView
from tests.fakes.curious import CuriousBackend
from tests.fakes.slow import SlowBackend
from tests.tui.conftest import Drive, settled, until
from tests.tui.test_chat_screen import words


async def test_a_model_is_added_and_asked_from_then_on_and_its_key_is_nowhere_to_be_seen(
    drive: Drive,
) -> None:
    async with drive() as (app, pilot):
        await pilot.press("ctrl+t", "a")
        await settled(pilot)
        app.screen.query_one("#kind", Select).value = "openai"
        app.screen.query_one("#model", Input).value = "qwen"
        app.screen.query_one("#base", Input).value = "http://evil.example/v1"
        app.screen.query_one("#key", Input).value = "sk-canary-1"
        app.screen.query_one("#name", Input).focus()
        await pilot.press("enter")
        await settled(pilot)
        assert "Use https://" in words(app.screen.query("#matter"))
        app.screen.query_one("#base", Input).value = "http://127.0.0.1:9/v1"
        app.screen.query_one("#key", Input).focus()
        await pilot.press("ctrl+a", "ctrl+c", "ctrl+x")
        assert app.screen.query_one("#key", Input).value == "sk-canary-1"
        assert "canary" not in app.clipboard
        app.screen.query_one("#name", Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: app.chat is app.screen)
        await settled(pilot)
        assert app.chat is not None
        assert "to: qwen, on this computer" in words(app.chat.query("#to"))
        assert "canary" not in "".join(str(line) for line in app.screen._compositor.render_strips())


async def test_nothing_is_looked_for_before_it_is_asked_for(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await pilot.press("ctrl+t")
        await settled(pilot)
        options = app.screen.query_one("#whom", OptionList)
        assert [options.get_option_at_index(n).id for n in range(options.option_count)] == [
            "offline",
            "scripted",
        ]


async def test_answers_stand_side_by_side_and_each_message_is_asked_about(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grace, "SECONDS", 0.001)
    curious = CuriousBackend([])
    async with drive(backends=(OfflineBackend(), curious)) as (app, pilot):
        assert app.house is not None
        app.house.sharing.share([Grant("curious", Category.LABS)])
        await pilot.press(*"LDL?")
        await pilot.press("f12")
        await settled(pilot)
        app.screen.query_one("#question", Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OutgoingScreen))
        assert curious.received == []
        await settled(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: "Part 0" in words(app.screen.query(".answer Static")))
        told = words(app.screen.query(".answer Static"))
        assert "96 mg/dL" in told
        assert "first word after" in told


async def test_who_is_not_marked_is_not_asked(drive: Drive) -> None:
    curious = CuriousBackend([])
    async with drive(backends=(OfflineBackend(), curious)) as (app, pilot):
        await pilot.press("f12")
        await settled(pilot)
        await pilot.press("down", "enter")
        assert "○ curious" in str(app.screen.query_one("#whom", OptionList).get_option_at_index(1).prompt)
        app.screen.query_one("#question", Input).value = "LDL?"
        app.screen.query_one("#question", Input).focus()
        await pilot.press("enter")
        await settled(pilot)
        assert curious.received == []


async def test_a_model_that_fails_gives_the_question_back(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grace, "SECONDS", 0.001)
    async with drive() as (app, pilot):
        assert app.house is not None
        assert app.chat is not None
        app.house.models.add(NewModel("gone", "openai", "m", "http://127.0.0.1:9/v1"), None)
        await app.chat.ask_someone_else("gone")
        await pilot.press(*"LDL?", "enter")
        await until(pilot, lambda: isinstance(app.screen, OutgoingScreen))
        await settled(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: app.chat is not None and app.chat.composer.text == "LDL?")
        assert "can't be reached" in words(app.chat.query(NoticeView))


async def test_the_one_who_is_asked_can_be_removed(drive: Drive) -> None:
    async with drive() as (app, pilot):
        assert app.house is not None
        assert app.chat is not None
        app.house.models.add(NewModel("gone", "openai", "m", "http://127.0.0.1:9/v1"), None)
        await app.chat.ask_someone_else("gone")
        await pilot.press("ctrl+t")
        await settled(pilot)
        await pilot.press("down", "down", "delete")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "to: offline" in words(app.chat.query("#to"))
        await pilot.press(*"LDL?", "enter")
        await settled(pilot)
        assert "96 mg/dL" in words(app.chat.query(AnswerView))


@pytest.mark.parametrize("key", ["f8", "f9", "escape"])
async def test_a_comparison_that_is_ended_keeps_what_came(
    drive: Drive, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(grace, "SECONDS", 0.001)
    slow = SlowBackend()
    async with drive(backends=(OfflineBackend(), slow)) as (app, pilot):
        assert app.house is not None
        house = app.house
        house.sharing.share([Grant("slow", Category.LABS)])
        await pilot.press(*"LDL?")
        await pilot.press("f12")
        await settled(pilot)
        app.screen.query_one("#question", Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OutgoingScreen))
        await settled(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: slow.first.strip() in words(app.screen.query(".answer Static")))
        kept: list[tuple[str, str]] = []
        monkeypatch.setattr(house.vault, "close", lambda: None)
        await pilot.press(key)
        await until(pilot, lambda: not any(w.is_running and w.group == "compare" for w in app.workers))
        for chat in house.chats.all():
            kept += [(turn.state, turn.answer.text) for turn in house.chats.turns(chat.id) if turn.answer]
        monkeypatch.undo()
        house.vault.close()
        assert ("stopped", slow.first) in kept


async def test_a_servers_name_for_a_model_can_not_act_in_the_field(drive: Drive) -> None:
    async with drive() as (app, pilot):
        assert app.house is not None
        proposal = Proposal("openai", "m\x1b]52;c;eA==\x07\u202e", "http://127.0.0.1:9/v1")
        app.push_screen(AddModelScreen(app.house, proposal))
        await settled(pilot)
        value = app.screen.query_one("#model", Input).value
        assert safe_text(value) == value
