"""Answers a saved query from a store, with the search index if it searches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings, Rows
from competency_graph.rdf.short_names import Term
from competency_graph.sparql.evaluator import Answer, evaluate
from competency_graph.sparql.parameters import bind, warnings
from competency_graph.sparql.saved_queries import SavedQuery
from competency_graph.sparql.search.answers import answer_search
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index


def rows_of(store: ox.Store) -> Rows:
    """Queries a store."""

    def rows(text: str, terms: Bindings) -> Iterator[list[Term | None]]:
        return evaluate(store, text, terms).rows()

    return rows


def answer_saved(query: SavedQuery, values: Mapping[str, str], store: ox.Store) -> Answer:
    """Answer a saved query, with warnings about values that leave the answer empty.

    Args:
        query: the query.
        values: the values of its parameters, as a user types them; others have their defaults.
        store: a store such as `Dictionary.store`.

    Raises:
        BadValueError: a value is invalid, or the query has no such parameter.
        CompetencyError: as for `evaluate`.
    """
    rows = rows_of(store)
    bound = bind(query, values, rows)
    if query.search:
        answer = answer_search(query, bound, Index(databases(rows)))
    else:
        answer = evaluate(store, query.text, bound)
    return replace(answer, warnings=(*warnings(query, values, rows), *answer.warnings))
