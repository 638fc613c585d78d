"""Making a vault, opening it, and being kept out after too many wrong tries."""

import datetime as dt
import os
import stat
import sys
import traceback
import unicodedata
from pathlib import Path

import pytest

from assistant.errors import NoVault, UsageError, VaultClosed, VaultDamaged, WrongPassphrase
from assistant.vault.kdf import TEST
from assistant.vault.ledger import Ledger
from assistant.vault.meta import MetaStore
from assistant.vault.paths import VaultPaths
from assistant.vault.recovery import new_code
from assistant.vault.spool import FREE_TRIES, LONGEST_WAIT
from assistant.vault.vault import Vault
from tests.vault.helpers import PASSPHRASE, make_vault, unlock


class FakeClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 2, 3, 10, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


def test_what_was_written_is_there_after_opening_again(home: Path) -> None:
    vault = make_vault(home)
    with vault.write() as session:
        MetaStore(session).set("word", b"kept")
    vault.close()
    vault.close()
    with unlock(home).read() as session:
        assert MetaStore(session).get("word") == b"kept"


def test_a_second_vault_is_not_made_over_the_first(home: Path, vault: Vault) -> None:
    with pytest.raises(UsageError):
        make_vault(home)


def test_a_recovery_code_opens_until_there_is_a_new_one(home: Path) -> None:
    vault, code = Vault.create(VaultPaths(home), PASSPHRASE, cost=TEST, recovery=True)
    assert code is not None
    vault.close()
    opened = Vault.unlock_with_recovery(VaultPaths(home), code.lower())
    newer = opened.new_recovery_code()
    opened.close()
    with pytest.raises(WrongPassphrase):
        Vault.unlock_with_recovery(VaultPaths(home), code)
    Vault.unlock_with_recovery(VaultPaths(home), newer).close()
    unlock(home).close()


def test_a_mistyped_code_says_so_and_a_missing_one_too(home: Path) -> None:
    make_vault(home).close()
    with pytest.raises(WrongPassphrase, match="typing mistake"):
        Vault.unlock_with_recovery(VaultPaths(home), "ABCD-EFGH")
    with pytest.raises(WrongPassphrase, match="No recovery code"):
        Vault.unlock_with_recovery(VaultPaths(home), new_code())


def test_the_new_passphrase_opens_and_the_old_one_does_not(home: Path) -> None:
    vault = make_vault(home)
    vault.change_passphrase("another long passphrase")
    vault.close()
    with pytest.raises(WrongPassphrase):
        unlock(home)
    unlock(home, "another long passphrase").close()


def test_a_new_passphrase_must_be_long_too(vault: Vault, home: Path) -> None:
    with pytest.raises(UsageError):
        vault.change_passphrase("short")
    unlock(home).close()


def test_the_same_letters_typed_another_way_open(tmp_path: Path) -> None:
    passphrase = "schöne grüße aus zürich"
    Vault.create(VaultPaths(tmp_path), unicodedata.normalize("NFD", passphrase), cost=TEST)[0].close()
    unlock(tmp_path, unicodedata.normalize("NFC", passphrase)).close()


def test_wrong_tries_and_unlocks_are_in_the_ledger(home: Path) -> None:
    make_vault(home).close()
    for _ in range(2):
        with pytest.raises(WrongPassphrase):
            unlock(home, "wrong wrong wrong wrong")
    with unlock(home).read() as session:
        kinds = [entry.kind for entry in Ledger(session).entries()]
    assert kinds == ["vault made", "failed unlock", "failed unlock", "unlock"]


def test_after_five_wrong_tries_the_right_one_waits_too(home: Path) -> None:
    clock = FakeClock()
    make_vault(home, clock=clock).close()
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassphrase, match="does not open"):
            unlock(home, "wrong wrong wrong wrong", clock=clock)
    with pytest.raises(WrongPassphrase, match="wrong tries") as raised:
        unlock(home, clock=clock)
    seconds = int(raised.value.next_step.split()[1])
    clock.wait(seconds)
    unlock(home, clock=clock).close()
    with pytest.raises(WrongPassphrase, match="does not open"):
        unlock(home, "wrong wrong wrong wrong", clock=clock)


def test_the_wait_grows_but_not_for_ever(home: Path) -> None:
    clock = FakeClock()
    make_vault(home, clock=clock).close()
    waits: list[int] = []
    while len(waits) < 12:
        with pytest.raises(WrongPassphrase) as raised:
            unlock(home, "wrong wrong wrong wrong", clock=clock)
        if "wrong tries" in raised.value.text:
            waits.append(int(raised.value.next_step.split()[1]))
            clock.wait(waits[-1])
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert waits[-1] <= LONGEST_WAIT.total_seconds()


def test_a_clock_set_back_does_not_lock_out(home: Path) -> None:
    clock = FakeClock()
    make_vault(home, clock=clock).close()
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassphrase):
            unlock(home, "wrong wrong wrong wrong", clock=clock)
    clock.wait(-86_400)
    unlock(home, clock=clock).close()


def test_a_missing_database_is_damage(home: Path) -> None:
    make_vault(home).close()
    VaultPaths(home).database.unlink()
    with pytest.raises(VaultDamaged, match="missing"):
        unlock(home)


def test_another_vaults_database_is_damage(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_vault(tmp_path / name).close()
    VaultPaths(tmp_path / "two").database.replace(VaultPaths(tmp_path / "one").database)
    with pytest.raises(VaultDamaged):
        unlock(tmp_path / "one")


def test_a_closed_vault_says_so(vault: Vault) -> None:
    vault.close()
    with pytest.raises(VaultClosed), vault.read():
        pass
    with pytest.raises(VaultClosed), vault.write():
        pass


def test_an_interrupted_making_is_finished_or_forgotten(home: Path) -> None:
    make_vault(home).close()
    paths = VaultPaths(home)
    header = paths.header.read_bytes()
    vault_name = header.partition(b'"vault":"')[2][:8].decode()
    paths.database.replace(home / f"records.db.{vault_name}.new")
    paths.header.unlink()
    with pytest.raises(NoVault):
        unlock(home)
    paths.header.write_bytes(header)
    unlock(home).close()
    assert paths.database.exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
@pytest.mark.parametrize("umask", [0, 0o077, 0o777])
def test_only_the_owner_can_read_whatever_the_umask(home: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        vault = make_vault(home)
        with vault.write() as session:
            MetaStore(session).set("word", b"kept")
        with pytest.raises(WrongPassphrase):
            unlock(home, "wrong wrong wrong wrong")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
        vault.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert len(modes) >= 4
    assert set(modes.values()) == {0o600}


def test_no_error_carries_the_passphrase_or_the_key(home: Path) -> None:
    vault = make_vault(home)
    key = bytes(vault._data_key)
    vault.close()
    wrong = "entirely wrong passphrase"
    VaultPaths(home).database.write_bytes(b"x" * 8192)
    for passphrase in (wrong, PASSPHRASE):
        try:
            unlock(home, passphrase)
        except (WrongPassphrase, VaultDamaged):
            kind, error, trace = sys.exc_info()
            text = "".join(traceback.format_exception(kind, error, trace)) + repr(error)
            assert key.hex() not in text
            assert repr(key) not in text
            assert wrong not in text.replace('"entirely wrong passphrase"', "")
    assert key.hex() not in repr(vault)
