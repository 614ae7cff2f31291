"""Answers of queries as tables in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

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


_COUNTED_ROWS: Final = 100_000
"""Up to this number, the rows of a table are counted if that is asked for."""


class Rows(NamedTuple):
    """The rows of an answer.

    Args:
        columns: the names of the columns.
        rows: the rows that were read.
        warnings: remarks on the answer.
        total: the number of all rows; None if it is not known.
    """

    columns: list[str]
    rows: Sequence[Sequence[Term | None]]
    warnings: Sequence[str]
    total: int | None


def rows(
    client: Client, text: str, most: int, bindings: Bindings | None = None, count: bool = False
) -> Rows:
    """Run a query and return the first rows of its answer.

    Args:
        client: the client.
        text: the query; the rows of a graph are its triples, that of a boolean is its value.
        most: the maximum number of rows.
        bindings: terms for some of the query's variables.
        count: whether to read all rows to count them, rather than the first ones only.

    Raises:
        CompetencyError: as `Client.ask`.
    """
    request = QueryRequest(text, READABLE, dict(bindings or {}))
    with client.ask(request) as reply:
        repeated = frozenset(variable.value for variable in bindings or ())
        first = first_rows(reply, _COUNTED_ROWS if count else most, repeated)
    total = None if first.more else len(first.rows)
    return Rows(first.columns, first.rows[:most], reply.warnings, total)


def table(found: Rows, limit: int, offset: int) -> Json:
    """Some rows of an answer, with the members of `TABLE`.

    Args:
        found: the rows, at least up to the last one to list.
        limit: the maximum number of rows.
        offset: the number of rows to skip.
    """
    listed = found.rows[offset : offset + limit]
    end = offset + len(listed)
    more = ""
    if found.total is None and not listed:
        more = "the answer is too long to list rows so far on: use LIMIT and OFFSET in a query"
    elif found.total is None:
        more = (
            f"rows {offset + 1} to {end} are listed, and there are more: ask again with offset "
            f"{end}, or count them by a query"
        )
    elif end < found.total:
        more = (
            f"rows {offset + 1} to {end} of {found.total} are listed: ask again with offset {end}"
        )
    return {
        "columns": found.columns,
        "rows": [[cell(term) for term in row] for row in listed],
    } | without_empty({"warnings": list(found.warnings), "more": more})


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
