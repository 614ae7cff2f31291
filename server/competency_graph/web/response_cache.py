"""Whole answers, kept to be given again while the data is the same.

What is asked for again is answered here, before the application is called: a WSGI middleware
(PEP 3333), as a framework costs more than finding the answer does.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import LRUCache

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VARYING = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
"""Functions that give another answer each time."""
CACHEABLE = "competency.keep"
"""What the application sets in the environment of a request whose answer may be given again."""
_LONGEST_BODY = 100_000
"""Bytes of a request's body; one that is longer is not looked for."""
_OVERHEAD = 1024
"""Bytes that an answer takes besides its own, about."""
_ASKED = (
    "REQUEST_METHOD",
    "wsgi.url_scheme",
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
)
_OF_ONE_ANSWER = ("Content-Length", "X-Request-ID")
_CONDITIONAL = ("HTTP_IF_NONE_MATCH", "HTTP_TRANSFER_ENCODING")
_Key = tuple[object, ...]
_Kept = tuple[list[tuple[str, str]], bytes]
Account = Callable[["WSGIEnvironment", float], str]
"""Enters a request that was answered from here, and when it began, and tells its name."""


class ResponseCache:
    """The application, and short answers of it: those asked for least lately are forgotten first.

    Args:
        app: answers what is not known here.
        account: is told of each answer that is given again.
        size: bytes of all that is kept; 0 keeps nothing.
        longest: bytes of the longest answer that is kept.
    """

    def __init__(
        self,
        app: WSGIApplication,
        account: Account,
        size: int = 64 * 1024**2,
        longest: int = 1024**2,
    ) -> None:
        self._app, self._account = app, account
        self._longest = min(longest, size - _OVERHEAD)
        self._kept: LRUCache[_Key, _Kept] = LRUCache(
            size, getsizeof=lambda entry: len(entry[1]) + _OVERHEAD
        )
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        began = time.perf_counter()
        key = self._key(environ) if self._longest > 0 else None
        if key is None:
            return self._app(environ, start)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            return self._first(key, environ, start)
        headers, body = found
        name = self._account(environ, began)
        start("200 OK", [*headers, ("Content-Length", str(len(body))), ("X-Request-ID", name)])
        return [body]

    def _key(self, environ: WSGIEnvironment) -> _Key | None:
        """All that an answer depends on; none where it is not looked for."""
        if environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return None
        if any(name in environ for name in _CONDITIONAL):
            return None
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return None
        if not 0 <= length <= _LONGEST_BODY:
            return None
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        return (*map(environ.get, _ASKED), body)

    def _first(self, key: _Key, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def starting(
            status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            said[:] = [(status, headers)]
            return start(status, headers, error)

        answer = self._app(environ, starting)
        status, headers = said[0]
        if not (environ.get(CACHEABLE) and status.startswith("200")):
            return answer
        lasting = [pair for pair in headers if pair[0] not in _OF_ONE_ANSWER]
        return _Passing(answer, self._longest, lambda body: self._keep(key, (lasting, body)))

    def _keep(self, key: _Key, kept: _Kept) -> None:
        with self._lock:
            self._kept[key] = kept


class _Passing:
    """An answer on its way out; read to its end, it is kept."""

    def __init__(
        self, answer: Iterable[bytes], longest: int, keep: Callable[[bytes], None]
    ) -> None:
        self._answer, self._longest, self._keep = answer, longest, keep

    def __iter__(self) -> Iterator[bytes]:
        content = bytearray()
        for chunk in self._answer:
            if len(content) <= self._longest:
                content += chunk
            yield chunk
        if len(content) <= self._longest:
            self._keep(bytes(content))

    def close(self) -> None:
        close = getattr(self._answer, "close", None)
        if close:
            close()
