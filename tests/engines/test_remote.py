"""Another server without a thread that waits: what it receives, when, and what is passed on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest

from competency_graph.engines.elsewhere import readers
from competency_graph.engines.remote import Remote
from competency_graph.engines.under_way import UnderWay
from competency_graph.errors import (
    CompetencyError,
    EvaluationError,
    QuerySyntaxError,
    RefusedError,
    UnavailableError,
)
from competency_graph.sandbox.query_request import QueryCheck, QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import WorkerPool

TABLE = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
LONG = b'{"head":{"vars":["' + b"x" * 200_000 + b'"]},"results":{"bindings":[]}}'


class Recording(ThreadingHTTPServer):
    """A server that answers every query alike, and records what it received."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[str] = []
        self.content, self.status = TABLE, 200
        self.closes_next = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recording

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.server.closes_next:
            self.server.closes_next, self.close_connection = False, True
            return
        self.server.received.append(form["query"][0])
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *_: object) -> None: ...


class Asked(NamedTuple):
    """The other server, and a way to ask it as the event loop does."""

    server: Recording
    checks: list[str]
    ticket: Ticket
    ask: Callable[..., Reply]
    begin: Callable[[str], UnderWay | Reply | None]

    def answer(self, text: str, **parts: object) -> bytes:
        with self.ask(text, **parts) as reply:
            return b"".join(reply.chunks)


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerPool]:
    fork_server = readers(Limits(answer=10**6))
    pool = WorkerPool(fork_server)
    yield pool
    pool.close()
    fork_server.close()


