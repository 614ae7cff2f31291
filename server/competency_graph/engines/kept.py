"""What is queried once for each version of the data, and then kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

_SECONDS = 60.0
"""How long to keep what was queried from data that may change at any time."""
Value = TypeVar("Value")


class Kept:
    """What was queried from one version of the data; thread-safe, though not without repetition.

    Args:
        fixed: whether the data never changes; otherwise it is queried again after a minute.
    """

    def __init__(self, fixed: bool) -> None:
        self._fixed = fixed
        self._values: dict[str, tuple[float, Any]] = {}

    def get(self, name: str, query: Callable[[], Value]) -> Value:
        """What ``query`` returned; an error is not kept.

        Args:
            name: what is kept.
            query: returns it, from queries that depend on nothing but the data.

        Raises:
            CompetencyError: as ``query``.
        """
        until, value = self._values.get(name, (0.0, None))
        if value is None or until < time.monotonic():
            value = query()
            until = math.inf if self._fixed else time.monotonic() + _SECONDS
            self._values[name] = until, value
        found: Value = value
        return found
