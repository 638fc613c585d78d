"""The directory on disk: every list's rows, and one index over them, in one plain SQLite file.

Lists of providers are public and hold nothing of the patient, so the file is not encrypted. It is built aside
and put in place whole: a list that fails leaves the directory as it was. The search is SQLite's own (FTS5).
"""

import errno
import os
import secrets
import sqlite3
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from connectors.directory.fold import fold
from connectors.directory.merge import merged, preference, same_key, stable_id
from connectors.directory.model import READ_VERSIONS, Junk, Listed
from connectors.directory.sift import Sifted
from connectors.directory.states import STATES, state_in_front
from connectors.errors import SourceUnreadable

FORMAT = 1
"""`user_version` of the file: a file of another one is built anew from its lists."""

_SCHEMA = """
CREATE TABLE list (id TEXT PRIMARY KEY, about TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE row (same TEXT NOT NULL, preference INTEGER NOT NULL, list TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE one (key TEXT NOT NULL, facility INTEGER NOT NULL, below INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE provider (n INTEGER PRIMARY KEY, id TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL);
CREATE VIRTUAL TABLE text USING fts5(
    name, other, place, content='', columnsize=0, prefix='1 2 3', tokenize="unicode61 remove_diacritics 0"
);
"""
_FINISH = """
DROP TABLE one;
CREATE INDEX provider_key ON provider (key);
CREATE INDEX provider_id ON provider (id);
CREATE VIRTUAL TABLE temp.found USING fts5vocab(main, text, row);
CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO word SELECT term FROM temp.found WHERE length(term) > 2;
DROP TABLE temp.found;
"""


class About(msgspec.Struct, frozen=True):
    """What is known of a list that is here."""

    id: str
    name: str
    address: str = ""
    """Where it was fetched from; empty for a file that the patient added."""
    fetched: str = ""
    """When, as ISO 8601 in UTC."""
    etag: str = ""
    rows: int = 0
    """What the list held, junk included."""
    shown: int = 0
    dropped: dict[str, int] = {}
    """Reason (`Junk`'s name in lower case) to number."""


_encode = msgspec.msgpack.Encoder().encode
_row = msgspec.msgpack.Decoder(Listed).decode
_about = msgspec.json.Decoder(About).decode


