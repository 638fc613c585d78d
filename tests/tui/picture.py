"""Draw the picture of the README from the program itself: `python -m tests.tui.picture`."""

import asyncio
import re
import tempfile
from pathlib import Path

from assistant.bootstrap import make_house, sample_sources
from assistant.links.importer import bring_in
from assistant.settings import Settings
from assistant.tui.app import ChartsideApp
from tests.chat.conftest import PASSPHRASE, now
from tests.conftest import ROOT
from tests.tui.conftest import CopyDoor, settled, started, until

PICTURE = ROOT / "docs" / "screen.svg"
FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Textual names fonts on the network; a picture that is looked at fetches nothing."""


class SampleCopy(CopyDoor):
    """As the demo says it."""

    suffix = " (sample)"


async def drawn(home: Path) -> str:
    app = ChartsideApp(SampleCopy(home), Settings(motion=False))
    async with app.run_test(size=(110, 30)) as pilot:
        await started(app, pilot)
        assert app.chat is not None
        for question in ("How has my LDL changed since 2019?", "Am I allergic to penicillin?"):
            app.chat.ask(question)
            await until(pilot, lambda: not any(worker.is_running for worker in app.workers))
        app.chat.composer.text = "Which medicines do I take now?"
        await until(pilot, lambda: "Medications 4" in str(app.screen.query_one("#status").render()))
        await settled(pilot)
        return FONTS.sub("", app.export_screenshot(title="Chartside"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        house, _ = make_house(PASSPHRASE, home=home, clock=now)
        asyncio.run(bring_in(house.vault, sample_sources(), clock=now))
        house.vault.close()
        PICTURE.write_text(asyncio.run(drawn(home)))


if __name__ == "__main__":
    main()
