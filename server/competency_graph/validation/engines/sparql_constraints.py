"""SPARQL-based constraints (SHACL, section 5), asked once instead of once for each focus node.

That is the same where a query finds its focus nodes itself, as those of the published shapes do: a
solution for any ``$this`` is one for a target of the shape. Asked node by node, they take time that
grows with the square of the data.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from competency_graph.rdf.vocabulary import BASE
from competency_graph.sparql import query_text

SPACE = BASE + "shapes#"
"""The namespace of the shapes whose queries find their focus nodes themselves."""


def solutions(data: str | Path, queries: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The names of queries, with the focus nodes and values that they find, in N-Triples.

    Args:
        data: N-Triples, or a file of them. Of a file, the queries get what they need one after the
            other, as it may be large.
        queries: by name, each a SELECT of ``$this`` and ``?value``, with its prefixes; a value that
            it does not find is "".
    """
    alone = isinstance(data, Path)
    for some in [{name: query} for name, query in queries.items()] if alone else [queries]:
        store = _store(data, some.values())
        for name, query in some.items():
            answer = store.query(query)
            assert isinstance(answer, ox.QuerySolutions)  # noqa: S101  (SHACL, section 5.2.1)
            has_value = any(variable.value == "value" for variable in answer.variables)
            for solution in answer:
                value = solution["value"] if has_value else None
                yield name, str(solution["this"]), "" if value is None else str(value)


def _store(data: str | Path, queries: Iterable[str]) -> ox.Store:
    """The statements whose properties the queries name."""
    needed = {iri for query in queries for _, iri in query_text.iris(query) if iri}
    store = ox.Store()
    if needed:
        found = (
            ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
            if isinstance(data, str)
            else ox.parse(path=data, format=ox.RdfFormat.N_TRIPLES)
        )
        # Loading in bulk starts threads, which need more address space than an evaluator may have.
        load = store.extend if isinstance(data, str) else store.bulk_extend
        load(quad for quad in found if quad.predicate.value in needed)
    return store


def occurs(data: str | Path, properties: Iterable[str]) -> bool:
    """Whether any statement has one of some properties; where in doubt, it says so.

    Args:
        data: N-Triples, or a file of them.
        properties: their IRIs.
    """
    if isinstance(data, str):
        return any(f" <{iri}> " in data for iri in properties)
    with data.open("rb") as file:
        if not data.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(f" <{iri}> ".encode()) >= 0 for iri in properties)
