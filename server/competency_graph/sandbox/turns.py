"""Turns on the processors to spare, for requests that take long."""

from __future__ import annotations

from threading import Event, Lock
from typing import Protocol


class Holder(Protocol):
    """A request that takes turns."""

    @property
    def usage(self) -> float:
        """How much its client used; the least is next."""


class ProcessorTurns:
    """A semaphore; of those that wait, the one whose client used least is next.

    Args:
        number: the number of holders.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: dict[Event, Holder | None] = {}
        self._lock = Lock()

    def take(self, holder: Holder | None, seconds: float) -> bool:
        """Wait for a turn for at most ``seconds``; return whether it came.

        Args:
            holder: what waits; None for a request of this program itself.
            seconds: for how long it waits.
        """
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn = Event()
            self._waiting[turn] = holder
        if turn.wait(seconds):
            return True
        with self._lock:
            return self._waiting.pop(turn, None) is None  # None: it arrived at the last moment

    def leave(self) -> None:
        """End this turn and admit the next one waiting; in order of arrival if usage is equal."""
        with self._lock:
            if self._waiting:
                turn = min(self._waiting, key=self._usage)
                del self._waiting[turn]
                turn.set()
            else:
                self._free += 1

    def _usage(self, turn: Event) -> float:
        holder = self._waiting[turn]
        return holder.usage if holder else 0.0
