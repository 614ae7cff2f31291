"""Turns on the processors to spare, for requests that take long."""

from __future__ import annotations

from threading import Event, Lock
from typing import Final, Protocol


class Holder(Protocol):
    """A request that takes turns."""

    @property
    def usage(self) -> float:
        """How much its client used; the least is next."""


_MAX_PASSED_OVER: Final = 7
"""How many requests of clients may pass a request of this program, such as for the search index."""


class ProcessorTurns:
    """A semaphore; of the clients' requests that wait, the one whose client used least is next.

    Args:
        number: the number of holders.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: dict[Event, Holder | None] = {}
        self._passed_over = 0
        self._lock = Lock()

    def take(self, holder: Holder | None, seconds: float, again: bool = False) -> bool:
        """Wait for a turn for at most ``seconds``; return whether it came.

        Args:
            holder: what waits; None for a request of this program itself.
            seconds: for how long it waits.
            again: whether it has a turn, which ends now; it may be next if others must wait longer.
        """
        with self._lock:
            turn = Event()
            if not again and self._free:
                self._free -= 1
                return True
            self._waiting[turn] = holder
            if again:
                self._admit_next()
        if turn.wait(seconds):
            return True
        with self._lock:
            return self._waiting.pop(turn, self) is self  # it arrived at the last moment

    def leave(self) -> None:
        """End this turn and admit the next one waiting."""
        with self._lock:
            self._admit_next()

    def _admit_next(self) -> None:
        """Admit the next one waiting; in order of arrival if usage is equal."""
        holders = {turn: holder for turn, holder in self._waiting.items() if holder is not None}
        own = next((turn for turn in self._waiting if turn not in holders), None)
        if own is not None and (not holders or self._passed_over >= _MAX_PASSED_OVER):
            turn, self._passed_over = own, 0
        elif holders:
            turn = min(holders, key=lambda each: holders[each].usage)
            self._passed_over += own is not None
        else:
            self._free += 1
            return
        del self._waiting[turn]
        turn.set()
