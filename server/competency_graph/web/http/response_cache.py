"""A cache of complete responses, valid while the data does not change.

It is in front of the application, as a WSGI middleware (PEP 3333) and in the event loop, because
dispatching a request through Flask takes longer than a cache lookup.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import LRUCache

from competency_graph.web.languages.negotiation import language_of

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CACHEABLE = "competency.keep"
"""The application sets this key in the WSGI environment if the response may be cached."""
_MAX_REQUEST_BODY_BYTES = 100_000
"""Requests with a longer body bypass the cache."""
_OVERHEAD_BYTES = 1024
"""Approximate memory for the key and the headers of a response."""
_KEY_VARIABLES = (
    "REQUEST_METHOD",
    "wsgi.url_scheme",
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
)
_UNCACHED_HEADERS = ("Content-Length", "X-Request-ID")
_BYPASS_VARIABLES = ("HTTP_IF_NONE_MATCH", "HTTP_TRANSFER_ENCODING")
Key = tuple[object, ...]
"""What a response depends on."""
CachedResponse = tuple[tuple[tuple[str, str], ...], bytes]
"""Header fields, which the responses to equal requests share, and body."""
HitRecorder = Callable[["WSGIEnvironment", float], str]
"""Logs a request answered from the cache, given its start time, and returns its request ID."""


class ResponseCache:
    """The short responses that were used last; thread-safe.

    Args:
        record_hit: called for each response from the cache.
        max_bytes: the size of the cache; 0 disables it.
        max_response_bytes: the longest body that is cached.
    """

    def __init__(
        self,
        record_hit: HitRecorder,
        max_bytes: int = 64 * 1024**2,
        max_response_bytes: int = 1024**2,
    ) -> None:
        self._record_hit = record_hit
        self._max_response_bytes = min(max_response_bytes, max_bytes - _OVERHEAD_BYTES)
        self._responses: LRUCache[Key, CachedResponse] = LRUCache(
            max_bytes, getsizeof=lambda entry: len(entry[1]) + _OVERHEAD_BYTES
        )
        self._lock = Lock()

    def recall(
        self, key: Key, environ: WSGIEnvironment, started_at: float
    ) -> tuple[CachedResponse, str] | None:
        """A cached response, which is recorded as sent, and the ID of this request.

        Args:
            key: the key of the request.
            environ: the request.
            started_at: when it arrived, by `time.perf_counter`.
        """
        with self._lock:
            cached = self._responses.get(key)
        if cached is None:
            return None
        return cached, self._record_hit(environ, started_at)

    def capture(
        self, key: Key | None, headers: Sequence[tuple[str, str]], body: Iterable[bytes]
    ) -> Iterable[bytes]:
        """The body of a response, which is stored with its header fields when it has been read."""
        if key is None:
            return body
        store = partial(self.store, key, headers)
        return _CapturedBody(body, self._max_response_bytes, store)

    def store(self, key: Key | None, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        """Store a response, unless it is too long or bypasses the cache."""
        if key is None or len(body) > self._max_response_bytes:
            return
        cached_headers = tuple(pair for pair in headers if pair[0] not in _UNCACHED_HEADERS)
        with self._lock:
            self._responses[key] = cached_headers, body

    def key(self, environ: WSGIEnvironment) -> Key | None:
        """Everything that a response depends on; None if the request bypasses the cache."""
        if self._max_response_bytes <= 0:
            return None
        if environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return None
        if any(name in environ for name in _BYPASS_VARIABLES):
            return None
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return None
        if not 0 <= length <= _MAX_REQUEST_BODY_BYTES:
            return None
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        return (*map(environ.get, _KEY_VARIABLES), language_of(environ), body)


class CachedApplication:
    """A WSGI application whose short responses are cached.

    Args:
        app: the application, called for responses that are not in the cache.
        cache: the cache.
    """

    def __init__(self, app: WSGIApplication, cache: ResponseCache) -> None:
        self._app, self._cache = app, cache

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        started_at = time.perf_counter()
        key = self._cache.key(environ)
        if key is None:
            return self._app(environ, start)
        cached = self._cache.recall(key, environ, started_at)
        if cached is None:
            return self._call_app(key, environ, start)
        (headers, body), request_id = cached
        own = ("Content-Length", str(len(body))), ("X-Request-ID", request_id)
        start("200 OK", [*headers, *own])
        return [body]

    def _call_app(
        self, key: Key, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_and_remember(
            status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            started[:] = [(status, headers)]
            return start(status, headers, error)

        body = self._app(environ, start_and_remember)
        status, headers = started[0]
        if not (environ.get(CACHEABLE) and status.startswith("200")):
            return body
        if any(name == "Set-Cookie" for name, _ in headers):  # it is for one client
            return body
        return self._cache.capture(key, headers, body)


class _CapturedBody:
    """A response body that is stored once it has been read to the end."""

    def __init__(
        self, body: Iterable[bytes], max_response_bytes: int, store: Callable[[bytes], None]
    ) -> None:
        self._body, self._max_response_bytes, self._store = body, max_response_bytes, store

    def __iter__(self) -> Iterator[bytes]:
        content = bytearray()
        for chunk in self._body:
            if len(content) <= self._max_response_bytes:
                content += chunk
            yield chunk
        if len(content) <= self._max_response_bytes:
            self._store(bytes(content))

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close:
            close()
