"""SPARQL-based constraints (SHACL, section 5), evaluated once instead of per focus node.

The results are the same if a query finds its focus nodes itself, as those of the published shapes
do: a solution for any ``$this`` is then one for a target of the shape. Evaluation per focus node
would take quadratic time.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from competency_graph.rdf.vocabulary import BASE
from competency_graph.sparql import query_text

SPACE = BASE + "shapes#"
"""The namespace of shapes whose queries find their focus nodes themselves."""


def solutions(data: str | Path, queries: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the names of queries with the focus nodes and values that they find, in N-Triples.

    Args:
        data: N-Triples, or a file of them. As a file may be large, its queries are evaluated one by
            one, each on the statements that it needs.
        queries: by name, each a SELECT of ``$this`` and ``?value``, with its prefixes; a missing
            value is "".
    """
    one_by_one = isinstance(data, Path)
    for batch in [{name: query} for name, query in queries.items()] if one_by_one else [queries]:
        store = _store(data, batch.values())
        for name, query in batch.items():
            answer = store.query(query)
            assert isinstance(answer, ox.QuerySolutions)  # noqa: S101  (SHACL, section 5.2.1)
            has_value = any(variable.value == "value" for variable in answer.variables)
            for solution in answer:
                value = solution["value"] if has_value else None
                yield name, str(solution["this"]), "" if value is None else str(value)


def _store(data: str | Path, queries: Iterable[str]) -> ox.Store:
    """The statements with properties that the queries mention."""
    needed = {iri for query in queries for _, iri in query_text.iris(query) if iri}
    store = ox.Store()
    if needed and isinstance(data, str):
        predicates = {f"<{iri}>" for iri in needed}
        lines = [line for line in data.split("\n") if line and line.split(" ", 2)[1] in predicates]
        # Bulk loading starts threads, which need more address space than a worker may have.
        store.extend(ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES))
    elif needed:
        found = ox.parse(path=data, format=ox.RdfFormat.N_TRIPLES)
        store.bulk_extend(quad for quad in found if quad.predicate.value in needed)
    return store


def occurs(data: str | Path, properties: Iterable[str]) -> bool:
    """Whether any statement has one of some properties; true if in doubt.

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
