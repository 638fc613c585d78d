"""Several programs, and several threads, on one vault: whole reads, no lost writes, told when busy."""

import threading
from pathlib import Path

import pytest

from assistant.errors import NoVault, VaultBusy, VaultClosed
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault
from tests.vault import workers
from tests.vault.helpers import PASSPHRASE, make_vault, new, record, unlock
from tests.vault.processes import context, finished, kill, needs_processes, start

pytestmark = needs_processes
WRITES = 40


def test_readers_see_whole_writes_only(home: Path, vault: Vault) -> None:
    stop = context().Event()
    pipes = [context().Pipe(duplex=False) for _ in range(2)]
    readers = [start(workers.read_whole_writes, home, stop, theirs) for _, theirs in pipes]
    for number in range(WRITES):
        with vault.write() as session:
            RecordStore(session).add([new(record(f"r{number}-{part}", title="LDL")) for part in range(5)])
            Ledger(session).append("import", at="2026-02-03T10:15:00Z")
    stop.set()
    for mine, _ in pipes:
        assert mine.poll(60)
        counts = mine.recv()
        assert all(count >= 0 and count % 5 == 0 for count in counts)
        assert counts == sorted(counts)
    assert all(finished(reader) for reader in readers)


def test_two_writers_lose_nothing(home: Path, vault: Vault) -> None:
    writers = [start(workers.count_up, home, WRITES) for _ in range(2)]
    assert all(finished(writer) for writer in writers)
    with vault.read() as session:
        assert MetaStore(session).get("number") == str(2 * WRITES).encode()


def test_a_writer_that_does_not_finish_makes_others_busy_not_stuck(home: Path, vault: Vault) -> None:
    held, release = context().Event(), context().Event()
    other = start(workers.hold_the_write_lock, home, held, release)
    assert held.wait(60)
    with pytest.raises(VaultBusy), vault.write(wait=0.05):
        pass
    with vault.read() as session:
        assert MetaStore(session).get("half") is None
    second = unlock(home)
    with second.read() as session:
        assert RecordStore(session).counts(EVERYTHING) == {}
    second.close()
    release.set()
    assert finished(other)
    with vault.read() as session:
        assert MetaStore(session).get("half") == b"done"


def test_a_killed_writer_leaves_no_lock_and_no_half_write(home: Path, vault: Vault) -> None:
    held, release = context().Event(), context().Event()
    other = start(workers.hold_the_write_lock, home, held, release)
    assert held.wait(60)
    kill(other)
    with vault.write(wait=1) as session:
        assert MetaStore(session).get("half") is None
        MetaStore(session).set("half", b"mine")


def test_threads_share_one_vault(vault: Vault) -> None:
    failures: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for number in range(10):
                with vault.write(wait=30) as session:
                    RecordStore(session).add([new(record(f"r{thread}-{number}", title="LDL"))])
                with vault.read() as session:
                    assert RecordStore(session).find(EVERYTHING, RecordQuery(ids=(f"r{thread}-{number}",)))
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with vault.read() as session:
        assert RecordStore(session).count(EVERYTHING, RecordQuery()) == 60


def test_a_passphrase_changed_elsewhere_does_not_disturb(home: Path, vault: Vault) -> None:
    other = unlock(home)
    other.change_passphrase("four other words than before")
    other.close()
    with vault.write() as session:
        MetaStore(session).set("word", b"kept")
    vault.change_passphrase("five more words than ever before")
    unlock(home, "five more words than ever before").close()


def test_a_vault_restored_elsewhere_is_not_written_to(tmp_path: Path, home: Path, vault: Vault) -> None:
    source = make_vault(tmp_path / "source")
    source.backup(tmp_path / "backup")
    source.close()
    Vault.restore(VaultPaths(home), tmp_path / "backup", PASSPHRASE, allow_test_kdf=True)
    with pytest.raises(VaultClosed, match="replaced"), vault.write():
        pass


def test_a_vault_destroyed_elsewhere_is_not_written_to(home: Path, vault: Vault) -> None:
    unlock(home).destroy()
    with pytest.raises(NoVault), vault.write():
        pass
