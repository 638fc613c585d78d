"""HealthEx's compressed tables: a title, a dictionary, a header, and rows of cells.

    #Immunizations 100y|Total:2
    D:1=2026-01-15|2=2.16.840.1.113883.12.292
    Date|Name|PreferredCode|PreferredSystem
    @1|Influenza|140|@2
    |COVID-19|300|@2

`@1` stands for entry 1 of the dictionary, and a blank date for the date of the row above. Nothing else is
filled in. A row that can't be read for certain is left out and named by its place.
"""

import re
from collections.abc import Sequence

import msgspec

from connectors.model import Problem

MOST_ROWS = 50_000
UNKNOWN_ENTRY = "It uses an abbreviation that the table does not explain, so it was left out."
TOO_MANY = "It has more cells than the table has columns, so it was left out."
FEWER = "The table speaks of {} rows and holds {}."
NO_HEADER = "The table has no header that can be read, so it was left out."
TOO_LONG = "The table is longer than can be right, so its end was left out."

_TITLE = re.compile(r"#\s*(?P<name>[^|]*?)\s*(?:\|(?P<rest>.*))?")
_TOTAL = re.compile(r"\bTotal\s*:\s*(\d{1,9})\b", re.IGNORECASE)
_REFERENCE = re.compile(r"@(\d{1,9})")
_ENTRY = re.compile(r"\s*(\d{1,9})=(.*)", re.DOTALL)
_CELLS = re.compile(r"(?<!\\)\|")
_DATE = re.compile(r"[A-Za-z ]*date", re.IGNORECASE)


class Row(msgspec.Struct, frozen=True):
    """One row: its cells by column, with every abbreviation undone."""

    at: str
    cells: dict[str, str]
    text: str
    """The row as the source wrote it, but with its abbreviations and its blank date undone: those depend on
    the rows around it, and would make the same row another one next time."""


class Table(msgspec.Struct, frozen=True):
    """One table, as far as it can be read."""

    name: str
    header: str
    """The header as the source wrote it."""
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    total: int | None
    """How many rows it says that it has."""
    written: int
    """How many rows it holds, those that can't be read included."""


class _Reading:
    """One table under way."""

    def __init__(self, line: str, number: int) -> None:
        found = _TITLE.fullmatch(line)
        self.name = found["name"] if found else ""
        total = _TOTAL.search(line)
        self.total = int(total[1]) if total else None
        self.number = number
        self.entries: dict[str, str] = {}
        self.header: str | None = None
        self.columns: list[str] = []
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.written = 0
        self._date: str | None = None

    def add(self, line: str) -> None:
        """Take the next line of the table."""
        if self.header is None and line.startswith("D:"):
            for part in _cells(line[2:]):
                if entry := _ENTRY.fullmatch(part):
                    self.entries[entry[1]] = entry[2]
        elif self.header is None:
            self.header, self.columns = line, [cell.strip() for cell in _cells(line)]
        elif self.written >= MOST_ROWS:
            if self.written == MOST_ROWS:
                self.problems.append(Problem(self.name or "table", TOO_LONG))
            self.written += 1
        else:
            self.written += 1
            self._add_row(line)

    def _add_row(self, line: str) -> None:
        at = f"table {self.number}, row {self.written}"
        texts = _cells(line)
        if len(texts) > len(self.columns) and any(text.strip() for text in texts[len(self.columns) :]):
            self._date = None
            self.problems.append(Problem(at, TOO_MANY))
            return
        values = [self._value(text.strip()) for text in texts[: len(self.columns)]]
        cells: dict[str, str] = {}
        for column, value in zip(self.columns, values, strict=False):
            if column == self._dated:
                self._date = value = (self._date or "") if value == "" else value
            if value:
                cells[column] = value
        if None in values:
            self.problems.append(Problem(at, UNKNOWN_ENTRY))
        elif cells:
            text = "|".join(cells.get(column, "").replace("|", "\\|") for column in self.columns)
            self.rows.append(Row(at, cells, text))

    @property
    def _dated(self) -> str | None:
        return next((column for column in self.columns if _DATE.fullmatch(column)), None)

    def _value(self, text: str) -> str | None:
        reference = _REFERENCE.fullmatch(text)
        return self.entries.get(reference[1]) if reference else text

    def table(self) -> Table:
        """What was read."""
        if self.header is None or not all(self.columns) or len(set(self.columns)) < len(self.columns):
            if self.total != 0:
                self.problems.append(Problem(f"table {self.number}", NO_HEADER))
            self.rows.clear()
        return Table(
            name=self.name,
            header=self.header or "",
            rows=tuple(self.rows),
            problems=tuple(self.problems),
            total=self.total,
            written=self.written,
        )


def read_tables(text: str) -> tuple[tuple[Table, ...], str]:
    """The tables in an answer, and the text around them (paging, remarks).

    A line belongs to a table while it has the table's separators; the first that hasn't ends it.
    """
    readings: list[_Reading] = []
    around: list[str] = []
    present: _Reading | None = None
    for line in text.splitlines():
        if line.startswith("#"):
            present = _Reading(line, len(readings) + 1)
            readings.append(present)
        elif present is not None and _belongs(present, line):
            present.add(line)
        elif line.strip():
            around.append(line)
            present = None
    return tuple(reading.table() for reading in readings), "\n".join(around)


def missing(table: Table) -> Problem | None:
    """What a table says of its length, where less came."""
    if table.total is None or table.written >= table.total:
        return None
    return Problem(table.name or "table", FEWER.format(table.total, table.written))


def _belongs(reading: _Reading, line: str) -> bool:
    if "|" in line or (reading.header is None and line.startswith("D:")):
        return True
    return reading.header is not None and len(reading.columns) == 1 and bool(line.strip())


def _cells(line: str) -> Sequence[str]:
    return [part.replace("\\|", "|") for part in _CELLS.split(line)]
