"""From a folder and a secret to the header and the data key, with wrong tries counted."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypedDict

from assistant.clock import Clock
from assistant.errors import StorageFailed, WrongPassphrase
from assistant.vault import keys
from assistant.vault.destroy import finish_destroying
from assistant.vault.failures import database_damaged
from assistant.vault.files import tighten
from assistant.vault.header import Header, read_header
from assistant.vault.install import settle
from assistant.vault.keychain import Keychain
from assistant.vault.paths import VaultPaths
from assistant.vault.recovery import read_code
from assistant.vault.spool import FAILED, Spool

Opener = Callable[[Header], bytearray]
"""Gives the data key of a header, or raises WrongPassphrase or VaultDamaged."""


class Opening(TypedDict, total=False):
    """How a vault is opened, beside the key."""

    allow_test_kdf: bool
    """Take a header whose passphrase is protected only as tests may; otherwise it is damaged."""
    clock: Clock
    busy_seconds: float
    """How long a write waits for another instance to finish; 10 unless given."""


def by_passphrase(passphrase: str, *, allow_test_kdf: bool) -> Opener:
    """Opens with a passphrase."""
    return lambda header: keys.open_with_passphrase(header, passphrase, allow_test_kdf=allow_test_kdf)


def by_recovery(code: str) -> Opener:
    """Opens with a recovery code as typed."""

    def opener(header: Header) -> bytearray:
        secret = read_code(code)
        if secret is None:
            raise WrongPassphrase(
                "This recovery code has a typing mistake in it.", "Compare it with what you wrote down."
            )
        return keys.open_with_recovery(header, secret)

    return opener


def by_keychain(keychain: Keychain) -> Opener:
    """Opens with what this computer's keychain holds."""
    return lambda header: keys.open_with_keychain(header, keychain.key(header.vault))


def find_key(paths: VaultPaths, opener: Opener, clock: Clock) -> tuple[Header, bytearray]:
    """The header and the data key; a wrong try is noted in the spool.

    Raises:
        NoVault: there is none.
        WrongPassphrase: wrong, or too soon after too many wrong tries.
        VaultDamaged: the header isn't whole, or the database isn't there.
    """
    finish_destroying(paths)
    header = read_header(paths.header)
    spool = Spool(paths)
    spool.check_tries(clock())
    try:
        data_key = opener(header)
    except WrongPassphrase:
        with suppress(StorageFailed):
            spool.add(FAILED, clock())
        raise
    settle(paths, header)
    database = paths.named(header.database)
    if not database.exists():
        raise database_damaged("The file with your records is missing.")
    for file in (paths.header, database):
        tighten(file)
    return header, data_key
