"""Answers queries in the event loop, without Flask and without a thread that waits.

Most requests are queries by programs, and most of these take less than a millisecond. This answers
them, and repeated requests from the cache, by the same rules as Flask's view: `sparql_protocol`
reads the request, `query_answers` plans the answer, `problem_documents` describes errors. What it
does not surely answer in the same way, it leaves to Flask. A test sends the same requests both
ways.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import HTTPException

from competency_graph.engines.under_way import QuickBackend, UnderWay
from competency_graph.errors import CompetencyError
from competency_graph.sandbox.places import QUICK_SECONDS
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.ticket import Ticket
from competency_graph.web.http import problem_documents
from competency_graph.web.http.negotiation import ChosenFormat, not_acceptable, prefers_page
from competency_graph.web.http.problem_documents import Problem, problem_of, problem_of_http
from competency_graph.web.http.query_answers import (
    EVERY_RESPONSE,
    Plan,
    body_of,
    cache_headers,
    compressed,
    data_headers,
    is_compressed,
    plan,
    warning_headers,
)
from competency_graph.web.http.response_cache import Key, ResponseCache
from competency_graph.web.monitoring import logs
from competency_graph.web.monitoring.metrics import Metrics
from competency_graph.web.querying import sparql_protocol
from competency_graph.web.server.exchange import Exchange, SharedHeaders
from competency_graph.web.server.wsgi import Sender, Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PATH: Final = "/sparql"
_OK: Final = "200 OK"


class FastPath:
    """Answers what can be answered in the event loop.

    Args:
        backend: answers the queries.
        scheduler: decides which queries run, wait and are refused.
        cache: the responses of repeated requests.
        version: the version of the data; "" if it may change at any time.
        metrics: counts responses.
    """

    def __init__(
        self,
        backend: QuickBackend,
        scheduler: Scheduler,
        cache: ResponseCache,
        version: str,
        metrics: Metrics,
    ) -> None:
        self.backend, self.scheduler, self.cache = backend, scheduler, cache
        self.version, self.metrics = version, metrics

    def __call__(self, exchange: Exchange, threads: Threads) -> bool:
        """Answer a request, at once or later; return False to leave it to Flask."""
        environ = exchange.environ
        started_at = time.perf_counter()
        key = self.cache.key(environ) if self.version else None
        if key is not None:
            cached = self.cache.recall(key, environ, started_at)
            if cached is not None:
                (headers, body), request_id = cached
                exchange.respond(_OK, _own(request_id), body, headers)
                return True
        planned = self._plan(environ)
        if planned is None:
            return False
        query = _Query(self, exchange, threads, planned, key, started_at)
        query.do(query.enter)
        return True

    def _plan(self, environ: WSGIEnvironment) -> Plan | None:
        """The plan of the answer to a query of a program; None if it is left to Flask."""
        method, parameters = environ["REQUEST_METHOD"], environ["QUERY_STRING"]
        if (
            environ["PATH_INFO"] != _PATH
            or not (method == "POST" or (method == "GET" and parameters))
            or prefers_page(environ.get("HTTP_ACCEPT", ""))
            or int(environ.get("CONTENT_LENGTH") or 0) > self.backend.limits.body
            or _may_repeat(parameters)
        ):
            return None
        try:
            asked = sparql_protocol.read(environ, environ["wsgi.input"].getvalue)
            planned = plan(environ, self.version, asked.text, asked.format, asked.graphs)
            planned.request.check(self.backend.limits)
        except (CompetencyError, HTTPException):
            return None
        return None if planned.unchanged or planned.may_be_page else planned


def _may_repeat(parameters: str) -> bool:
    """Whether an address may give a parameter twice, which is refused."""
    if "&" not in parameters:
        return False
    names = [parameter.partition("=")[0] for parameter in parameters.split("&")]
    return len({*names}) < len(names) or any("%" in name or "+" in name for name in names)


class _Query:
    """A query on its way; its methods run in the event loop unless they say otherwise."""

    def __init__(
        self,
        path: FastPath,
        exchange: Exchange,
        threads: Threads,
        planned: Plan,
        key: Key | None,
        started_at: float,
    ) -> None:
        self._path, self._exchange, self._threads = path, exchange, threads
        self._plan, self._key, self._started_at = planned, key, started_at
        self._loop = threads.loop
        self._request_id = logs.request_id(exchange.environ)
        self._ticket: Ticket | None = None
        self._begun: UnderWay

    def do(self, step: Callable[..., None], *arguments: object) -> None:
        """Do a step; if it fails, report that and release what the query holds."""
        try:
            step(*arguments)
        except (CompetencyError, HTTPException) as error:
            self._leave()
            self._refuse(_problem(error))
        except Exception:  # noqa: BLE001  (the event loop serves others next)
            logs.failed()
            self._leave()
            self._exchange.fail()

    def enter(self) -> None:
        """Wait for its turn, without a thread."""
        scheduler = self._path.scheduler
        ticket = self._ticket = scheduler.enter(self._exchange.environ["REMOTE_ADDR"])
        if ticket.admitted.done():
            self._start(ticket)
            return
        seconds = scheduler.seconds_until(ticket.deadline)
        self._timer = self._loop.call_later(seconds, scheduler.give_up, ticket)
        self._exchange.on_abandoned = partial(scheduler.leave, ticket)
        go_on = partial(self.do, self._go_on, ticket)
        ticket.admitted.when_done(partial(self._admitted, threading.get_ident(), go_on))

    def _admitted(self, loop_thread: int, go_on: Callable[[], None]) -> None:
        """Go on in the event loop; called in the thread whose request has ended."""
        if threading.get_ident() == loop_thread:
            self._loop.call_soon(go_on)
        else:
            self._loop.call_soon_threadsafe(go_on)

    def _go_on(self, ticket: Ticket) -> None:
        self._timer.cancel()
        self._exchange.on_abandoned = None
        if ticket.admitted.error is not None:
            raise ticket.admitted.error
        if self._exchange.abandoned:
            self._leave()
        else:
            self._start(ticket)

    def _start(self, ticket: Ticket) -> None:
        backend, request = self._path.backend, self._plan.request
        begun = backend.begin(self._loop, request, ticket, partial(self.do, self._proceed))
        if begun is None:
            self._threads.run(partial(self._in_thread, partial(backend.ask, request, ticket)))
        elif isinstance(begun, Reply):
            self._answer(begun)
        else:
            self._begun = begun
            self._await()

    def _await(self) -> None:
        self._timer = self._loop.call_later(QUICK_SECONDS, self.do, self._hand_over)

    def _proceed(self) -> None:
        """Take what has arrived, and answer if that is the reply."""
        self._timer.cancel()
        reply = self._begun.go_on()
        if reply is None:
            self._await()
            return
        if not reply.arrived:
            self._begun.hand_over()
        self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        """Answer with what has arrived; let a thread send the rest of a long answer."""
        if not reply.arrived:
            self._threads.run(partial(self._in_thread, lambda: reply))
            return
        with reply:  # which is left when the client has its answer, as that may take a while
            body = b"".join(reply.chunks)
            headers = self._headers(reply)
            if is_compressed(self._exchange.environ, len(body)):
                headers += (("Content-Encoding", "gzip"),)
                body = b"".join(compressed([body]))
            self._exchange.respond(_OK, _own(self._request_id), body, headers)
        self._leave()
        self._record(200)
        if self._plan.cacheable:
            self._path.cache.store(self._key, headers, body)

    def _hand_over(self) -> None:
        """Let a thread wait for a slow query."""
        self._begun.hand_over()
        self._threads.run(partial(self._in_thread, self._begun.finish))

    def _in_thread(self, reply: Callable[[], Reply]) -> None:
        """Answer from a thread."""
        sender = Sender(self._exchange, self._loop)
        try:
            self._send(sender, reply)
        except BaseException:  # noqa: BLE001  (the thread serves others next)
            logs.failed()
            sender.fail()
        finally:
            self._leave()

    def _send(self, sender: Sender, ask: Callable[[], Reply]) -> None:
        environ = self._exchange.environ
        try:
            with ask() as reply:
                headers = self._headers(reply)
                body = body_of(environ, reply)
                pieces: Iterable[bytes] = [body] if isinstance(body, bytes) else body
                if is_compressed(environ, len(body) if isinstance(body, bytes) else None):
                    headers += (("Content-Encoding", "gzip"),)
                    pieces = compressed(pieces)
                if self._plan.cacheable:
                    pieces = self._path.cache.capture(self._key, headers, pieces)
                self._record(200)
                sender.start(_OK, [*headers, *_own(self._request_id)])
                sender.send_all(pieces)
        except (CompetencyError, HTTPException) as error:
            if sender.begun:
                sender.fail()
                return
            problem = _problem(error)
            self._record(problem.status, problem.limit)
            sender.start(_status(problem), self._problem_headers(problem))
            sender.send_all([problem.json(self._request_id)])

    def _headers(self, reply: Reply) -> SharedHeaders:
        form = self._plan.chosen[reply.kind]
        if form is None:
            raise not_acceptable(reply.kind)
        return _headers_of(reply.kind, form, reply.warnings, self._plan.etag)

    def _problem_headers(self, problem: Problem) -> list[tuple[str, str]]:
        return [
            *problem_documents.HEADERS,
            *problem.headers,
            *EVERY_RESPONSE,
            *_own(self._request_id),
        ]

    def _refuse(self, problem: Problem) -> None:
        self._record(problem.status, problem.limit)
        self._exchange.respond(
            _status(problem), self._problem_headers(problem), problem.json(self._request_id)
        )

    def _leave(self) -> None:
        if self._ticket is not None:
            self._path.scheduler.leave(self._ticket)

    def _record(self, status: int, limit: str = "") -> None:
        environ, started_at = self._exchange.environ, self._started_at
        logs.log_request(environ, self._request_id, status, started_at, limit)
        self._path.metrics.answered(_PATH, int(status), time.perf_counter() - started_at, limit)


@lru_cache(1024)
def _headers_of(
    kind: str, form: ChosenFormat, warnings: tuple[str, ...], etag: str
) -> SharedHeaders:
    """The header fields of an answer; those of many answers are equal."""
    described, remarks = data_headers(kind, form), warning_headers(warnings)
    return (*described, *remarks, *cache_headers(etag), *EVERY_RESPONSE)


def _own(request_id: str) -> SharedHeaders:
    """The header fields that no other response has."""
    return (("X-Request-ID", request_id),)


def _problem(error: CompetencyError | HTTPException) -> Problem:
    return problem_of_http(error) if isinstance(error, HTTPException) else problem_of(error)


def _status(problem: Problem) -> str:
    return f"{problem.status.value} {problem.status.phrase}"
