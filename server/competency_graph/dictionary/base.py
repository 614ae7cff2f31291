"""What files extend: the published dictionary, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from competency_graph.rdf.vocabulary import PUBLISHED

BASES: Final = ("auto", "sales", "none")
"""What files extend: the published dictionary where it seems so (``auto``) or in any case, or
nothing."""


def extends_published(base: str, contents: Iterable[bytes]) -> bool:
    """Whether files extend the published dictionary.

    By ``auto`` they do where one of them names it, and where none describes a dictionary of its
    own.

    Args:
        base: one of `BASES`.
        contents: what the files hold.
    """
    if base != "auto":
        return base == "sales"
    known = list(contents)
    if any(PUBLISHED.encode() in content for content in known):
        return True
    return not any(b"CompetencyDictionary" in content for content in known)
