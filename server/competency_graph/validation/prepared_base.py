"""The statements of a base in the forms that every validation needs, computed once per base."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from competency_graph.validation.checks.author_statements import BaseStatements
from competency_graph.validation.engines.blank_nodes import Numbering


@dataclass(frozen=True)
class PreparedBase:
    """The statements of a base.

    Args:
        statements: the statements for the checks beyond SHACL.
        ntriples: the statements for the engines, with numbered blank nodes.
        names: the labels of the blank nodes in ``ntriples``, in order.
    """

    statements: BaseStatements
    ntriples: str
    names: dict[ox.BlankNode, ox.BlankNode]

    def numbering(self) -> Numbering:
        """Labels for further blank nodes, which continue those of the base."""
        return Numbering("n", self.names)


@lru_cache(maxsize=4)
def prepare(statements: tuple[ox.Quad, ...]) -> PreparedBase:
    """Prepare the statements of a base; the result is kept for the next validation."""
    numbering = Numbering("n")
    content = ox.serialize(map(numbering.statement, statements), format=ox.RdfFormat.N_TRIPLES)
    return PreparedBase(BaseStatements(statements), (content or b"").decode(), numbering.names)
