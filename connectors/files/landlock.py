"""A rule in the kernel that leaves this process a few folders to read and nothing to write (Linux, Landlock).

Source: Linux `landlock(7)` and `linux/landlock.h`.
"""

import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System call numbers, the same on every machine."""

_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1

_PATH_BENEATH = struct.Struct("=Qi")
"""`struct landlock_path_beneath_attr`: the rights allowed, and an open file of the path."""

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ALL_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
"""Every right to files that a version of Landlock knows, so that all but the granted ones are denied."""
_ALL_RIGHTS_NEWEST = (1 << 16) - 1


class _Ruleset(ctypes.Structure):
    _fields_ = (("rights_to_files", ctypes.c_uint64),)


def install(libc: ctypes.CDLL, readable: Iterable[bytes]) -> bool:
    """Allow reading at and below `readable` only, for good; False where this system has no such rule.

    The process must have given up gaining privileges (`PR_SET_NO_NEW_PRIVS`) before.
    """
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    if version < 1:
        return False
    ruleset = _Ruleset(_ALL_RIGHTS_BY_VERSION.get(version, _ALL_RIGHTS_NEWEST))
    rules = libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            _allow(libc, rules, path)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: bytes) -> None:
    """Add a rule for one path; a path that can't be opened stays closed."""
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        libc.syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, _PATH_BENEATH.pack(rights, parent), 0)
    finally:
        os.close(parent)
