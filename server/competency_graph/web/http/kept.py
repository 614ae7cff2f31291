"""What is queried once for each version of the data, and then kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

from flask import current_app

from competency_graph.web.languages.texts import current_language

_SECONDS = 60.0
"""How long to keep what was queried from data that may change at any time."""
Value = TypeVar("Value")


def kept(name: str, query: Callable[[], Value]) -> Value:
    """What ``query`` returned for the loaded version of the data.

    Data without a version may change at any time, so it is queried again after a minute. An error
    is not kept.

    Args:
        name: what is kept.
        query: returns it, from queries that depend on nothing but the data.

    Raises:
        CompetencyError: as ``query``.
    """
    values: dict[str, tuple[float, Value]] = current_app.extensions.setdefault("kept", {})
    until, value = values.get(name, (0.0, None))
    if value is None or until < time.monotonic():
        value = query()
        until = math.inf if current_app.extensions["version"] else time.monotonic() + _SECONDS
        values[name] = until, value
    return value


def kept_by_language(name: str, query: Callable[[], Value]) -> Value:
    """`kept` for what depends on the language of the page, such as labels.

    Args:
        name: what is kept.
        query: returns it, from queries that depend on nothing but the data and the language.

    Raises:
        CompetencyError: as ``query``.
    """
    return kept(f"{name} in {current_language()}", query)
