"""Checks beyond SHACL, each in a module of its own, and their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from competency_graph.validation.checks import (
    coherence,
    cycles,
    deprecated,
    entries,
    labels,
    language_tags,
    mapping_labels,
    match_kinds,
    terms,
    texts,
    unknown_vocabulary,
)
from competency_graph.validation.checks.author_statements import AuthorStatements
from competency_graph.validation.checks.check_result import CheckResult

CHECKS: tuple[Callable[[AuthorStatements], Iterator[CheckResult]], ...] = (
    terms.unknown,
    entries.untyped,
    entries.undefined,
    entries.redefined,
    terms.added,
    entries.near_dictionaries,
    unknown_vocabulary.unfamiliar,
    language_tags.unknown,
    texts.garbled,
    texts.versions,
    labels.near_duplicates,
    labels.repeated,
    labels.placeholders,
    cycles.cycles,
    deprecated.used,
    mapping_labels.differing,
    coherence.cycles,
    coherence.related_and_broader,
    coherence.exact_chains,
    match_kinds.many_close,
    match_kinds.unfitting,
    coherence.ancestors,
)
"""All checks, in the order of their rules' codes."""