class Building:
    """A new directory file beside the one that is there, until `put_in_place`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
        os.close(os.open(self._temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        self._abouts: dict[str, About] = {}
        self._dropped: dict[str, Counter[str]] = {}
        self._db = sqlite3.connect(self._temporary, isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        self._db.execute("BEGIN")

    def keep(self, without: Container[str]) -> None:
        """Take over the lists of the file that is there, but for those to come; none if it is damaged."""
        try:
            with closing(connect(self._path)) as old, _writing():
                for about in abouts(old):
                    if about.id not in without:
                        self._abouts[about.id] = about
                        lost = {name: about.dropped.get(name, 0) for name in map(_name, _OF_READING)}
                        self._dropped[about.id] = Counter(lost)
                for row in old.execute("SELECT same, preference, list, body FROM row"):
                    if row[2] in self._abouts and row[2] not in without:
                        self._db.execute("INSERT INTO row VALUES (?, ?, ?, ?)", row)
        except SourceUnreadable:
            return

    def add(self, about: About, found: Iterable[Sifted | Junk]) -> None:
        """Add a list's rows.

        Raises:
            SourceUnreadable: no provider is in it, or it can't be read; nothing of it was added.
        """
        dropped: Counter[str] = Counter()
        try:
            with _writing():
                rows = self._rows(about.id, found, dropped)
                self._db.executemany("INSERT INTO row VALUES (?, ?, ?, ?)", rows)
            if not self._db.execute("SELECT 1 FROM row WHERE list = ?", (about.id,)).fetchone():
                raise SourceUnreadable(
                    "No provider is in this list",
                    "It could be read, but none of its rows names a provider with an address to connect to.",
                    "If it was fetched, its address may have moved: look at the vendor's page.",
                )
        except SourceUnreadable:
            self._db.execute("DELETE FROM row WHERE list = ?", (about.id,))
            raise
        self._abouts[about.id] = about
        self._dropped[about.id] = dropped

    @staticmethod
    def _rows(
        list_id: str, found: Iterable[Sifted | Junk], dropped: Counter[str]
    ) -> Iterator[tuple[object, ...]]:
        for one in found:
            if isinstance(one, Junk):
                dropped[_name(one)] += 1
            else:
                provider = msgspec.structs.replace(one.provider, list=list_id)
                yield same_key(one), preference(provider), list_id, _encode(provider)

    def put_in_place(self) -> None:
        """Build the index, and let the new file take the old one's place.

        Raises:
            OSError: the disk does not take it; the old file stays.
        """
        with _writing():
            shown = self._join()
            self._write_index()
            self._db.execute("COMMIT")
            self._db.executescript(_FINISH)
            for about in self._abouts.values():
                told = msgspec.json.encode(self._counted(about, shown[about.id])).decode()
                self._db.execute("INSERT INTO list VALUES (?, ?)", (about.id, told))
            self._db.execute(f"PRAGMA user_version = {FORMAT}")
            self._db.close()
        with self._temporary.open("rb+") as file:
            os.fsync(file.fileno())
        self._temporary.replace(self._path)

    def _counted(self, about: About, shown: int) -> About:
        dropped = {name: number for name, number in sorted(self._dropped[about.id].items()) if number}
        return msgspec.structs.replace(
            about, shown=shown, dropped=dropped, rows=shown + sum(dropped.values())
        )

    def _join(self) -> Counter[str]:
        """Put rows of one provider together; how many of each list are shown."""
        shown: Counter[str] = Counter()
        rows = self._db.execute("SELECT same, body FROM row ORDER BY same, preference, list, body")
        for same, group in groupby(rows, key=itemgetter(0)):
            listed = [_row(body) for _, body in group]
            best = merged(listed)
            for row in listed[best is not None :]:
                old = row.fhir_version not in READ_VERSIONS
                self._dropped[row.list][_name(Junk.OLD_FHIR if old else Junk.DUPLICATE)] += 1
            if best is not None:
                shown[best.list] += 1
                one = (same.partition("|")[0], best.facility, best.facilities, _encode(best))
                self._db.execute("INSERT INTO one VALUES (?, ?, ?, ?)", one)
        return shown

    def _write_index(self) -> None:
        """Number what is shown by rank: brands, those with most facilities first; short names first."""
        ranked = self._db.execute(
            "SELECT key, body FROM one ORDER BY facility, -below, length(key), key, body"
        )
        for n, (key, body) in enumerate(ranked, start=1):
            listed = _row(body)
            self._db.execute("INSERT INTO provider VALUES (?, ?, ?, ?)", (n, stable_id(listed), key, body))
            self._db.execute(
                "INSERT INTO text (rowid, name, other, place) VALUES (?, ?, ?, ?)", (n, *texts(listed))
            )

    def discard(self) -> None:
        """Leave what is there as it is; nothing to do after `put_in_place`."""
        self._db.close()
        self._temporary.unlink(missing_ok=True)


@contextmanager
def _writing() -> Iterator[None]:
    """Tell a full or failing disk as the operating system would."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, "the directory could not be written") from error


_OF_READING = tuple(junk for junk in Junk if junk not in (Junk.OLD_FHIR, Junk.DUPLICATE))


def _name(junk: Junk) -> str:
    return junk.name.lower()


def texts(listed: Listed) -> tuple[str, str, str]:
    """What a provider is found by: its name; other names; where it is and whose software it has."""
    other = (*listed.aliases, listed.portal, listed.brand)
    places = " ".join(
        f"{place.city} {place.state} {STATES.get(place.state, '')} {place.zip}" for place in listed.places
    )
    name = fold(state_in_front(listed.name)[1])
    return name, fold(" ".join(other)) if any(other) else "", fold(f"{places} {listed.vendor}")


def connect(path: Path) -> sqlite3.Connection:
    """The directory for reading: nothing that is asked of it can be written.

    Raises:
        SourceUnreadable: it is damaged, or of another version of this program.
    """
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        if db.execute("PRAGMA user_version").fetchone() == (FORMAT,):
            return db
        db.close()
    except sqlite3.DatabaseError:
        pass
    raise SourceUnreadable(
        "The directory of providers can't be used",
        "Its file is damaged, or another version of Chartside made it. Nothing of yours is in it.",
        "Fetch the lists again: `chartside providers update --list epic`.",
    )


def abouts(db: sqlite3.Connection) -> list[About]:
    """What is known of each list, by id."""
    return [_about(about) for (about,) in db.execute("SELECT about FROM list ORDER BY id")]


def decoded(body: bytes) -> Listed:
    """A provider as the file keeps it."""
    return _row(body)
