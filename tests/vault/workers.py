"""What other processes do in tests. Each works on the vault that `helpers.make_vault` made in a folder."""

import resource
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from assistant.errors import ChartsideError, VaultBusy
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault
from tests.vault.helpers import PASSPHRASE, make_vault, new, record, unlock
from tests.vault.processes import die_at_step


def change_passphrase(home: Path, old: str, fresh: str, step: int) -> None:
    """Change the passphrase, dying at a step of it."""
    vault = unlock(home, old)
    die_at_step(step)
    vault.change_passphrase(fresh)


def change_passphrase_when_told(home: Path, old: str, fresh: str, ready: Event) -> None:
    """Change the passphrase after saying that it is about to begin."""
    vault = unlock(home, old)
    ready.set()
    vault.change_passphrase(fresh)


def create(home: Path, step: int) -> None:
    """Make a vault, dying at a step of it."""
    die_at_step(step)
    make_vault(home)


def restore(home: Path, file: Path, step: int) -> None:
    """Restore a backup, dying at a step of it."""
    die_at_step(step)
    Vault.restore(VaultPaths(home), file, PASSPHRASE, allow_test_kdf=True)


def destroy(home: Path, step: int) -> None:
    """Destroy the vault, dying at a step of it."""
    vault = unlock(home)
    die_at_step(step)
    vault.destroy()


def back_up(home: Path, file: Path, step: int) -> None:
    """Write a backup, dying at a step of it."""
    vault = unlock(home)
    die_at_step(step)
    vault.backup(file)


def write_and_tell(home: Path, acknowledged: Connection) -> None:
    """Write transaction after transaction of five records each, telling of each once it is on disk."""
    vault = unlock(home)
    number = 0
    while True:
        with vault.write() as session:
            RecordStore(session).add([new(record(f"r{number}-{part}", title="LDL")) for part in range(5)])
            Ledger(session).append("import", at="2026-02-03T10:15:00Z", items=number)
            MetaStore(session).set("last", str(number).encode())
        acknowledged.send(number)
        number += 1


def hold_the_write_lock(home: Path, held: Event, release: Event) -> None:
    """Begin to write, and wait within the transaction."""
    vault = unlock(home)
    with vault.write() as session:
        MetaStore(session).set("half", b"done")
        held.set()
        release.wait(60)
    vault.close()


def read_whole_writes(home: Path, stop: Event, seen: Connection) -> None:
    """Read again and again; send how many records each read saw, or -1 for a read that makes no sense."""
    vault = unlock(home)
    counts: list[int] = []
    while not stop.is_set():
        with vault.read() as session:
            store = RecordStore(session)
            rows = len(store.find(EVERYTHING, RecordQuery(words=("ldl",))))
            counted = store.count(EVERYTHING, RecordQuery())
            whole = rows == counted and Ledger(session).verify().ok
        counts.append(rows if whole else -1)
    seen.send(counts)
    vault.close()


def count_up(home: Path, times: int) -> None:
    """Add one to a number, so many times, each in a transaction of its own."""
    vault = unlock(home)
    for _ in range(times):
        while True:
            try:
                with vault.write() as session:
                    meta = MetaStore(session)
                    meta.set("number", str(int(meta.get("number") or b"0") + 1).encode())
                break
            except VaultBusy:
                continue
    vault.close()


def write_with_little_room(home: Path, room: int, told: Connection) -> None:
    """Write until no file may grow beyond `room` bytes; tell what it failed with, and after how much."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    vault = unlock(home)
    number = 0
    try:
        while True:
            with vault.write() as session:
                RecordStore(session).add([new(record(f"r{number}-{part}", title="LDL")) for part in range(5)])
                MetaStore(session).set("last", str(number).encode())
            number += 1
    except ChartsideError as error:
        with vault.read() as session:
            records = RecordStore(session).count(EVERYTHING, RecordQuery())
        told.send((type(error).__name__, number, records))


def change_passphrase_without_room(home: Path, fresh: str, told: Connection) -> None:
    """Change the passphrase where no file may grow at all; tell the error's class."""
    vault = unlock(home)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        vault.change_passphrase(fresh)
    except ChartsideError as error:
        told.send(type(error).__name__)
