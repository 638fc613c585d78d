"""The system's own clipboard, by the program that each desktop has for it."""

import os
import shutil
import subprocess
import sys

_SECONDS = 2.0


def native_command() -> list[str] | None:
    """The command that takes text for the clipboard on its standard input; None where there is none."""
    if sys.platform == "darwin":
        wanted = [["pbcopy"]]
    elif sys.platform == "win32":
        wanted = [["clip"]]
    else:
        wanted = [["wl-copy"]] if os.environ.get("WAYLAND_DISPLAY") else []
        wanted += [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]] if os.environ.get("DISPLAY") else []
    return next((command for command in wanted if shutil.which(command[0])), None)


def copy_natively(text: str) -> bool:
    """Hand text to the system's clipboard; whether that worked."""
    command = native_command()
    if command is None:
        return False
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
