"""The checks for changes that break others' data, and their rules.

`rules` lists the rules; each of the other modules finds the changes that break some of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from competency_graph.versions.checks import entries, matches, properties
from competency_graph.versions.checks.rules import Breaking
from competency_graph.versions.model import Changes

CHECKS: Final[tuple[Callable[[Changes], Iterator[Breaking]], ...]] = (
    entries.gone,
    entries.reclassed,
    entries.recoded,
    entries.reused_codes,
    matches.widened,
    properties.narrowed,
)
"""All checks, in the order of their rules' codes."""
