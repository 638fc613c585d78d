"""The models that the patient added."""

from collections.abc import Sequence

from sqlmodel import col, func, select

from assistant.vault.session import Session
from assistant.vault.tables import ModelRow


class ModelStore:
    """The models of one vault, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[ModelRow]:
        """Every model, in the order they were added."""
        return self._session.exec(select(ModelRow).order_by(col(ModelRow.n))).all()

    def get(self, name: str) -> ModelRow | None:
        """The model of this id."""
        return self._session.get(ModelRow, name)

    def next(self) -> int:
        """The number for one that is added now."""
        return (self._session.exec(select(func.max(ModelRow.n))).one() or 0) + 1

    def put(self, model: ModelRow) -> None:
        """Keep a model in place of any of its id."""
        self._session.merge(model)
        self._session.flush()

    def remove(self, name: str) -> None:
        """Drop one, key and all, if it is there."""
        row = self.get(name)
        if row is not None:
            self._session.delete(row)
            self._session.flush()
