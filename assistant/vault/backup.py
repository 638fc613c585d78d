"""One encrypted file out, and in again only once all of it is proven.

A backup is a line of JSON with lengths and sums, that line's own sum, the header, and a consistent copy of
the database under the same data key. Nothing in it is readable without the passphrase or the recovery code.
"""

import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

import msgspec

from assistant.errors import NothingDone, VaultDamaged
from assistant.vault.checks import require_whole
from assistant.vault.failures import translated
from assistant.vault.files import new_private_file, storing, sync_folder
from assistant.vault.header import Header, decode, encode
from assistant.vault.install import aside, clear_aside, free_name, remove_database
from assistant.vault.ledger import Ledger
from assistant.vault.opening import Opener
from assistant.vault.paths import VaultPaths
from assistant.vault.rows import Rows
from assistant.vault.session import Session

MAGIC = b"chartside-backup 1\n"
LONGEST_LINE = 4096
CHUNK = 1 << 20


class Contents(msgspec.Struct, frozen=True):
    """What a vault or a backup holds."""

    records: int
    chats: int


class _Sums(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    header: int
    header_sha256: str
    database: int
    database_sha256: str


def contents(session: Session) -> Contents:
    """How many records and chats there are."""
    rows = Rows(session)
    return Contents(rows.one("SELECT count(*) FROM record"), rows.one("SELECT count(*) FROM chat"))


def back_up(header: Header, data_key: bytearray, database: Path, file: Path) -> Contents:
    """Write the backup to `file`, which must not be there, and read it back.

    Raises:
        StorageFailed: it can't be written; nothing is left of it.
        NothingDone: there is a file of this name.
    """
    if file.exists():
        raise NothingDone("There is a file of this name already.", "Choose another name, or remove it first.")
    copy = file.with_name(f".{file.name}.{secrets.token_hex(8)}.db")
    written = file.with_name(f".{file.name}.{secrets.token_hex(8)}.tmp")
    try:
        with storing():
            os.close(new_private_file(copy))
        _copy_database(database, copy, data_key)
        held = _proven_contents(copy, data_key)
        with storing():
            _pack(encode(header.without("keychain")), copy, written)
            _unpack(written, copy)
        require_whole(copy, data_key)
        with storing():
            written.replace(file)
            sync_folder(file.parent)
    finally:
        remove_database(copy)
        written.unlink(missing_ok=True)
    return held


def prove(paths: VaultPaths, file: Path, opener: Opener) -> tuple[Header, bytearray]:
    """Copy a backup's database aside, prove all of it, and give the header to install it with, and the key.

    Raises:
        NothingDone: it is no backup, or not whole.
        WrongPassphrase: the opener's secret does not open it.
        StorageFailed: there is no room to copy it.
    """
    clear_aside(paths)
    copy = paths.home / f"records.{secrets.token_hex(8)}.new"
    try:
        with storing():
            os.close(new_private_file(copy))
            header = msgspec.structs.replace(_unpack(file, copy), database=free_name(paths))
        data_key = opener(header)
        _proven_contents(copy, data_key)
        with storing():
            copy.replace(aside(paths, header))
    except VaultDamaged:
        raise _no_backup() from None
    finally:
        remove_database(copy)
    return header, data_key


def _copy_database(database: Path, copy: Path, data_key: bytearray) -> None:
    from assistant.vault.engine import configured, keyed

    with translated():
        source, target = configured(database, data_key), keyed(copy, data_key)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()
            source.close()


def _proven_contents(database: Path, data_key: bytearray) -> Contents:
    from sqlmodel import Session as SqlSession

    from assistant.vault.engine import open_engine

    require_whole(database, data_key)
    engine = open_engine(database, data_key, 0)
    try:
        with translated(), SqlSession(engine) as session:
            if not Ledger(session).verify().ok:
                raise _no_backup()
            return contents(session)
    finally:
        engine.dispose()


def _pack(header: bytes, database: Path, target: Path) -> None:
    sums = _Sums(len(header), hashlib.sha256(header).hexdigest(), database.stat().st_size, _sum(database))
    line = msgspec.json.encode(sums)
    with os.fdopen(new_private_file(target), "wb") as file, database.open("rb") as source:
        file.write(MAGIC + line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n" + header)
        shutil.copyfileobj(source, file, CHUNK)
        file.flush()
        os.fsync(file.fileno())


def _unpack(file: Path, database: Path) -> Header:
    """The header of a backup, with its database written over the file `database`."""
    with file.open("rb") as source:
        if source.read(len(MAGIC)) != MAGIC:
            raise _no_backup("This file is not a backup of Chartside's.")
        line = source.readline(LONGEST_LINE).rstrip(b"\n")
        if source.readline(LONGEST_LINE) != hashlib.sha256(line).hexdigest().encode() + b"\n":
            raise _no_backup()
        try:
            sums = msgspec.json.decode(line, type=_Sums)
        except msgspec.MsgspecError:
            raise _no_backup() from None
        header = source.read(sums.header)
        with database.open("wb") as target:
            seen = _copy_bytes(source, target, sums.database)
        if hashlib.sha256(header).hexdigest() != sums.header_sha256 or seen != sums.database_sha256:
            raise _no_backup()
        if source.read(1):
            raise _no_backup()
    return decode(header)


def _copy_bytes(source: BinaryIO, target: BinaryIO, size: int) -> str:
    seen = hashlib.sha256()
    while size > 0 and (chunk := source.read(min(CHUNK, size))):
        seen.update(chunk)
        target.write(chunk)
        size -= len(chunk)
    target.flush()
    os.fsync(target.fileno())
    return seen.hexdigest() if size == 0 else ""


def _sum(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _no_backup(text: str = "This backup is damaged.") -> NothingDone:
    return NothingDone(
        text, "Use another backup. What is here was not changed.", title="Nothing was restored"
    )
