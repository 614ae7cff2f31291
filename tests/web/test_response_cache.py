"""The response cache: the same response for the same request, within the size of the cache."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from competency_graph.web.http.response_cache import CACHEABLE, CachedApplication, ResponseCache

Environ = dict[str, Any]
PLAIN = {"QUERY_STRING": "query=ASK", "HTTP_ACCEPT": "text/csv"}


class Application:
    """Responds with ``size`` bytes in chunks of a thousand, and counts its requests."""

    def __init__(self, size: int = 10, keep: bool = True, status: str = "200 OK") -> None:
        self.size, self.keep, self.status, self.requests = size, keep, status, 0

    def __call__(self, environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        self.requests += 1
        environ[CACHEABLE] = self.keep
        body = environ["wsgi.input"].read() + str(self.requests).encode().ljust(self.size, b".")
        start(self.status, [("X-Kind", "test"), ("Content-Length", "1"), ("X-Request-ID", "first")])
        return self._pieces(body)

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        for place in range(0, len(body), 1000):
            yield body[place : place + 1000]


def ask(
    cache: CachedApplication, body: bytes = b"", whole: bool = True, **environ_changes: str
) -> tuple[Any, bytes]:
    environ: Environ = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/sparql",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "CONTENT_LENGTH": str(len(body)),
    } | PLAIN | environ_changes  # fmt: skip
    started: list[Any] = []
    pieces = cache(environ, lambda status, headers, *_: started.extend((status, dict(headers))))
    return started[1], b"".join(pieces) if whole else next(iter(pieces))


def caching(app: Application, **sizes: int) -> tuple[CachedApplication, list[str]]:
    hits: list[str] = []

    def record_hit(environ: Environ, started_at: float) -> str:
        hits.append(environ["PATH_INFO"])
        return "again"

    return CachedApplication(app, ResponseCache(record_hit, **sizes)), hits


def test_a_repeated_request_is_answered_from_the_cache_and_recorded() -> None:
    app = Application(size=2_500)
    cache, hits = caching(app)
    _, first = ask(cache)
    headers, second = ask(cache)
    assert (first, app.requests, hits) == (second, 1, ["/sparql"])
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
def test_a_different_request_has_a_different_answer(other: Environ) -> None:
    cache, hits = caching(Application())
    _, first = ask(cache)
    _, second = ask(cache, **other)
    assert first != second
    assert [ask(cache)[1], ask(cache, **other)[1]] == [first, second]
    assert len(hits) == 2


@pytest.mark.parametrize(
    ("app", "environ_changes"),
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
def test_uncacheable_responses_are_not_cached(app: Application, environ_changes: Environ) -> None:
    cache, hits = caching(app)
    if app.size < 1000 and "whole" in environ_changes:
        app.size = 3_000  # closed after its first chunk
    ask(cache, **environ_changes)
    ask(cache, **environ_changes)
    assert (app.requests, hits) == (2, [])


@pytest.mark.parametrize(("size", "kept"), [(0, 0), (1_000, 0), (3_000, 1), (100_000, 51)])
def test_the_cache_stays_within_its_size(size: int, kept: int) -> None:
    """A response of 900 bytes takes 1,924 with its overhead, so 51 of them take 98,124."""
    cache, hits = caching(Application(size=900), max_bytes=size)
    for _ in range(2):
        for number in range(kept or 1):
            assert len(ask(cache, QUERY_STRING=str(number))[1]) == 900
    assert len(hits) == kept
