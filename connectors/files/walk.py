"""Which files a path stands for: itself, or everything in a folder, in a stable order, links not followed."""

import os
import stat
from collections.abc import Iterator

import msgspec

HIDDEN = "This is hidden, so it was not read."
LINK = "This is a link to another place, so it was not followed."
NOT_A_FILE = "This is no file of data but a device, a pipe or the like. It was not opened."
NO_ACCESS = "This could not be opened: check that you may read it."
EMPTY_FOLDER = "There is no file in this folder."
GONE = "This was there a moment ago and could not be found again."

_JUNK = {b".ds_store", b".localized", b"thumbs.db", b"desktop.ini", b".directory", b"__macosx"}
_JUNK_START = b"._"


class Found(msgspec.Struct, frozen=True):
    """A file to read, or, with `refusal`, a place that isn't read and why."""

    path: bytes
    size: int = 0
    refusal: str | None = None


def printable(path: bytes) -> str:
    """A path as text that any encoding can carry: bytes that are no text are shown as escapes."""
    return os.fsdecode(path).encode("utf-8", "backslashreplace").decode()


def walk(root: bytes) -> Iterator[Found]:
    """The file at `root`, or all of its files where it is a folder."""
    look = _look(root)
    if look is not None:
        yield look
        return
    empty = True
    for found in _folder(root):
        empty = False
        yield found
    if empty:
        yield Found(root, refusal=EMPTY_FOLDER)


def _folder(root: bytes) -> Iterator[Found]:
    waiting = [root]
    seen: set[tuple[int, int]] = set()
    while waiting:
        path = waiting.pop()
        hidden = path != root and os.path.basename(path).startswith(b".")
        look = Found(path, refusal=HIDDEN) if hidden else _look(path)
        if look is not None:
            yield look
            continue
        try:
            status = os.stat(path)
            names = sorted(os.listdir(path), reverse=True)
        except OSError:
            yield Found(path, refusal=NO_ACCESS)
            continue
        place = (status.st_dev, status.st_ino)
        if place in seen:
            continue
        seen.add(place)
        for name in names:
            if name.lower() in _JUNK or name.startswith(_JUNK_START):
                continue
            waiting.append(os.path.join(path, name))


def _look(path: bytes) -> Found | None:
    """What stands at a path; None for a folder that may be entered."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return Found(path, refusal=GONE)
    except OSError:
        return Found(path, refusal=NO_ACCESS)
    if stat.S_ISLNK(status.st_mode) or _is_junction(status):
        return Found(path, refusal=LINK)
    if stat.S_ISDIR(status.st_mode):
        return None
    if stat.S_ISREG(status.st_mode):
        return Found(path, size=status.st_size)
    return Found(path, refusal=NOT_A_FILE)


def _is_junction(status: os.stat_result) -> bool:
    """A folder on Windows that is really another one."""
    tag: int = getattr(status, "st_reparse_tag", 0)
    return tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
