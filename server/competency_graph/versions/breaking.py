"""Changes that break the data of others."""

from __future__ import annotations

from competency_graph.validation.findings import Report
from competency_graph.versions.model import Changes


def breaking_changes(changes: Changes) -> Report:
    """The changes that break others' data, as findings."""
    return Report((), tuple(changes.new.files))
