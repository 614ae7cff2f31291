"""The WSGI environment of a request (PEP 3333)."""

from __future__ import annotations

import io
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from competency_graph.web.server.forwarded import apply_proxy_headers
from competency_graph.web.server.request_reader import Head, Rejection, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_OWN_NAMES: Final = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_names: dict[bytes, str] = {}
"""The variables of common header fields."""
_MAX_NAMES: Final = 200


def environ_of(
    request: Request, client: tuple[str, int], server: tuple[str, str], trusted_proxy: str | None
) -> WSGIEnvironment:
    """The environment of a request.

    Args:
        request: the request.
        client: the address that it came from.
        server: the name and port of this server, for requests that do not name them.
        trusted_proxy: see `Settings`.

    Raises:
        Rejection: the target or a header field is not what it must be.
    """
    head = request.head
    made = head.environments.get(server)
    if made is None:
        made = head.environments[server] = _of_head(head, server)
    environ = made.copy()
    environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
    environ["wsgi.input"] = io.BytesIO(request.body)
    if request.body_length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(request.body_length)
    apply_proxy_headers(environ, trusted_proxy)
    return environ


def _of_head(head: Head, server: tuple[str, str]) -> WSGIEnvironment:
    """What the head of a request says, wherever it came from."""
    target = head.target.partition(b"#")[0]
    if target[:1] != b"/":
        target = _path_of(target)
    path, _, query = target.partition(b"?")
    if b"%" in path:
        path = unquote_to_bytes(path)
    if path[:2] == b"//":
        path = b"/" + path.lstrip(b"/")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{head.version}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": server[1],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in head.headers:
        key = _names.get(name) or _variable(name)
        if not key:
            continue
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ', '}{text}"
        environ[key] = text
    # The reader has decoded the body, so its length is known and its coding is gone.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def _variable(name: bytes) -> str:
    """The variable of a header field; "" for one whose name could be taken for another."""
    if b"_" in name:
        return ""
    found = _OWN_NAMES.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    if len(_names) < _MAX_NAMES and len(name) < 40:
        _names[name] = found
    return found


def _path_of(target: bytes) -> bytes:
    """The path and query of a target in absolute form (RFC 9112, section 3.2.2)."""
    if target == b"*":
        return b"/*"
    scheme, slashes, rest = target.partition(b"://")
    if not slashes or scheme.lower() not in (b"http", b"https"):
        raise Rejection(HTTPStatus.BAD_REQUEST, "the target of the request is not a path")
    _, slash, path = rest.partition(b"/")
    return slash + path or b"/"
