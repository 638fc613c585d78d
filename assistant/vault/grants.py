"""Grants as rows. What they mean is decided in `assistant.sharing`."""

from collections.abc import Iterable, Sequence

from sqlmodel import col, delete, select

from assistant.vault.session import Session
from assistant.vault.tables import GrantRow


class GrantStore:
    """The grants of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[GrantRow]:
        """Every grant, in the order they were given."""
        return self._session.exec(select(GrantRow).order_by(col(GrantRow.n))).all()

    def of(self, destination: str) -> Sequence[GrantRow]:
        """The grants of one destination, in the order they were given."""
        wanted = select(GrantRow).where(GrantRow.destination == destination).order_by(col(GrantRow.n))
        return self._session.exec(wanted).all()

    def add(self, grant: GrantRow) -> GrantRow:
        """Keep a grant; it gets its number."""
        self._session.add(grant)
        self._session.flush()
        return grant

    def remove(self, numbers: Iterable[int]) -> None:
        """Drop the grants of these numbers."""
        self._session.exec(delete(GrantRow).where(col(GrantRow.n).in_(list(numbers))))

    def clear(self) -> int:
        """Drop every grant to every destination; how many there were."""
        return self._session.exec(delete(GrantRow)).rowcount
