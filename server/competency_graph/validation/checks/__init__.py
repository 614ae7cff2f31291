"""What SHACL cannot see: each check in a file of its own, and the rules that they keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from competency_graph.validation.checks import (
    cycles,
    deprecated,
    entries,
    labels,
    languages,
    mapped,
    terms,
    texts,
    unfamiliar,
)
from competency_graph.validation.draft import Draft
from competency_graph.validation.slip import Slip

CHECKS: tuple[Callable[[Draft], Iterator[Slip]], ...] = (
    terms.unknown,
    entries.untyped,
    entries.undefined,
    entries.redefined,
    terms.added,
    entries.nearly_built_on,
    unfamiliar.unfamiliar,
    languages.unknown,
    texts.garbled,
    texts.versions,
    labels.near_duplicates,
    labels.repeated,
    labels.placeholders,
    cycles.cycles,
    deprecated.used,
    mapped.called,
)
"""All checks, in the order of their codes."""
