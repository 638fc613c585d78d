"""One encrypted file out; in again only whole, and never over what is there unless all of it is proven."""

import random
from pathlib import Path

import pytest

from assistant.errors import NothingDone, NoVault, StorageFailed, WrongPassphrase
from assistant.vault.backup import Contents
from assistant.vault.chats import ChatStore
from assistant.vault.kdf import TEST
from assistant.vault.ledger import Ledger
from assistant.vault.paths import VaultPaths
from assistant.vault.query import EVERYTHING, RecordQuery
from assistant.vault.records import RecordStore
from assistant.vault.vault import Vault
from tests.vault.helpers import PASSPHRASE, make_vault, new, record, unlock


def fill(vault: Vault, count: int = 30) -> None:
    with vault.write() as session:
        RecordStore(session).add([new(record(f"r{n}", title=f"LDL {n}")) for n in range(count)])
        ChatStore(session).create("About LDL", at="2026-02-03T10:15:00Z")


def titles(home: Path) -> set[str]:
    vault = unlock(home)
    with vault.read() as session:
        found = {one.record.title for one in RecordStore(session).find(EVERYTHING, RecordQuery())}
    vault.close()
    return found


def restore(home: Path, file: Path, passphrase: str = PASSPHRASE) -> Contents:
    return Vault.restore(VaultPaths(home), file, passphrase, allow_test_kdf=True)


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    vault = make_vault(folder / "home")
    fill(vault)
    assert vault.backup(folder / "file") == Contents(records=30, chats=1)
    vault.close()
    return folder / "file"


def test_a_backup_restored_into_an_empty_folder_is_the_same_vault(backup: Path, home: Path) -> None:
    assert restore(home, backup) == Contents(records=30, chats=1)
    assert titles(home) == {f"LDL {n}" for n in range(30)}
    vault = unlock(home)
    with vault.read() as session:
        kinds = [entry.kind for entry in Ledger(session).entries()]
    assert kinds[:2] == ["vault made", "restore"]
    assert all(check.ok for check in vault.check())
    vault.close()


def test_a_restore_replaces_what_was_there(backup: Path, home: Path) -> None:
    before = make_vault(home)
    fill(before, 3)
    before.close()
    for _ in range(3):
        restore(home, backup)
        assert len(titles(home)) == 30
    files = {path.name for path in home.iterdir()}
    assert len(files) == 2


def test_a_wrong_passphrase_leaves_what_was_there(backup: Path, home: Path) -> None:
    before = make_vault(home)
    fill(before, 3)
    before.close()
    files = {path.name: path.read_bytes() for path in home.iterdir()}
    with pytest.raises(WrongPassphrase):
        restore(home, backup, "wrong wrong wrong wrong")
    assert {path.name: path.read_bytes() for path in home.iterdir()} == files


def test_any_damage_to_the_file_is_noticed_and_leaves_what_was_there(
    backup: Path, home: Path, tmp_path: Path
) -> None:
    before = make_vault(home)
    fill(before, 3)
    before.close()
    files = {path.name: path.read_bytes() for path in home.iterdir()}
    whole = backup.read_bytes()
    chance = random.Random(3)
    places = [*range(0, 300, 7), *(chance.randrange(len(whole)) for _ in range(25))]
    damaged = tmp_path / "damaged"
    for place in places:
        content = bytearray(whole)
        content[place] ^= 1 << chance.randrange(8)
        damaged.write_bytes(content)
        with pytest.raises(NothingDone):
            restore(home, damaged)
    for other in (b"", b"x", whole[:100], whole[:-1], whole + b"x", whole * 2):
        damaged.write_bytes(other)
        with pytest.raises(NothingDone):
            restore(home, damaged)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == files


def test_a_damaged_vault_can_be_replaced_by_a_backup(backup: Path, home: Path) -> None:
    make_vault(home).close()
    paths = VaultPaths(home)
    paths.header.write_bytes(b"rubbish")
    restore(home, backup)
    assert len(titles(home)) == 30
    paths.database.write_bytes(b"rubbish")
    restore(home, backup)
    assert len(titles(home)) == 30


def test_no_file_and_a_folder_are_told_as_such(home: Path, tmp_path: Path) -> None:
    for file in (tmp_path / "none", tmp_path):
        with pytest.raises((StorageFailed, NothingDone)):
            restore(home, file)
        with pytest.raises(NoVault):
            unlock(home)


def test_a_backup_opens_with_the_passphrase_it_was_made_under(
    vault: Vault, home: Path, tmp_path: Path
) -> None:
    vault.backup(tmp_path / "old")
    vault.change_passphrase("four other words than before")
    vault.backup(tmp_path / "new")
    with pytest.raises(WrongPassphrase):
        restore(tmp_path / "there", tmp_path / "new")
    restore(tmp_path / "there", tmp_path / "new", "four other words than before")
    restore(tmp_path / "elsewhere", tmp_path / "old")


def test_a_recovery_code_opens_the_restored_vault_too(home: Path, tmp_path: Path) -> None:
    vault, code = Vault.create(VaultPaths(home), PASSPHRASE, cost=TEST, recovery=True)
    assert code is not None
    vault.backup(tmp_path / "file")
    vault.close()
    restore(tmp_path / "there", tmp_path / "file")
    Vault.unlock_with_recovery(VaultPaths(tmp_path / "there"), code).close()


def test_an_existing_file_is_not_written_over(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(NothingDone):
        vault.backup(file)
    assert file.read_text() == "mine"


def test_a_backup_that_can_not_be_written_leaves_nothing(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        vault.backup(tmp_path / "no such folder" / "file")
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


def test_a_backup_is_made_while_someone_writes(vault: Vault, home: Path, tmp_path: Path) -> None:
    fill(vault, 5)
    other = unlock(home)
    with other.write() as session:
        RecordStore(session).add([new(record("half"))])
        assert vault.backup(tmp_path / "file").records == 5
    other.close()
    assert restore(tmp_path / "there", tmp_path / "file").records == 5


def test_what_is_destroyed_is_gone(vault: Vault, home: Path) -> None:
    fill(vault)
    vault.destroy()
    assert list(home.iterdir()) == []
    assert not Vault.exists(VaultPaths(home))
    with pytest.raises(NoVault):
        unlock(home)
    make_vault(home).close()
    assert titles(home) == set()
