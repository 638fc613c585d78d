"""Skills in the composer: a `/` offers them, Enter or Tab takes one, Escape closes; then they are asked."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from assistant.tui.app import ChartsideApp
from assistant.tui.screens.chat import ChatScreen
from assistant.tui.widgets.message import AnswerView, QuestionView
from assistant.tui.widgets.skill_offer import SkillOffer
from tests.tui.conftest import Drive, settled, until
from tests.tui.test_chat_screen import words


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the patient's own skills would lie."""
    monkeypatch.setenv("CHARTSIDE_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "skills"


def chat(app: ChartsideApp) -> ChatScreen:
    assert app.chat is not None
    return app.chat


def offered(app: ChartsideApp) -> list[str]:
    """What is in view of skills, by their ids."""
    offer = chat(app).query_one(SkillOffer)
    return [str(option.id) for option in offer.options] if offer.display else []


async def typed(pilot: Pilot[None], app: ChartsideApp, text: str) -> None:
    for character in text:
        await pilot.press({"/": "slash", " ": "space", "-": "minus"}.get(character, character))
    await settled(pilot)
    assert chat(app).composer.text == text


async def test_a_slash_offers_all_and_typing_narrows(drive: Drive) -> None:
    async with drive() as (app, pilot):
        assert offered(app) == []
        await typed(pilot, app, "/")
        assert {"summary", "explain", "visit", "changes", "second-look", "plain"} <= set(offered(app))
        await pilot.press("s")
        await settled(pilot)
        assert offered(app) == ["second-look", "summary"]
        await pilot.press("backspace", "backspace")
        await settled(pilot)
        assert offered(app) == []


@pytest.mark.parametrize("key", ["enter", "tab"])
async def test_the_one_in_hand_is_taken_and_can_be_told_more(drive: Drive, key: str) -> None:
    async with drive() as (app, pilot):
        await typed(pilot, app, "/s")
        await pilot.press("down", key)
        await settled(pilot)
        assert chat(app).composer.text == "/summary "
        assert chat(app).composer.has_focus
        assert offered(app) == []
        assert not chat(app).query(AnswerView)


async def test_escape_closes_until_another_slash(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await typed(pilot, app, "/e")
        await pilot.press("escape")
        await settled(pilot)
        assert offered(app) == []
        assert chat(app).composer.text == "/e"
        await pilot.press("x")
        await settled(pilot)
        assert offered(app) == []
        await pilot.press("backspace", "backspace", "backspace")
        await typed(pilot, app, "/e")
        assert offered(app) == ["explain"]


async def test_a_skill_is_asked_as_the_question_that_it_puts(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await typed(pilot, app, "/explain")
        assert offered(app) == []
        await typed_more(pilot, " my latest LDL")
        await until(pilot, lambda: "will send" in words([app.screen.query_one("#status")]))
        await pilot.press("enter")
        await settled(pilot)
        await until(pilot, lambda: "96 mg/dL" in words(app.screen.query(AnswerView)))
        assert "Explain my latest my latest LDL" in words(app.screen.query(QuestionView))


async def typed_more(pilot: Pilot[None], text: str) -> None:
    for character in text:
        await pilot.press("space" if character == " " else character)
    await settled(pilot)


async def test_a_name_that_is_no_skill_is_told_and_stays_to_be_corrected(drive: Drive) -> None:
    async with drive() as (app, pilot):
        await typed(pilot, app, "/nothing")
        await pilot.press("enter")
        await settled(pilot)
        await until(pilot, lambda: chat(app).composer.text == "/nothing")
        assert "There is no skill called “nothing”" in words(chat(app).transcript.query("*"))


async def test_one_of_the_patients_own_is_marked(drive: Drive, own_folder: Path) -> None:
    own_folder.mkdir(parents=True)
    (own_folder / "sugar.md").write_text(
        "---\nid: sugar\nversion: 1\nname: My sugar\nasks: How has my hemoglobin A1c changed?\n"
        "categories: [labs]\nvariables: []\n---\nBe short.\n"
    )
    async with drive() as (app, pilot):
        await typed(pilot, app, "/sug")
        assert offered(app) == ["sugar"]
        option = chat(app).query_one(SkillOffer).get_option("sugar")
        assert "yours" in str(option.prompt)
