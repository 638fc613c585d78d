"""Where records come from, and how that went last time."""

from collections.abc import Sequence

from sqlmodel import col, delete, select

from assistant.vault.session import Session
from assistant.vault.tables import Source


class SourceStore:
    """The sources of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[Source]:
        """Every source, by name."""
        return self._session.exec(select(Source).order_by(col(Source.name), col(Source.id))).all()

    def get(self, source: str) -> Source | None:
        """The source of this id."""
        return self._session.get(Source, source)

    def by_key(self, kind: str, key: str) -> Source | None:
        """The source that is read the same way."""
        return self._session.exec(select(Source).where(Source.kind == kind, Source.key == key)).first()

    def put(self, source: Source) -> Source:
        """Keep a source as given, in place of what was kept under its id; the one now kept."""
        kept = self._session.merge(source)
        self._session.flush()
        return kept

    def remove(self, source: str) -> None:
        """Drop a source. Its raws and records are dropped before."""
        self._session.exec(delete(Source).where(col(Source.id) == source))
