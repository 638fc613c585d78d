"""Accesses that could not be written at once reach the ledger once, also after a kill in between."""

import datetime as dt
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.errors import WrongPassphrase
from assistant.vault.ledger import Ledger
from assistant.vault.paths import VaultPaths
from assistant.vault.spool import FREE_TRIES, Spool
from assistant.vault.vault import Vault
from tests.vault.helpers import unlock

NOW = dt.datetime(2026, 2, 3, 10, 15, tzinfo=dt.UTC)


def kinds(vault: Vault) -> list[str]:
    with vault.read() as session:
        return [entry.kind for entry in Ledger(session).entries()]


def test_an_unlock_during_a_write_is_written_by_the_next_one(home: Path, vault: Vault) -> None:
    with vault.write():
        second = unlock(home)
        assert kinds(second) == ["vault made"]
        second.note("look-up")
        second.close()
    third = unlock(home)
    assert kinds(third) == ["vault made", "unlock", "look-up", "unlock"]
    third.close()
    assert not VaultPaths(home).spool.exists()


def test_a_note_is_in_the_ledger_at_once_when_nobody_writes(vault: Vault) -> None:
    vault.note("export", detail={"files": 3})
    assert kinds(vault) == ["vault made", "export"]


def test_a_right_try_ends_the_count_of_wrong_ones_also_while_someone_writes(home: Path, vault: Vault) -> None:
    with vault.write():
        for _ in range(3):
            for _ in range(FREE_TRIES - 1):
                with pytest.raises(WrongPassphrase, match="does not open"):
                    unlock(home, "wrong wrong wrong wrong")
            unlock(home).close()


def test_a_line_holds_a_time_and_a_kind_only(home: Path, vault: Vault) -> None:
    with pytest.raises(WrongPassphrase):
        unlock(home, "wrong wrong wrong wrong", clock=lambda: NOW)
    assert VaultPaths(home).spool.read_text() == "2026-02-03T10:15:00Z failed unlock\n"


def test_lines_are_taken_once_when_killed_before_they_are_dropped(home: Path, vault: Vault) -> None:
    spool = Spool(VaultPaths(home))
    spool.add("failed unlock", NOW)
    with vault.write() as session:
        spool.take_over(session)
    unlock(home).close()
    assert kinds(vault) == ["vault made", "failed unlock", "unlock"]


def test_lines_are_not_lost_when_killed_before_the_ledger_was_written(home: Path, vault: Vault) -> None:
    class Killed(Exception):
        pass

    spool = Spool(VaultPaths(home))
    spool.add("failed unlock", NOW)
    with suppress(Killed), vault.write() as session:
        spool.take_over(session)
        raise Killed
    unlock(home).close()
    assert kinds(vault) == ["vault made", "failed unlock", "unlock"]


def test_the_same_line_later_is_another_one(home: Path, vault: Vault) -> None:
    spool = Spool(VaultPaths(home))
    for _ in range(2):
        spool.add("failed unlock", NOW)
        unlock(home).close()
    assert kinds(vault) == ["vault made", "failed unlock", "unlock", "failed unlock", "unlock"]


def test_rubbish_in_the_file_is_noted_not_believed(home: Path, vault: Vault) -> None:
    VaultPaths(home).spool.write_bytes(b"\xff\xfe\x00\n2026-02-03T10:15:00Z <b>evil</b>\nx\n")
    unlock(home).close()
    with vault.read() as session:
        found = Ledger(session).entries()
        assert Ledger(session).verify().ok
    assert [entry.kind for entry in found] == ["vault made", *["unreadable access line"] * 3, "unlock"]


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in the file's place is told differently there")
def test_a_spool_that_can_not_be_written_keeps_no_one_from_a_clear_answer(home: Path, vault: Vault) -> None:
    VaultPaths(home).spool_taken.unlink(missing_ok=True)
    spool = VaultPaths(home).spool
    spool.symlink_to(home / "no such folder" / "file")
    with pytest.raises(WrongPassphrase):
        unlock(home, "wrong wrong wrong wrong")
