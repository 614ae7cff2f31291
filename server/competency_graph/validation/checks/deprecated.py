"""Entries that are deprecated and still linked to."""

from __future__ import annotations

from collections.abc import Iterator

from competency_graph.validation.checks.author_statements import REPLACED, AuthorStatements
from competency_graph.validation.checks.check_result import DEPRECATED, CheckResult


def used(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each link of the author's from an entry in force to one that is not."""
    if not draft.deprecated:
        return
    for link in draft.links():
        if link.object not in draft.deprecated or link.subject in draft.deprecated:
            continue
        if link.predicate == REPLACED:
            continue  # a shape says so
        instead = draft.replaced.get(link.object, "")
        yield CheckResult(
            DEPRECATED,
            link.subject,
            f"{link.predicate} leads to {link.object}, which is deprecated",
            f"Link to {instead}, which takes its place"
            if instead
            else "Link to an entry that is in force",
            link.predicate,
            f"<{link.object}>",
            link.object if instead else "",
            instead,
        )
