"""From a passphrase to a key: Argon2id (RFC 9106), and what a passphrase must be."""

import unicodedata

import msgspec

from assistant.errors import UsageError, VaultClosed

SALT_BYTES = 16
KEY_BYTES = 32
SHORTEST_PASSPHRASE = 8


class KdfCost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess costs: memory in KiB, passes, lanes (RFC 9106, section 3.1)."""

    m_kib: int
    t: int
    p: int

    def strong_enough(self) -> bool:
        """At least RFC 9106's second recommended choice in memory and passes."""
        return self.m_kib >= 64 * 1024 and self.t >= 3 and self.p >= 1

    def sane(self) -> bool:
        """Within what any version of this program would have written."""
        return 1 <= self.t <= 64 and 1 <= self.p <= 64 and 8 * self.p <= self.m_kib <= 8 * 1024 * 1024


STANDARD = KdfCost(m_kib=128 * 1024, t=3, p=4)
"""What real vaults use."""

TEST = KdfCost(m_kib=64, t=1, p=1)
"""For tests only: the header is marked, and opening needs the caller's word."""


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short to protect a vault. Length is the only rule.

    Raises:
        UsageError: it is too short.
    """
    if len(normal(passphrase)) < SHORTEST_PASSPHRASE:
        raise UsageError(
            f"A passphrase needs at least {SHORTEST_PASSPHRASE} characters.",
            "Use a few words that belong to nobody else's sentence, such as four or five picked at random.",
        )


def normal(passphrase: str) -> str:
    """The same text for the same keys pressed: NFC, as RFC 8265 wants it of passwords."""
    return unicodedata.normalize("NFC", passphrase)


def key_from_passphrase(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    """The 32-byte key for this passphrase, salt and cost. Takes 0.2 to 0.5 s at STANDARD; frees the GIL.

    Raises:
        VaultClosed: this computer has not enough memory for the cost.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.t, lanes=cost.p, memory_cost=cost.m_kib)
    try:
        return kdf.derive(normal(passphrase).encode("utf-8", "surrogatepass"))
    except MemoryError:
        raise VaultClosed(
            f"Checking the passphrase needs {cost.m_kib // 1024} MB of free memory.",
            "Close other programs and try again.",
        ) from None
