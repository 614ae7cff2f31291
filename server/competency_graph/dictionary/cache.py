"""Results that are computed once and kept in the user's cache folder.

The name of a cached file identifies everything it was computed from, so it is never stale. The
folder keeps the results used most recently, up to a total size.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replace

MAX_BYTES: Final = 512 * 1024**2
"""The total size of the cached files; the least recently used ones beyond it are removed."""


def cached(name: str, compute: Callable[[], bytes]) -> bytes:
    """Return the cached content of a file, or compute and cache it.

    The file begins with a checksum of the rest, so a damaged file is ignored. If the cache cannot
    be written, the content is computed every time.

    Args:
        name: a file name that identifies what the content is computed from.
        compute: computes the content.
    """
    path = user_cache_path("competency-graph") / name
    with contextlib.suppress(OSError):
        head, _, content = path.read_bytes().partition(b"\n")
        if head == _checksum_line(content):
            os.utime(path)  # it was used just now
            return content
    content = compute()
    with contextlib.suppress(OSError, UnavailableError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, _checksum_line(content) + b"\n" + content)
        _remove_least_recently_used(path.parent)
    return content


def _remove_least_recently_used(folder: Path) -> None:
    """Remove files until the others have at most `MAX_BYTES` in total; keep the newest always."""
    files = [(path.stat(), path) for path in folder.iterdir() if path.is_file()]
    newest, *others = sorted(files, key=lambda each: -each[0].st_mtime_ns)
    total = newest[0].st_size
    for state, path in others:
        total += state.st_size
        if total > MAX_BYTES:
            path.unlink(missing_ok=True)


def _checksum_line(content: bytes) -> bytes:
    """A comment line with the checksum of the content."""
    return b"# sha256 " + hashlib.sha256(content).hexdigest().encode()
