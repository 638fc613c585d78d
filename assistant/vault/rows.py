"""Driver-speed statements within a session's transaction, for what comes by the thousand."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.vault.session import Session

Values = tuple[object, ...]


class Rows:
    """Runs SQL with positional values on the session's own connection."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, sql: str, values: Values = ()) -> Sequence[Any]:
        """Every row, as tuples."""
        return self._session.connection().exec_driver_sql(sql, values).fetchall()

    def column(self, sql: str, values: Values = ()) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.all(sql, values)]

    def first(self, sql: str, values: Values = ()) -> Any:
        """The first row, or None."""
        return self._session.connection().exec_driver_sql(sql, values).first()

    def one(self, sql: str, values: Values = ()) -> Any:
        """The one value of the one row."""
        return self._session.connection().exec_driver_sql(sql, values).scalar_one()

    def run(self, sql: str, values: Values = ()) -> int:
        """Change something; how many rows it met."""
        return self._session.connection().exec_driver_sql(sql, values).rowcount

    def many(self, sql: str, values: Sequence[Values]) -> None:
        """The same statement once for each of `values`."""
        if values:
            self._session.connection().exec_driver_sql(sql, list(values))


def listed(values: Iterable[object]) -> str:
    """A list as one bound value, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))
