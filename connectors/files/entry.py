"""One element of `Bundle.entry`: its resource's exact bytes and what the entry says about it."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from connectors.files.members import check_text, read_name
from connectors.files.strict import Fault, Strict, Unsound

_AFTER = re.compile(r"[ \t\r\n]*([,}])")
_EMPTY = re.compile(r"[ \t\r\n]*\}")


class Entry(msgspec.Struct):
    """What an entry holds so far. Indexes are into the text it was read from."""

    start: int = -1
    """Where the resource starts; -1 without one."""
    end: int = -1
    members: Mapping[str, Any] = {}
    """The resource's own members, nested ones as None."""
    full_url: str | None = None
    opened: int = -1
    """Where the value of `resource` starts, whole or not."""
    may_be_empty: bool = False
    """It says what was done or what to look up or delete, so it may rightly hold no resource."""
    fault: Fault | None = None
    """What is wrong around the resource, where that could still be read past."""


class BrokenEntry(Exception):
    """An entry that can't be read to its end; `entry` is what was read of it before."""

    def __init__(self, unsound: Unsound, entry: Entry) -> None:
        super().__init__(unsound.fault.name)
        self.fault = unsound.fault
        self.at = unsound.at
        self.entry = entry


def read_entry(strict: Strict, text: str, start: int) -> tuple[Entry, int]:
    """Read the entry whose brace is at `start`; give it and the index after it.

    Raises:
        BrokenEntry: it can't be read to its end, or says one thing twice.
    """
    entry = Entry()
    names: set[str] = set()
    empty = _EMPTY.match(text, start + 1)
    if empty:
        return entry, empty.end()
    pos = start + 1
    try:
        while True:
            name, pos = read_name(strict, text, pos)
            if name in names:
                _forget(entry, name)
                raise Unsound(Fault.TWICE, pos)
            names.add(name)
            if name == "resource":
                entry.opened = pos
            value, end = strict.scan(text, pos)
            _keep(entry, strict, name, value, pos, end, text)
            after = _AFTER.match(text, end)
            if not after:
                raise Unsound(Fault.BROKEN, end)
            pos = after.end()
            if after[1] == "}":
                _check_around(entry, text, start, pos)
                return entry, pos
    except Unsound as unsound:
        raise BrokenEntry(unsound, entry) from None


def _keep(entry: Entry, strict: Strict, name: str, value: Any, pos: int, end: int, text: str) -> None:
    if name == "resource":
        if not text.startswith("null", pos):
            entry.start, entry.end = pos, end
            entry.members = strict.members if text[pos] == "{" else {}
    elif name == "fullUrl":
        plain = isinstance(value, str) and value.isascii()
        entry.full_url = (value or None) if plain else _address(strict, text[pos:end])
    elif name == "request":
        entry.may_be_empty |= text[pos] == "{" and strict.members.get("method") not in ("POST", "PUT")
    elif name == "response":
        entry.may_be_empty = True


def _address(strict: Strict, text: str) -> str | None:
    """A string of the window as the text it means; None where it is none."""
    try:
        value, _ = strict.scan(text.encode("latin-1").decode(), 0)
        return value if isinstance(value, str) and value.encode() else None
    except (Unsound, UnicodeError):
        return None


def _check_around(entry: Entry, text: str, start: int, end: int) -> None:
    """Note what is no valid text around the resource."""
    around = text[start:end]
    if entry.start >= 0:
        around = text[start : entry.start] + text[entry.end : end]
    try:
        check_text(around)
    except Unsound as unsound:
        entry.fault = unsound.fault


def _forget(entry: Entry, name: str) -> None:
    """Of two values for one name, neither is taken."""
    if name == "resource":
        entry.start = entry.end = -1
    elif name == "fullUrl":
        entry.full_url = None
