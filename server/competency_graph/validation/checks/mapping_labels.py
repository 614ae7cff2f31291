"""Mappings whose label for their entry differs from the dictionary's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from competency_graph.validation.checks.author_statements import CALLED, LABEL, AuthorStatements
from competency_graph.validation.checks.check_result import MAPPING_LABEL, CheckResult


def differing(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's mappings whose label for its entry is not one of its labels.

    If the entry has been relabelled since, the mapping may no longer be correct.
    """
    if not draft.mapping_labels:
        return
    labels: dict[str, dict[str, None]] = defaultdict(dict)
    for text in (*draft.own_texts, *draft.base_texts):
        if text.predicate == LABEL:
            labels[text.entry][text.value.value] = None
    for text in draft.mapping_labels:
        known = labels.get(draft.mapping.get(text.entry, ""), {})
        if known and text.value.value not in known:
            yield CheckResult(
                MAPPING_LABEL,
                text.entry,
                f"The mapping labels its entry “{text.value.value}”, but the dictionary labels it "
                f"“{next(iter(known))}”",
                "Check whether the mapping still fits, then write the current label",
                CALLED,
                str(text.value),
            )
