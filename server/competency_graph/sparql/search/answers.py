"""A search result as the answer to a query."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql.evaluator import Answer
from competency_graph.sparql.saved_queries import SavedQuery
from competency_graph.sparql.search.index import Found, Hit, Index

COLUMNS: Final = ("entry", "entryLabel", "kind", "code", "score", "property", "value")
"""The columns of a hit."""


def answer(found: Found, columns: Sequence[str] = COLUMNS, decimals: int = 3) -> Answer:
    """Present a search result as the answer to a query.

    Args:
        found: the search result.
        columns: the columns to include, of `COLUMNS`.
        decimals: the number of decimals of the score.
    """
    bindings = [dict(_bindings(hit, columns, decimals)) for hit in found.hits]
    text = json.dumps({"head": {"vars": list(columns)}, "results": {"bindings": bindings}})
    return Answer(
        ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON),
        warnings=(found.warning,) if found.warning else (),
    )


def answer_search(
    query: SavedQuery, bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal], index: Index
) -> Answer:
    """Answer a saved query that searches, using the index.

    Args:
        query: the query; its columns are those of `COLUMNS` that it names.
        bound: the terms bound to its parameters.
        index: the index.
    """
    values = {variable.value: term.value for variable, term in bound.items()}
    found = index.search(values[query.search], "", values.get("language", "en"))
    columns = [name for name in COLUMNS if re.search(rf"\?{name}\b", query.text)]
    return answer(found, columns)


def _bindings(
    hit: Hit, columns: Sequence[str], decimals: int
) -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in zip(COLUMNS, hit, strict=False):
        if name not in columns:
            continue
        if name in ("entry", "property"):
            yield name, {"type": "uri", "value": str(value)}
        elif name == "score":
            number = PREFIXES["xsd"] + "decimal"
            yield name, {"type": "literal", "value": f"{value:.{decimals}f}", "datatype": number}
        elif value:
            yield name, {"type": "literal", "value": str(value)}
