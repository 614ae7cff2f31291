"""Competency dictionaries as linked data: serve, query, validate and link them.

The names below are the stable public API. Everything else is internal and may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from competency_graph.api.changes import Changes
    from competency_graph.api.dictionary import Dictionary
    from competency_graph.api.entries import Entries, Entry
    from competency_graph.api.explanations import Explanation
    from competency_graph.api.findings import Finding, Report
    from competency_graph.api.table import Table
    from competency_graph.errors import CompetencyError
    from competency_graph.sparql.evaluator import evaluate
    from competency_graph.validation import validate

__all__ = [
    "Changes", "CompetencyError", "Dictionary", "Entries", "Entry", "Explanation", "Finding",
    "Report", "Table", "evaluate", "validate",
]  # fmt: skip

_HOMES = {
    "Changes": "api.changes",
    "CompetencyError": "errors",
    "Dictionary": "api.dictionary",
    "Entries": "api.entries",
    "Entry": "api.entries",
    "Explanation": "api.explanations",
    "Finding": "api.findings",
    "Report": "api.findings",
    "Table": "api.table",
    "evaluate": "sparql.evaluator",
    "validate": "validation",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that no unneeded library is loaded."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The public names, for completion, and what is imported already."""
    return sorted({*globals(), *__all__})
