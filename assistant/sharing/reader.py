"""The only way from the vault to a message: records within a reach, as a destination may see them."""

from collections.abc import Mapping
from itertools import groupby
from typing import Protocol

import msgspec

from assistant.records.identity import record_id
from assistant.records.model import Category, Element, Record, Trust
from assistant.records.show import line, status_words
from assistant.sharing.merge import Merged, merge
from assistant.sharing.rules import by_category, visible_elements
from assistant.vault.query import Reach, RecordQuery, Stored


class Store(Protocol):
    """What the reader needs of the vault's record store."""

    def find(self, reach: Reach, query: RecordQuery) -> list[Stored]:
        """Records in reach that match, newest first."""

    def count(self, reach: Reach, query: RecordQuery) -> int:
        """How many records in reach match."""

    def count_events(self, reach: Reach, query: RecordQuery) -> int:
        """As `count`, with each event once."""

    def one_source(self) -> bool:
        """Whether all records come from one source, so that no event is told twice."""

    def ids(self, reach: Reach, query: RecordQuery) -> set[str]:
        """The ids of the records in reach that match, whatever the query's limit."""


class SharedReader:
    """Records of a vault as seen through a reach: elements out of reach removed, repeats merged."""

    def __init__(self, store: Store, reach: Reach) -> None:
        self._store = store
        self._alone = store.one_source()
        self._named: dict[tuple[str, str], bool] = {}
        self._titles: dict[tuple[str, str], str] = {}
        self._sorted = by_category(reach)
        self.reach = reach

    def find(self, query: RecordQuery) -> list[Record]:
        """Merged records in reach, newest first, at most `query.limit`."""
        return [merged.record for merged in self.find_merged(query)]

    def find_merged(self, query: RecordQuery) -> list[Merged]:
        """As `find`, with the records that each was made of."""
        rows = self._with_repeats(self._store.find(self.reach, query))
        return merge(_settled(self._in_view(rows)))[: query.limit]

    def count(self, query: RecordQuery) -> int:
        """How many merged records match."""
        count = self._store.count if self._alone else self._store.count_events
        return count(self.reach, query)

    def categories(self) -> tuple[Category, ...]:
        """The categories in reach, in the order on screen."""
        reached = {atom.category for atom in self.reach}
        return tuple(category for category in Category if category in reached)

    def _with_repeats(self, rows: list[Stored]) -> list[Stored]:
        """The rows, and what other sources in reach tell of the same events.

        What the same source tells of them was for the query to find: taking it in here would make the answer
        depend on whether the vault holds another source, in reach or not.
        """
        told = {(row.record.event, row.source) for row in rows if row.record.event}
        if not told or self._alone:
            return rows
        events = tuple({event for event, _ in told})
        repeats = self._store.find(self.reach, RecordQuery(events=events))
        return rows + [row for row in repeats if (row.record.event, row.source) not in told]

    def _in_view(self, rows: list[Stored]) -> list[Stored]:
        """The rows with only those elements that are in reach, and that name nothing which isn't."""
        seen = [visible_elements(self._sorted, row.record, row.source) for row in rows]
        named = {
            (row.source, element.target)
            for row, elements in zip(rows, seen, strict=True)
            for element in elements
            if element.target is not None
        }
        self._look_up(named - self._named.keys())
        self._name(
            {
                (row.source, element.target)
                for row, elements in zip(rows, seen, strict=True)
                for element in elements
                if element.target is not None and _is_bare_reason(element)
            }
        )
        return [
            _with_elements(row, kept, self._named, self._titles) for row, kept in zip(rows, seen, strict=True)
        ]

    def _name(self, reasons: set[tuple[str, str]]) -> None:
        """Remember the titles of the conditions in reach that these elements name by address alone."""
        ids = {
            record_id(*name): name for name in reasons - self._titles.keys() if self._named.get(name, False)
        }
        if not ids:
            return
        for stored in self._store.find(self.reach, RecordQuery(ids=tuple(ids))):
            self._titles[ids[stored.record.id]] = _called(stored.record)

    def _look_up(self, named: set[tuple[str, str]]) -> None:
        """Remember of records that elements name whether they are in reach."""
        if not named:
            return
        ids = {name: record_id(*name) for name in named}
        found = self._store.ids(self.reach, RecordQuery(ids=tuple(ids.values())))
        self._named.update((name, record in found) for name, record in ids.items())


def _with_elements(
    row: Stored,
    elements: tuple[Element, ...],
    in_reach: Mapping[tuple[str, str], bool],
    titles: Mapping[tuple[str, str], str],
) -> Stored:
    kept = elements
    if any(e.target is not None for e in elements):
        kept = tuple(
            _called_by(e, titles.get((row.source, e.target or "")))
            for e in elements
            if e.target is None or in_reach[row.source, e.target]
        )
    if kept == row.record.elements:
        return row
    return msgspec.structs.replace(row, record=msgspec.structs.replace(row.record, elements=kept))


def _is_bare_reason(element: Element) -> bool:
    """Whether it names a condition by its address alone (FHIR's `reasonReference` without a display)."""
    return not element.text and element.category is Category.CONDITIONS


def _called(record: Record) -> str:
    """How a reason is told: the condition's title with what must stand beside it; nothing of a mistake."""
    if record.trust is Trust.ERROR:
        return ""
    words = status_words(record)
    return f"{record.title} ({words})" if words else record.title


def _called_by(element: Element, title: str | None) -> Element:
    return msgspec.structs.replace(element, text=title) if title and _is_bare_reason(element) else element


def _settled(rows: list[Stored]) -> list[Stored]:
    """Rows that the vault can't tell apart, in the order of what is seen of them."""
    settled: list[Stored] = []
    if len({(row.record.when, row.record.title) for row in rows}) == len(rows):
        return rows
    for _, alike in groupby(rows, key=lambda row: (row.record.when, row.record.title, row.record.value)):
        run = list(alike)
        settled += run if len(run) == 1 else sorted(run, key=_seen)
    return settled


def _seen(row: Stored) -> str:
    return line(row.record, row.record.elements)
