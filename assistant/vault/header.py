"""The header file: which keys open the vault, each wrapped. Nothing secret stands in it.

One line of JSON, then the SHA-256 of that line. The sum has no key: it tells a damaged header from a wrong
passphrase. What protects against a changed one is that all of it that matters is authenticated by each slot.
"""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from assistant.errors import NoVault, VaultClosed, VaultDamaged
from assistant.vault.files import storing, write_atomically
from assistant.vault.kdf import KdfCost

VERSION = 1
ERASED = b"erased\n"
"""How a header begins once its keys have been destroyed and its file is about to go."""

LARGEST = 64 * 1024

SlotKind = Literal["passphrase", "recovery", "keychain"]
DatabaseName = Literal["records.db", "records-2.db"]
Profile = Literal["standard", "test"]


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data key, wrapped once. Bytes are in hex."""

    kind: SlotKind
    salt: str
    nonce: str
    wrapped: str
    cost: KdfCost | None = None


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that stands in the header file."""

    version: int
    vault: str
    """Random name of the vault, in hex."""
    profile: Profile
    database: DatabaseName
    """Name of the database file that belongs to these keys."""
    check: str
    """Key-check value of the data key, in hex."""
    slots: tuple[Slot, ...]

    def slot(self, kind: SlotKind) -> Slot | None:
        """The slot of this kind, if there is one."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    def with_slot(self, slot: Slot) -> "Header":
        """The same header with this slot in place of any of its kind."""
        return msgspec.structs.replace(self, slots=(*self.without(slot.kind).slots, slot))

    def without(self, kind: SlotKind) -> "Header":
        """The same header without the slot of this kind."""
        return msgspec.structs.replace(self, slots=tuple(slot for slot in self.slots if slot.kind != kind))


class _Version(msgspec.Struct, frozen=True):
    version: int


def damaged(text: str = "The file with the keys to your records is damaged.") -> VaultDamaged:
    """The error for a header that isn't whole."""
    return VaultDamaged(text, "Restore it from a backup with `chartside restore FILE`.")


def encode(header: Header) -> bytes:
    """The header's bytes on disk."""
    line = msgspec.json.encode(header)
    return line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"


def decode(content: bytes) -> Header:
    """The header that these bytes hold.

    Raises:
        NoVault: the keys were erased on purpose.
        VaultDamaged: any byte differs from what was written.
        VaultClosed: a newer version of the program wrote it.
    """
    if content.startswith(ERASED):
        raise no_vault()
    line, _, rest = content.partition(b"\n")
    if rest != hashlib.sha256(line).hexdigest().encode() + b"\n":
        raise damaged()
    try:
        version = msgspec.json.decode(line, type=_Version).version
        if version > VERSION:
            raise too_new()
        return msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError:
        raise damaged() from None


def read_header(path: Path) -> Header:
    """The header in the file at `path`.

    Raises:
        NoVault, VaultDamaged, VaultClosed: as `decode`.
        StorageFailed: it can't be read.
    """
    with storing():
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST)
        except FileNotFoundError:
            raise no_vault() from None
    return decode(content)


def erased(path: Path) -> bool:
    """Whether the keys in the file at `path` have been destroyed."""
    with storing():
        return path.exists() and path.read_bytes().startswith(ERASED)


def write_header(path: Path, header: Header) -> None:
    """Put `header` in place of what the file held, at once."""
    write_atomically(path, encode(header))


def no_vault() -> NoVault:
    """The error for a folder without a vault."""
    return NoVault("No records are kept here yet.", "Make a vault with `chartside init`.")


def too_new() -> VaultClosed:
    """The error for a vault of a later version."""
    return VaultClosed(
        "These records were written by a newer version of Chartside.",
        "Update Chartside, then try again. Nothing was changed.",
        title="Chartside is too old for these records",
    )
