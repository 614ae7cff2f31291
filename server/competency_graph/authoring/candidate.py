"""A term that may be written at a position, and the selection of those that fit what is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

CLASS, PROPERTY, ENTRY, CONCEPT, DECLARATION, KEYWORD, VARIABLE = (
    "class", "property", "entry", "concept", "declaration", "keyword", "variable",
)  # fmt: skip
"""The kinds of candidates."""
MAX_CANDIDATES: Final = 200


@dataclass(frozen=True)
class Candidate:
    """A term that may be written at a position.

    Args:
        label: what a list shows: the label of an entry or concept, the name of another term.
        inserted: the text to insert instead of what is written already.
        kind: one of those above.
        iri: the term; "" if it is not one.
        detail: more about it in a few words.
        declaration: the line to add at the head of the file for its prefix, or "".
        deprecated: whether it should not be used any more.
    """

    label: str
    inserted: str
    kind: str
    iri: str = ""
    detail: str = ""
    declaration: str = ""
    deprecated: bool = False


@dataclass(frozen=True)
class Candidates:
    """The candidates at a position.

    Args:
        start: the offset of what is written already, which they replace.
        found: the candidates, the most fitting ones first.
        is_complete: whether these are all.
    """

    start: int
    found: list[Candidate]
    is_complete: bool = True


def select(found: Iterable[Candidate], written: str, offset: int) -> Candidates:
    """The candidates that contain what is written, those that begin with it first.

    Args:
        found: all candidates, the most fitting ones first.
        written: what is written before the offset.
        offset: the offset.
    """
    wanted = written.lower().lstrip("<")
    matching = [each for each in found if _matches(each, wanted)]
    matching.sort(key=lambda each: not _begins(each, wanted))
    is_complete = len(matching) <= MAX_CANDIDATES
    return Candidates(offset - len(written), matching[:MAX_CANDIDATES], is_complete)


def _begins(candidate: Candidate, wanted: str) -> bool:
    return candidate.inserted.lower().startswith(wanted) or (
        candidate.label.lower().startswith(wanted)
    )


def _matches(candidate: Candidate, wanted: str) -> bool:
    return (
        not wanted
        or wanted in candidate.inserted.lower()
        or wanted in candidate.label.lower()
        or wanted in candidate.iri.lower()
    )
