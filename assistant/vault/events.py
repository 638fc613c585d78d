"""Which events other sources tell of too."""

from collections.abc import Iterable

from assistant.vault.rows import Rows, listed
from assistant.vault.session import Session


class EventStore:
    """The event keys of one vault's records, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._rows = Rows(session)

    def other_sources(self, source: str) -> bool:
        """Whether any other source has brought anything; a look at both ends of an index."""
        return bool(
            self._rows.one(
                """SELECT EXISTS (SELECT 1 FROM raw WHERE source < ?)
                OR EXISTS (SELECT 1 FROM raw WHERE source > ?)""",
                (source, source),
            )
        )

    def told_elsewhere(self, source: str, events: Iterable[str]) -> set[str]:
        """Those of the events that another source has a record of."""
        return set(
            self._rows.column(
                """SELECT DISTINCT r.event FROM json_each(?) j
                CROSS JOIN record r ON r.event = j.value AND r.event <> '' WHERE r.source <> ?""",
                (listed(events), source),
            )
        )