@pytest.fixture
def asked(workers: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    checks: list[str] = []
    check_of = QueryCheck.of

    def counted(request: QueryRequest) -> QueryCheck:
        checks.append(request.text)
        return check_of(request)

    ticket = Scheduler().enter("a client")
    loop = asyncio.new_event_loop()
    with Recording() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        remote = Remote(f"http://127.0.0.1:{server.server_port}/", workers)

        def ask(text: str, **parts) -> Reply:
            request = QueryRequest(text, {"table": "json", "boolean": "json"}, **parts)
            return without_waiting(loop, remote, request, ticket)

        def begin(text: str) -> UnderWay | Reply | None:
            return remote.begin(loop, QueryRequest(text, {"table": "json"}), ticket, lambda: None)

        with remote.ask(QueryRequest("SELECT * {}", {"table": "json"})) as first:
            assert b"".join(first.chunks) == TABLE, "a connection is open and a worker runs"
        server.received.clear()
        monkeypatch.setattr(QueryCheck, "of", counted)
        yield Asked(server, checks, ticket, ask, begin)
        server.shutdown()
        thread.join()
    loop.close()


def without_waiting(loop: asyncio.AbstractEventLoop, remote: Remote, request, ticket) -> Reply:
    """The reply as the event loop awaits it, which leaves some to a thread."""
    result: asyncio.Future[Reply] = loop.create_future()

    def go_on() -> None:
        try:
            reply = begun.go_on()
        except CompetencyError as error:
            result.set_exception(error)
        else:
            if reply is not None:
                begun.hand_over()
                result.set_result(reply)

    begun = remote.begin(loop, request, ticket, go_on)
    if begun is None:
        return remote.ask(request, ticket)
    if isinstance(begun, Reply):
        return begun
    return loop.run_until_complete(asyncio.wait_for(result, 10))


def test_a_short_answer_has_arrived(asked: Asked) -> None:
    with asked.ask("SELECT * { ?s ?p ?o }") as reply:
        assert reply.arrived
        assert (reply.kind, reply.format) == ("table", "json")
        assert b"".join(reply.chunks) == TABLE
    assert asked.server.received == ["SELECT * { ?s ?p ?o }"]


def test_a_query_is_checked_once(asked: Asked) -> None:
    for _ in range(3):
        assert asked.answer("SELECT * { ?a ?b ?c }") == TABLE
    assert len(asked.checks) == 1
    assert len(asked.server.received) == 3
    assert asked.answer("SELECT * { ?a ?b <c> }", base="http://x.example/") == TABLE
    with pytest.raises(QuerySyntaxError):
        asked.answer("SELECT * { ?a ?b <c> }")
    assert len(asked.checks) == 3


def test_queries_of_the_same_template_are_checked_once(asked: Asked) -> None:
    for number in range(3):
        text = f'SELECT * {{ <http://a.example/{number}> ?p "{number}" }} # {number}'
        assert asked.answer(text) == TABLE
        assert asked.server.received[number] == text
    assert len(asked.checks) == 1
    with pytest.raises(QuerySyntaxError):
        asked.answer("SELECT * { <http://a:b/> ?p '' } # it's")
    with pytest.raises(RefusedError):
        asked.answer("SELECT * FROM <http://a.example/> { ?s ?p ?o }")
    assert len(asked.checks) == 3


def test_the_check_of_a_query_for_a_graph_says_nothing_about_other_graphs(asked: Asked) -> None:
    text = "SELECT * FROM <https://w3id.org/competency-graph/graph/asserted> { ?s ?p ?o }"
    assert asked.answer(text) == TABLE
    with pytest.raises(RefusedError):
        asked.answer(text.replace("asserted", "other"))


def test_what_a_client_used_is_not_the_time_of_the_check(asked: Asked) -> None:
    """Without a report, a scheduler counts how long the query ran, which is at the other server."""
    assert asked.answer("SELECT * { ?a ?b ?c }") == TABLE
    assert len(asked.checks) == 1
    assert asked.ticket.seconds == 0


FORBIDDEN = {
    "another service": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }",
    "an escaped one": "SELECT * { \\u0053ERVICE <http://x.example/> { ?s ?p ?o } }",
    "a graph": "SELECT * FROM <http://x.example/> { ?s ?p ?o }",
    "an update": "DELETE WHERE { ?s ?p ?o }",
    "a function of Virtuoso where nothing calls it": "ASK { VALUES ?z {} FILTER(<bif:http_get>('http://x.example/') = 1) }",
    "a function of another engine": "SELECT * { ?s ?p ?o } ORDER BY ?s <http://x.example/get>(?s)",
    "a setting before an update": "PREFIX x: <http://x.example/> CLEAR ALL",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_forbidden_is_not_sent(asked: Asked, name: str) -> None:
    with pytest.raises(RefusedError):
        asked.answer(FORBIDDEN[name])
    assert asked.server.received == []


@pytest.mark.parametrize("part", ["default_graphs", "named_graphs"])
def test_a_request_for_graphs_from_elsewhere_is_not_sent(asked: Asked, part: str) -> None:
    with pytest.raises(RefusedError):
        asked.answer("SELECT * { ?s ?p ?o }", **{part: ("http://x.example/",)})
    assert asked.server.received == []


@pytest.mark.parametrize("text", ["SELECT * { ?s no:prefix ?o }", "SELECT * {", "ASK { ?s ?p }"])
def test_nothing_is_passed_on_of_the_answer_to_an_invalid_query(asked: Asked, text: str) -> None:
    """Some servers answer what is not valid, as Virtuoso does if a prefix is not declared."""
    with pytest.raises(QuerySyntaxError):
        asked.answer(text)
    assert asked.answer("SELECT * { ?s ?p ?o }") == TABLE


def test_a_connection_that_the_server_has_just_closed_is_replaced(asked: Asked) -> None:
    asked.server.closes_next = True
    assert asked.answer("SELECT * { ?s ?p ?o }") == TABLE
    assert asked.answer("SELECT * { ?s ?p ?o }") == TABLE


SENT = {"early": "SELECT * { ?s ?p ?o }", "when it is checked": "SELECT * { ?s ?added ?o }"}


@pytest.mark.parametrize("when", SENT)
def test_a_thread_finishes_what_has_begun(asked: Asked, when: str) -> None:
    for checks in (1, 1):  # the second time, the query has passed already
        begun = asked.begin(SENT[when])
        assert begun is not None and not isinstance(begun, Reply)
        begun.hand_over()
        with begun.finish() as reply:
            assert b"".join(reply.chunks) == TABLE
        assert len(asked.checks) == checks
    assert asked.answer(SENT[when]) == TABLE


def test_a_long_answer_is_read_in_pieces(asked: Asked) -> None:
    asked.server.content = LONG
    with asked.ask("SELECT * { ?s ?p ?o }") as reply:
        assert not reply.arrived
        pieces = list(reply.chunks)
    assert len(pieces) > 1
    assert b"".join(pieces) == LONG


def test_an_answer_over_the_limit_is_cut_off(asked: Asked) -> None:
    asked.server.content = LONG * 6
    with pytest.raises(CompetencyError) as caught:
        asked.answer("SELECT * { ?s ?p ?o }")
    assert caught.value.what == "the answer is longer than the limit of 1,000,000 bytes"


@pytest.mark.parametrize(("status", "error"), [(400, QuerySyntaxError), (500, EvaluationError)])
def test_an_error_of_the_server_is_reported(
    asked: Asked, status: int, error: type[CompetencyError]
) -> None:
    asked.server.status, asked.server.content = status, b"what is wrong"
    with pytest.raises(error) as caught:
        asked.answer("SELECT * { ?s ?p ?o }")
    assert caught.value.what.endswith(": what is wrong")


@pytest.mark.parametrize("content", [b"<html>", b"{}", b"[]", b"\xff", b'{"results": {}}'])
def test_what_is_no_answer_is_reported(asked: Asked, content: bytes) -> None:
    asked.server.content = content
    with pytest.raises(EvaluationError) as caught:
        asked.answer("ASK {}")
    assert "not a result in JSON" in caught.value.what


def test_a_server_that_is_gone_is_reported(asked: Asked) -> None:
    asked.server.shutdown()
    asked.server.server_close()
    asked.server.closes_next = True
    with pytest.raises(UnavailableError):
        asked.answer("SELECT * { ?s ?p ?o }")
