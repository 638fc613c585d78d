"""From the driver's errors to the ones a person can read. What the driver said is never passed on."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import ChartsideError, StorageFailed, VaultBusy, VaultClosed, VaultDamaged

BUSY = {5, 6}
"""SQLITE_BUSY, SQLITE_LOCKED."""
DAMAGED = {11, 26}
"""SQLITE_CORRUPT, SQLITE_NOTADB."""
REFUSED = {7, 8, 10, 13, 14}
"""SQLITE_NOMEM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN."""
REPLACED = 1032
"""SQLITE_READONLY_DBMOVED: another file stands under the database's name, or none."""
DAMAGED_READS = {522, 8458}
"""SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_CORRUPTFS."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise VaultBusy, StorageFailed or VaultDamaged for what the driver reports inside."""
    import sqlcipher3.dbapi2 as driver
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        known = told(getattr(error.orig, "sqlite_errorcode", 0))
        if known is None:
            raise
        raise known from None
    except driver.Error as error:
        known = told(getattr(error, "sqlite_errorcode", 0))
        if known is None:
            raise
        raise known from None


def told(code: int) -> ChartsideError | None:
    """The error for an SQLite result code (sqlite.org/rescode.html), primary or extended."""
    if code == REPLACED:
        return replaced()
    primary = code & 0xFF
    if primary in BUSY:
        return VaultBusy(
            "Another Chartside is writing to your records and did not finish in time.",
            "Wait for it to finish, or close it, then try again.",
        )
    if primary in DAMAGED or code in DAMAGED_READS:
        return database_damaged()
    if primary in REFUSED:
        return StorageFailed(
            "The disk is full or refuses the change; what was saved before is unchanged.",
            "Make room on the disk or check that the folder can be written to, then try again.",
        )
    return None


def replaced() -> VaultClosed:
    """The error for a vault whose files are no longer those that were opened."""
    return VaultClosed(
        "The vault here has been replaced by another one.", "Open it again with its passphrase."
    )


def database_damaged(text: str = "The file with your records is damaged.") -> VaultDamaged:
    """The error for a database that its proven key does not open, or that isn't whole."""
    return VaultDamaged(text, "Restore it from a backup with `chartside restore FILE`.")
