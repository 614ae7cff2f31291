"""Limits on concurrent queries and validations, for each client and in total."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Event, Lock

from competency_graph.errors import BusyError


@dataclass
class Admission:
    """Admits queries within limits; thread-safe.

    Args:
        for_one: how many queries one client may run at once; further ones are refused.
        for_all: how many may run at once in total; further ones wait. A client that runs none need
            not wait for clients that run several: its first query may use as many places again.
        patience: seconds that a query waits before it is refused.
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
        """The number of queries running now."""
        return self._taken.total()

    @contextmanager
    def running(self, client: str) -> Iterator[None]:
        """Run a query of ``client`` within the limits.

        Raises:
            BusyError: the client, or all clients together, already run the maximum.
        """
        with self._changed:
            if self._taken[client] + self._waiting[client] >= self.for_one:
                raise BusyError(
                    f"you are already running {self.for_one} queries or validations, the limit",
                    "Wait for one of them to finish, then try again",
                    limit="queries of one client",
                )
            self._waiting[client] += 1
            free = self._changed.wait_for(lambda: self._has_room(client), self.patience)
            self._decrement(self._waiting, client)
            if not free:
                raise BusyError(
                    f"{self.for_all} queries or validations are already running, the limit",
                    "Wait a moment, then try again",
                    limit="queries in all",
                )
            self._taken[client] += 1
        try:
            yield
        finally:
            with self._changed:
                self._decrement(self._taken, client)
                self._changed.notify_all()

    def _has_room(self, client: str) -> bool:
        return self.taken < self.for_all * (1 if self._taken[client] else 2)

    @staticmethod
    def _decrement(counts: Counter[str], client: str) -> None:
        counts[client] -= 1
        if not counts[client]:
            del counts[client]


class ProcessorTurns:
    """A fair semaphore: it admits a number of holders at once, in order of arrival.

    Args:
        number: the number of holders.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: deque[Event] = deque()
        self._lock = Lock()

    def take(self, seconds: float) -> bool:
        """Wait for a turn for at most ``seconds``; return whether it came."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn = Event()
            self._waiting.append(turn)
        if turn.wait(seconds):
            return True
        with self._lock:
            if turn.is_set():
                return True  # it arrived at the last moment
            self._waiting.remove(turn)
        return False

    def leave(self) -> None:
        """End this turn and admit the next one waiting."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
