"""The recovery code: 160 random bits that a person can write on paper and type back."""

import base64
import hashlib
import secrets

SECRET_BYTES = 20
GROUP = 4
CHECK = 4
LENGTH = SECRET_BYTES * 8 // 5 + CHECK

_LOOKALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


def new_code() -> str:
    """A fresh code: nine groups of four letters and digits, the last one a check of the others."""
    return format_code(secrets.token_bytes(SECRET_BYTES))


def format_code(secret: bytes) -> str:
    """The code that stands for these 20 bytes (base32, RFC 4648)."""
    text = base64.b32encode(secret).decode() + _check(secret)
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def read_code(code: str) -> bytes | None:
    """The 20 bytes behind a code typed in any case, with any spaces and dashes; None if mistyped.

    Digits that base32 does not have are read as the letters they look like.
    """
    text = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_LOOKALIKES)
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        secret = base64.b32decode(text[:-CHECK])
    except ValueError:
        return None
    return secret if secrets.compare_digest(_check(secret), text[-CHECK:]) else None


def _check(secret: bytes) -> str:
    return base64.b32encode(hashlib.sha256(b"chartside recovery check" + secret).digest()).decode()[:CHECK]
