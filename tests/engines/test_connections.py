"""Connections to another server: kept open, replaced when it closed them, and whole answers only."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from competency_graph.engines.connections import Connections


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
        self.send_header("Content-Length", str(len(content) + 10 * (body == "cut off")))
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
    response = connections.post(body.encode(), {"Accept": "*/*"}, 10)
    with contextlib.closing(Leaving(response)):
        return b"".join(iter(lambda: response.read(size), b""))


class Leaving:
    """A response that is left when it is closed."""

    def __init__(self, response) -> None:
        self.close = response.leave


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


def test_one_whose_response_was_not_read_is_not_used_again(server: Answering) -> None:
    connections = Connections(server.url)
    connections.post(b"one", {}, 10).leave()
    assert ask(connections, "two").endswith(b"two")
    assert server.connected == 2


def test_a_response_that_is_cut_off_is_an_error(server: Answering) -> None:
    with pytest.raises(HTTPException):
        ask(Connections(server.url), "cut off")


def test_a_server_that_is_gone_is_an_error(server: Answering) -> None:
    connections = Connections(server.url)
    ask(connections, "one")
    server.server_close()
    ask(connections, "close")
    with pytest.raises(OSError):
        ask(connections, "two")
