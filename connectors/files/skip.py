"""Finding the end of a JSON value that can't be read: brackets and quotes only, in pieces of any size."""

import re

_OUTSIDE = re.compile(r'["{}\[\]]')
_INSIDE = re.compile(r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+', re.DOTALL)
_OPENS = {"{": "}", "[": "]"}
_DEEPEST = 100_000


class Skipper:
    """Walks over one object or list, piece by piece.

    A line break ends a string: JSON allows none inside one, and so a lost quote costs a line, not the file.
    """

    def __init__(self) -> None:
        self._closers: list[str] = []
        self._in_string = False
        self._escaped = False
        self.lost = False
        """The brackets don't match: where this value ends can't be told."""

    def feed(self, text: str, start: int, stop: int) -> int | None:
        """Go on over `text[start:stop]`; the index after the value's end, None when it goes on or is lost."""
        pos = start
        while pos < stop and not self.lost:
            if self._in_string:
                pos = self._leave_string(text, pos, stop)
                continue
            found = _OUTSIDE.search(text, pos, stop)
            if found is None:
                return None
            pos = found.end()
            if self._step(found.group()):
                return pos
        return None

    def _leave_string(self, text: str, pos: int, stop: int) -> int:
        """Go to where the string ends, or to the end of this piece."""
        inside = _INSIDE.match(text, pos + self._escaped, stop)
        pos = inside.end() if inside else stop
        self._escaped = pos < stop and text[pos] == "\\"
        self._in_string = pos >= stop or self._escaped
        return pos + 1

    def _step(self, char: str) -> bool:
        """Take one quote or bracket; True when it ends the value."""
        if char == '"':
            self._in_string = True
        elif char in _OPENS:
            self._closers.append(_OPENS[char])
            self.lost = len(self._closers) > _DEEPEST
        elif not self._closers or self._closers.pop() != char:
            self.lost = True
        else:
            return not self._closers
        return False
