"""Answering queries from a remote SPARQL 1.1 server, for data too large for one machine.

A local worker without data parses each query first, so refused or invalid queries are never sent.
The time and the length of an answer are limited locally as well, in addition to the limits of the
remote server.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx

from competency_graph.engines.other_server import OtherServer
from competency_graph.engines.query_checks import QueryChecks
from competency_graph.engines.under_way import UnderWay
from competency_graph.errors import BadValueError
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import Reply, Worker, WorkerPool

_PROBE_TIMEOUT: Final = 2.0
"""Seconds to wait when checking whether a server answers."""
_MAX_QUICK_CHARACTERS: Final = 10_000
"""A longer query is left to a thread, as encoding it takes a while."""


def address(url: str) -> str:
    """Check the address of a server and return it.

    Raises:
        BadValueError: it does not begin with http:// or https://, or names no host.
    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise BadValueError(
            f"“{url}” is not an address of a server",
            "Write it in full, as in https://HOST/sparql",
        )
    return url


def unavailability(url: str) -> str:
    """Why the SPARQL server at an address does not answer queries at present; "" if it does."""
    try:
        response = httpx.post(
            url,
            data={"query": "ASK {}"},
            headers={"Accept": "application/sparql-results+json"},
            timeout=_PROBE_TIMEOUT,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return f"it cannot be reached ({type(error).__name__})"
    if response.status_code != httpx.codes.OK:
        return f"it answers {response.status_code} to a query"
    return ""


class Remote:
    """A remote server; thread-safe.

    Args:
        url: its query endpoint (SPARQL 1.1 Protocol, section 2.1).
        readers: workers without data, which parse each query first. Their limits also apply to the
            server's answers, except ``memory``, which the server must limit itself.
    """

    def __init__(self, url: str, readers: WorkerPool) -> None:
        self.limits, self._readers = readers.limits, readers
        self._checks, self._server = QueryChecks(readers), OtherServer(url, readers.limits)

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Answer ``request``; requests other than queries are answered without the server.

        Raises:
            CompetencyError: see `WorkerPool.ask`, and `OtherServer.ask`.
        """
        if not isinstance(request, QueryRequest):
            return self._readers.ask(request, ticket)
        return self._server.ask(request, self._checks.kind(request))

    def begin(self, request: Request, ticket: Ticket) -> UnderWay | Reply | None:
        """Begin to answer a query without waiting, see `under_way.QuickBackend`."""
        if not isinstance(request, QueryRequest) or _takes_long_to_encode(request.text):
            return None
        if kind := self._checks.known_kind(request):
            return self._server.begin(request, kind)
        worker = self._checks.begin(request)
        if worker is None:
            return None
        return _BeingChecked(request, self._checks, worker, self._server)


def _takes_long_to_encode(text: str) -> bool:
    """Whether making a request to the server from a query takes long: it is long, or has FROM."""
    return len(text) > _MAX_QUICK_CHARACTERS or "from" in text.lower()


class _BeingChecked:
    """A query that a worker checks, and that the server answers then; see `UnderWay`."""

    def __init__(
        self, question: QueryRequest, checks: QueryChecks, worker: Worker, server: OtherServer
    ) -> None:
        self._question, self._checks, self._worker = question, checks, worker
        self._server = server
        self._at_server: UnderWay | None = None

    def fileno(self) -> int:
        return (self._at_server or self._worker).fileno()

    def go_on(self) -> Reply | None:
        if self._at_server is not None:
            return self._at_server.go_on()
        kind = self._checks.finish(self._question, self._worker)
        begun = self._server.begin(self._question, kind)
        if isinstance(begun, Reply):
            return begun
        self._at_server = begun
        return None

    def finish(self) -> Reply:
        if self._at_server is not None:
            return self._at_server.finish()
        kind = self._checks.finish(self._question, self._worker)
        return self._server.ask(self._question, kind)
