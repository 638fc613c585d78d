"""The ledger: what left, what was granted, who looked. Each line is chained to the one before by its hash.

The hash of the last line is kept apart from the lines, so that cutting the end off shows as well.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from assistant.vault.meta import MetaStore
from assistant.vault.rows import Rows
from assistant.vault.session import Session

HEAD = "ledger_head"
START = "0" * 64
"""What the first line is chained to."""

_COLUMNS = "seq, at, kind, destination, sha256, items, outcome, detail, prev, hash"


class Entry(msgspec.Struct, frozen=True):
    """One line. `detail` is JSON without record content."""

    seq: int
    at: str
    kind: str
    destination: str | None
    sha256: str | None
    items: int | None
    outcome: str | None
    detail: str
    prev: str
    hash: str


class Verification(msgspec.Struct, frozen=True):
    """Whether the ledger is whole."""

    ok: bool
    entries: int
    """How many lines there are."""
    first_bad: int | None = None
    """The number of the first line that isn't as it was written, or isn't there."""


class _Head(NamedTuple):
    seq: int
    hash: str


class Ledger:
    """The ledger of one vault, within one transaction. Lines are only ever added."""

    def __init__(self, session: Session) -> None:
        self._rows = Rows(session)
        self._meta = MetaStore(session)

    def append(
        self,
        kind: str,
        *,
        at: str,
        destination: str | None = None,
        sha256: str | None = None,
        items: int | None = None,
        outcome: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Add a line, written when the transaction is; its number. `at` is a UTC time (`clock.stamp`)."""
        head = self._head()
        seq = head.seq + 1
        text = json.dumps(detail or {}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        line = (seq, at, kind, destination, sha256, items, outcome, text, head.hash)
        new = chain(line)
        self._rows.run(f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*line, new))
        self._meta.set(HEAD, f"{seq}:{new}".encode())
        return seq

    def entries(self, limit: int | None = None) -> list[Entry]:
        """The lines in order; with `limit`, the latest this many."""
        found = self._rows.all(
            f"SELECT {_COLUMNS} FROM ledger ORDER BY seq DESC LIMIT ?", (-1 if limit is None else limit,)
        )
        return [Entry(*row) for row in reversed(found)]

    def details(self, kind: str, *, month: str) -> list[str]:
        """The details of the lines of one kind of one month (`2026-02`, UTC)."""
        found = self._rows.all(
            "SELECT detail FROM ledger WHERE kind = ? AND substr(at, 1, 7) = ?", (kind, month)
        )
        return [row[0] for row in found]

    def verify(self) -> Verification:
        """Follow the chain from the first line to the head."""
        found = self._rows.all(f"SELECT {_COLUMNS} FROM ledger ORDER BY seq")
        prev = START
        for expected, row in enumerate(found, 1):
            line, written = tuple(row[:-1]), row[-1]
            if line[0] != expected or line[-1] != prev or chain(line) != written:
                return Verification(False, len(found), expected)
            prev = written
        if self._head() != _Head(len(found), prev):
            return Verification(False, len(found), len(found) + 1)
        return Verification(True, len(found))

    def _head(self) -> _Head:
        head = self._meta.get(HEAD)
        if head is None:
            return _Head(0, START)
        seq, _, last = head.decode("utf-8", "replace").partition(":")
        return _Head(int(seq) if seq.isdecimal() else -1, last)


def chain(line: tuple[object, ...]) -> str:
    """SHA-256 over the line in canonical JSON; its last member is the hash of the line before."""
    text = json.dumps(line, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
