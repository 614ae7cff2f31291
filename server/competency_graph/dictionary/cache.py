"""Results that are computed once and kept in the user's cache folder.

The name of a cached file identifies everything it was computed from, so it is never stale.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable

from platformdirs import user_cache_path

from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replace


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
            return content
    content = compute()
    with contextlib.suppress(OSError, UnavailableError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, _checksum_line(content) + b"\n" + content)
    return content


def _checksum_line(content: bytes) -> bytes:
    """A comment line with the checksum of the content."""
    return b"# sha256 " + hashlib.sha256(content).hexdigest().encode()
