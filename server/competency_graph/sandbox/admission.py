"""How many queries and validations run at once, for each client and in all."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Event, Lock

from competency_graph.errors import BusyError


@dataclass
class Admission:
    """The places that running queries take; any thread may ask for one.

    Args:
        for_one: how many queries one client may run at once; more are turned away.
        for_all: how many may run at once in all; more wait. A client that runs none yet need not
            wait for those that run several: for its first query there are as many places again.
        patience: seconds that a query waits before it is turned away.
    """

    for_one: int = 4
    for_all: int = 8
    patience: float = 2.0

    def __post_init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._changed = Condition()

    @property
    def taken(self) -> int:
        """How many queries run now."""
        return self._taken.total()

    @contextmanager
    def running(self, client: str) -> Iterator[None]:
        """Let a query of ``client`` run, within the limits.

        Raises:
            BusyError: the client, or all clients together, run as many as they may.
        """
        with self._changed:
            if self._taken[client] + self._waiting[client] >= self.for_one:
                raise BusyError(
                    f"you run {self.for_one} queries or validations already, which is the limit",
                    "Wait for one of them to be answered, then send this again",
                    limit="queries of one client",
                )
            self._waiting[client] += 1
            free = self._changed.wait_for(lambda: self._room(client), self.patience)
            self._less(self._waiting, client)
            if not free:
                raise BusyError(
                    f"{self.for_all} queries or validations run already, which is the limit",
                    "Wait a moment, then send this again",
                    limit="queries in all",
                )
            self._taken[client] += 1
        try:
            yield
        finally:
            with self._changed:
                self._less(self._taken, client)
                self._changed.notify_all()

    def _room(self, client: str) -> bool:
        return self.taken < self.for_all * (1 if self._taken[client] else 2)

    @staticmethod
    def _less(counts: Counter[str], client: str) -> None:
        counts[client] -= 1
        if not counts[client]:
            del counts[client]


class Turns:
    """So many may go at once; those that wait go in the order in which they came.

    Args:
        number: how many may go at once.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: deque[Event] = deque()
        self._lock = Lock()

    def take(self, seconds: float) -> bool:
        """Wait for a turn at most so long; whether it came."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():
                return True  # it came in this moment
            self._waiting.remove(mine)
        return False

    def leave(self) -> None:
        """Let the next one go."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
