"""Which relations a mapping may state between a kind of entry and a kind of concept.

They are in ``match_kinds.csv``: ``any`` relation, only ``related``, or ``none``. A role is an
occupation or not; what people do is a skill or an activity; and knowledge is not the skill of using
it, so that the two are related but neither is a kind of the other.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from competency_graph.mappings.skos_graph import RELATED

ANY: Final = "any"
NONE: Final = "none"
ONLY_RELATED: Final = "related"


def _table() -> Mapping[tuple[str, str], str]:
    text = files(__package__).joinpath("match_kinds.csv").read_text("utf-8")
    return {
        (entry, row["concept"]): allowed
        for row in csv.DictReader(text.splitlines())
        for entry, allowed in row.items()
        if entry != "concept"
    }


TABLE: Final = _table()
"""What is allowed, by an entry's class such as ``cg:Role`` and a concept's kind.

It is read with this module, as processes that validate for others cannot open files.
"""


def allowed(entry: str, concept: str) -> str:
    """`ANY`, `ONLY_RELATED` or `NONE`; `ANY` for kinds that the table does not contain.

    Args:
        entry: the class of the entry, such as ``cg:Role``.
        concept: the kind of the concept, as in the ``object_category`` of mappings.
    """
    return TABLE.get((entry, concept), ANY)


def fits(entry: str, concept: str, predicate: str) -> bool:
    """Whether a mapping with a predicate, given by its IRI, is allowed between two kinds."""
    return allowed(entry, concept) == ANY or (
        allowed(entry, concept) == ONLY_RELATED and predicate == RELATED
    )
