"""The file door: one file or a folder of files, opened and read by a child process that has no key."""

import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

from connectors.errors import SourceError, SourceInterrupted, SourceUnreadable
from connectors.files import frames
from connectors.files.process import Died, Stalled, child
from connectors.files.walk import printable
from connectors.model import Batch, SourceInfo

_DIGEST_BYTES = 32


class FileConnector:
    """A file, or all files in a folder, at `path`; `~` is not expanded."""

    def __init__(self, path: Path) -> None:
        given = os.path.abspath(os.fsencode(path))
        self._path = given if b"\0" in given else os.path.realpath(given)
        key = printable(self._path)
        self._info = SourceInfo(kind="file", key=key, name=os.path.basename(key) or key)

    @property
    def info(self) -> SourceInfo:
        """The file or folder; its key is the absolute path with links resolved."""
        return self._info

    @property
    def resumes(self) -> bool:
        """A file is kept whole or not at all."""
        return False

    async def read(self, cursor: str | None = None) -> AsyncGenerator[Batch, None]:
        """Yield every file's batches, folders in the order of their names. There are no cursors.

        Raises:
            SourceUnreadable: nothing is there, or reading failed before the first batch.
            SourceInterrupted: reading failed later.
        """
        self._check(cursor)
        delivered = False
        try:
            async with child(self._path) as reader:
                if not isinstance(await reader.hear(), frames.Locked):
                    raise frames.Nonsense
                while isinstance(answer := await reader.hear(), frames.Delivered):
                    _check_batch(answer.batch)
                    yield answer.batch
                    delivered = True
                if not isinstance(answer, frames.Finished):
                    raise frames.Nonsense
        except (OSError, frames.Nonsense, Stalled, Died) as failure:
            raise _as_source_error(failure, delivered=delivered) from None

    def _check(self, cursor: str | None) -> None:
        if cursor is not None:
            raise SourceUnreadable(
                "Files are read whole",
                "A file has no place in the middle from which reading could go on.",
                "Import the file from its start.",
            )
        try:
            os.stat(self._path)
        except PermissionError:
            return
        except (OSError, ValueError):
            raise SourceUnreadable(
                "Nothing found there",
                "There is no file or folder at this path.",
                "Check how the path is written, and that the disk it is on is connected.",
            ) from None


def _check_batch(batch: Batch) -> None:
    """What a sound child never sends.

    Raises:
        frames.Nonsense: this was sent by no sound child.
    """
    if batch.cursor is not None or any(len(record.digest) != _DIGEST_BYTES for record in batch.records):
        raise frames.Nonsense


def _as_source_error(failure: Exception, *, delivered: bool) -> SourceError:
    kind = SourceInterrupted if delivered else SourceUnreadable
    text, next_step = _said(failure)
    return kind("The file reader stopped", text, next_step)


def _said(failure: Exception) -> tuple[str, str]:
    """What happened and what to do, for a person."""
    time_up = getattr(signal, "SIGXCPU", None)
    if isinstance(failure, Stalled):
        return "The file reader gave no sign of life.", "Check the disk that the file is on, then try again."
    if isinstance(failure, frames.Nonsense):
        return (
            "The file reader answered something that makes no sense, so it was ended.",
            "Import the files one by one to find the one that causes this, and be careful with it.",
        )
    if isinstance(failure, Died) and time_up is not None and failure.code == -time_up:
        return "Reading took more time than it may.", "Import the files in smaller parts."
    if isinstance(failure, Died) and failure.code < 0:
        return (
            "The system ended the file reader, perhaps for lack of memory.",
            "Close other programs and try again, or import the files in smaller parts.",
        )
    if isinstance(failure, Died):
        return (
            "The file reader ended before it was done.",
            "Try again; if it happens again, import the files one by one to find the one that causes this.",
        )
    return "The file reader could not be started.", "Close other programs and try again."
