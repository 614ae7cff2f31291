"""What a reverse proxy says about its client, believed of the trusted one only."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from competency_graph.web.server.request_reader import Rejection

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HEADERS: Final = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_BY",
    "HTTP_FORWARDED",
)
_PORTS: Final = {"http": "80", "https": "443"}


def apply_proxy_headers(environ: WSGIEnvironment, trusted_proxy: str | None) -> None:
    """Take the client's address and scheme from the trusted proxy, and remove what others say.

    Of several addresses in X-Forwarded-For, the last is the one that this proxy has added.

    Raises:
        Rejection: the trusted proxy names a scheme that is not one of the web.
    """
    if trusted_proxy in ("*", environ["REMOTE_ADDR"]):
        client = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip(' \t"')
        if client:
            address, port = _address_and_port(client)
            environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = address
            if port:
                environ["REMOTE_PORT"] = port
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").strip(' \t"').lower()
        if scheme:
            if scheme not in _PORTS:
                raise Rejection(HTTPStatus.BAD_REQUEST, "X-Forwarded-Proto is not http or https")
            environ["wsgi.url_scheme"], environ["SERVER_PORT"] = scheme, _PORTS[scheme]
    for name in _HEADERS:
        environ.pop(name, None)


def _address_and_port(client: str) -> tuple[str, str]:
    """The address, without the brackets of one of IPv6, and the port, if there is one."""
    if client.startswith("["):
        address, _, rest = client[1:].partition("]")
        return address, rest.removeprefix(":")
    if client.count(":") == 1:
        address, _, port = client.partition(":")
        return address, port
    return client, ""
