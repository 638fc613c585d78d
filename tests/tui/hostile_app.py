"""The app over a chart in which every name attacks: `python -m tests.tui.hostile_app FOLDER`.

The model's answers attack too. Run by `test_hostile_terminal`.
"""

import asyncio
import json
import sys
from pathlib import Path

from assistant.bootstrap import House, make_house
from assistant.clock import utc_now
from assistant.links.importer import bring_in
from assistant.llm.offline import OfflineBackend
from assistant.llm.scripted import ScriptedBackend
from assistant.records.model import Category
from assistant.settings import Settings
from assistant.sharing.model import Grant
from assistant.tui.app import ChartsideApp
from tests.fakes import small
from tests.fakes.in_process import InProcessFile

ATTACKS = (
    "Glucose\x1b]52;c;cm0gLXJm\x07",
    "Glucose\x1b[2J\x1b[H\x1b]0;owned\x07",
    "Glucose\x9b31m\x9d52;c;cm0gLXJm\x9c",
    "Glucose\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "Glucose\u202eesoculG\u200b\U000e0041",
    "[@click=app.quit]Glucose[/] [bold] [/]",
    "Glucose " + "GATTACA" * 1400,
)
ANSWER = "**Your glucose** was 120 mm[Hg] [1]\x1b]52;c;cm0gLXJm\x07 [@click=app.quit]here[/] \u202egnp.x"


def chart(folder: Path) -> Path:
    """A bundle whose every field attacks, its own name too."""
    resources = [small.patient()]
    for n, text in enumerate(ATTACKS):
        lab = small.observation(f"h{n}", (f"99{n}-1", text), 120 + n, "mm[Hg]", f"2026-01-{n + 1:02}")
        lab["note"] = [{"text": text}]
        lab["performer"] = [{"display": text}]
        lab["referenceRange"] = [{"text": text}]
        resources += [lab, small.visit(f"v{n}", text, f"2025-01-{n + 1:02}")]
    file = folder / "my \x1b[2J[bold]records.json"
    file.write_text(
        json.dumps(
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
        )
    )
    return file


class HostileDoor:
    """Opens a vault with that chart, shared with a model that attacks."""

    name = "Your records"
    suffix = ""
    made = True
    asks = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def questions(self) -> tuple[str, ...]:
        return ("What was my last glucose?",)

    def open(self, passphrase: str) -> House:
        made, _ = make_house("a passphrase for this test", home=self._folder / "home")
        asyncio.run(bring_in(made.vault, [InProcessFile(chart(self._folder))], clock=utc_now))
        made.sharing.share(Grant("scripted", category) for category in Category)
        return House(made.vault, backends=[OfflineBackend(), ScriptedBackend([ANSWER])])

    def make(self, passphrase: str) -> tuple[House, str | None]:
        return self.open(passphrase), None

    def close(self) -> None:
        """The test's folder goes with the test."""


if __name__ == "__main__":
    app = ChartsideApp(HostileDoor(Path(sys.argv[1])), Settings(motion=False))
    app.run()
    sys.exit(app.return_code or 0)
