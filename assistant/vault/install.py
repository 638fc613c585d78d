"""How a header and its database come to stand in a folder together, so that a kill leaves the old or the new.

The database is built aside. Writing the header, which names it, is the moment it becomes the vault; moving it
to its place is finished by whoever opens the vault next, if need be.
"""

from pathlib import Path

from assistant.errors import NoVault, UsageError, VaultDamaged
from assistant.vault.failures import database_damaged
from assistant.vault.files import storing, sync_folder
from assistant.vault.header import DatabaseName, Header, read_header, write_header
from assistant.vault.paths import VaultPaths

NAMES: tuple[DatabaseName, DatabaseName] = ("records.db", "records-2.db")
TRAILS = ("-wal", "-shm", "-journal")


def aside(paths: VaultPaths, header: Header) -> Path:
    """Where the database of this header is built."""
    return paths.home / f"{header.database}.{header.vault[:8]}.new"


def free_name(paths: VaultPaths) -> DatabaseName:
    """A name for a new database that the live vault, if any, does not use."""
    try:
        used = read_header(paths.header).database
    except NoVault:
        return NAMES[0]
    except VaultDamaged:
        return next((name for name in NAMES if not paths.named(name).exists()), NAMES[0])
    return next(name for name in NAMES if name != used)


def require_empty(paths: VaultPaths) -> None:
    """Refuse to make a vault where one is, or where one has lost its keys.

    Raises:
        UsageError: there is a vault.
        VaultDamaged: there are records whose key file is gone.
    """
    if paths.header.exists():
        raise UsageError(
            "There are records here already.", "Use them, or set CHARTSIDE_HOME to another folder."
        )
    if any(paths.named(name).exists() for name in NAMES):
        raise database_damaged("There is a file of records here, but the file with its keys is gone.")


def install(paths: VaultPaths, header: Header) -> None:
    """Make the database built aside, and this header, the vault; drop the one before."""
    write_header(paths.header, header)
    settle(paths, header)


def settle(paths: VaultPaths, header: Header) -> None:
    """Finish an interrupted installation, if there was one."""
    built = aside(paths, header)
    with storing():
        if built.exists():
            remove_database(paths.named(header.database))
            built.replace(paths.named(header.database))
            sync_folder(paths.home)
        for name in NAMES:
            if name != header.database:
                remove_database(paths.named(name))


def remove_database(database: Path) -> None:
    """Remove a database with what trails it."""
    for trail in TRAILS:
        database.with_name(database.name + trail).unlink(missing_ok=True)
    database.unlink(missing_ok=True)


def clear_aside(paths: VaultPaths) -> None:
    """Remove what interrupted installations left."""
    with storing():
        for left in [*paths.home.glob("records*.new*"), *paths.home.glob(".*.tmp")]:
            left.unlink(missing_ok=True)
