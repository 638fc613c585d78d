"""A full disk, or one that refuses: said so, nothing lost, and it goes on once there is room."""

import os
from pathlib import Path

import pytest

from assistant.errors import StorageFailed, WrongPassphrase
from assistant.vault.meta import MetaStore
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, NewRecord, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.rows import Rows
from assistant.vault.vault import Vault
from tests.vault import workers
from tests.vault.helpers import make_vault, new, record, unlock
from tests.vault.processes import context, finished, needs_processes, start


def test_a_full_database_takes_nothing_and_loses_nothing(vault: Vault) -> None:
    with vault.write() as session:
        RecordStore(session).add([new(record("before"))])
        pages = Rows(session).one("PRAGMA page_count")
    big = [new(record(f"r{number}", title="LDL " * 100)) for number in range(500)]
    with pytest.raises(StorageFailed, match="full"):
        add_within(vault, big, pages + 3)
    with vault.write() as session:
        assert RecordStore(session).count(EVERYTHING, RecordQuery()) == 1
        Rows(session).one("PRAGMA max_page_count = 1000000")
        RecordStore(session).add(big)
    with vault.read() as session:
        assert RecordStore(session).count(EVERYTHING, RecordQuery()) == 501


def add_within(vault: Vault, rows: list[NewRecord], pages: int) -> None:
    with vault.write() as session:
        Rows(session).one(f"PRAGMA max_page_count = {pages}")
        RecordStore(session).add(rows)


@needs_processes
def test_a_disk_that_fills_up_keeps_every_acknowledged_write(home: Path) -> None:
    make_vault(home).close()
    for room in (200_000, 300_000, 500_000):
        unlock(home).destroy()
        make_vault(home).close()
        mine, theirs = context().Pipe(duplex=False)
        process = start(workers.write_with_little_room, home, room, theirs)
        assert mine.poll(60)
        error, written, seen = mine.recv()
        assert finished(process)
        assert error == "StorageFailed"
        assert written > 0
        assert seen == 5 * written
        vault = unlock(home)
        assert all(check.ok for check in vault.check())
        with vault.write() as session:
            assert RecordStore(session).count(EVERYTHING, RecordQuery()) == 5 * written
            MetaStore(session).set("room", b"again")
        vault.close()


@needs_processes
def test_a_passphrase_change_without_room_leaves_the_old_one(home: Path) -> None:
    make_vault(home).close()
    mine, theirs = context().Pipe(duplex=False)
    process = start(workers.change_passphrase_without_room, home, "four other words than before", theirs)
    assert mine.poll(60)
    assert mine.recv() == "StorageFailed"
    assert finished(process)
    with pytest.raises(WrongPassphrase):
        unlock(home, "four other words than before")
    vault = unlock(home)
    assert all(check.ok for check in vault.check())
    vault.close()
    paths = VaultPaths(home)
    assert set(home.iterdir()) == {paths.header, paths.database}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_can_not_be_written_is_told_as_such(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageFailed):
            make_vault(tmp_path / "home")
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_folders_place_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(StorageFailed):
        make_vault(tmp_path / "home")
