"""The base that files extend: the published dictionary, or none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from competency_graph.rdf.vocabulary import PUBLISHED

BASES: Final = ("auto", "sales", "none")
"""The bases to choose from: the published dictionary, none, or whichever the files suggest
(``auto``)."""


def extends_published(base: str, contents: Iterable[bytes]) -> bool:
    """Whether files extend the published dictionary.

    With ``auto`` they do if a file mentions it, or if no file describes a dictionary of its own.

    Args:
        base: one of `BASES`.
        contents: the content of the files.
    """
    if base != "auto":
        return base == "sales"
    known = list(contents)
    if any(PUBLISHED.encode() in content for content in known):
        return True
    return not any(b"CompetencyDictionary" in content for content in known)
