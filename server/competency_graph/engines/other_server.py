"""Asking another server a query that passed its check, with or without a thread that waits."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable, Generator
from functools import partial

from competency_graph.engines.connection import Connection
from competency_graph.engines.connections import Connections
from competency_graph.engines.forwarding import Forwarded
from competency_graph.engines.under_way import OnEvent
from competency_graph.engines.watched_connections import WatchedConnections
from competency_graph.sandbox.fork_server import PACKET
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits


class OtherServer:
    """Another server; thread-safe.

    Args:
        url: its query endpoint (SPARQL 1.1 Protocol, section 2.1).
        limits: the limits of its answers, except ``memory``, which it must limit itself.
    """

    def __init__(self, url: str, limits: Limits) -> None:
        self._connections, self._limits = Connections(url), limits
        self._watched = WatchedConnections(self._connections)

    def ask(self, question: QueryRequest, kind: str) -> Reply:
        """Ask it a query.

        Args:
            question: the query, which passed its check.
            kind: the kind of its answer.

        Raises:
            CompetencyError: see `Forwarded.reply`.
            UnavailableError: the server cannot be reached.
        """
        if not question.formats.get(kind):
            return _unwanted(kind)
        forwarded = Forwarded(question, kind, self._limits)
        try:
            connection = self._connections.post(
                forwarded.body, forwarded.headers, self._limits.seconds
            )
        except OSError as error:
            raise forwarded.error(error) from None
        return forwarded.reply(connection)

    def begin(self, question: QueryRequest, kind: str) -> AtServer | Reply:
        """Ask it a query without waiting.

        Args:
            question: as of `ask`.
            kind: as of `ask`.

        Returns:
            The query under way; if no open connection takes it, a reply that asks for it when its
            pieces are read.
        """
        if not question.formats.get(kind):
            return _unwanted(kind)
        forwarded = Forwarded(question, kind, self._limits)
        connection = None
        if not forwarded.is_converted:  # else a thread is to do that
            connection = self._watched.begin(
                forwarded.body, forwarded.headers, self._limits.seconds
            )
        ask = partial(self.ask, question, kind)
        if connection is None:
            return _when_read(forwarded, ask)
        return AtServer(forwarded, self._watched, connection, ask)


class AtServer:
    """A query that the server received; see `under_way.UnderWay`.

    Args:
        forwarded: the query.
        watched: the connections that the event loop watches.
        connection: the one of them that the query was sent over.
        ask: asks it anew, over another connection.

    Attributes:
        kind: the kind of answer that is expected.
    """

    def __init__(
        self,
        forwarded: Forwarded,
        watched: WatchedConnections,
        connection: Connection,
        ask: Callable[[], Reply],
    ) -> None:
        self._forwarded, self._ask = forwarded, ask
        self._watched, self._connection = watched, connection
        self.kind = forwarded.kind
        self._is_answered = False

    def watch(self, loop: AbstractEventLoop, on_event: OnEvent) -> None:
        """Call a function when something arrives."""
        self._watched.watch(loop, self._connection, on_event)

    def go_on(self) -> Reply | None:
        """See `UnderWay`."""
        response = self._connection.response
        try:
            self._connection.arrive()
        except OSError as error:
            self.leave()
            if response.status:
                raise self._forwarded.error(error) from None
            return _when_read(self._forwarded, self._ask)  # the server had just closed it
        if reply := self._forwarded.short_reply(self._connection):
            self._is_answered = True
            return reply
        if response.is_complete:
            self.hand_over()
            return self._forwarded.reply(self._connection)
        if len(response.body) >= PACKET:
            self.hand_over()
            return _when_read(self._forwarded, self.finish)
        return None

    def hand_over(self) -> None:
        """See `UnderWay`."""
        if not self._is_answered:  # else the connection has another request
            self._watched.hand_over(self._connection)

    def finish(self) -> Reply:
        """See `UnderWay`."""
        try:
            self._connection.wait_for_head()
        except TimeoutError as error:
            self.leave()
            raise self._forwarded.error(error) from None
        except OSError:
            self.leave()
            return self._ask()
        return self._forwarded.reply(self._connection)

    def leave(self) -> None:
        """Do without the answer."""
        self.hand_over()
        self._connection.close()


def _when_read(forwarded: Forwarded, ask: Callable[[], Reply]) -> Reply:
    """A reply whose pieces are asked for when they are read."""

    def chunks() -> Generator[bytes]:
        with ask() as reply:
            yield from reply.chunks

    pieces = chunks()
    return Reply(forwarded.kind, forwarded.format, pieces, pieces.close)


def _unwanted(kind: str) -> Reply:
    """The reply to a query whose kind of answer the client does not want."""
    return Reply(kind, "", iter(()), arrived=True)
