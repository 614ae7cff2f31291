"""Answers that are kept: the same again, only where the same is asked, only while they fit."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from competency_graph.web.response_cache import CACHEABLE, ResponseCache

Asked = dict[str, Any]
PLAIN = {"QUERY_STRING": "query=ASK", "HTTP_ACCEPT": "text/csv"}


class Application:
    """Answers with so many bytes, in pieces of a thousand; counts how often it is asked."""

    def __init__(self, size: int = 10, keep: bool = True, status: str = "200 OK") -> None:
        self.size, self.keep, self.status, self.asked = size, keep, status, 0

    def __call__(self, environ: Asked, start: Callable[..., object]) -> Iterable[bytes]:
        self.asked += 1
        environ[CACHEABLE] = self.keep
        body = environ["wsgi.input"].read() + str(self.asked).encode().ljust(self.size, b".")
        start(self.status, [("X-Kind", "test"), ("Content-Length", "1"), ("X-Request-ID", "first")])
        return self._pieces(body)

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        for place in range(0, len(body), 1000):
            yield body[place : place + 1000]


def ask(
    memory: ResponseCache, body: bytes = b"", whole: bool = True, **asked: str
) -> tuple[Any, bytes]:
    environ: Asked = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/sparql",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "CONTENT_LENGTH": str(len(body)),
    } | PLAIN | asked  # fmt: skip
    said: list[Any] = []
    pieces = memory(environ, lambda status, headers, *_: said.extend((status, dict(headers))))
    return said[1], b"".join(pieces) if whole else next(iter(pieces))


def remembering(app: Application, **sizes: int) -> tuple[ResponseCache, list[str]]:
    told: list[str] = []

    def account(environ: Asked, since: float) -> str:
        told.append(environ["PATH_INFO"])
        return "again"

    return ResponseCache(app, account, **sizes), told


def test_what_is_asked_again_is_answered_again_and_told() -> None:
    app = Application(size=2_500)
    memory, told = remembering(app)
    _, first = ask(memory)
    headers, second = ask(memory)
    assert (first, app.asked, told) == (second, 1, ["/sparql"])
    assert headers == {"X-Kind": "test", "Content-Length": "2500", "X-Request-ID": "again"}


@pytest.mark.parametrize(
    "other",
    [
        {"QUERY_STRING": "query=ASk"},
        {"HTTP_ACCEPT": "text/html"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"PATH_INFO": "/queries"},
        {"HTTP_HOST": "elsewhere.example"},
        {"wsgi.url_scheme": "https"},
        {"CONTENT_TYPE": "application/sparql-query"},
        {"body": b"ASK {}"},
    ],
)
def test_another_question_has_another_answer(other: Asked) -> None:
    memory, told = remembering(Application())
    _, first = ask(memory)
    _, second = ask(memory, **other)
    assert first != second
    assert [ask(memory)[1], ask(memory, **other)[1]] == [first, second]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("app", "asked"),
    [
        (Application(keep=False), {}),
        (Application(status="429 Too Many Requests"), {}),
        (Application(), {"HTTP_IF_NONE_MATCH": '"x"'}),
        (Application(), {"REQUEST_METHOD": "HEAD"}),
        (Application(size=2_000_000), {}),
        (Application(), {"body": b"x" * 100_001}),
        (Application(), {"CONTENT_LENGTH": "many"}),
        (Application(), {"whole": False}),
    ],
)
def test_what_may_not_be_given_again_is_not(app: Application, asked: Asked) -> None:
    memory, told = remembering(app)
    if app.size < 1000 and "whole" in asked:
        app.size = 3_000  # left after its first piece
    ask(memory, **asked)
    ask(memory, **asked)
    assert (app.asked, told) == (2, [])


@pytest.mark.parametrize(("size", "kept"), [(0, 0), (1_000, 0), (3_000, 1), (100_000, 51)])
def test_no_more_is_kept_than_has_room(size: int, kept: int) -> None:
    """An answer of 900 bytes takes 1,924, so 51 of them 98,124."""
    memory, told = remembering(Application(size=900), max_bytes=size)
    for _ in range(2):
        for number in range(kept or 1):
            assert len(ask(memory, QUERY_STRING=str(number))[1]) == 900
    assert len(told) == kept
