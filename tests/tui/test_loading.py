"""No LLM library is loaded before a destination of its kind is asked: the screen is there without them."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from assistant.llm.models import ADAPTERS, NewModel
from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from assistant.tui.doors import OwnDoor
from assistant.tui.screens.chat import ChatScreen
from tests.chat.conftest import PASSPHRASE, Opener

LIBRARIES = ("anthropic", "openai", "litellm", "httpx", "httpx2", "httpcore", "httpcore2")

MODELS = (
    NewModel("claude", "anthropic", "claude-opus-4-5"),
    NewModel("gpt", "openai", "gpt-5", "http://127.0.0.1:9/v1"),
    NewModel("any", "litellm", "gemini/gemini-2.5-pro"),
)


def test_no_library_of_a_model_is_loaded_before_it_is_asked(opener: Opener, tmp_path: Path) -> None:
    house = opener("home")
    for model in MODELS:
        house.models.add(model, None)
    house.vault.close()
    call = "import sys; from tests.tui.test_loading import say_what_is_loaded as say; say(sys.argv[1])"
    ran = subprocess.run(
        [sys.executable, "-c", call, str(tmp_path / "home")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)
    assert seen["models"] == [model.id for model in MODELS]
    assert "96 mg/dL" in seen["answer"]
    assert seen["first frame"] == []
    assert seen["asked offline"] == []


def say_what_is_loaded(home: str) -> None:
    """In a process of its own: the libraries that are loaded, after the first frame and after a question."""
    print(json.dumps(asyncio.run(_seen(Path(home)))))


async def _seen(home: Path) -> dict[str, object]:
    app = ChartsideApp(OwnDoor(home, PASSPHRASE), Settings())
    async with app.run_test(size=(120, 36)) as pilot:
        while app.house is None or any(worker.is_running for worker in app.workers):
            await pilot.pause()
        assert isinstance(app.screen, ChatScreen)
        first = _loaded()
        app.screen.composer.text = "What was my last LDL?"
        await pilot.press("enter")
        while not (said := _answer(app)) or any(worker.is_running for worker in app.workers):
            await pilot.pause()
        models = [d.id for d in app.house.voices.destinations if d.adapter in ADAPTERS]
    return {"first frame": first, "asked offline": _loaded(), "models": models, "answer": said}


def _answer(app: ChartsideApp) -> str:
    assert app.house is not None
    turns = [turn for chat in app.house.chats.all() for turn in app.house.chats.turns(chat.id)]
    return "".join(turn.answer.text for turn in turns if turn.answer is not None)


def _loaded() -> list[str]:
    return [name for name in LIBRARIES if name in sys.modules]
