"""Records that the patient holds back from one conversation: as if the vault did not hold them.

What other sources tell of the same events is held back too, or a record would come back by another door.
"""

from collections.abc import Sequence

import msgspec

from assistant.sharing.reader import Store
from assistant.vault.query import Reach, RecordQuery, Stored


class Withholding:
    """A record store without some records."""

    def __init__(self, store: Store, reach: Reach, records: Sequence[str]) -> None:
        named = store.find(reach, RecordQuery(ids=tuple(records)))
        events = tuple({row.record.event for row in named if row.record.event})
        again = store.ids(reach, RecordQuery(events=events)) if events else set()
        self._store = store
        self._without = tuple(sorted({*records, *again}))

    def find(self, reach: Reach, query: RecordQuery) -> list[Stored]:
        """As the store, without them."""
        return self._store.find(reach, self._less(query))

    def count(self, reach: Reach, query: RecordQuery) -> int:
        """As the store, without them."""
        return self._store.count(reach, self._less(query))

    def count_events(self, reach: Reach, query: RecordQuery) -> int:
        """As the store, without them."""
        return self._store.count_events(reach, self._less(query))

    def one_source(self) -> bool:
        """As the store."""
        return self._store.one_source()

    def ids(self, reach: Reach, query: RecordQuery) -> set[str]:
        """As the store, without them."""
        return self._store.ids(reach, self._less(query))

    def _less(self, query: RecordQuery) -> RecordQuery:
        return msgspec.structs.replace(query, without=self._without)
