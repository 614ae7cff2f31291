"""What is worked out once, and kept in the user's cache folder for the next time.

What is kept has a name that tells all that it was made from, so nothing kept can be stale.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable

from platformdirs import user_cache_path

from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replace


def kept(name: str, compute: Callable[[], bytes]) -> bytes:
    """What is kept by a name, or else what ``compute`` gives.

    What is kept begins with the hash of the rest, so a damaged file is not believed. A cache that
    cannot be written only costs time.

    Args:
        name: a file's name, which tells what it was made from.
        compute: works it out.
    """
    path = user_cache_path("competency-graph") / name
    with contextlib.suppress(OSError):
        head, _, content = path.read_bytes().partition(b"\n")
        if head == _signature(content):
            return content
    content = compute()
    with contextlib.suppress(OSError, UnavailableError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, _signature(content) + b"\n" + content)
    return content


def _signature(content: bytes) -> bytes:
    """A comment line that only this content has."""
    return b"# sha256 " + hashlib.sha256(content).hexdigest().encode()
