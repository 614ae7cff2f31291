"""Lets a process open the files of one folder only, to read them, with Linux's Landlock.

See https://docs.kernel.org/userspace-api/landlock.html; Linux has it since 5.13. Python has no
binding for it, and the C library no functions.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The numbers of the system calls, which are the same on all processors that Linux runs on now."""
_VERSION_QUERY = 1
_RULE_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights of access to files there are, since which version."""
_NETWORK_VERSION, _NETWORK_RIGHTS = 4, 2


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def is_supported() -> bool:
    """Whether the kernel supports Landlock, and lets this process use it."""
    return _version() > 0


def allow_only_reading(folder: Path) -> bool:
    """Forbid this thread, and those it starts, all access to files except reading in ``folder``.

    Connections over TCP are forbidden as well, where the kernel can do that (since Linux 6.7).

    Returns:
        Whether that is supported; if not, nothing changes.
    """
    version = _version()
    if version < 1:
        return False
    library = ctypes.CDLL(None)
    rights = max(number for since, number in _FILE_RIGHTS.items() if since <= version)
    rules = _Ruleset((1 << rights) - 1, (1 << _NETWORK_RIGHTS) - 1)
    size = ctypes.sizeof(rules) if version >= _NETWORK_VERSION else _Ruleset.network.offset
    ruleset = library.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    parent = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        beneath = _PathBeneath(_READ_FILE | _READ_DIR, parent)
        return (
            ruleset >= 0
            and not library.syscall(
                _ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(beneath), 0
            )
            and not library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            and not library.syscall(_RESTRICT_SELF, ruleset, 0)
        )
    finally:
        os.close(parent)
        if ruleset >= 0:
            os.close(ruleset)


def _version() -> int:
    """The version of Landlock; 0 or less if there is none."""
    library = ctypes.CDLL(None)
    version: int = library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_QUERY)
    return version
