"""Stepping over the members of a JSON object that is too large to hold, one name and one value at a time."""

import re
from typing import Any

from connectors.files.skip import Skipper
from connectors.files.strict import Fault, Strict, Unsound
from connectors.files.tape import Tape

_NAME = re.compile(r'[ \t\r\n]*"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*')
_NAME_START = re.compile(r'[ \t\r\n]*(?=")')
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")


def read_name(strict: Strict, text: str, pos: int) -> tuple[str, int]:
    """The member name at `pos` and the index of its value.

    Raises:
        Unsound: there is none.
    """
    match = _NAME.match(text, pos)
    if match:
        return match[1], match.end()
    start = _NAME_START.match(text, pos)
    if not start:
        raise Unsound(Fault.BROKEN, pos)
    name, end = strict.scan(text, start.end())
    colon = _COLON.match(text, end)
    if not colon:
        raise Unsound(Fault.BROKEN, end)
    return str(name), colon.end()


def step_to_value(tape: Tape, strict: Strict, *, first: bool) -> str | None:
    """Step over the comma and the next member's name and give the name; None at the object's closing brace.

    Raises:
        Unsound: neither a member nor the end stands here.
    """
    char = tape.peek()
    if char == "}":
        tape.pos += 1
        return None
    if not first:
        if char != ",":
            raise Unsound(Fault.BROKEN, tape.pos)
        tape.pos += 1
        tape.peek()
    while True:
        try:
            name, end = read_name(strict, tape.text, tape.pos)
        except Unsound:
            if not tape.grow():
                raise
            continue
        check_text(tape.text[tape.pos : end])
        tape.pos = end
        return name


def read_value(tape: Tape, strict: Strict) -> Any:
    """Read and step over a value, which must fit into the window; objects and numbers are given as None.

    Raises:
        Unsound: it is broken or too large.
    """
    tape.peek()
    while True:
        try:
            value, end = strict.scan(tape.text, tape.pos)
        except Unsound:
            if not tape.grow():
                raise
            continue
        if end < len(tape.text) or not tape.grow():
            check_text(tape.text[tape.pos : end])
            tape.pos = end
            return value


def skip_brackets(tape: Tape, skipper: Skipper) -> bool:
    """Step over the rest of an object or list of any size by its brackets; False when it has no end."""
    while True:
        end = skipper.feed(tape.text, tape.pos, len(tape.text))
        tape.pos = len(tape.text) if end is None else end
        if end is not None or skipper.lost or not tape.grow():
            return end is not None


def check_text(text: str) -> None:
    """Check that these characters of the window are valid UTF-8.

    Raises:
        Unsound: they are not.
    """
    if not text.isascii():
        try:
            text.encode("latin-1").decode()
        except UnicodeDecodeError:
            raise Unsound(Fault.NOT_UNICODE) from None
