"""Answering queries from a remote SPARQL 1.1 server, for data too large for one machine.

A local worker without data parses each query, so nothing of the answer to one that is refused or
invalid is passed on, and one that may do harm is not sent before it is parsed (`plain_queries`).
The time and the length of an answer are limited locally as well, in addition to the limits of the
remote server.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from typing import Final
from urllib.parse import urlsplit

import httpx

from competency_graph.engines.being_checked import BeingChecked
from competency_graph.engines.other_server import AtServer, OtherServer
from competency_graph.engines.plain_queries import kind_of_plain
from competency_graph.engines.query_checks import QueryChecks
from competency_graph.engines.under_way import OnEvent, UnderWay
from competency_graph.errors import BadValueError
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import WorkerPool

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
        readers: workers without data, which parse each query. Their limits also apply to the
            server's answers, except ``memory``, which the server must limit itself.
    """

    holds_data = False

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

    def begin(
        self, loop: AbstractEventLoop, request: Request, ticket: Ticket, on_event: OnEvent
    ) -> UnderWay | Reply | None:
        """Begin to answer a query without waiting, see `under_way.QuickBackend`."""
        if not isinstance(request, QueryRequest) or _takes_long_to_encode(request.text):
            return None

        def watch(query: AtServer) -> None:
            query.watch(loop, on_event)

        if kind := self._checks.known_kind(request):
            begun = self._server.begin(request, kind)
            if isinstance(begun, AtServer):
                watch(begun)
            return begun
        early = self._begin_early(request)
        worker = self._checks.begin(loop, request, on_event)
        if worker is None:
            if early is not None:
                early.leave()
            return None
        return BeingChecked(request, self._checks, worker, self._server, early, watch)

    def _begin_early(self, request: QueryRequest) -> AtServer | None:
        """Ask the server while the query is checked, if that surely does no harm."""
        if request.default_graphs or request.named_graphs:
            return None
        kind = kind_of_plain(request.text)
        if not request.formats.get(kind):
            return None
        begun = self._server.begin(request, kind)
        return begun if isinstance(begun, AtServer) else None


def _takes_long_to_encode(text: str) -> bool:
    """Whether making a request to the server from a query takes long: it is long, or has FROM."""
    return len(text) > _MAX_QUICK_CHARACTERS or "from" in text.lower()
