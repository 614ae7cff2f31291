"""What links state, in words that leave no doubt about their direction."""

from __future__ import annotations

from typing import Final

MEANINGS: Final = {
    "exact": ("“{concept}” means the same as “{entry}”", "each can replace the other everywhere"),
    "close": ("“{concept}” is close to “{entry}”", "each can replace the other in some uses"),
    "broad": ("“{concept}” is broader than “{entry}”", "it covers that and more"),
    "narrow": ("“{concept}” is narrower than “{entry}”", "it covers a part of that"),
    "related": ("“{concept}” and “{entry}” are related", "neither covers the other"),
    "none": ("Nothing in the framework corresponds to “{entry}”", ""),
    "reject": ("“{concept}” does not correspond to “{entry}”", ""),
}
"""What each decision states about the concept of the framework and the entry, and its meaning."""


def meaning(decision: str, concept: str, entry: str) -> str:
    """What a decision states, as a sentence.

    Args:
        decision: one of `MEANINGS`.
        concept: the label of the concept.
        entry: the label of the entry.
    """
    statement, explanation = MEANINGS[decision]
    said = statement.format(concept=concept, entry=entry)
    return f"{said}: {explanation}." if explanation else f"{said}."
