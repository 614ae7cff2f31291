"""A query to another server that a worker checks, before or while the server answers it."""

from __future__ import annotations

from collections.abc import Callable

from competency_graph.engines.other_server import AtServer, OtherServer
from competency_graph.engines.query_checks import QueryChecks
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.worker import Worker


class BeingChecked:
    """A query that a worker checks; see `under_way.UnderWay`.

    Args:
        question: the query.
        checks: checks it.
        worker: does so now.
        server: is to answer it.
        early: the same query at the server, if it was sent already.
        watch: lets the event loop watch for the answer.
    """

    def __init__(
        self,
        question: QueryRequest,
        checks: QueryChecks,
        worker: Worker,
        server: OtherServer,
        early: AtServer | None,
        watch: Callable[[AtServer], object],
    ) -> None:
        self._question, self._checks, self._server = question, checks, server
        self._worker, self._early, self._watch = worker, early, watch
        self._is_checked = False
        self._at_server: AtServer | None = None

    def go_on(self) -> Reply | None:
        """See `UnderWay`."""
        if self._at_server is not None:
            return self._at_server.go_on()
        kind, early = self._checked()
        begun = early or self._server.begin(self._question, kind)
        if isinstance(begun, Reply):
            return begun
        self._at_server = begun
        reply = begun.go_on()  # what was sent early may have been answered
        if reply is None:
            self._watch(begun)
        return reply

    def hand_over(self) -> None:
        """See `UnderWay`."""
        if not self._is_checked:
            self._checks.hand_over(self._worker)
            if self._early is not None:
                self._early.hand_over()
        elif self._at_server is not None:
            self._at_server.hand_over()

    def finish(self) -> Reply:
        """See `UnderWay`."""
        if self._at_server is not None:
            return self._at_server.finish()
        kind, early = self._checked()
        return self._server.ask(self._question, kind) if early is None else early.finish()

    def _checked(self) -> tuple[str, AtServer | None]:
        """The kind of the answer to the query, which passed, and the query if it is sent as such.

        Raises:
            CompetencyError: it did not pass.
        """
        self._is_checked = True
        early = self._early
        try:
            kind = self._checks.finish(self._question, self._worker)
        except BaseException:
            if early is not None:
                early.leave()
            raise
        if early is not None and early.kind != kind:
            early.leave()
            early = None
        return kind, early
