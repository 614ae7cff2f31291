"""Optional dependencies, imported on first use."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from competency_graph.errors import UnavailableError


def optional(module: str, extra: str) -> Any:  # noqa: ANN401  (a module)
    """Import a module that an extra of this package installs.

    Args:
        module: its full name, such as ``pyarrow.parquet``.
        extra: the name of the extra.

    Raises:
        UnavailableError: it, or what it needs, is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise UnavailableError(
            f"{error.name or module} is not installed",
            f"Install it: pip install 'competency-graph[{extra}]'",
        ) from None
