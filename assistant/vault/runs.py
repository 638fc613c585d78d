"""Imports and syncs, so that each can be taken back."""

from collections.abc import Sequence

from sqlmodel import col, select

from assistant.vault.session import Session
from assistant.vault.tables import ImportRun


class RunStore:
    """The runs of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, run: str, *, at: str, state: str = "done") -> int:
        """Note a run under its id; its number, which the raws it brings carry."""
        row = ImportRun(id=run, at=at, state=state)
        self._session.add(row)
        self._session.flush()
        assert row.n is not None
        return row.n

    def get(self, run: str) -> ImportRun | None:
        """The run of this id."""
        return self._session.exec(select(ImportRun).where(ImportRun.id == run)).first()

    def all(self) -> Sequence[ImportRun]:
        """Every run, oldest first."""
        return self._session.exec(select(ImportRun).order_by(col(ImportRun.n))).all()

    def set_state(self, run: str, state: str) -> None:
        """Say whether a run stands: `done` or `undone`."""
        row = self.get(run)
        if row is not None:
            row.state = state
            self._session.add(row)
            self._session.flush()
