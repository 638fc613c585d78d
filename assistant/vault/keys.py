"""The data key and its wrappings: AES-GCM under a key from the passphrase, the recovery code or the keychain.

Each wrapping authenticates the vault's name, its profile, the slot's salt and its cost, so none of them can
be changed, or moved from another vault, without the slot refusing to open.
"""

import secrets

import msgspec

from assistant.errors import WrongPassphrase
from assistant.vault.header import VERSION, DatabaseName, Header, Profile, Slot, SlotKind, damaged
from assistant.vault.kdf import KEY_BYTES, SALT_BYTES, KdfCost, key_from_passphrase

NONCE_BYTES = 12
_CHECK = b"chartside key check 1"
_RECOVERY = b"chartside recovery key 1"
_KEYCHAIN = b"chartside keychain key 1"


def new_data_key() -> bytearray:
    """256 random bits, in memory that can be overwritten."""
    return bytearray(secrets.token_bytes(KEY_BYTES))


def new_header(data_key: bytearray, passphrase: str, cost: KdfCost, database: DatabaseName) -> Header:
    """A header that this passphrase opens, and nothing else."""
    vault = secrets.token_hex(SALT_BYTES)
    profile: Profile = "standard" if cost.strong_enough() else "test"
    check = key_check(data_key, vault).hex()
    bare = Header(VERSION, vault, profile, database, check, slots=())
    return bare.with_slot(passphrase_slot(bare, data_key, passphrase, cost))


def key_check(data_key: bytearray, vault: str) -> bytes:
    """What proves a data key to be this vault's, and tells nothing about it (HKDF, RFC 5869)."""
    return _hkdf(data_key, bytes.fromhex(vault), _CHECK)


def passphrase_slot(header: Header, data_key: bytearray, passphrase: str, cost: KdfCost) -> Slot:
    """The data key wrapped for a passphrase, at a cost fit for the header's profile."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _wrap(header, "passphrase", salt, cost, key_from_passphrase(passphrase, salt, cost), data_key)


def recovery_slot(header: Header, data_key: bytearray, secret: bytes) -> Slot:
    """The data key wrapped for a recovery code's 20 bytes."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _wrap(header, "recovery", salt, None, _hkdf(secret, salt, _RECOVERY), data_key)


def keychain_slot(header: Header, data_key: bytearray, secret: bytes) -> Slot:
    """The data key wrapped for the random key that the keychain holds."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _wrap(header, "keychain", salt, None, _hkdf(secret, salt, _KEYCHAIN), data_key)


def open_with_passphrase(header: Header, passphrase: str, *, allow_test_kdf: bool) -> bytearray:
    """The data key.

    Raises:
        WrongPassphrase: the slot is whole and this isn't its passphrase.
        VaultDamaged: the slot is missing, malformed, or cheaper than a real vault's may be.
    """
    slot = _slot(header, "passphrase")
    cost = slot.cost
    if cost is None or not cost.sane():
        raise damaged()
    if not cost.strong_enough() and not (header.profile == "test" and allow_test_kdf):
        raise damaged("The keys to your records are protected more weakly than is allowed.")
    key = key_from_passphrase(passphrase, bytes.fromhex(slot.salt), cost)
    return _unwrap(header, slot, key, "This passphrase does not open your records.")


def open_with_recovery(header: Header, secret: bytes) -> bytearray:
    """The data key; errors as for a passphrase."""
    slot = _slot(header, "recovery", "No recovery code was made for these records.")
    key = _hkdf(secret, bytes.fromhex(slot.salt), _RECOVERY)
    return _unwrap(header, slot, key, "This recovery code does not open your records.")


def open_with_keychain(header: Header, secret: bytes) -> bytearray:
    """The data key; errors as for a passphrase."""
    slot = _slot(header, "keychain", "This computer's keychain does not open these records.")
    key = _hkdf(secret, bytes.fromhex(slot.salt), _KEYCHAIN)
    return _unwrap(header, slot, key, "The key in this computer's keychain does not open your records.")


def _slot(header: Header, kind: SlotKind, missing: str | None = None) -> Slot:
    slot = header.slot(kind)
    if slot is None:
        if missing is None:
            raise damaged()
        raise WrongPassphrase(missing, "Use your passphrase instead.")
    for text, size in ((slot.salt, SALT_BYTES), (slot.nonce, NONCE_BYTES), (slot.wrapped, KEY_BYTES + 16)):
        if not _is_hex(text, size):
            raise damaged()
    return slot


def _is_hex(text: str, size: int) -> bool:
    try:
        return len(bytes.fromhex(text)) == size
    except ValueError:
        return False


def _wrap(
    header: Header, kind: SlotKind, salt: bytes, cost: KdfCost | None, key: bytes, data_key: bytearray
) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    bare = Slot(kind=kind, salt=salt.hex(), nonce=nonce.hex(), wrapped="", cost=cost)
    wrapped = AESGCM(key).encrypt(nonce, data_key, _bound(header, bare))
    return msgspec.structs.replace(bare, wrapped=wrapped.hex())


def _unwrap(header: Header, slot: Slot, key: bytes, wrong: str) -> bytearray:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        opened = AESGCM(key).decrypt(
            bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), _bound(header, slot)
        )
    except InvalidTag:
        raise WrongPassphrase(wrong, "Try again; capital letters and spaces count.") from None
    data_key = bytearray(opened)
    if not secrets.compare_digest(key_check(data_key, header.vault).hex(), header.check):
        raise damaged()
    return data_key


def _bound(header: Header, slot: Slot) -> bytes:
    return msgspec.json.encode(
        ("chartside", header.version, header.vault, header.profile, slot.kind, slot.salt, slot.cost)
    )


def _hkdf(secret: bytes | bytearray, salt: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(bytes(secret))
