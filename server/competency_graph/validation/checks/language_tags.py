"""Invalid language tags (BCP 47, validated against the IANA registry)."""

from __future__ import annotations

from collections.abc import Iterator

from competency_graph.rdf.language_tags import tag_error
from competency_graph.validation.checks.author_statements import AuthorStatements
from competency_graph.validation.checks.check_result import LANGUAGE, CheckResult


def unknown(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's texts with an invalid language tag."""
    for text in draft.foreign_tags:
        tag = text.value.language or ""
        reason = tag_error(tag)
        if reason:
            yield CheckResult(
                LANGUAGE,
                text.entry,
                f"“{tag}” is not a valid language tag: {reason}",
                "Write one such as en, de or pt-BR",
                text.predicate,
                str(text.value),
            )
