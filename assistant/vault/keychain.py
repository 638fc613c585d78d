"""A random key kept in the operating system's own keychain, and only there.

Backends that keep secrets in a readable file, or nowhere, are refused: the vault then opens with the
passphrase alone. What was written is read back, since some backends lose it without a word.
"""

import secrets
from collections.abc import Sequence
from typing import Protocol, cast

from assistant.errors import Locked, NothingDone

SERVICE = "Chartside"
REAL = (
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
)
"""Classes of keychains that encrypt what they keep: macOS, Windows, Secret Service, KWallet."""


class Backend(Protocol):
    """What is used of a `keyring` backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret kept under this name."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret under this name."""

    def delete_password(self, service: str, username: str) -> None:
        """Drop the secret kept under this name."""


class Keychain:
    """This computer's keychain, opened when first needed."""

    def __init__(self, backend: Backend | None = None, allowed: Sequence[str] = REAL) -> None:
        self._given = backend
        self._allowed = allowed

    def keep(self, vault: str) -> bytes:
        """Make a new key for this vault and keep it; the key.

        Raises:
            NothingDone: this computer has no keychain that can be trusted with it.
        """
        from keyring.errors import KeyringError

        backend = self._backend()
        key = secrets.token_bytes(32)
        try:
            backend.set_password(SERVICE, vault, key.hex())
            kept = backend.get_password(SERVICE, vault)
        except KeyringError:
            raise _refused("This computer's keychain is locked or refuses.") from None
        if kept != key.hex():
            raise _refused("This computer's keychain did not keep the key.")
        return key

    def key(self, vault: str) -> bytes:
        """The key kept for this vault.

        Raises:
            Locked: there is none, or the keychain can't be used.
        """
        from keyring.errors import KeyringError

        try:
            kept = self._backend().get_password(SERVICE, vault)
        except NothingDone as error:
            raise Locked(error.text, "Use your passphrase instead.") from None
        except KeyringError:
            raise Locked(
                "This computer's keychain is locked or refuses.", "Use your passphrase instead."
            ) from None
        try:
            key = bytes.fromhex(kept or "")
        except ValueError:
            key = b""
        if len(key) != 32:
            raise Locked(
                "This computer's keychain holds no key to your records.", "Use your passphrase instead."
            )
        return key

    def drop(self, vault: str) -> None:
        """Remove this vault's key; nothing happens where there is none or no keychain."""
        from keyring.errors import KeyringError

        try:
            self._backend().delete_password(SERVICE, vault)
        except (KeyringError, NothingDone):
            return

    def _backend(self) -> Backend:
        if self._given is not None:
            chosen: object = self._given
        else:
            import keyring  # 60 ms, and only for those who use it

            chosen = keyring.get_keyring()
        candidates = (
            [chosen, *getattr(chosen, "backends", ())]
            if _name(chosen).endswith("chainer.ChainerBackend")
            else [chosen]
        )
        for candidate in candidates:
            if _name(candidate) in self._allowed:
                return cast(Backend, candidate)  # its name says which class of keyring's it is
        raise _refused("This computer has no keychain that keeps secrets encrypted.")


def _name(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _refused(text: str) -> NothingDone:
    return NothingDone(
        text, "Your passphrase opens your records as before.", title="The keychain can't be used"
    )
