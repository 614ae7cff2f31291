"""A store in memory that is queried in this process, for requests of this program itself.

Nothing limits or isolates these requests, which makes them much cheaper than those to workers.
"""

from __future__ import annotations

import io

import pyoxigraph as ox

from competency_graph.errors import UnavailableError
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket


class InProcess:
    """A backend that answers queries in this process, and nothing else.

    Args:
        store: the data.
    """

    holds_data = False

    def __init__(self, store: ox.Store) -> None:
        self.limits = Limits()
        self._store = store

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Answer a query; nothing limits how long it runs.

        Raises:
            CompetencyError: see `QueryRequest.answer`.
            UnavailableError: the request is not a query.
        """
        if not isinstance(request, QueryRequest):
            raise UnavailableError(
                f"there is no worker for this {request.noun}", "Send it to “competency serve”"
            )
        answer = request.answer(self._store)
        output = io.BytesIO()
        answer.write(output)
        content = output.getvalue()
        chunks = iter([content] if content else [])
        return Reply(answer.kind, answer.format, chunks, warnings=answer.warnings)
