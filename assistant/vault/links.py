"""Linked sources as rows. What they hold is decided in `assistant.links`."""

from collections.abc import Iterable, Sequence

from sqlmodel import col, select

from assistant.vault.rows import Rows, listed
from assistant.vault.session import Session
from assistant.vault.tables import LinkRow


class LinkStore:
    """The links of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[LinkRow]:
        """Every link, in the order they were made."""
        return self._session.exec(select(LinkRow).order_by(col(LinkRow.made), col(LinkRow.source))).all()

    def get(self, source: str) -> LinkRow | None:
        """The link of this source."""
        return self._session.get(LinkRow, source)

    def put(self, link: LinkRow) -> None:
        """Keep a link in place of any of its source."""
        self._session.merge(link)
        self._session.flush()

    def remove(self, source: str) -> None:
        """Drop a link with all that lets in, if it is there."""
        row = self.get(source)
        if row is not None:
            self._session.delete(row)
            self._session.flush()


class MetStore:
    """What a sync under way has met at its server, so that it is known at the end what is gone there."""

    def __init__(self, session: Session) -> None:
        self._rows = Rows(session)

    def add(self, source: str, identities: Iterable[tuple[str, str]]) -> None:
        """Note resources as met: type and logical id."""
        self._rows.many(
            "INSERT OR IGNORE INTO met VALUES (?, ?, ?)", [(source, type_, rid) for type_, rid in identities]
        )

    def clear(self, source: str) -> None:
        """Begin anew."""
        self._rows.run("DELETE FROM met WHERE source = ?", (source,))

    def missed(self, source: str, types: Iterable[str]) -> list[int]:
        """Numbers of the raws in force of these types that were not met."""
        return self._rows.column(
            """SELECT n FROM raw r WHERE source = ? AND current = 1 AND state = 'record'
            AND type IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM met m
                WHERE m.source = r.source AND m.type = r.type AND m.rid = r.rid) ORDER BY n""",
            (source, listed(types)),
        )
