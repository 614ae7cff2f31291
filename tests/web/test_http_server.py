"""The HTTP server by itself (RFC 9112): what it reads, what it refuses, and how it sends."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from competency_graph.web.server.settings import Settings
from served_in_thread import Address, served

SETTINGS = Settings(body=1_000, buffered=3_000_000, per_client=40, head=4_096)
Start = Callable[..., object]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Responds with what it was asked, as JSON; its path may ask for something else."""
    body = environ["wsgi.input"].read()
    match environ["PATH_INFO"]:
        case "/pieces":
            start("200 OK", [("Content-Type", "text/plain")])
            return (b"piece %d " % n for n in range(3))
        case "/broken":
            start("200 OK", [("Content-Type", "text/plain")])
            return broken()
        case "/failing":
            raise RuntimeError("a secret")
        case "/long":
            start("200 OK", [("Content-Type", "text/plain")])
            return (b"x" * 65_536 for _ in range(32))
        case "/nothing":
            start("204 No Content", [])
            return []
        case "/injecting":
            start("200 OK", [("X-Name", "a\r\nX-Other: b")])
            return [b""]
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "REMOTE_ADDR")
    told = {name: environ.get(name) for name in (*names, "wsgi.url_scheme", "SERVER_PROTOCOL")}
    told |= {name: value for name, value in environ.items() if name.startswith("HTTP_")}
    content = json.dumps(told | {"body": body.decode("latin-1")}).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]


def broken() -> Iterator[bytes]:
    yield b"a part"
    raise RuntimeError("it breaks off")


@pytest.fixture(scope="module")
def server() -> Iterator[Address]:
    with served(application, SETTINGS) as address:
        yield address


def received(address: Address, *pieces: bytes, end: bool = True) -> bytes:
    """Everything that the server sends until it closes the connection."""
    with socket.create_connection(address, timeout=20) as client:
        for piece in pieces:
            client.sendall(piece)
        if end:
            client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def told(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n"), answer
    return dict(json.loads(body))


def get(path: str = "/", *fields: str, version: str = "1.1") -> bytes:
    return "\r\n".join([f"GET {path} HTTP/{version}", "Host: x", *fields, "", ""]).encode()


def test_a_request_arrives_whole(server: Address) -> None:
    sent = b"POST /a%20b//c?q=%20&x HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nx-one: 2\r\nCookie: a=1\r\nCookie: b=2\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhe\r\no"
    found = told(received(server, sent))
    assert found["PATH_INFO"] == "/a b//c"
    assert (found["QUERY_STRING"], found["body"]) == ("q=%20&x", "he\r\no")
    assert (found["HTTP_X_ONE"], found["HTTP_COOKIE"]) == ("1, 2", "a=1; b=2")
    assert found["REMOTE_ADDR"] == "127.0.0.1"
    one_by_one = [bytes([byte]) for byte in sent]
    assert told(received(server, *one_by_one)) == found


def test_a_body_in_chunks_is_joined(server: Address) -> None:
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;name=x\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: y\r\n\r\n"
    found = told(received(server, sent))
    assert (found["body"], found["CONTENT_LENGTH"]) == ("abc0123456789", "13")
    assert "HTTP_TRANSFER_ENCODING" not in found
    assert "HTTP_X_TRAILER" not in found


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("http://elsewhere.example/a?b", "/a", "b"),
        ("http://elsewhere.example", "/", ""),
        ("//elsewhere.example/a", "/elsewhere.example/a", ""),
        ("/a#b?c", "/a", ""),
        ("/%2e%2e/%00", "/../\x00", ""),
    ],
)
def test_targets(server: Address, target: str, path: str, query: str) -> None:
    found = told(received(server, get(target, "Connection: close")))
    assert (found["PATH_INFO"], found["QUERY_STRING"]) == (path, query)


