"""How the child process locks itself in, before it opens a file that others made.

What holds depends on the system; `lock_in` says which of the protections took hold, and none of them failing
keeps a file from being read.
"""

import ctypes
import os
import sys
from collections.abc import Iterable

from connectors.files import landlock, limits, seccomp
from connectors.files.frames import Protection

MEMORY_BYTES = 2048 * limits.MIB
"""Address space. The window, one largest resource in its copies and the interpreter stay under half of it."""

CPU_SECONDS = 60
"""Processor time for reading anything at all; `CPU_SECONDS_PER_GIB` comes on top."""

CPU_SECONDS_PER_GIB = 1200
"""Many times what a sound file needs, so that a slow computer can read it too."""

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38


def lock_in(readable: Iterable[bytes], size: int) -> tuple[Protection, ...]:
    """Give up, for good, what reading `size` bytes of files at and below `readable` doesn't need."""
    memory = _limit("RLIMIT_AS", MEMORY_BYTES)
    seconds = CPU_SECONDS + CPU_SECONDS_PER_GIB * size // (1024 * limits.MIB)
    time = _limit("RLIMIT_CPU", seconds, seconds + 1)
    files = _limit("RLIMIT_FSIZE", 0)
    cores = _limit("RLIMIT_CORE", 0)
    unseen = calls = paths = False
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
        unseen = libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            paths = landlock.install(libc, (*readable, *_library()))
            calls = seccomp.install(libc)
    return (
        Protection("no network", calls),
        Protection("no other programs", calls),
        Protection("no other files", paths),
        Protection("no writing", calls or paths or files),
        Protection("bounded memory", memory and sys.platform.startswith("linux")),
        Protection("bounded time", time),
        Protection("no memory dumps", cores and unseen),
    )


def _limit(name: str, value: int, most: int | None = None) -> bool:
    """Set a limit for good. Past `value` of processor time the system says SIGXCPU, past `most` SIGKILL."""
    try:
        import resource

        resource.setrlimit(getattr(resource, name), (value, value if most is None else most))
    except (ImportError, AttributeError, OSError, ValueError):
        return False
    return True


def _library() -> list[bytes]:
    """Where Python may still load parts of itself from."""
    places = {sys.prefix, sys.base_prefix, *sys.path}
    return [os.fsencode(place) for place in places if place]
