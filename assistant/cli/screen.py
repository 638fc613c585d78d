"""The commands that open the screen. Nothing but the screen is loaded for its first frame."""

import os
import sys
from pathlib import Path

import click

from assistant.cli.output import json_option
from assistant.cli.secrets import PASSPHRASE_FILE, first_line
from assistant.paths import data_home
from assistant.tui.launch import run_demo, run_own


def on_screen() -> bool:
    """Whether there is a terminal to draw on."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@click.command()
@json_option
def demo(as_json: bool = False) -> None:
    """Try it with an invented patient, in a place of its own that is gone afterwards."""
    if on_screen() and not as_json:
        sys.exit(run_demo())
    from assistant.cli.chatting import guided  # 0.8 s with what opens a vault

    guided(as_json=as_json)


@click.command()
def screen() -> None:
    """The screen over your own records; without a terminal, the line mode."""
    if not on_screen():
        from assistant.cli.chatting import chat  # 0.8 s with what opens a vault

        chat.main([], standalone_mode=False)
        return
    named = os.environ.get(PASSPHRASE_FILE)
    sys.exit(run_own(data_home(), first_line(Path(named)) if named else None))


COMMANDS: dict[str, click.Command] = {"demo": demo}
