"""Single values of a vault, by name."""

from assistant.vault.rows import Rows
from assistant.vault.session import Session


class MetaStore:
    """Values by key: the schema version, the owner, the ledger's head."""

    def __init__(self, session: Session) -> None:
        self._rows = Rows(session)

    def get(self, key: str) -> bytes | None:
        """The value, or None."""
        row = self._rows.first("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else bytes(row[0])

    def set(self, key: str, value: bytes) -> None:
        """Put a value in place of any before."""
        self._rows.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def remove(self, key: str) -> None:
        """Drop a value, if there is one."""
        self._rows.run("DELETE FROM meta WHERE key = ?", (key,))
