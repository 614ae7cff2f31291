"""What this service queries once for each version of the data, and then keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import current_app

from competency_graph.engines.kept import Kept
from competency_graph.web.languages.texts import current_language

Value = TypeVar("Value")


def kept(name: str, query: Callable[[], Value]) -> Value:
    """What ``query`` returned for the loaded version of the data; see `Kept.get`."""
    values: Kept = current_app.extensions["kept"]
    return values.get(name, query)


def kept_by_language(name: str, query: Callable[[], Value]) -> Value:
    """`kept` for what depends on the language of the page, such as labels.

    Args:
        name: what is kept.
        query: returns it, from queries that depend on nothing but the data and the language.

    Raises:
        CompetencyError: as ``query``.
    """
    return kept(f"{name} in {current_language()}", query)
