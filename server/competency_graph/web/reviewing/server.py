"""Runs a review until the reviewer ends it. It serves one person, on this machine only."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from competency_graph.errors import UnavailableError
from competency_graph.web.reviewing.app import create_review_app
from competency_graph.web.reviewing.desk import Desk
from competency_graph.web.reviewing.protection import HOST, Protection


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing, as addresses have the secret; and keeps connections open."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds

    def setup(self) -> None:
        super().setup()
        # Small answers are sent at once.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log(self, type: str, message: str, *args: object) -> None:
        """Do not log."""


def run(desk: Desk, port: int, ready: Callable[[str], None]) -> None:
    """Serve a review until it is interrupted.

    Args:
        desk: the review.
        port: the port to listen on; 0 takes a free one.
        ready: is called with the address of the page, which has a secret.

    Raises:
        UnavailableError: the port is not available.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise UnavailableError(
                f"port {port} is not available ({error.strerror})",
                "Choose another one with --port, or 0 for a free one",
            ) from None
        listener.listen(16)
        protection = Protection(listener.getsockname()[1])
        app = create_review_app(desk, protection)
        server = make_server(
            HOST, protection.port, app, threaded=True, request_handler=_QuietHandler,
            fd=listener.fileno(),
        )  # fmt: skip
        # In a thread of its own, so that the interrupt cannot come while it accepts a connection,
        # whose handler would then find it closed.
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        serving.start()
        with suppress(KeyboardInterrupt):
            ready(f"http://{HOST}:{protection.port}{protection.path}")
            serving.join()
        server.shutdown()
        server.server_close()
