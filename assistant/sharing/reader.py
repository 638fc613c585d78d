"""The only way from the vault to a message: records within a reach, as a destination may see them."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from assistant.records.identity import record_id
from assistant.records.model import Category, Element, Record
from assistant.sharing.merge import Merged, merge
from assistant.sharing.rules import visible_elements
from assistant.vault.query import Reach, RecordQuery, Stored


class Store(Protocol):
    """What the reader needs of the vault's record store."""

    def find(self, reach: Reach, query: RecordQuery) -> list[Stored]:
        """Records in reach that match, newest first."""

    def count(self, reach: Reach, query: RecordQuery) -> int:
        """How many records in reach match."""


class SharedReader:
    """Records of a vault as seen through a reach: elements out of reach removed, repeats merged."""

    def __init__(self, store: Store, reach: Reach) -> None:
        self._store = store
        self.reach = reach

    def find(self, query: RecordQuery) -> list[Record]:
        """Merged records in reach, newest first, at most `query.limit`."""
        return [merged.record for merged in self.find_merged(query)]

    def find_merged(self, query: RecordQuery) -> list[Merged]:
        """As `find`, with the records that each was made of."""
        rows = self._store.find(self.reach, query)
        return merge([self._in_view(row) for row in self._with_repeats(rows)])[: query.limit]

    def count(self, query: RecordQuery) -> int:
        """How many merged records match."""
        unlimited = msgspec.structs.replace(query, limit=None, offset=0)
        return len(self.find(unlimited))

    def categories(self) -> tuple[Category, ...]:
        """The categories in reach, in the order on screen."""
        reached = {atom.category for atom in self.reach}
        return tuple(category for category in Category if category in reached)

    def _with_repeats(self, rows: list[Stored]) -> list[Stored]:
        events = tuple({row.record.event for row in rows if row.record.event})
        if not events:
            return rows
        have = {row.record.id for row in rows}
        repeats = self._store.find(self.reach, RecordQuery(events=events))
        return rows + [row for row in repeats if row.record.id not in have]

    def _in_view(self, row: Stored) -> Stored:
        if not row.record.elements:
            return row
        elements = visible_elements(self.reach, row.record, row.source)
        elements = self._targets_in_view(elements, row.source)
        return msgspec.structs.replace(row, record=msgspec.structs.replace(row.record, elements=elements))

    def _targets_in_view(self, elements: Sequence[Element], source: str) -> tuple[Element, ...]:
        """Drop elements that name a record of this source which is itself out of reach."""
        targets = {
            element.target: record_id(source, element.target) for element in elements if element.target
        }
        if not targets:
            return tuple(elements)
        found = {
            row.record.id for row in self._store.find(self.reach, RecordQuery(ids=tuple(targets.values())))
        }
        return tuple(e for e in elements if e.target is None or targets[e.target] in found)
