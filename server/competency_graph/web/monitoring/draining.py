"""Whether the server is about to stop, known to all of its processes."""

from __future__ import annotations

import mmap


class Draining:
    """Whether the server is about to stop, as all processes know that were forked since."""

    def __init__(self) -> None:
        self._flag = mmap.mmap(-1, 1)

    def begin(self) -> None:
        """Report from now on that the server is about to stop."""
        self._flag[0] = 1

    def __bool__(self) -> bool:
        return bool(self._flag[0])
