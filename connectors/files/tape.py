"""A file seen through a window, so that a file of any size takes little memory.

The window is Latin-1 text: one character for each byte, whatever the bytes are. Python's JSON scanner works
on text and says where a value ends; in Latin-1 that index is the byte's own position, and the bytes can be
cut out unchanged.
"""

import re
from typing import BinaryIO

from connectors.files import limits

CHUNK = limits.MIB // 4
"""Read at least this much at a time."""

SLACK = 64 * 1024
"""Have this much ahead before starting on an element: most then never meet the window's edge."""

MAX_HELD = limits.RESOURCE_BYTES + limits.MIB
"""Stop growing here: one largest resource with what its entry says around it."""

_PIECE = 16 * limits.MIB
_BOM = "\xef\xbb\xbf"
_SPACE = re.compile(r"[ \t\r\n]*")


class Tape:
    """`text` is what is held, `pos` how far it is read, `base` how many bytes lie before `text`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file: BinaryIO | None = file
        self.text = ""
        self.pos = 0
        self.base = 0
        self.grow()
        if self.text.startswith(_BOM):
            self.pos = len(_BOM)

    @classmethod
    def of(cls, text: str, base: int) -> "Tape":
        """A tape of text already at hand, which stood `base` bytes into its file."""
        tape = cls.__new__(cls)
        tape._file, tape.text, tape.pos, tape.base = None, text, 0, base
        return tape

    @property
    def at_end(self) -> bool:
        """Nothing follows what is held."""
        return self._file is None

    @property
    def offset(self) -> int:
        """How many bytes lie before the position."""
        return self.base + self.pos

    def grow(self) -> bool:
        """Hold more, letting go of what lies before the position; False at the end, or with enough held."""
        held = len(self.text) - self.pos
        if self._file is None or held >= MAX_HELD:
            return False
        piece = self._file.read(min(max(CHUNK, held), _PIECE))
        if not piece:
            self._file = None
            return False
        self.base += self.pos
        self.text = self.text[self.pos :] + piece.decode("latin-1")
        self.pos = 0
        return True

    def prepare(self) -> None:
        """Have enough ahead for a usual element."""
        if self._file is not None and len(self.text) - self.pos < SLACK:
            self.grow()

    def peek(self) -> str:
        """The next character that is not white space, and stop before it; empty at the end."""
        while True:
            match = _SPACE.match(self.text, self.pos)
            self.pos = match.end() if match else self.pos
            if self.pos < len(self.text):
                return self.text[self.pos]
            if not self.grow():
                return ""