SMUGGLING = {
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a length and a coding": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding and a length": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a length with a sign": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
    "a length that is none": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5a\r\n\r\nhello",
    "an endless length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "a coding that is not the last": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a coding that is unknown": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a size of a chunk that is none": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
    "a size of a chunk with a sign": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
    "a chunk that is longer": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nHost: x\r\nX-One: a\r\n b\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost: x\r\nX-One : a\r\n\r\n",
    "lines without carriage returns": b"GET / HTTP/1.1\nHost: x\n\n",
    "a carriage return alone": b"GET / HTTP/1.1\r\nHost: x\r\nX-One: a\rb\r\n\r\n",
    "a zero byte": b"GET / HTTP/1.1\r\nHost: x\r\nX-One: a\x00b\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "a version that is unknown": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a target with a space": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "another scheme": b"GET ftp://example.org/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x00\xa5\x01\x00\x00",
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_what_can_be_read_in_two_ways_is_refused(server: Address, name: str) -> None:
    """And what is sent after it is not answered (RFC 9112, section 11.2)."""
    answer = received(server, SMUGGLING[name] + get("/second"))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close\r\n" in answer
    problem = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert told(received(server, get("/", "Connection: close")))


def test_names_that_look_like_others_are_ignored(server: Address) -> None:
    found = told(received(server, get("/", "X_Forwarded_For: 1.2.3.4", "Connection: close")))
    assert "HTTP_X_FORWARDED_FOR" not in found


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([f"X-{n}: {'y' * 90}" for n in range(60)], 431),
        ([f"X-Long: {'y' * 5_000}"], 431),
        (["Content-Length: 4001"], 413),
        ([f"X-Fits: {'y' * 3_000}", "Connection: close"], 200),
    ],
)
def test_heads_and_bodies_are_limited(server: Address, fields: list[str], status: int) -> None:
    assert received(server, get("/", *fields)).split()[1] == str(status).encode()


def test_a_head_that_never_ends_is_refused(server: Address) -> None:
    with socket.create_connection(server, timeout=20) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-Long: ")
        with pytest.raises(ConnectionError):
            for _ in range(10_000):
                client.sendall(b"y" * 65_536)


def test_chunks_of_a_byte_are_limited_too(server: Address) -> None:
    chunks = b"1\r\nx\r\n" * 5_000
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    assert received(server, sent, end=False).startswith(b"HTTP/1.1 413 ")


def test_of_a_long_body_only_the_length_is_known(server: Address) -> None:
    """The application refuses it by its length; what is more is not kept."""
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\nConnection: close\r\n\r\n"
    found = told(received(server, sent + b"x" * 3000))
    assert (found["CONTENT_LENGTH"], len(found["body"])) == ("3000", 1001)


@pytest.mark.parametrize(("length", "invited"), [(5, True), (9_999, False)])
def test_a_client_that_asks_first(server: Address, length: int, invited: bool) -> None:
    fields = [f"Content-Length: {length}", "Expect: 100-continue", "Connection: close"]
    head = get("/", *fields).replace(b"GET", b"POST", 1)
    with socket.create_connection(server, timeout=20) as client:
        client.sendall(head)
        first = client.recv(25)
        assert (first == b"HTTP/1.1 100 Continue\r\n\r\n") == invited
        if invited:
            client.sendall(b"hello")
        rest = b"".join(iter(lambda: client.recv(65_536), b""))
    assert (first + rest).startswith(b"HTTP/1.1 100 " if invited else b"HTTP/1.1 413 ")
    if invited:
        assert told(rest)["body"] == "hello"


def test_requests_sent_together_are_answered_in_order(server: Address) -> None:
    paths = [f"/{n}" for n in range(200)]
    sent = b"".join(map(get, paths)) + get("/last", "Connection: close") + get("/never")
    answer = received(server, sent)
    found = [json.loads(part.partition(b"\r\n\r\n")[2])["PATH_INFO"] for part in answer.split(b"HTTP/1.1 200 OK\r\n")[1:]]  # fmt: skip
    assert found == [*paths, "/last"]


@pytest.mark.parametrize(
    ("version", "field", "stays"),
    [
        ("1.1", "X: y", True),
        ("1.1", "Connection: close", False),
        ("1.0", "X: y", False),
        ("1.0", "Connection: keep-alive", True),
        ("1.1", "Connection: Upgrade\r\nUpgrade: websocket", False),
    ],
)
def test_a_connection_is_kept_as_its_client_wants(
    server: Address, version: str, field: str, stays: bool
) -> None:
    with socket.create_connection(server, timeout=20) as client:
        client.sendall(get("/", field, version=version))
        response = http.client.HTTPResponse(client, method="GET")
        response.begin()
        response.read()
        connection = (response.getheader("Connection") or "").lower()
        assert connection == ("close" if not stays else "keep-alive" if version == "1.0" else "")
        if not stays:
            assert client.recv(1) == b""
            return
        client.sendall(get("/again", "Connection: close"))
        assert b"/again" in b"".join(iter(lambda: client.recv(65_536), b""))


