"""``/mcp``: the protocol over HTTP, whose pages may call it, and what happens under attack."""

from __future__ import annotations

import http.client
import json
import sys
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest
from assistant import Assistant, connected

from competency_graph import Dictionary
from competency_graph.engines.in_process import InProcess
from competency_graph.web.app import create_app
from conftest import serving
from hostile import SLOW

ROLES = "SELECT ?r { ?r a <https://w3id.org/competency-graph/ontology#Role> }"
LIST: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ASK = LIST | {
    "method": "tools/call",
    "params": {"name": "query", "arguments": {"query": ROLES}},
}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with low limits: three seconds, two slow queries of a client, waiting for one."""
    limits = ("--time-limit", "3", "--per-client", "2", "--patience", "1", "--body-limit", "1")
    with serving(tmp_path_factory.mktemp("bounded"), *limits) as address:
        yield address


@pytest.fixture(scope="module")
def assistant(bounded: str) -> Iterator[Assistant]:
    with connected(f"{bounded}/mcp") as found:
        yield found


def send(
    server: str,
    body: object = LIST,
    method: str = "POST",
    client: str = "127.0.0.1",
    **headers: str,
) -> Reply:
    url = urllib.parse.urlsplit(server)
    connection = http.client.HTTPConnection(
        str(url.hostname), url.port, timeout=20, source_address=(client, 0)
    )
    given = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, "/mcp", content, given)
    reply = connection.getresponse()
    try:
        return Reply(reply.status, reply.headers, reply.read())
    finally:
        connection.close()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_clients_of_each_revision_are_served(bounded: str, mode: str) -> None:
    with connected(f"{bounded}/mcp", mode=mode) as assistant:
        assert len(assistant.ask("list_tools").tools) == 9
        assert len(assistant.call("query", query=ROLES)["rows"]) == 6
        assert assistant.client.server_info.name == "competency-graph"


def test_a_message_is_answered_in_json_without_a_session(bounded: str) -> None:
    reply = send(bounded, ASK)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert len(json.loads(reply.body)["result"]["structuredContent"]["rows"]) == 6
    assert reply.headers["Mcp-Session-Id"] is None
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers.get_all("Content-Length") == [str(len(reply.body))]


def test_a_notification_has_no_answer(bounded: str) -> None:
    reply = send(bounded, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (reply.status, reply.body) == (202, b"")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH"])
def test_there_is_no_stream_and_no_session_to_end(bounded: str, method: str) -> None:
    reply = send(bounded, b"", method)
    assert reply.status == 405
    assert reply.headers["Allow"] == "POST"
    assert "send each message by POST" in json.loads(reply.body)["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Accept": "text/html"}, 406),
        ({"Content_Type": "text/plain"}, 400),
        ({"MCP_Protocol_Version": "1999-01-01"}, 400),
        ({"MCP_Protocol_Version": "2025-06-18"}, 200),
        ({"Accept": "application/json, text/event-stream"}, 200),
        ({"Origin": "http://localhost:6274"}, 200),
        ({"Origin": "http://127.0.0.1:6274"}, 200),
        ({"Origin": "http://[::1]:6274"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://evil.example:8000", "Host": "evil.example:8000"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
    ],
)
def test_headers_decide_whether_a_message_is_answered(
    bounded: str, headers: dict[str, str], status: int
) -> None:
    reply = send(bounded, **headers)
    assert reply.status == status, reply.body
    if status == 403:
        assert "pages of other sites" in json.loads(reply.body)["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"jsonrpc": "2.0"}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b'{"jsonrpc":"2.0","id":' + b"9" * 5_000 + b"}",
        json.dumps([LIST, LIST]).encode(), json.dumps(LIST | {"method": 1}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_in_json(bounded: str, body: bytes) -> None:
    reply = send(bounded, body)
    assert 400 <= reply.status < 500
    assert json.loads(reply.body)["error"]["code"] < 0
    assert b"Traceback" not in reply.body


def test_a_method_that_streams_is_not_served(bounded: str) -> None:
    reply = send(
        bounded, LIST | {"method": "resources/subscribe", "params": {"uri": "competency://rules"}}
    )
    assert json.loads(reply.body)["error"]["code"] == -32601


def test_a_long_message_is_refused(bounded: str) -> None:
    assert send(bounded, b" " * 1_000_001).status == 413


def test_pages_of_this_computer_may_ask_what_they_may_send(bounded: str) -> None:
    reply = send(bounded, b"", "OPTIONS", Origin="http://localhost:6274")
    assert reply.status == 200
    assert "MCP-Protocol-Version" in reply.headers["Access-Control-Allow-Headers"]


def test_a_slow_query_is_stopped_while_others_are_answered(
    assistant: Assistant, bounded: str
) -> None:
    """Of four at once, two run until the limit, and two are refused after waiting."""
    slow = [assistant.start("query", query=SLOW["cartesian product"]) for _ in range(4)]
    other = send(bounded, ASK, client="127.0.0.2")
    assert not any(each.done() for each in slow), "the other client had to wait"
    assert len(json.loads(other.body)["result"]["structuredContent"]["rows"]) == 6
    results = [each.result(20) for each in slow]
    assert all(result.is_error for result in results)
    busy = "the service is busy with your other requests. Wait a moment"
    limit = "the query took longer than the limit of 3 seconds. Make it cheaper"
    for beginning in (busy, limit):
        assert sum(result.content[0].text.startswith(beginning) for result in results) == 2
    assert len(assistant.call("query", query=ROLES)["rows"]) == 6


def test_nothing_is_fetched_or_written(assistant: Assistant) -> None:
    for query in (
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd>",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "INSERT DATA { <x:a> <x:b> <x:c> }",
    ):
        assert assistant.error("query", query=query)


def test_a_fault_of_the_server_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, sales: Dictionary, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a secret")

    monkeypatch.setattr("competency_graph.mcp.tools.entries.read_entry", fail)
    call = {"name": "get_entry", "arguments": {"entry": "Analyst"}}
    client = create_app(InProcess(sales.store)).test_client()
    message = LIST | {"method": "tools/call", "params": call}
    with ThreadPoolExecutor(1) as threads:  # as in the server, without an event loop of others
        reply = threads.submit(client.post, "/mcp", json=message, headers=JSON).result()
    result = reply.json["result"]
    assert result["isError"]
    assert result["content"][0]["text"].startswith("The server failed on this call. Report it")
    assert "secret" not in reply.text
    assert "a secret" in caplog.text


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch, sales: Dictionary) -> None:
    monkeypatch.setitem(sys.modules, "competency_graph.mcp.http", None)
    reply = create_app(InProcess(sales.store)).test_client().post("/mcp", json=LIST)
    assert reply.status_code == 503
    assert "competency-graph[mcp]" in reply.json["remedy"]
