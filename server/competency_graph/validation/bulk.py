"""SPARQL-based constraints (SHACL, section 5), asked once instead of once for each focus node.

That is the same where a query finds its focus nodes itself, as those of the published shapes do: a
solution for any ``$this`` is one for a target of the shape. Asked node by node, they take time that
grows with the square of the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from competency_graph import sparql
from competency_graph.vocabulary import BASE

SPACE = BASE + "shapes#"
"""The namespace of the shapes whose queries find their focus nodes themselves."""


def solutions(data: str | Path, query: str) -> Iterator[tuple[str, str]]:
    """The focus nodes and values that a query finds, in N-Triples; "" for no value.

    Args:
        data: N-Triples, or a file of them.
        query: a SELECT of ``$this`` and ``?value``, with its prefixes.
    """
    needed = {iri for _, iri in sparql.iris(query) if iri}
    found = (
        ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
        if isinstance(data, str)
        else ox.parse(path=data, format=ox.RdfFormat.N_TRIPLES)
    )
    store = ox.Store()
    # Loading in bulk starts threads, which need more address space than an evaluator may have.
    load = store.extend if isinstance(data, str) else store.bulk_extend
    load(quad for quad in found if quad.predicate.value in needed)
    answer = store.query(query)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101  (SHACL, section 5.2.1)
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        value = solution["value"] if "value" in names else None
        yield str(solution["this"]), "" if value is None else str(value)
