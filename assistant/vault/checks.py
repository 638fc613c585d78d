"""Whether a vault is whole, said check by check."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from assistant.errors import ChartsideError, VaultDamaged
from assistant.vault.failures import translated
from assistant.vault.header import Header, read_header
from assistant.vault.ledger import Ledger
from assistant.vault.paths import VaultPaths
from assistant.vault.session import Session

FROM_BACKUP = "Restore the vault from a backup with `chartside restore FILE`."


class Check(msgspec.Struct, frozen=True):
    """One thing looked at, what was seen, and what to do if it isn't well."""

    name: str
    ok: bool
    text: str
    next: str = ""


def check_all(
    paths: VaultPaths,
    header: Header,
    data_key: bytearray,
    database: Path,
    read: Callable[[], AbstractContextManager[Session]],
) -> tuple[Check, ...]:
    """Look at the header, every page, the tables, and the ledger."""
    return (
        _header(paths, header),
        _pages(database, data_key),
        _ledger(read),
    )


def _header(paths: VaultPaths, header: Header) -> Check:
    try:
        found = read_header(paths.header)
    except ChartsideError as error:
        return Check("keys", False, error.text, error.next_step)
    if found.check != header.check:
        return Check("keys", False, "The file with the keys belongs to another vault.", FROM_BACKUP)
    kinds = ", ".join(slot.kind for slot in found.slots)
    return Check("keys", True, f"The file with the keys is whole; it opens with: {kinds}.")


def _pages(database: Path, data_key: bytearray) -> Check:
    try:
        require_whole(database, data_key)
    except VaultDamaged as error:
        return Check("records file", False, error.text, error.next_step)
    return Check("records file", True, "Every page of the records file is as it was written.")


def _ledger(read: Callable[[], AbstractContextManager[Session]]) -> Check:
    try:
        with read() as session:
            found = Ledger(session).verify()
    except VaultDamaged as error:
        return Check("ledger", False, error.text, error.next_step)
    if found.ok:
        return Check("ledger", True, f"The ledger is whole: {found.entries} lines.")
    return Check(
        "ledger", False, f"The ledger is not as it was written from line {found.first_bad} on.", FROM_BACKUP
    )


def require_whole(database: Path, data_key: bytearray) -> None:
    """Read and check every page and every table.

    Raises:
        VaultDamaged: anything isn't whole.
    """
    from assistant.vault.engine import configured
    from assistant.vault.failures import database_damaged

    with translated():
        connection = configured(database, data_key)
        try:
            broken = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            told = connection.execute("PRAGMA quick_check").fetchall()
        finally:
            connection.close()
    if broken or told != [("ok",)]:
        raise database_damaged()
