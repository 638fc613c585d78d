"""The end of a vault: its keys first, so that a kill on the way leaves nothing that can be read."""

import os

from assistant.vault.files import storing, sync_folder
from assistant.vault.header import ERASED, erased
from assistant.vault.install import NAMES, clear_aside, remove_database
from assistant.vault.paths import VaultPaths


def destroy(paths: VaultPaths) -> None:
    """Overwrite the wrapped keys, which makes the rest unreadable for good, then remove every file.

    Raises:
        StorageFailed: a file could not be removed; calling again goes on.
    """
    with storing():
        if paths.header.exists():
            with paths.header.open("r+b", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(0)
                file.write(ERASED.ljust(size, b"\n"))
                os.fsync(file.fileno())
        for name in NAMES:
            remove_database(paths.named(name))
        for left in (paths.spool, paths.spool_taken):
            left.unlink(missing_ok=True)
        for lock in paths.locks.glob("*"):
            lock.unlink(missing_ok=True)
        if paths.locks.exists():
            paths.locks.rmdir()
    clear_aside(paths)
    with storing():
        paths.header.unlink(missing_ok=True)
        sync_folder(paths.home)


def finish_destroying(paths: VaultPaths) -> None:
    """Remove what is left of a vault whose keys were erased; nothing happens to any other."""
    if erased(paths.header):
        destroy(paths)
