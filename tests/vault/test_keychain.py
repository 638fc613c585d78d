"""The keychain: only a real one is trusted, what it loses is noticed, and the passphrase always opens."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from unittest import mock

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from assistant.errors import Locked, NothingDone, WrongPassphrase
from assistant.vault.keychain import REAL, Backend, Keychain
from assistant.vault.paths import VaultPaths
from assistant.vault.vault import Vault
from tests.vault.helpers import make_vault, unlock

NULL: Backend = null.Keyring()  # type: ignore[no-untyped-call]
FAIL: Backend = fail.Keyring()  # type: ignore[no-untyped-call]


class InMemory(KeyringBackend):
    """A keychain as the systems' own ones behave."""

    priority = 0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


class Forgetful(InMemory):
    """Takes what it is given and loses it without a word."""

    priority = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


ALLOWED = [f"{__name__}.InMemory", f"{__name__}.Forgetful"]


@pytest.fixture
def backend() -> InMemory:
    return InMemory()


@pytest.fixture
def keychain(backend: InMemory) -> Keychain:
    return Keychain(backend, ALLOWED)


def test_a_remembered_vault_opens_without_the_passphrase(home: Path, keychain: Keychain) -> None:
    vault = make_vault(home)
    vault.remember(keychain)
    vault.close()
    Vault.unlock_with_keychain(VaultPaths(home), keychain).close()
    unlock(home).close()


def test_the_keychain_alone_does_not_hold_the_data_key(
    home: Path, keychain: Keychain, backend: InMemory
) -> None:
    vault = make_vault(home)
    vault.remember(keychain)
    (kept,) = backend.kept.values()
    assert bytes(vault._data_key).hex() != kept
    vault.close()


def test_a_forgotten_vault_needs_the_passphrase_again(
    home: Path, keychain: Keychain, backend: InMemory
) -> None:
    vault = make_vault(home)
    vault.remember(keychain)
    copy = dict(backend.kept)
    vault.forget_keychain(keychain)
    vault.close()
    assert backend.kept == {}
    with pytest.raises(Locked):
        Vault.unlock_with_keychain(VaultPaths(home), keychain)
    backend.kept = copy
    with pytest.raises(WrongPassphrase):
        Vault.unlock_with_keychain(VaultPaths(home), keychain)
    unlock(home).close()


def test_forgetting_twice_or_without_a_keychain_is_fine(vault: Vault, keychain: Keychain) -> None:
    vault.forget_keychain(keychain)
    vault.remember(keychain)
    vault.forget_keychain(Keychain(NULL))
    assert not vault.remembered


@pytest.mark.parametrize("unfit", [NULL, FAIL, InMemory()])
def test_a_backend_that_is_no_real_keychain_is_refused(vault: Vault, home: Path, unfit: Backend) -> None:
    before = VaultPaths(home).header.read_bytes()
    with pytest.raises(NothingDone) as raised:
        vault.remember(Keychain(unfit))
    assert "passphrase" in raised.value.next_step
    assert VaultPaths(home).header.read_bytes() == before
    with pytest.raises(Locked):
        Vault.unlock_with_keychain(VaultPaths(home), Keychain(unfit))


def test_a_backend_that_loses_what_it_is_given_is_noticed(vault: Vault) -> None:
    with pytest.raises(NothingDone, match="did not keep"):
        vault.remember(Keychain(Forgetful(), ALLOWED))
    assert not vault.remembered


def test_a_locked_keychain_is_told_as_such(home: Path, keychain: Keychain, backend: InMemory) -> None:
    vault = make_vault(home)
    vault.remember(keychain)
    backend.locked = True
    with pytest.raises(NothingDone, match="locked"):
        vault.remember(keychain)
    vault.close()
    with pytest.raises(Locked, match="locked"):
        Vault.unlock_with_keychain(VaultPaths(home), keychain)
    unlock(home).close()


def test_rubbish_in_the_keychain_opens_nothing(home: Path, keychain: Keychain, backend: InMemory) -> None:
    vault = make_vault(home)
    vault.remember(keychain)
    vault.close()
    (name,) = backend.kept
    for rubbish in ("", "zz", "00" * 31):
        backend.kept[name] = rubbish
        with pytest.raises(Locked):
            Vault.unlock_with_keychain(VaultPaths(home), keychain)
    backend.kept[name] = "00" * 32
    with pytest.raises(WrongPassphrase):
        Vault.unlock_with_keychain(VaultPaths(home), keychain)


def test_of_several_backends_the_first_real_one_is_used(vault: Vault, backend: InMemory) -> None:
    chain = chainer.ChainerBackend.__new__(chainer.ChainerBackend)
    with mock.patch.object(chainer.ChainerBackend, "backends", [NULL, backend]):
        vault.remember(Keychain(chain, ALLOWED))
    assert len(backend.kept) == 1


def test_destroying_the_vault_removes_its_key(home: Path, keychain: Keychain, backend: InMemory) -> None:
    vault = make_vault(home)
    vault.remember(keychain)
    vault.destroy(keychain)
    assert backend.kept == {}


def test_the_environment_can_not_slip_in_a_backend(tmp_path: Path) -> None:
    script = """
        from assistant.errors import NothingDone
        from assistant.vault.keychain import Keychain
        try:
            Keychain().keep("vault")
        except NothingDone as error:
            print("refused:", error.text)
    """
    for named in ("keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"):
        result = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)],
            env={**os.environ, "PYTHON_KEYRING_BACKEND": named, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert result.stdout.startswith("refused:"), result.stderr


def test_only_the_systems_own_keychains_are_real() -> None:
    assert all(name.startswith("keyring.backends.") for name in REAL)
    assert not any(
        word in name.lower() for name in REAL for word in ("null", "fail", "plain", "file", "chain")
    )


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs dbus-run-session and gnome-keyring-daemon",
)
def test_a_real_secret_service_keeps_the_key(tmp_path: Path) -> None:
    script = f"""
        from pathlib import Path
from unittest import mock
        from assistant.vault.paths import VaultPaths
        from assistant.vault.vault import Vault
        from tests.vault.helpers import make_vault
        home = Path({str(tmp_path / "home")!r})
        vault = make_vault(home)
        vault.remember()
        vault.close()
        again = Vault.unlock_with_keychain(VaultPaths(home))
        again.forget_keychain()
        again.close()
        print("kept")
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    command = 'echo -n secret | gnome-keyring-daemon --unlock && exec "$0" "$1"'
    folders = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    result = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", command, sys.executable, str(tmp_path / "script.py")],
        env={**os.environ, **folders},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.stdout.strip().endswith("kept"), result.stderr
