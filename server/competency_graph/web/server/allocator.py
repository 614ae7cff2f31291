"""Lets tcmalloc manage the memory of the server, if the system has it.

Engines allocate and free memory for each row. glibc gives out what loading the data left between
other things, all over the memory, while tcmalloc gives out what lies together, so that more of it
is in the caches of the processor. `docs/serving.md` says what that changes.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_LIBRARY: Final = "libtcmalloc_minimal.so.4"
_PRELOAD: Final = "LD_PRELOAD"


def tcmalloc() -> Path | None:
    """The library of the system; None if it has none."""
    folders = (f"/usr/lib/{os.uname().machine}-linux-gnu", "/usr/lib64", "/usr/lib")
    files = (Path(folder, _LIBRARY) for folder in folders)
    return next((file for file in files if file.is_file()), None)


def restart_with_tcmalloc() -> None:
    """Replace this process by one that runs the same command with tcmalloc.

    It stays if the system has no tcmalloc, if LD_PRELOAD is set, even to nothing, and if it is not
    the command, but a program that calls it as a function.
    """
    library, is_command = tcmalloc(), sys.orig_argv[1:] == sys.argv
    if library is None or _PRELOAD in os.environ or not is_command:
        return
    with suppress(OSError):  # then it goes on without
        os.execve(  # noqa: S606  (it must have the new environment from its start)
            sys.argv[0], sys.argv, os.environ | {_PRELOAD: str(library)}
        )
