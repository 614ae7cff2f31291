"""From version to version: what changed in a dictionary, and whether that breaks others' data.

    from competency_graph.versions import breaking_changes, compare, read_version, write

    changes = compare(read_version("v1.0:data"), read_version("data"))
    print(write(changes, "markdown"))
    for finding in breaking_changes(changes).findings:
        print(finding.place, finding.rule.code, finding.message)

It uses `validation` for findings and their places. Start with `comparison`.
"""

from __future__ import annotations

from competency_graph.versions.breaking import breaking_changes
from competency_graph.versions.comparison import compare
from competency_graph.versions.formats import FORMATS, write
from competency_graph.versions.model import KINDS, Change, Changes, Detail, Entry
from competency_graph.versions.sources import Version, read_version

__all__ = [
    "FORMATS", "KINDS", "Change", "Changes", "Detail", "Entry", "Version", "breaking_changes",
    "compare", "read_version", "write",
]  # fmt: skip
