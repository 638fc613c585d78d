"""One file, opened for reading: what every reader of a format is given."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from connectors.files.records import Item

HEAD_BYTES = 4096
"""How much of a file's start tells what it is."""

_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


class NotAFile(Exception):
    """The path leads to a device, a pipe, a socket or a folder."""


class Opened(msgspec.Struct):
    """A regular file at its start."""

    file: BinaryIO
    name: str
    """Its last path component in lower case: a hint, never proof."""
    size: int
    head: bytes


class Reading(msgspec.Struct):
    """What a reader makes of a file: what it is, and its items as they are asked for."""

    format: str
    items: Iterator[Item]


@contextmanager
def opened(path: bytes) -> Iterator[Opened]:
    """Open a regular file. A link or a pipe put there after it was listed is refused, not waited for.

    Raises:
        NotAFile: it is no regular file.
        OSError: it can't be read.
    """
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile
        head = file.read(HEAD_BYTES)
        file.seek(0)
        name = os.fsdecode(os.path.basename(path)).lower()
        yield Opened(file=file, name=name, size=status.st_size, head=head)
