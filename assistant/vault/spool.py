"""Accesses that could not be written into the ledger at their time: a failed unlock, a look during a write.

The file is not encrypted, so a line holds a UTC time and a kind, nothing else. The next write that gets hold
of the vault takes the lines over into the ledger. After some failed tries in a row, the file says how long to
wait.
"""

import hashlib
import math
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from assistant.clock import read_stamp, stamp
from assistant.errors import StorageFailed, WrongPassphrase
from assistant.vault.files import append_durably, storing
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.paths import VaultPaths
from assistant.vault.session import Session

FAILED = "failed unlock"
UNLOCK = "unlock"
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
TAKEN = "spool_taken"
UNREADABLE = "unreadable access line"
_KIND = re.compile("[a-z][a-z -]{0,39}")


class Access(NamedTuple):
    """One line of the spool."""

    at: str
    kind: str


class Spool:
    """The spool file of one vault."""

    def __init__(self, paths: VaultPaths) -> None:
        self._path = paths.spool
        self._taking = paths.spool_taken

    def add(self, kind: str, now: datetime) -> None:
        """Note an access.

        Raises:
            StorageFailed: it could not be written.
        """
        append_durably(self._path, f"{stamp(now)} {kind}\n".encode())

    def lines(self) -> list[Access]:
        """What waits to be taken over, oldest first."""
        return [*_read(self._taking), *_read(self._path)]

    def check_tries(self, now: datetime) -> None:
        """Refuse another try while the wait after too many failed ones lasts.

        Raises:
            WrongPassphrase: too soon; it says how long to wait.
        """
        failed: list[str] = []
        for line in self.lines():
            if line.kind == FAILED:
                failed.append(line.at)
            elif line.kind == UNLOCK:
                failed.clear()
        if len(failed) < FREE_TRIES:
            return
        last = read_stamp(failed[-1])
        wait = min(FIRST_WAIT * 2 ** min(len(failed) - FREE_TRIES, 16), LONGEST_WAIT)
        if last is None or not timedelta() <= now - last < wait:
            return
        seconds = math.ceil((wait - (now - last)).total_seconds())
        raise WrongPassphrase(
            f"There were {len(failed)} wrong tries in a row.", f"Wait {seconds} seconds, then try again."
        )

    def take_over(self, session: Session) -> None:
        """Write what waits into the ledger, in the caller's transaction; `taken` must follow its commit.

        Lines are taken once, also when the program ends between the two.
        """
        meta, ledger = MetaStore(session), Ledger(session)
        with storing():
            left_over = self._taking.exists()
            if not left_over and self._path.exists():
                self._path.replace(self._taking)
        content = _content(self._taking)
        mark = hashlib.sha256(content).digest()
        if not content or (left_over and meta.get(TAKEN) == mark):
            return
        for line in _parse(content):
            ledger.append(line.kind, at=line.at)
        meta.set(TAKEN, mark)

    def taken(self) -> None:
        """Drop the lines that were taken over."""
        with storing():
            self._taking.unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError:
        raise StorageFailed(
            "The list of accesses can't be read.", "Check that its folder is yours, then try again."
        ) from None


def _read(path: Path) -> list[Access]:
    return _parse(_content(path))


def _parse(content: bytes) -> list[Access]:
    found = []
    for line in content.decode("utf-8", "replace").splitlines():
        at, _, kind = line.partition(" ")
        known = read_stamp(at) is not None and _KIND.fullmatch(kind)
        found.append(Access(at, kind) if known else Access("", UNREADABLE))
    return found
