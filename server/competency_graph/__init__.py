"""Competency dictionaries as linked data: serve, query, validate and link them.

The names below are the stable public API. Everything else is internal and may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from competency_graph.api.dictionary import Dictionary
    from competency_graph.errors import CompetencyError
    from competency_graph.sparql.evaluator import evaluate
    from competency_graph.validation import validate

__all__ = ["CompetencyError", "Dictionary", "evaluate", "validate"]

_HOMES = {
    "CompetencyError": "errors",
    "Dictionary": "api.dictionary",
    "evaluate": "sparql.evaluator",
    "validate": "validation",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that no unneeded library is loaded."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
