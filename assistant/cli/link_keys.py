"""What proves a registration: a secret or a key from a file, and the making of a key."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec

from assistant.cli.secrets import key_of
from assistant.errors import StorageFailed, UsageError
from connectors.smart.client import Algorithm

if TYPE_CHECKING:
    from assistant.links.providers.link import Registration

ALGORITHMS: tuple[Algorithm, ...] = ("ES384", "RS384")
PUBLIC = ".public.json"
"""What the file with the public half is called, behind the name of the private one."""


def make_key(file: Path, algorithm: str) -> dict[str, str]:
    """Make a private key for `private_key_jwt`, for its owner only, and its public half as a JWK Set.

    Raises:
        StorageFailed: one of the files is there already, or can't be written.
    """
    from connectors.smart.client import new_key, public_jwks

    public = file.with_name(file.name + PUBLIC)
    key = new_key("RS384" if algorithm == "RS384" else "ES384")
    _write(file, key.value.encode(), 0o600)
    _write(public, msgspec.json.format(msgspec.json.encode(public_jwks(key))), 0o644)
    return {"private": str(file), "public": str(public), "kind": algorithm}


def proven(client_id: str, secret_file: Path | None, key_file: Path | None) -> "Registration":
    """A registration with what proves it, if there is something.

    Raises:
        UsageError: both files are named, or one can't be used; others may read it, for instance.
    """
    from assistant.links.providers.link import Registration
    from connectors.smart.secret import Secret

    if secret_file is not None and key_file is not None:
        raise UsageError("A registration has a secret or a key, not both.", "Name one of the two files.")
    if secret_file is not None:
        return Registration(client_id, "secret", Secret(key_of(secret_file)))
    if key_file is not None:
        return Registration(client_id, "key", Secret(_private_key(key_file)))
    return Registration(client_id)


def _private_key(file: Path) -> str:
    text = key_of(file)
    try:
        key = msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        key = {}
    if not key.keys() >= {"kty", "kid", "d"} or key.get("alg") not in get_args(Algorithm):
        raise UsageError(
            "That file holds no private key that can be used here.",
            "`chartside link --make-key FILE` makes one.",
        )
    return text


def _write(file: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(file, flags, mode), "wb") as new:
            new.write(content + b"\n")
    except FileExistsError:
        raise StorageFailed(
            f"{file.name} is there already; it is unchanged.", "Name a file that doesn't exist yet."
        ) from None
    except OSError as error:
        raise StorageFailed(
            f"{file.name} could not be written.", "Name a file in a folder that can be written."
        ) from error
