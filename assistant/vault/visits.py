"""Visit sheets, kept line by line, so that a line can go with the record that it rests on."""

from collections.abc import Iterable, Sequence

import msgspec

from assistant.errors import UsageError
from assistant.vault.rows import Rows, listed
from assistant.vault.session import Session


class Line(msgspec.Struct, frozen=True):
    """One line of a sheet; the vault knows no meaning."""

    part: str
    body: bytes
    records: tuple[str, ...] = ()
    """Ids of the records that it rests on."""


class Sheet(msgspec.Struct, frozen=True):
    """One visit sheet as it is stored."""

    id: str
    made: str
    updated: str
    body: bytes
    lines: tuple[Line, ...]


class VisitStore:
    """The visit sheets of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._rows = Rows(session)

    def all(self) -> Sequence[Sheet]:
        """Every sheet, the one made last first."""
        return [self._whole(row) for row in self._rows.all(f"{_SELECT} ORDER BY made DESC, id")]

    def get(self, sheet: str) -> Sheet:
        """The sheet of this id.

        Raises:
            UsageError: there is none.
        """
        row = self._rows.first(f"{_SELECT} WHERE id = ?", (sheet,))
        if row is None:
            raise UsageError("There is no such visit sheet.", "List them with `chartside visit list`.")
        return self._whole(row)

    def put(self, sheet: Sheet) -> None:
        """Keep a sheet in place of any of its id."""
        self.remove(sheet.id)
        self._rows.run(
            "INSERT INTO visit (id, made, updated, body) VALUES (?, ?, ?, ?)",
            (sheet.id, sheet.made, sheet.updated, sheet.body),
        )
        for line in sheet.lines:
            number = self._rows.one(
                "INSERT INTO visit_line (visit, part, body) VALUES (?, ?, ?) RETURNING n",
                (sheet.id, line.part, line.body),
            )
            rests_on = [(number, record) for record in dict.fromkeys(line.records)]
            self._rows.many("INSERT INTO visit_record (line, record) VALUES (?, ?)", rests_on)

    def remove(self, sheet: str) -> bool:
        """Drop a sheet with all its lines; whether it was there."""
        self._drop("SELECT n FROM visit_line WHERE visit = ?", (sheet,))
        return self._rows.run("DELETE FROM visit WHERE id = ?", (sheet,)) > 0

    def forget(self, raws: Iterable[int]) -> int:
        """Drop every line that rests on a record read from one of these raw rows; how many went."""
        return self._drop(
            """SELECT v.line FROM visit_record v JOIN record r ON r.id = v.record
            WHERE r.raw IN (SELECT value FROM json_each(?))""",
            (listed(raws),),
        )

    def _drop(self, lines: str, values: tuple[object, ...]) -> int:
        numbers = listed({row[0] for row in self._rows.all(lines, values)})
        self._rows.run("DELETE FROM visit_record WHERE line IN (SELECT value FROM json_each(?))", (numbers,))
        return self._rows.run(
            "DELETE FROM visit_line WHERE n IN (SELECT value FROM json_each(?))", (numbers,)
        )

    def _whole(self, row: Sequence[str | bytes]) -> Sheet:
        sheet, made, updated, body = row
        rests_on: dict[int, list[str]] = {}
        for line, record in self._rows.all(
            """SELECT v.line, v.record FROM visit_record v JOIN visit_line l ON l.n = v.line
            WHERE l.visit = ? ORDER BY v.line, v.record""",
            (sheet,),
        ):
            rests_on.setdefault(line, []).append(record)
        lines = self._rows.all("SELECT n, part, body FROM visit_line WHERE visit = ? ORDER BY n", (sheet,))
        return Sheet(
            str(sheet),
            str(made),
            str(updated),
            bytes(body) if isinstance(body, bytes) else b"",
            tuple(Line(part, body, tuple(rests_on.get(n, ()))) for n, part, body in lines),
        )


_SELECT = "SELECT id, made, updated, body FROM visit"
