"""Links to deprecated entries."""

from __future__ import annotations

from collections.abc import Iterator

from competency_graph.validation.checks.author_statements import REPLACED, AuthorStatements
from competency_graph.validation.checks.check_result import DEPRECATED, CheckResult


def used(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's links from a current entry to a deprecated one."""
    if not draft.deprecated:
        return
    for link in draft.links():
        if link.object not in draft.deprecated or link.subject in draft.deprecated:
            continue
        if link.predicate == REPLACED:
            continue  # a shape checks it
        instead = draft.replaced.get(link.object, "")
        yield CheckResult(
            DEPRECATED,
            link.subject,
            f"{link.predicate} leads to {link.object}, which is deprecated",
            f"Link to {instead}, which takes its place"
            if instead
            else "Link to an entry that is not deprecated",
            link.predicate,
            f"<{link.object}>",
            link.object if instead else "",
            instead,
        )
