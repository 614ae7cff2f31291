"""What answers requests: workers of this machine, another SPARQL server, or this process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sparql.evaluator import Answer


class Backend(Protocol):
    """Answers requests, with local worker processes or with another SPARQL server."""

    limits: Limits
    """The limits of one request."""
    holds_data: bool
    """Whether its workers have the data, and so answer other requests for it than queries."""

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Return the reply to ``request``, or raise a `CompetencyError`.

        Args:
            request: the request.
            ticket: what a scheduler admitted it with; None for a request of this program itself.
        """


def rows_request(text: str, bindings: Bindings) -> QueryRequest:
    """The request for the rows of a SELECT query; `rows_of` reads its reply."""
    return QueryRequest(text, {"table": "json"}, dict(bindings))


def rows_of(reply: Reply) -> Iterable[Sequence[Term | None]]:
    """The rows in the reply to a `rows_request`."""
    body = b"".join(reply.chunks)
    return Answer(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)).rows()
