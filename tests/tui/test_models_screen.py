"""Adding, finding, removing and comparing models on the screen."""

from textual.widgets import Input, OptionList, Select

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
