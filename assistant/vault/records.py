"""Records: kept with their texts, found within a reach, newest first.

The order is by time, title and content, so it is the same in every vault that holds these records, whatever
else is in it. Nothing is ranked by how words are spread over the vault.
"""

from collections.abc import Sequence

import msgspec

from assistant.records.model import Category, Record, Value
from assistant.vault.query import EVERYTHING, NewRecord, Place, Reach, RecordQuery, Stored
from assistant.vault.reach import POSITION, TEXT_BITS, expressions, in_reach, wanted
from assistant.vault.rows import Rows, Values, listed
from assistant.vault.session import Session

_ADD = """INSERT INTO record (n, id, raw, source, category, kind, sort, first_day, last_day, trust, labelled,
    title, tie, event, series, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ADD_TEXT = "INSERT INTO record_text (rowid, words, codes) VALUES (?, ?, ?)"
_ORDER = "r.sort DESC, r.title, r.tie"
_PAGE = f"""SELECT b.body, b.source, b.raw
    FROM (SELECT r.n AS n, r.sort, r.title, r.tie {{}} ORDER BY {_ORDER} LIMIT ? OFFSET ?) r
    CROSS JOIN record b ON b.n = r.n ORDER BY {_ORDER}"""
"""Chooses a page first, so that only the bodies on it are read."""
MANY = 2000
"""So many texts are slower to fetch one by one than all records are to go through in order."""
MANY_FOR_A_FEW = 100
"""As `MANY`, where the first few in order are enough."""
_PROBE = "SELECT count(*) FROM (SELECT 1 FROM record_text WHERE record_text MATCH ? LIMIT ?)"
_PLACES = "SELECT r.tie, r.sort, r.title, r.category, r.first_day, r.n"
_IDS = "SELECT n, id FROM record INDEXED BY record_id ORDER BY id"
_TOLD_TWICE = """SELECT r.event, r.id FROM (SELECT event FROM record WHERE event <> '' GROUP BY event
    HAVING min(source) <> max(source)) e CROSS JOIN record r ON r.event = e.event AND r.event <> ''"""
_STATE = """SELECT count(*), coalesce(sum(n), 0), coalesce(sum(raw), 0),
    (SELECT coalesce(max(n), 0) FROM import_run), (SELECT count(*) FROM import_run WHERE state = 'undone')
    FROM record INDEXED BY record_raw"""
_CATEGORIES = tuple(Category)
_DECODER = msgspec.msgpack.Decoder(Record)
_ENCODER = msgspec.msgpack.Encoder()


class RecordStore:
    """The records of one vault, within one transaction."""

    def __init__(self, session: Session, many: int = MANY, many_for_a_few: int = MANY_FOR_A_FEW) -> None:
        self._rows = Rows(session)
        self._many, self._many_for_a_few = many, many_for_a_few

    def add(self, rows: Sequence[NewRecord]) -> None:
        """Keep new records with the texts they are found by. Much cheaper in hundreds than one by one."""
        first = self._rows.one("SELECT coalesce(max(n), 0) + 1 FROM record")
        self._rows.many(_ADD, [_values(first + offset, new) for offset, new in enumerate(rows)])
        texts = [
            ((first + offset) << TEXT_BITS | POSITION[category], words, codes)
            for offset, new in enumerate(rows)
            for category, words, codes in new.texts
            if words or codes
        ]
        self._rows.many(_ADD_TEXT, texts)

    def remove(self, raws: Sequence[int]) -> int:
        """Drop the records that were read from these raws, and their texts; how many records."""
        numbers = self._rows.column(
            "SELECT n FROM record WHERE raw IN (SELECT value FROM json_each(?))", (listed(raws),)
        )
        texts = [number << TEXT_BITS | position for number in numbers for position in range(len(Category))]
        self._rows.run(
            "DELETE FROM record_text WHERE rowid IN (SELECT value FROM json_each(?))", (listed(texts),)
        )
        self._rows.run("DELETE FROM record WHERE n IN (SELECT value FROM json_each(?))", (listed(numbers),))
        return len(numbers)

    def find(self, reach: Reach, query: RecordQuery) -> list[Stored]:
        """The records in reach that the query asks for, newest first; undated ones last."""
        wants = wanted(reach, query, common=self._common(query))
        if query.limit is None and not query.offset:
            found = self._rows.all(
                f"SELECT r.body, r.source, r.raw {wants.text} ORDER BY {_ORDER}", wants.values
            )
        else:
            limit = -1 if query.limit is None else query.limit
            found = self._rows.all(_PAGE.format(wants.text), (*wants.values, limit, query.offset))
        return [Stored(_DECODER.decode(body), source, raw) for body, source, raw in found]

    def count(self, reach: Reach, query: RecordQuery) -> int:
        """How many records in reach the query asks for, whatever its limit."""
        wants = wanted(reach, query, common=self._common(query))
        number: int = self._rows.one(f"SELECT count(*) {wants.text}", wants.values)
        return number

    def counts(self, reach: Reach) -> dict[Category, int]:
        """How many records of each category are in reach; a category without any is left out."""
        inside = in_reach(reach)
        reached = sorted({POSITION[atom.category] for atom in reach})
        each = [f"count(iif(r.category = {position}, 1, NULL))" for position in reached]
        (row,) = self._rows.all(f"SELECT {', '.join(each)} {inside.text}", inside.values) if each else ((),)
        found = zip(reached, row, strict=True)
        return {_CATEGORIES[position]: number for position, number in found if number}

    def count_events(self, reach: Reach, query: RecordQuery) -> int:
        """As `count`, with each event once: as often as the source that tells it most often."""
        wants = wanted(reach, query, common=self._common(query))
        number: int = self._rows.one(
            f"""SELECT coalesce(sum(most), 0) FROM (SELECT max(times) AS most FROM
                (SELECT iif(r.event = '', r.id, r.event) AS told, r.source AS source, count(*) AS times
                {wants.text} GROUP BY told, source) GROUP BY told)""",
            wants.values,
        )
        return number

    def one_source(self) -> bool:
        """Whether everything comes from one source, so that no event is told twice."""
        return bool(self._rows.one("SELECT (SELECT min(source) FROM raw) IS (SELECT max(source) FROM raw)"))

    def ids(self, reach: Reach, query: RecordQuery) -> set[str]:
        """The ids of the records in reach that the query asks for, whatever its limit."""
        wants = wanted(reach, query, common=self._common(query))
        return set(self._rows.column(f"SELECT r.id {wants.text}", wants.values))

    def numbers(self, reach: Reach, query: RecordQuery) -> set[int]:
        """As `ids`, by row number."""
        wants = wanted(reach, query, common=self._common(query))
        return set(self._rows.column(f"SELECT r.n {wants.text}", wants.values))

    def places(self, reach: Reach) -> list[Place]:
        """Every record in reach, as `find` orders them; read from indexes alone."""
        inside = in_reach(reach)
        found = sorted(
            self._rows.all(f"{_PLACES} {inside.text}", inside.values), key=lambda row: (row[2], row[0])
        )
        found.sort(key=lambda row: row[1], reverse=True)
        ids: dict[int, str] = dict(map(tuple, self._rows.all(_IDS)))
        return [Place(n, ids[n], *rest) for _, *rest, n in found]

    def told_twice(self) -> dict[str, list[str]]:
        """The ids of records by event, for events that several sources tell of."""
        events: dict[str, list[str]] = {}
        for event, record in self._rows.all(_TOLD_TWICE):
            events.setdefault(event, []).append(record)
        return events

    def state(self) -> tuple[int, ...]:
        """Numbers that change whenever records come in or go."""
        return tuple(self._rows.first(_STATE))

    def by_id(self, record: str, reach: Reach = EVERYTHING) -> Stored | None:
        """The record of this id, if it is in reach."""
        found = self.find(reach, RecordQuery(ids=(record,), limit=1))
        return found[0] if found else None

    def _common(self, query: RecordQuery) -> bool:
        """Whether each thing looked for stands in many texts."""
        many = self._many if query.limit is None else self._many_for_a_few
        return all(self._rows.one(_PROBE, (text, many)) == many for text in expressions(query))


def _values(number: int, new: NewRecord) -> Values:
    record = new.record
    return (
        number,
        record.id,
        new.raw,
        new.source,
        POSITION[record.category],
        record.kind,
        new.sort,
        new.first_day,
        new.last_day,
        record.trust.value,
        bool(record.labels),
        record.title,
        _tie(record),
        record.event,
        record.series,
        _ENCODER.encode(record),
    )


def _tie(record: Record) -> str:
    """What orders records of one time and title: values, then when they were written down, then ids."""
    values = [record.value, *[part.value for part in record.parts]]
    return f"{' '.join([_shown(value) for value in values])} {record.recorded or ''} {record.id}"


def _shown(value: Value | None) -> str:
    if value is None:
        return ""
    return value.quantity.value if value.quantity is not None else (value.text or "")[:40]
