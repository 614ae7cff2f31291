"""Requests are read alike whether their heads are known or not, and however they are cut."""

from __future__ import annotations

import itertools
import random

import pytest

from competency_graph.web.server.request_reader import Head, Rejection, Request, RequestReader
from competency_graph.web.server.settings import Settings

SETTINGS = Settings(body=100, buffered=10**6)
REQUESTS = {
    "a body": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody",
    "another body": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\r\n\r\n",
    "a longer one": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\r\n",
    "one that is too long": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 150\r\n\r\n" + b"b" * 150,
    "no body": b"GET /?a=b HTTP/1.1\r\nHost: x\r\n\r\n",
    "a length of 0": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "chunks": b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "an empty line before": b"\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb",
    "an invitation": b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
    "HTTP/1.0": b"POST /a HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab",
}  # fmt: skip
LAST = {
    "the end": b"POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab",
    "no host": b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nab",
    "two lengths": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody",
    "far too long": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 401\r\n\r\n" + b"b" * 401,
    "no HTTP": b"hello\r\n\r\n",
}  # fmt: skip


def read(pieces: list[bytes], known: dict[bytes, Head]) -> list[object]:
    """What a reader makes of these pieces: requests, invitations and a rejection."""
    found: list[object] = []

    def receive(request: Request) -> None:
        head = request.head
        found.append((head.method, head.target, head.version, head.headers, head.keep_alive))
        found.append((request.body, request.body_length))

    reader = RequestReader(SETTINGS, known, receive, lambda: found.append("continue"))
    try:
        for piece in pieces:
            reader.feed(piece)
    except Rejection as rejection:
        found.append((rejection.status, rejection.detail))
    return [*found, reader.in_request]


def cut(chance: random.Random, content: bytes) -> list[bytes]:
    places = sorted(chance.sample(range(1, len(content)), chance.randrange(5)))
    ends = [0, *places, len(content)]
    return [content[a:b] for a, b in itertools.pairwise(ends)]


@pytest.mark.parametrize("last", [*LAST, ""])
def test_what_is_known_changes_nothing(last: str) -> None:
    chance, known = random.Random(last), dict[bytes, Head]()
    for _ in range(300):
        names = chance.choices([*REQUESTS], k=chance.randint(1, 4))
        content = b"".join(REQUESTS[name] for name in names) + LAST.get(last, b"")
        whole = [REQUESTS[name] for name in names] + [LAST.get(last, b"")]
        expected = read([content], {})
        assert read(whole, {}) == expected
        assert read(whole, known) == expected
        assert read([content], known) == expected
        assert read(cut(chance, content), known) == expected
    repeatable = ("a body", "a longer one", "one that is too long", "HTTP/1.0")
    heads = {REQUESTS[name].partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for name in repeatable}
    after_an_empty_line = REQUESTS["an empty line before"][2:-1]
    assert heads <= set(known) <= heads | {after_an_empty_line}


def test_as_many_heads_are_remembered_as_a_client_may_have() -> None:
    known: dict[bytes, Head] = {}
    for number in range(3_000):
        head = f"POST /{number} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n".encode()
        read([head + b"a"], known)
    assert 0 < len(known) <= 1024
    long = b"POST / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 5_000 + b"\r\nContent-Length: 1\r\n\r\n"
    before = dict(known)
    read([long + b"a"], known)
    assert known == before
