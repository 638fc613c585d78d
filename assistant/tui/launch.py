"""Start the face with a screen."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.memory import collect_rarely

if TYPE_CHECKING:
    from assistant.tui.doors import Door

_TALKS = (
    *("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_PRESS", "TEXTUAL_DRIVER", "TEXTUAL_SCREENSHOT"),
    *("TEXTUAL_SCREENSHOT_LOCATION", "TEXTUAL_SCREENSHOT_FILENAME", "TEXTUAL_DEVTOOLS_HOST"),
)
"""Variables by which Textual would write down or pass on what is typed and shown."""


def run_demo() -> int:
    """The sample patient, in a vault of its own. Gives the exit code.

    Raises:
        ChartsideError: the vault could not be made.
    """
    from assistant.tui.doors import SampleDoor

    return _run(SampleDoor())


def run_own(home: Path, passphrase: str | None) -> int:
    """The patient's own vault; `passphrase` where it was given beforehand. Gives the exit code.

    Raises:
        ChartsideError: it could not be opened with that passphrase.
    """
    from assistant.tui.doors import OwnDoor

    return _run(OwnDoor(home, passphrase))


def _run(door: "Door") -> int:
    for name in _TALKS:
        os.environ.pop(name, None)
    collect_rarely()
    from assistant.settings import load, save, settings_path
    from assistant.tui.app import ChartsideApp  # textual costs 0.2 s: only where a screen is wanted

    path = settings_path()
    app = ChartsideApp(door, load(path), keep=lambda settings: save(path, settings))
    app.run()
    if app.failed is not None:
        raise app.failed
    return app.return_code or 0
