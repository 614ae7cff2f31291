"""Keeps everybody but the reviewer away from a review.

The server listens on the loopback interface only. Its address has a secret, which other users and
programs of the machine do not know. Pages of other sites, which a browser could make send requests,
are recognised by ``Host`` (DNS rebinding) and by ``Origin`` and ``Sec-Fetch-Site`` (cross-site
request forgery).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, abort, request

HOST: Final = "127.0.0.1"
"""The only address that a review listens on."""
MAX_BODY: Final = 64_000
"""The maximum size of a request, in bytes."""
_HEADERS: Final = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # With “no-referrer”, browsers would send “Origin: null” with forms (Fetch, 3.2).
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True)
class Protection:
    """What a request must have to be answered.

    Args:
        port: the port that the server listens on.
        secret: the part of the address that only the reviewer knows.
    """

    port: int
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    @property
    def path(self) -> str:
        """The path of the review, with the secret."""
        return f"/review/{self.secret}"

    def register(self, app: Flask) -> None:
        """Let ``app`` answer only requests of the reviewer."""
        app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
        app.before_request(self._check)
        app.after_request(_add_headers)

    def _check(self) -> None:
        own = {f"{host}:{self.port}" for host in (HOST, "localhost")}
        if request.host not in own:
            abort(HTTPStatus.FORBIDDEN, "This address is not that of the review.")
        if request.endpoint != "static":
            given = (request.view_args or {}).get("secret", "")
            if not hmac.compare_digest(given.encode(), self.secret.encode()):
                abort(HTTPStatus.NOT_FOUND, "Use the address that “competency link review” shows.")
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        origin = request.headers.get("Origin", f"http://{request.host}")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if origin != f"http://{request.host}" or site != "same-origin":
            abort(HTTPStatus.FORBIDDEN, "Another page sent this. Nothing is saved.")


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS:
        response.headers[name] = value
    return response
