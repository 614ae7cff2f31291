"""How fast a review goes on, and how long the rest will take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import mean
from time import monotonic
from typing import Final

_LONGEST: Final = 180.0
"""A pause of more seconds is not time spent on a link."""
_RECENT: Final = 50
"""The number of decisions that the mean is taken of."""


class Pace:
    """The times between decisions.

    Args:
        clock: returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._last = clock, clock()
        self._times: deque[float] = deque(maxlen=_RECENT)

    def decided(self) -> None:
        """Note that a decision was made now."""
        now = self._clock()
        if now - self._last <= _LONGEST:
            self._times.append(now - self._last)
        self._last = now

    @property
    def seconds(self) -> float | None:
        """The mean number of seconds for a link, of the most recent ones; None if unknown yet."""
        return mean(self._times) if self._times else None
