"""Language tags that are none (BCP 47, by the registry of IANA)."""

from __future__ import annotations

from collections.abc import Iterator

from competency_graph.languages import fault
from competency_graph.validation.draft import Draft
from competency_graph.validation.slip import LANGUAGE, Slip


def unknown(draft: Draft) -> Iterator[Slip]:
    """Each text of the author's with such a tag."""
    for text in draft.foreign_tags:
        tag = text.value.language or ""
        reason = fault(tag)
        if reason:
            yield Slip(
                LANGUAGE,
                text.entry,
                f"“{tag}” is no language tag: {reason}",
                "Write one such as en, de or pt-BR",
                text.predicate,
                str(text.value),
            )
