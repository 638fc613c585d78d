"""A program on a real pseudo-terminal: keys in, every byte that it writes out."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
from collections.abc import Sequence

from tests.conftest import ROOT

QUIET = 0.4
"""Seconds without a byte after which a screen counts as drawn."""
SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\x1b[\]P^_X](?:[^\x07\x1b]|\x1b(?!\\))*(?:\x07|\x1b\\)"  # OSC, DCS, PM, APC, SOS
    rb"|\x1b[ -/]*[0-~]"
)


class Terminal:
    """One run of a program."""

    def __init__(
        self, *arguments: str, columns: int, lines: int, environment: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.written = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **dict(environment)})
            os.execv(sys.executable, [sys.executable, *arguments])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, text: bytes, seconds: float = 60.0) -> None:
        """Read until a text has been written, between any colors."""
        while text not in plain(self.written):
            assert self.read(seconds), f"{text!r} never came: {plain(self.written)[-2000:]!r}"

    def press(self, keys: bytes, until: bytes = b"") -> None:
        """Type, and wait until a text comes (where one has to) and the screen stands still."""
        before = len(self.written)
        os.write(self.fd, keys)
        while until not in plain(self.written[before:]):
            assert self.read(30.0), f"{until!r} never came after {keys!r}: {plain(self.written[before:])!r}"
        while self.read(QUIET):
            pass

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self.read(30.0):
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def read(self, seconds: float) -> bool:
        """Read what is there; False where nothing comes in these seconds."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            found = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        self.written += found
        return bool(found)


def plain(written: bytes) -> bytes:
    """The text without the sequences."""
    return SEQUENCE.sub(b"", written)


def sequences(written: bytes) -> set[bytes]:
    """Every sequence that was written."""
    return set(SEQUENCE.findall(written))
