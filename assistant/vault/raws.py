"""The exact bytes of every resource, with its earlier versions."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from assistant.vault.rows import Rows, listed
from assistant.vault.session import Session

_ALL = """n, source, run, part, at, format, type, rid, full_url, person, state, why, current, validation,
    digest, body"""
_CURRENT = 12
"""Where `current` stands among them."""
_KNOWN = "n, source, type, rid, digest, state, person, full_url"
_ADD = f"INSERT INTO raw ({_ALL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)"

_WANTED = "json_each(?) j CROSS JOIN raw r"


class NewRaw(msgspec.Struct, frozen=True, gc=False):
    """A resource to be kept; see `tables.Raw` for what each member is."""

    source: str
    run: int
    part: str
    at: str
    format: str
    type: str | None
    rid: str | None
    full_url: str | None
    person: str | None
    state: str
    digest: bytes
    body: bytes
    why: str = ""
    current: bool = True


class KnownRaw(msgspec.Struct, frozen=True, gc=False):
    """What is known of a kept resource, without its bytes."""

    n: int
    source: str
    type: str | None
    rid: str | None
    digest: bytes
    state: str
    person: str | None
    full_url: str | None


class KeptRaw(msgspec.Struct, frozen=True, gc=False):
    """A kept resource, whole."""

    n: int
    source: str
    run: int
    part: str
    at: str
    format: str
    type: str | None
    rid: str | None
    full_url: str | None
    person: str | None
    state: str
    why: str
    current: bool
    validation: bytes | None
    digest: bytes
    body: bytes


class Undone(msgspec.Struct, frozen=True):
    """What taking back a run changed."""

    removed: tuple[int, ...]
    """Raws that are gone; their records should have gone before."""
    restored: tuple[int, ...]
    """Earlier versions that are in force again; their records should be read again."""


class RawStore:
    """The raws of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._rows = Rows(session)

    def add(self, rows: Sequence[NewRaw]) -> range:
        """Keep resources; the numbers they got, in order."""
        first: int = self._rows.one("SELECT coalesce(max(n), 0) + 1 FROM raw")
        self._rows.many(
            _ADD,
            [
                (
                    first + offset,
                    new.source,
                    new.run,
                    new.part,
                    new.at,
                    new.format,
                    new.type,
                    new.rid,
                    new.full_url,
                    new.person,
                    new.state,
                    new.why,
                    new.current,
                    new.digest,
                    new.body,
                )
                for offset, new in enumerate(rows)
            ],
        )
        return range(first, first + len(rows))

    def current(self, source: str, identities: Iterable[tuple[str, str]]) -> dict[tuple[str, str], KnownRaw]:
        """The version in force of each (type, logical id) of a source that is known."""
        found = self._known(
            "r.source = ? AND r.type = j.value ->> 0 AND r.rid = j.value ->> 1 AND r.current = 1",
            (listed(identities), source),
            tables=_WANTED,
        )
        return {(raw.type or "", raw.rid or ""): raw for raw in found}

    def set_current(self, numbers: Iterable[int], current: bool) -> None:
        """Put versions in force, or out of it."""
        self._rows.run(
            "UPDATE raw SET current = ? WHERE n IN (SELECT value FROM json_each(?))",
            (current, listed(numbers)),
        )

    def set_state(self, numbers: Iterable[int], state: str, why: str = "") -> None:
        """Say what raws are used as, and why."""
        self._rows.run(
            "UPDATE raw SET state = ?, why = ? WHERE n IN (SELECT value FROM json_each(?))",
            (state, why, listed(numbers)),
        )

    def set_validation(self, number: int, findings: bytes) -> None:
        """Keep what the validator found."""
        self._rows.run("UPDATE raw SET validation = ? WHERE n = ?", (findings, number))

    def get(self, number: int) -> KeptRaw | None:
        """One raw, whole."""
        found = self._kept("n = ?", (number,))
        return found[0] if found else None

    def many(self, numbers: Iterable[int]) -> list[KeptRaw]:
        """Raws of these numbers, whole, in the order of their numbers."""
        return self._kept("n IN (SELECT value FROM json_each(?))", (listed(numbers),))

    def of_source(self, source: str, *, current: bool = True) -> list[KnownRaw]:
        """What a source has in force, or all it ever had, oldest first."""
        return self._known("r.source = ? AND r.current >= ?", (source, current))

    def of_run(self, run: int) -> list[KnownRaw]:
        """What a run brought, in order."""
        return self._known("r.run = ?", (run,))

    def named(self, source: str, type_: str, rid: str) -> KeptRaw | None:
        """The version in force of one resource of a source."""
        found = self._kept("source = ? AND type = ? AND rid = ? AND current = 1", (source, type_, rid))
        return found[0] if found else None

    def set_aside(self) -> list[KeptRaw]:
        """What is set aside and in force, in order."""
        return self._kept("state = 'set_aside' AND current = 1")

    def remove(self, numbers: Iterable[int]) -> None:
        """Drop raws. Their records are dropped before, by `RecordStore.remove`."""
        self._rows.run("DELETE FROM raw WHERE n IN (SELECT value FROM json_each(?))", (listed(numbers),))

    def remove_run(self, run: int) -> Undone:
        """Take back what a run brought: versions that it replaced are in force again."""
        brought = self._rows.all("SELECT n, source, type, rid, current FROM raw WHERE run = ?", (run,))
        gone = [row[0] for row in brought]
        replaced = [(row[1], row[2], row[3]) for row in brought if row[3] is not None and row[4]]
        self.remove(gone)
        restored = self._rows.column(
            """SELECT max(r.n) FROM json_each(?) j CROSS JOIN raw r
            ON r.source = j.value ->> 0 AND r.type IS j.value ->> 1 AND r.rid = j.value ->> 2
            GROUP BY r.source, r.type, r.rid HAVING max(r.current) = 0""",
            (listed(replaced),),
        )
        self.set_current(restored, True)
        return Undone(tuple(gone), tuple(sorted(restored)))

    def _known(self, where: str, values: tuple[object, ...], tables: str = "raw r") -> list[KnownRaw]:
        columns = ", ".join(f"r.{name}" for name in _KNOWN.split(", "))
        found = self._rows.all(f"SELECT {columns} FROM {tables} WHERE {where} ORDER BY r.n", values)
        return [KnownRaw(*row) for row in found]

    def _kept(self, where: str, values: tuple[Any, ...] = ()) -> list[KeptRaw]:
        found = self._rows.all(f"SELECT {_ALL} FROM raw WHERE {where} ORDER BY n", values)
        return [_kept(list(row)) for row in found]


def _kept(values: list[Any]) -> KeptRaw:
    values[_CURRENT] = bool(values[_CURRENT])
    return KeptRaw(*values)
