"""A query to another server that a worker checks, before or while the server answers it."""

from __future__ import annotations

from competency_graph.engines.other_server import AtServer, OtherServer
from competency_graph.engines.query_checks import QueryChecks
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.worker_pool import Reply, Worker


class BeingChecked:
    """A query that a worker checks; see `under_way.UnderWay`.

    Args:
        question: the query.
        checks: checks it.
        worker: does so now.
        server: is to answer it.
        early: the same query at the server, if it was sent already.
    """

    def __init__(
        self,
        question: QueryRequest,
        checks: QueryChecks,
        worker: Worker,
        server: OtherServer,
        early: AtServer | None,
    ) -> None:
        self._question, self._checks, self._server = question, checks, server
        self._awaited: Worker | AtServer = worker
        self._early = early

    def fileno(self) -> int:
        """See `UnderWay`: what arrives is the result of the check, then the answer."""
        return self._awaited.fileno()

    def go_on(self) -> Reply | None:
        """See `UnderWay`."""
        begun = self._at_server()
        return begun if isinstance(begun, Reply) else begun.go_on()

    def finish(self) -> Reply:
        """See `UnderWay`."""
        begun = self._at_server()
        return begun if isinstance(begun, Reply) else begun.finish()

    def _at_server(self) -> AtServer | Reply:
        """The query at the server, once it passed the check."""
        if isinstance(self._awaited, AtServer):
            return self._awaited
        early = self._early
        try:
            kind = self._checks.finish(self._question, self._awaited)
        except BaseException:
            if early is not None:
                early.leave()
            raise
        if early is not None and early.kind != kind:
            early.leave()
            early = None
        begun = early or self._server.begin(self._question, kind)
        if isinstance(begun, AtServer):
            self._awaited = begun
        return begun
