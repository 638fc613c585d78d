"""The vault: one person's records in one encrypted file, open or not at all.

All reading and writing goes through `read` and `write`, each one transaction. What they give is a session for
the stores of this package.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from assistant.clock import Clock, stamp, utc_now
from assistant.errors import StorageFailed, VaultBusy, VaultClosed
from assistant.vault import keys
from assistant.vault.backup import Contents, back_up, contents, prove
from assistant.vault.checks import Check, check_all
from assistant.vault.destroy import destroy, finish_destroying
from assistant.vault.failures import replaced, translated
from assistant.vault.files import new_private_file, private_folder, storing
from assistant.vault.header import Header, damaged, erased, read_header, write_header
from assistant.vault.install import NAMES, aside, clear_aside, install, require_empty
from assistant.vault.kdf import STANDARD, TEST, KdfCost, check_passphrase
from assistant.vault.keychain import Keychain
from assistant.vault.ledger import Ledger
from assistant.vault.opening import Opener, Opening, by_keychain, by_passphrase, by_recovery, find_key
from assistant.vault.paths import VaultPaths
from assistant.vault.recovery import new_code, read_code
from assistant.vault.session import Session as Session
from assistant.vault.spool import UNLOCK, Spool

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

BUSY_SECONDS = 10.0


class Vault:
    """An open vault. Threads may share it; `close` it when done."""

    def __init__(
        self, paths: VaultPaths, header: Header, data_key: bytearray, database: Path, options: Opening
    ) -> None:
        from assistant.vault.engine import open_engine

        self._paths = paths
        self._header = header
        self._data_key = data_key
        self._database = database
        self._options = options
        self._clock: Clock = options.get("clock", utc_now)
        self._spool = Spool(paths)
        self._engine: Engine = open_engine(database, data_key, options.get("busy_seconds", BUSY_SECONDS))
        self._seen = _signature(paths.header)
        self._closed = False

    @staticmethod
    def exists(paths: VaultPaths) -> bool:
        """Whether there is a vault, whole or not."""
        return paths.header.exists() and not erased(paths.header)

    @classmethod
    def create(
        cls,
        paths: VaultPaths,
        passphrase: str,
        *,
        cost: KdfCost = STANDARD,
        recovery: bool = False,
        **options: Unpack[Opening],
    ) -> tuple[Self, str | None]:
        """Make an empty vault and open it; with the recovery code, if one is wanted.

        Raises:
            UsageError: the passphrase is too short, or there is a vault already.
            StorageFailed: the folder can't be written; nothing is left behind.
        """
        check_passphrase(passphrase)
        private_folder(paths.home)
        finish_destroying(paths)
        require_empty(paths)
        clear_aside(paths)
        data_key = keys.new_data_key()
        header = keys.new_header(data_key, passphrase, cost, NAMES[0])
        code = None
        if recovery:
            code, header = _with_code(header, data_key)
        built = aside(paths, header)
        with storing():
            os.close(new_private_file(built))
        from assistant.vault.migrations import build

        building = cls(paths, header, data_key, built, options)
        with building.write() as session:
            build(session.connection())
            Ledger(session).append("vault made", at=building._now())
        building._engine.dispose()
        install(paths, header)
        return cls(paths, header, data_key, paths.named(header.database), options), code

    @classmethod
    def unlock(cls, paths: VaultPaths, passphrase: str, **options: Unpack[Opening]) -> Self:
        """Open the vault with its passphrase.

        Raises:
            NoVault: there is none.
            WrongPassphrase: it doesn't open it, or there were too many wrong tries just now.
            VaultDamaged: the header or the database isn't whole.
            VaultClosed: a newer version of the program wrote it.
        """
        opener = by_passphrase(passphrase, allow_test_kdf=options.get("allow_test_kdf", False))
        return cls._open(paths, opener, "passphrase", options)

    @classmethod
    def unlock_with_recovery(cls, paths: VaultPaths, code: str, **options: Unpack[Opening]) -> Self:
        """Open the vault with its recovery code, typed in any case with any spaces; errors as `unlock`."""
        return cls._open(paths, by_recovery(code), "recovery code", options)

    @classmethod
    def unlock_with_keychain(
        cls, paths: VaultPaths, keychain: Keychain | None = None, **options: Unpack[Opening]
    ) -> Self:
        """Open the vault with what this computer's keychain holds; errors as `unlock`.

        Raises:
            Locked: the keychain holds no key to it, or can't be used.
        """
        return cls._open(paths, by_keychain(keychain or Keychain()), "keychain", options)

    @classmethod
    def _open(cls, paths: VaultPaths, opener: Opener, by: str, options: Opening) -> Self:
        with ThreadPoolExecutor(1) as thread:
            found = thread.submit(find_key, paths, opener, options.get("clock", utc_now))
            import assistant.vault.engine  # noqa: F401  # 0.3 s, while the key is derived

            header, data_key = found.result()
        vault = cls(paths, header, data_key, paths.named(header.database), options)
        try:
            vault._arrive(by)
        except BaseException:  # interrupted too: the key is wiped
            vault.close()
            raise
        return vault

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the vault; writing through it fails.

        Raises:
            VaultDamaged: what is read isn't whole.
            VaultClosed: the vault was closed.
        """
        with self._session(self._open_engine()) as session:
            yield session

    @contextmanager
    def write(self, wait: float | None = None) -> Iterator[Session]:
        """One change, alone, on disk for good when the block ends; undone whole if it raises.

        `wait` is in seconds, for another instance to finish.

        Raises:
            VaultBusy: another instance did not finish in time.
            StorageFailed: the disk is full or refuses; nothing is changed.
            VaultDamaged: what is read isn't whole.
            VaultClosed: the vault was closed, or replaced by another instance.
        """
        from assistant.vault.engine import writer

        engine = writer(self._open_engine(), wait)
        self._check_in_place()
        with self._session(engine) as session:
            self._check_in_place()
            yield session
            session.commit()

    def note(self, kind: str, *, detail: Mapping[str, Any] | None = None) -> None:
        """Note an access in the ledger; in the spool, without detail, while another instance writes.

        `kind` is a few lower-case words. A disk that takes nothing keeps no one from looking.
        """
        try:
            with self.write(wait=0) as session:
                Ledger(session).append(kind, at=self._now(), detail=detail)
        except (VaultBusy, StorageFailed):
            with suppress(StorageFailed):
                self._spool.add(kind, self._clock())

    def change_passphrase(self, new: str) -> None:
        """Let `new` open the vault, and the passphrase before no longer.

        Raises:
            UsageError: it is too short.
            StorageFailed: the one before still opens.
        """
        check_passphrase(new)
        cost = TEST if self._header.profile == "test" else STANDARD
        slot = keys.passphrase_slot(self._header, self._data_key, new, cost)
        self._change_header("passphrase change", lambda header: header.with_slot(slot))

    def new_recovery_code(self) -> str:
        """A new recovery code; one made before no longer opens the vault."""
        code, changed = _with_code(self._header, self._data_key)
        slot = changed.slots[-1]
        self._change_header("new recovery code", lambda header: header.with_slot(slot))
        return code

    def remember(self, keychain: Keychain | None = None) -> None:
        """Let this computer's keychain open the vault.

        Raises:
            NothingDone: there is no keychain that can be trusted with it.
        """
        secret = (keychain or Keychain()).keep(self._header.vault)
        slot = keys.keychain_slot(self._header, self._data_key, secret)
        self._change_header("keychain on", lambda header: header.with_slot(slot))

    def forget_keychain(self, keychain: Keychain | None = None) -> None:
        """Let the keychain no longer open the vault, and remove its key."""
        if self._header.slot("keychain") is not None:
            self._change_header("keychain off", lambda header: header.without("keychain"))
        (keychain or Keychain()).drop(self._header.vault)

    def lock_file(self, name: str) -> Path:
        """An empty file by which instances keep out of each other's way; its folder is there.

        Raises:
            StorageFailed: the folder can't be made.
        """
        private_folder(self._paths.locks)
        return self._paths.locks / f"{name}.lock"

    @property
    def remembered(self) -> bool:
        """Whether the keychain opens the vault."""
        return self._header.slot("keychain") is not None

    def check(self) -> tuple[Check, ...]:
        """Look whether everything is whole: the keys, every page, the tables, the ledger."""
        return check_all(self._paths, self._header, self._data_key, self._database, self.read)

    def compact(self) -> None:
        """Write the database anew without what was deleted, and empty the journal.

        While another instance reads, what was deleted may stay in the journal until that one closes.

        Raises:
            VaultBusy: another instance is writing.
            StorageFailed: there is no room for it; nothing is lost.
        """
        from assistant.vault.engine import compact

        self._open_engine().dispose()
        with translated():
            compact(self._database, self._data_key)

    def backup(self, file: Path) -> Contents:
        """Write one encrypted file that `restore` takes, read back and proven; what is in it."""
        held = back_up(self._header, self._data_key, self._database, file)
        self.note("backup")
        return held

    @classmethod
    def restore(cls, paths: VaultPaths, file: Path, passphrase: str, **options: Unpack[Opening]) -> Contents:
        """Put the vault of a backup in place of the one here, once all of it is proven; what is in it.

        Raises:
            NothingDone: the file is no backup, or a damaged one; the vault here is unchanged.
            WrongPassphrase: it isn't the passphrase that the vault had then; the vault here is unchanged.
        """
        private_folder(paths.home)
        finish_destroying(paths)
        opener = by_passphrase(passphrase, allow_test_kdf=options.get("allow_test_kdf", False))
        header, data_key = prove(paths, file, opener)
        restored = cls(paths, header, data_key, aside(paths, header), options)
        try:
            with restored.write() as session:
                restored._migrate(session)
                Ledger(session).append("restore", at=restored._now())
                held = contents(session)
        except BaseException:  # interrupted too: nothing unproven may stay
            clear_aside(paths)
            raise
        finally:
            restored.close()
        install(paths, header)
        return held

    def destroy(self, keychain: Keychain | None = None) -> None:
        """Destroy the keys, then everything else of the vault. There is no way back but a backup."""
        if self.remembered:
            (keychain or Keychain()).drop(self._header.vault)
        self.close()
        destroy(self._paths)

    def close(self) -> None:
        """Close the files and overwrite the key in memory. Closing twice does nothing."""
        from assistant.vault.engine import wipe

        if not self._closed:
            self._closed = True
            self._engine.dispose()
            wipe(self._data_key)

    @contextmanager
    def _session(self, engine: "Engine") -> Iterator[Session]:
        from sqlmodel import Session as SqlSession

        with translated(), SqlSession(engine, expire_on_commit=False) as session:
            session.connection()
            yield session

    def _open_engine(self) -> "Engine":
        if self._closed:
            raise VaultClosed("The vault has been closed.", "Open it again with your passphrase.")
        return self._engine

    def _migrate(self, session: Session) -> None:
        from assistant.vault.migrations import migrate

        migrate(session.connection())

    def _arrive(self, by: str) -> None:
        """Bring an older schema up to date and note the unlock; neither keeps a reader out."""
        from assistant.vault.migrations import require_current

        try:
            with self.write(wait=0) as session:
                self._migrate(session)
                self._spool.take_over(session)
                Ledger(session).append(UNLOCK, at=self._now(), detail={"by": by})
        except (VaultBusy, StorageFailed) as error:
            with self.read() as session:
                require_current(session.connection(), error)
            with suppress(StorageFailed):
                self._spool.add(UNLOCK, self._clock())
            return
        self._spool.taken()

    def _change_header(self, kind: str, change: Callable[[Header], Header]) -> None:
        """Change the header on disk, one instance at a time, with a line in the ledger before and after."""
        with self.write() as session:
            Ledger(session).append(kind, at=self._now(), outcome="begun")
        with self.write():
            changed = change(self._on_disk())
            write_header(self._paths.header, changed)
            self._header = changed
            self._seen = _signature(self._paths.header)
        with self.write() as session:
            Ledger(session).append(kind, at=self._now(), outcome="done")

    def _check_in_place(self) -> None:
        """Refuse to write where this vault's files have been replaced under it."""
        seen = _signature(self._paths.header)
        if seen != self._seen:
            self._header = self._on_disk()
            self._seen = seen

    def _on_disk(self) -> Header:
        header = read_header(self._paths.header)
        mine = self._header
        if (header.vault, header.check, header.database) != (mine.vault, mine.check, mine.database):
            raise replaced()
        return header

    def _now(self) -> str:
        return stamp(self._clock())


def _with_code(header: Header, data_key: bytearray) -> tuple[str, Header]:
    code = new_code()
    secret = read_code(code)
    if secret is None:
        raise damaged()
    return code, header.with_slot(keys.recovery_slot(header, data_key, secret))


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)
