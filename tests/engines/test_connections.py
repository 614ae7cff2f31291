"""Connections to another server: kept open, replaced when it closed them, and whole answers only."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from competency_graph.engines.connections import Connections
from competency_graph.engines.response import BrokenResponseError


class Answering(ThreadingHTTPServer):
    """A server that says how a request arrived, and counts connections."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connected = 0

    @property
    def url(self) -> str:
        return f"http://ann:p%40ss@127.0.0.1:{self.server_port}/query?x=1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Answering

    def setup(self) -> None:
        self.server.connected += 1
        super().setup()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        content = f"{self.path} {self.headers['Authorization']} {body}".encode()
        self.send_response(200)
        self.send_header(
            "Content-Length", str(len(content) + 10 * (body in ("cut off", "unfinished")))
        )
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = body in ("close", "cut off")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering() as answering:
        thread = threading.Thread(target=answering.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield answering
        answering.shutdown()
        thread.join()


def ask(connections: Connections, body: str, size: int = 1000) -> bytes:
    connection = connections.post(body.encode(), {"Accept": "*/*"}, 10)
    with contextlib.ExitStack() as stack:
        stack.callback(connection.leave)
        return b"".join(iter(lambda: connection.read(size), b""))


def test_a_connection_is_used_again(server: Answering) -> None:
    connections = Connections(server.url)
    for body in ("one", "two"):
        assert ask(connections, body).decode() == f"/query?x=1 Basic YW5uOnBAc3M= {body}"
    assert server.connected == 1


def test_one_that_the_server_closed_is_replaced(server: Answering) -> None:
    connections = Connections(server.url)
    ask(connections, "close")
    assert ask(connections, "two").endswith(b"two")
    assert server.connected == 2


def test_one_whose_response_has_not_arrived_is_not_used_again(server: Answering) -> None:
    connections = Connections(server.url)
    connections.post(b"unfinished", {}, 10).leave()
    assert ask(connections, "two").endswith(b"two")
    assert server.connected == 2


def test_a_response_that_is_cut_off_is_an_error(server: Answering) -> None:
    with pytest.raises(BrokenResponseError):
        ask(Connections(server.url), "cut off")


def test_a_server_that_is_gone_is_an_error(server: Answering) -> None:
    connections = Connections(server.url)
    ask(connections, "one")
    server.server_close()
    ask(connections, "close")
    with pytest.raises(OSError):
        ask(connections, "two")
