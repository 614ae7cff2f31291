"""The endpoint under attack: answers are bounded, and good queries still work."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import COMMAND, first_match
from hostile import NESTED, SLOW

GOOD = "SELECT ?r { ?r a <https://w3id.org/competency-graph/ontology#Role> }"


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A server with low limits: a second, 256 MiB, answers of 1 MiB, 2 slow queries of a client."""
    process = subprocess.Popen(
        [
            COMMAND, "serve", "--port", "0", "--time-limit", "1", "--memory-limit", "256",
            "--answer-limit", "1", "--per-client", "2", "--concurrent", "3", "--log", "off",
            "--query-limit", "20000", "--body-limit", "2", "--patience", "2",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path_factory.mktemp("bounded"),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = urllib.parse.urlsplit(first_match(r"(http://[\d.]+:\d+)", process.stdout))
        yield str(url.hostname), int(url.port or 0)
        assert process.poll() is None, "the server is gone"
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0


def post(
    server: tuple[str, int],
    query: str,
    accept: str = "application/sparql-results+json",
    client: str = "127.0.0.1",
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(*server, timeout=20, source_address=(client, 0))
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    connection.request("POST", "/sparql", query.encode(), headers)
    reply = connection.getresponse()
    try:
        return reply.status, dict(reply.headers), reply.read()
    finally:
        connection.close()


def assert_good_query_works(server: tuple[str, int]) -> None:
    status, _, body = post(server, GOOD, client="127.0.0.2")
    assert status == 200, body
    assert len(json.loads(body)["results"]["bindings"]) == 6


@pytest.mark.parametrize("name", [*SLOW, *NESTED])
def test_every_answer_takes_bounded_time(bounded: tuple[str, int], name: str) -> None:
    since = time.monotonic()
    try:
        status, _, body = post(bounded, (SLOW | NESTED)[name])
    except http.client.IncompleteRead:
        status, body = 200, b""  # recognizably truncated
    assert time.monotonic() - since < 10
    assert status in {200, 400, 403, 413, 503}, body
    if status == 503:
        assert json.loads(body)["limit"] in {"seconds", "memory", "answer"}
    assert_good_query_works(bounded)


@pytest.mark.parametrize(
    ("length", "limit"), [(19_000, ""), (21_000, "query"), (2_100_000, "body")]
)
def test_an_error_for_excessive_length_names_the_limit(
    bounded: tuple[str, int], length: int, limit: str
) -> None:
    """The limit of the query, and that of the body."""
    status, headers, body = post(bounded, "ASK {} #" + "x" * length)
    if not limit:
        assert status == 200
        return
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(body)["limit"] == limit


MEGABYTE = b"x" * 1_000_000
LONG = {
    "with its length": ("Content-Length: 10000000", [MEGABYTE] * 10),
    "in chunks": (
        "Transfer-Encoding: chunked",
        [b"f4240\r\n" + MEGABYTE + b"\r\n"] * 10 + [b"0\r\n\r\n"],
    ),
    "after asking whether to send it": (
        "Content-Length: 10000000\r\nExpect: 100-continue",
        list[bytes](),
    ),
    "without waiting for leave": (
        "Content-Length: 10000000\r\nExpect: 100-continue",
        [MEGABYTE] * 10,
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_a_client_that_sends_far_too_much_can_read_the_error(
    bounded: tuple[str, int], name: str
) -> None:
    """It reads only after sending everything; a connection reset would lose the answer."""
    fields, body = LONG[name]
    with socket.create_connection(bounded, timeout=20) as client:
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\n{fields}\r\n"
        client.sendall(f"{head}Content-Type: application/sparql-query\r\n\r\n".encode())
        for piece in body:
            client.sendall(piece)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, told = answer.decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 413 ")
    problem = json.loads(told)
    assert (problem["status"], problem["limit"]) == (413, "body")
    assert "2,000,000 bytes" in problem["detail"]


def test_a_client_that_never_stops_sending_is_disconnected(bounded: tuple[str, int]) -> None:
    with socket.create_connection(bounded, timeout=20) as client:
        client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n")
        with pytest.raises(ConnectionError):
            for _ in range(1_000):
                client.sendall(MEGABYTE)
    assert_good_query_works(bounded)


def test_a_truncated_answer_is_recognizable(bounded: tuple[str, int]) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        post(bounded, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert_good_query_works(bounded)


def test_a_client_with_too_many_slow_queries_is_asked_to_wait(bounded: tuple[str, int]) -> None:
    """Meanwhile, the queries of another client are answered."""
    with ThreadPoolExecutor(8) as pool:
        attacks = [pool.submit(post, bounded, SLOW["cartesian product"]) for _ in range(8)]
        assert_good_query_works(bounded)
        replies = [attack.result() for attack in attacks]
        assert_good_query_works(bounded)
    assert {status for status, _, _ in replies} == {429, 503}
    for status, headers, body in replies:
        if status == 429:
            assert headers["Retry-After"] == "1"  # a slow query takes a second
            assert json.loads(body)["limit"] == "queries of one client"


def test_all_clients_together_are_limited(bounded: tuple[str, int]) -> None:
    """Six slow queries of as many clients run at once, for a second; others wait for two."""
    with ThreadPoolExecutor(30) as pool:
        attacks = [
            pool.submit(post, bounded, SLOW["cartesian product"], client=f"127.0.0.{n}")
            for n in range(10, 40)
        ]
        replies = [attack.result() for attack in attacks]
    assert {status for status, _, _ in replies} == {503}
    assert {json.loads(body)["limit"] for _, _, body in replies} == {"seconds", "queries in all"}
    assert_good_query_works(bounded)


def test_clients_that_leave_early_leave_nothing_behind(bounded: tuple[str, int]) -> None:
    for _ in range(6):
        with socket.create_connection(bounded) as client:
            body = b"SELECT * { ?a ?b ?c . ?d ?e ?f }"
            client.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            client.recv(100)
    status, _, body = post(bounded, GOOD, client="127.0.0.2")
    assert (status, len(json.loads(body)["results"]["bindings"])) == (200, 6)


def test_hostile_headers_do_no_harm(bounded: tuple[str, int]) -> None:
    for head in (
        b"GET /sparql HTTP/1.1\r\n" + b"A: b\r\n" * 10_000 + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b;q=0.1," * 700 + b"\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"\x00\xff" * 1_000 + b"\r\n\r\n",
    ):
        with socket.create_connection(bounded, timeout=10) as client:
            line = b""
            with contextlib.suppress(ConnectionError):  # disconnected while sending
                client.sendall(head)
                line = client.recv(4096).split(b"\r\n")[0]
            assert line == b"" or line.split()[1][:1] in b"24", line
    assert_good_query_works(bounded)


def test_good_queries_are_answered_while_others_attack(bounded: tuple[str, int]) -> None:
    stop = threading.Event()
    statuses: set[int] = set()

    def attack(number: int) -> None:
        names = list(SLOW)
        while not stop.is_set():
            with contextlib.suppress(http.client.HTTPException, OSError):
                statuses.add(post(bounded, SLOW[names[number % len(names)]])[0])
            number += 1

    attackers = [threading.Thread(target=attack, args=(n,)) for n in range(8)]
    for thread in attackers:
        thread.start()
    try:
        for _ in range(20):
            assert_good_query_works(bounded)
    finally:
        stop.set()
        for thread in attackers:
            thread.join(20)
    assert 503 in statuses  # some attacks did reach a limit
