"""Answers of queries as tables in JSON."""

from __future__ import annotations

from typing import Any, Final

import pyoxigraph as ox

from competency_graph.engines.first_rows import READABLE, first_rows
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.tool import Json, without_empty
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term, shorten
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sandbox.query_request import QueryRequest

MAX_ROWS: Final = 200
"""The maximum number of rows of one result."""
_MAX_OFFSET: Final = 100_000
_MAX_CELL: Final = 2_000
"""The maximum length of a text in a cell, in characters."""
_XSD: Final = PREFIXES["xsd"]
_NUMBERS: Final = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger"), int),
    **dict.fromkeys(("decimal", "double", "float"), float),
}
PAGING: Final = {
    "limit": schemas.number("How many rows to list", minimum=1, maximum=MAX_ROWS, default=50),
    "offset": schemas.number("How many rows to skip", minimum=0, maximum=_MAX_OFFSET, default=0),
}
"""The arguments that choose rows."""
TABLE: Final = {
    "columns": schemas.items(schemas.text()),
    "rows": schemas.items(
        schemas.items({"type": ["string", "number", "boolean", "null"]}),
        "Values in the order of the columns: IRIs and texts as strings, null if unbound",
    ),
    "warnings": schemas.items(schemas.text()),
    "more": schemas.MORE,
}
"""The members of a table."""


def table(
    client: Client, text: str, limit: int, offset: int, bindings: Bindings | None = None
) -> Json:
    """Run a query and return some rows of its answer, with the members of `TABLE`.

    Args:
        client: the client.
        text: the query; the rows of a graph are its triples, that of a boolean is its value.
        limit: the maximum number of rows.
        offset: the number of rows to skip.
        bindings: terms for some of the query's variables.

    Raises:
        CompetencyError: as `Client.ask`.
    """
    request = QueryRequest(text, READABLE, dict(bindings or {}))
    with client.ask(request) as reply:
        repeated = frozenset(variable.value for variable in bindings or ())
        first = first_rows(reply, offset + limit, repeated)
    rows = first.rows[offset:]
    more = ""
    if first.more:
        more = (
            f"rows {offset + 1} to {offset + len(rows)} are listed, and there are more: ask again "
            f"with offset {offset + len(rows)}, or for less"
            if rows
            else "the answer is too long to list rows so far on: use LIMIT and OFFSET in a query"
        )
    return {
        "columns": first.columns,
        "rows": [[cell(term) for term in row] for row in rows],
    } | without_empty({"warnings": list(reply.warnings), "more": more})


def cell(term: Term | None) -> Any:  # noqa: ANN401  (any JSON value)
    """A term as a value of JSON: numbers and booleans as such, all others as text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        kind = term.datatype.value.removeprefix(_XSD)
        if kind == "boolean":
            return term.value in ("true", "1")
        if kind in _NUMBERS and term.value.strip("+-").replace(".", "", 1).isdigit():
            return _NUMBERS[kind](term.value)
    said = shorten(term)
    return said if len(said) <= _MAX_CELL else f"{said[:_MAX_CELL]}…"
