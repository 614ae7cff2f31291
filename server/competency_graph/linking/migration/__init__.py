"""Carrying links to a new version of a framework, without losing a row in silence.

Start reading in `fates`, which decides what becomes of a concept; `rows` applies that to a table.
"""

from __future__ import annotations

from competency_graph.linking.migration.changes import Changes
from competency_graph.linking.migration.fates import FATES, Fate, Framework
from competency_graph.linking.migration.report import FORMATS, written
from competency_graph.linking.migration.rows import Migration, migrate

__all__ = [
    "FATES", "FORMATS", "Changes", "Fate", "Framework", "Migration", "migrate", "written",
]  # fmt: skip
