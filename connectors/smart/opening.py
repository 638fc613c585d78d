"""Hands a web address to the system's browser, and nothing else to nothing else.

The operating system's own opener is started with the address as one argument, without a shell; the `BROWSER`
variable, which can name any program, is not looked at.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

from connectors.origin import parse

_LINUX = ("xdg-open", "wslview", "gio")


class Start(Protocol):
    """Starts a program and doesn't wait for it."""

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it."""


def open_url(address: str, *, start: Start | None = None) -> bool:
    """Open an http(s) address in the system's browser; False where this computer has no opener.

    Raises:
        BadAddress: it isn't one address that every program reads alike. Nothing was started.
    """
    safe = parse(address).text
    if sys.platform == "win32":
        os.startfile(safe)  # noqa: S606 - a parsed http(s) address, for the program that the system has for it
        return True
    command = opener()
    if command is None:
        return False
    kept = {name: value for name, value in os.environ.items() if name != "BROWSER"}
    try:
        (start or _start)([*command, safe], kept)
    except OSError:
        return False
    return True


def opener() -> list[str] | None:
    """The opener of this system with its fixed arguments; None on a machine without a screen."""
    if sys.platform == "darwin":
        return ["/usr/bin/open"]
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return None
    found = next((path for name in _LINUX if (path := shutil.which(name))), None)
    if found is None:
        return None
    return [found, "open"] if found.endswith("/gio") else [found]


def _start(command: Sequence[str], environment: Mapping[str, str]) -> None:
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()