def test_a_body_without_a_length_is_sent_in_chunks(server: Address) -> None:
    answer = received(server, get("/pieces", "Connection: close"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert body == b"8\r\npiece 0 \r\n8\r\npiece 1 \r\n8\r\npiece 2 \r\n0\r\n\r\n"
    old = received(server, get("/pieces", version="1.0"))
    assert b"chunked" not in old
    assert old.endswith(b"\r\n\r\npiece 0 piece 1 piece 2 ")


def test_a_head_alone_has_no_body(server: Address) -> None:
    for path in ("/", "/pieces"):
        sent = get(path, "Connection: close").replace(b"GET", b"HEAD", 1)
        assert received(server, sent).endswith(b"\r\n\r\n")
    nothing = received(server, get("/nothing", "Connection: close"))
    assert nothing.startswith(b"HTTP/1.1 204 ")
    assert b"Content-Length" not in nothing
    assert b"Transfer-Encoding" not in nothing


def test_a_response_that_breaks_off_can_be_recognized(server: Address) -> None:
    answer = received(server, get("/broken"))
    assert answer.endswith(b"6\r\na part\r\n")  # no chunk of length 0


@pytest.mark.parametrize("path", ["/failing", "/injecting"])
def test_a_failure_is_reported_without_details(server: Address, path: str) -> None:
    answer = received(server, get(path, "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n"), answer
    assert b"secret" not in answer
    assert b"X-Other" not in answer


def test_one_client_has_so_many_connections(server: Address) -> None:
    with ExitStack() as stack:  # none is closed before the server has seen all
        answered = 0
        for _ in range(60):
            client = socket.create_connection(server, 20, ("127.0.0.5", 0))
            stack.enter_context(client)
            with suppress(ConnectionError):
                client.sendall(get("/"))
                answered += client.recv(12) == b"HTTP/1.1 200"
    assert answered == SETTINGS.per_client


def test_what_a_client_does_not_read_waits_elsewhere_and_is_dropped_if_it_is_too_much() -> None:
    """A response of 2 MiB waits for its client; a second one exceeds the limit of 3 MB."""
    with served(application, SETTINGS) as address:
        clients = []
        for _ in range(2):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.connect(address)
            client.settimeout(20)
            client.sendall(get("/long", "Connection: close"))
            assert client.recv(12) == b"HTTP/1.1 200"
            clients.append(client)
        lengths = []
        for client in reversed(clients):
            length = 12
            try:
                while piece := client.recv(65_536):
                    length += len(piece)
            except ConnectionError:
                length = 0
            lengths.append(length)
            client.close()
    assert max(lengths) > 32 * 65_536


def test_a_proxy_names_its_client_and_nobody_else_does() -> None:
    fields = ["X-Forwarded-For: 6.6.6.6, 198.51.100.7", "X-Forwarded-Proto: https", "Connection: close"]  # fmt: skip
    trusting = Settings(body=1_000, buffered=10**6, trusted_proxy="127.0.0.1")
    with served(application, trusting) as address:
        found = told(received(address, get("/", *fields)))
        assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == ("198.51.100.7", "https")
        assert "HTTP_X_FORWARDED_FOR" not in found
        bracketed = told(received(address, get("/", "X-Forwarded-For: [2001:db8::1]:4711", "Connection: close")))  # fmt: skip
        assert bracketed["REMOTE_ADDR"] == "2001:db8::1"
        assert received(address, get("/", "X-Forwarded-Proto: gopher")).startswith(b"HTTP/1.1 400 ")
    with served(application, Settings(body=1_000, buffered=10**6)) as address:
        found = told(received(address, get("/", *fields)))
        assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == ("127.0.0.1", "http")
        assert "HTTP_X_FORWARDED_FOR" not in found


def test_requests_under_way_are_answered_when_the_server_stops() -> None:
    begun, go_on = threading.Event(), threading.Event()
    answers: list[bytes] = []

    def slow(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        begun.set()
        assert go_on.wait(10)
        start("200 OK", [])
        return [b"done"]

    with served(slow, SETTINGS) as address:
        asking = threading.Thread(target=lambda: answers.append(received(address, get("/"))))
        asking.start()
        assert begun.wait(10)
        threading.Timer(0.3, go_on.set).start()
    asking.join(10)
    assert answers[0].endswith(b"done")
    assert b"Connection: close" in answers[0]
