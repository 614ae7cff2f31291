"""The first rows of an answer, for those who show only some of a long one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term
from competency_graph.sandbox.reply import Reply
from competency_graph.sparql.evaluator import Answer

READABLE: Final = {"table": "tsv", "boolean": "json", "graph": "ntriples"}
"""The formats that `first_rows` reads, by kind of answer: a part of them can be read."""
MAX_BYTES: Final = 2_000_000
"""The maximum number of bytes of an answer that are read."""
_RESULT_FORMATS: Final = {
    "table": ox.QueryResultsFormat.TSV,
    "boolean": ox.QueryResultsFormat.JSON,
}


class FirstRows(NamedTuple):
    """The beginning of an answer.

    Args:
        columns: as `evaluator.Answer.columns`.
        rows: the first rows, as of `evaluator.Answer.rows`.
        more: whether the answer has more rows.
    """

    columns: list[str]
    rows: list[Sequence[Term | None]]
    more: bool


def first_rows(reply: Reply, most: int, repeated: frozenset[str] = frozenset()) -> FirstRows:
    """Read the beginning of an answer in one of the `READABLE` formats.

    Args:
        reply: the answer; what follows the beginning is not received.
        most: the maximum number of rows.
        repeated: columns to omit, as of `evaluator.Answer`.
    """
    body, truncated = _first_lines(reply.chunks, most + 1)
    if reply.kind == "graph":
        columns = ["subject", "predicate", "object"]
        quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        rows = list(islice(([q.subject, q.predicate, q.object] for q in quads), most + 1))
    else:
        results = ox.parse_query_results(body, format=_RESULT_FORMATS[reply.kind])
        answer = Answer(results, repeated)
        columns, rows = answer.columns, list(islice(answer.rows(), most + 1))
    return FirstRows(columns, list(rows[:most]), truncated or len(rows) > most)


def _first_lines(lines: Iterable[bytes], most: int) -> tuple[bytes, bool]:
    """Return slightly more lines than are wanted, and whether the rest was cut off."""
    content = bytearray()
    for chunk in lines:
        content += chunk
        if content.count(b"\n") > most or len(content) > MAX_BYTES:
            return bytes(content[: content.rfind(b"\n") + 1]), True
    return bytes(content), False
