"""Files that only their owner can read, written whole or not at all, whatever the umask says."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StorageFailed

FOLDER_MODE = 0o700
FILE_MODE = 0o600


@contextmanager
def storing() -> Iterator[None]:
    """Turn the operating system's refusals into StorageFailed."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageFailed(
            f"The disk did not take the change ({reason}).",
            "Make room on the disk or check that the folder can be written to, then try again.",
        ) from None


def private_folder(folder: Path) -> None:
    """Make `folder`, with its parents, so that only its owner can enter it.

    Raises:
        StorageFailed: it can't be made, or its mode can't be set.
    """
    with storing():
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        folder.chmod(FOLDER_MODE)


def new_private_file(path: Path) -> int:
    """Create an empty file, which must not exist, that only its owner can read; its descriptor."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    path.chmod(FILE_MODE)
    return descriptor


def tighten(path: Path) -> None:
    """Let nobody but the owner read the file at `path`, if it came from somewhere with looser ways."""
    with storing():
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(FILE_MODE)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` survive a loss of power, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at `path`: afterwards it holds `content` whole, or what it held before.

    Raises:
        StorageFailed: it holds what it held before.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    with storing():
        try:
            with os.fdopen(new_private_file(temporary), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:  # interrupted too: no part of a file may stay
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def append_durably(path: Path, content: bytes) -> None:
    """Add `content` at the end of the file at `path`, made private if it is new.

    Raises:
        StorageFailed: it can't be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with storing():
        descriptor = os.open(path, flags, FILE_MODE)
        try:
            if os.fstat(descriptor).st_size == 0:
                path.chmod(FILE_MODE)
            os.write(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
