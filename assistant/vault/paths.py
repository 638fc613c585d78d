"""Where a vault's files lie. Which folder it is, is decided elsewhere."""

from pathlib import Path

import msgspec


class VaultPaths(msgspec.Struct, frozen=True):
    """The files of the vault in one folder."""

    home: Path

    @property
    def header(self) -> Path:
        """The wrapped keys. A vault is there when this file is."""
        return self.home / "vault.keys"

    @property
    def database(self) -> Path:
        """The encrypted records, under the name they have in a new vault."""
        return self.home / "records.db"

    @property
    def spool(self) -> Path:
        """Accesses that could not be written into the ledger at their time."""
        return self.home / "accesses.log"

    @property
    def spool_taken(self) -> Path:
        """Those of them that are being taken over into the ledger."""
        return self.home / "accesses.taken"

    @property
    def locks(self) -> Path:
        """Empty files that keep instances out of each other's way."""
        return self.home / "locks"

    def named(self, name: str) -> Path:
        """The database of this name, as the header gives it: `records.db`, or its twin after a restore."""
        return self.home / name

    def incoming(self, name: str) -> Path:
        """Where the database of this name is built before the header names it."""
        return self.home / f"{name}.new"
