"""How many queries run at once, for each client and in all: a table that all workers share.

Each worker has a slot, in which it writes whose query it runs. A worker writes first and counts
then, so no lock is needed: of two that come at the same moment, both may be turned away, but never
are too many let in.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from competency_graph.errors import BusyError

_SLOT = struct.Struct("=Q")


@dataclass
class Slots:
    """The table; make it before the workers are forked.

    Args:
        workers: how many slots there are.
        for_one: how many queries one client may run at once.
        for_all: how many may run at once in all.
    """

    workers: int
    for_one: int
    for_all: int

    def __post_init__(self) -> None:
        self._table = mmap.mmap(-1, self.workers * _SLOT.size)
        self._mine = 0

    def take(self, number: int) -> None:
        """Take slot ``number`` for this process; what a worker before it left there is cleared."""
        self._mine = number % self.workers
        self._write(0)

    @contextmanager
    def running(self, client: str) -> Iterator[None]:
        """Let a query of ``client`` run, within the limits.

        Raises:
            BusyError: the client, or all clients together, run as many as they may.
        """
        key = int.from_bytes(hashlib.blake2b(client.encode(), digest_size=8).digest()) | 1
        self._write(key)
        try:
            others = [k for n, k in enumerate(self._read()) if k and n != self._mine]
            if others.count(key) >= self.for_one:
                raise BusyError(
                    f"you run {self.for_one} queries at once already, which is the limit",
                    "Wait for one of them to be answered, then send this again",
                    limit="queries of one client",
                )
            if len(others) >= self.for_all:
                raise BusyError(
                    f"{self.for_all} queries run at once already, which is the limit",
                    "Wait a moment, then send this again",
                    limit="queries in all",
                )
            yield
        finally:
            self._write(0)

    def _write(self, key: int) -> None:
        _SLOT.pack_into(self._table, self._mine * _SLOT.size, key)

    def _read(self) -> list[int]:
        return [key for (key,) in _SLOT.iter_unpack(self._table[:])]
