"""The server process: gunicorn supervises and reloads it, waitress communicates with clients.

Waitress reads a whole request before it passes it to a thread, and buffers the whole response, so a
client that sends or reads slowly occupies a connection but no thread. Gunicorn's parent process,
which has a single thread, loads the data and starts the fork server of the workers. On SIGHUP, the
parent loads the data again; only if that succeeds does a new gunicorn worker with a new fork server
replace the old one.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any

import waitress
import watchfiles
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from competency_graph.errors import CompetencyError, UnavailableError
from competency_graph.sandbox.request import Limits
from competency_graph.web.backends import LoadedData
from competency_graph.web.monitoring.health import Draining

_MAX_BUFFERED_ANSWERS = 16
"""Responses may occupy this many times the answer limit while slow clients read them."""
_LINGER_SECONDS = 30.0
"""How long a rejected client may continue to send."""
_MAX_LINGER_BYTES = 256 * 1024**2
"""How much a rejected client may continue to send."""
_RECEIVE_BYTES = 256 * 1024
_log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket.

    Raises:
        UnavailableError: the address is not available, for example because the port is in use.
    """
    try:
        family, type_, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, type_, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1024)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise UnavailableError(
            f"cannot listen on this address ({error.strerror})",
            "Choose another port with --port, or any free one with --port 0",
            f"{host}:{port}",
        ) from None
    return listener


def run(
    load: Callable[[], LoadedData],
    listener: socket.socket,
    ready: Callable[[], None],
    limits: Limits,
    watched: Sequence[Path] = (),
    connections_per_client: int = 64,
    trusted_proxy: str | None = None,
    drain_seconds: float = 0,
) -> None:
    """Serve until a signal ends the process. The server takes over the socket and closes it.

    Args:
        load: loads the data; called again on SIGHUP.
        listener: the socket that clients connect to.
        ready: called once the data is loaded.
        limits: the limits on bodies and answers.
        watched: files and folders; a change to one of them reloads the data.
        connections_per_client: how many connections one address may open.
        trusted_proxy: the address of a reverse proxy whose X-Forwarded-For header is trusted.
        drain_seconds: how long to go on serving after SIGTERM, while ``/ready`` returns 503.

    Raises:
        CompetencyError: the data cannot be loaded.
    """
    options = {
        "bind": f"fd://{listener.detach()}",
        "workers": 1,
        "worker_class": _WaitressWorker,
        "logger_class": _Logger,
        "loglevel": "warning",
        "timeout": 30,
        "graceful_timeout": 10,
    }
    _ClientChannel.max_per_client = connections_per_client
    _WaitressWorker.limits = limits
    _WaitressWorker.proxy = trusted_proxy
    server = _GunicornApplication(load, options, watched, drain_seconds)
    # Gunicorn handles the signal from a moment later on, with the same result.
    signal.signal(signal.SIGTERM, _exit_at_once)
    ready()
    server.run()


def _exit_at_once(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


class _GunicornApplication(BaseApplication):
    def __init__(
        self,
        load: Callable[[], LoadedData],
        options: dict[str, Any],
        watched: Sequence[Path],
        drain_seconds: float,
    ) -> None:
        self._load, self._options, self._watched = load, options, watched
        self.drain_seconds, self.draining = drain_seconds, Draining()
        self.loaded = load()
        super().__init__()

    def load_config(self) -> None:
        hooks = {
            "on_reload": lambda arbiter: self._reload("SIGHUP"),
            "pre_fork": lambda arbiter, worker: self._reload_if_dead(),
            "when_ready": lambda arbiter: self._start_watcher(),
        }
        for name, value in (self._options | hooks).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # a WSGI application by its __call__
        app = self.loaded.app()
        app.extensions["draining"] = self.draining
        return app

    def run(self) -> None:
        _Arbiter(self).run()

    def _reload(self, reason: str) -> None:
        """Load the data again; if that fails, keep serving the loaded version."""
        try:
            loaded = self._load()
        except CompetencyError as error:
            _log.error("reloading failed, still serving the previous version: %s", error)
            return
        self.loaded.close()
        self.loaded = loaded
        _log.warning("reloaded (%s)", reason)

    def _reload_if_dead(self) -> None:
        if not self.loaded.alive():
            self._reload("the fork server had exited")

    def _start_watcher(self) -> None:
        """Start a process that sends SIGHUP to this one when a file changes."""
        if not self._watched:
            return
        parent = os.getpid()
        if os.fork():
            return
        try:
            for signum in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(signum, signal.SIG_DFL)
            for changes in watchfiles.watch(
                *self._watched, yield_on_timeout=True, rust_timeout=1000
            ):
                if os.getppid() != parent:
                    break
                if changes:
                    os.kill(parent, signal.SIGHUP)
        finally:
            os._exit(0)


class _Arbiter(Arbiter):
    """Gunicorn's supervisor, which lets proxies notice that the server is about to stop."""

    def handle_term(self) -> None:
        """Report that the server is about to stop, and stop later; if repeated, at once."""
        app: _GunicornApplication = self.app  # type: ignore[assignment]
        if app.draining or not app.drain_seconds:
            super().handle_term()
        app.draining.begin()
        signal.signal(signal.SIGALRM, lambda *_: self.signal(signal.SIGTERM, None))
        signal.setitimer(signal.ITIMER_REAL, app.drain_seconds)


class _WaitressWorker(Worker):
    """A gunicorn worker that runs waitress and sends gunicorn its heartbeat."""

    limits = Limits()
    proxy: str | None = None
    interrupt_poll: Callable[[], None] = staticmethod(lambda: None)

    def run(self) -> None:
        sockets = [each.sock for each in self.sockets]  # type: ignore[attr-defined]
        server = _create_server(self.wsgi, sockets, self.limits.body, self.proxy)
        self.interrupt_poll = server.pull_trigger
        loaded: LoadedData = self.app.loaded  # type: ignore[attr-defined]  # a _GunicornApplication
        checked = 0.0
        while self.alive:
            self.notify()
            _poll(server)
            if self.ppid != os.getppid():
                break
            if time.monotonic() - checked > 1:
                checked = time.monotonic()
                _close_slow_channels(server, _MAX_BUFFERED_ANSWERS * self.limits.answer)
                if not loaded.alive():
                    _log.error("the fork server has exited; replacing this worker")
                    break
        _drain(server, time.monotonic() + self.cfg.graceful_timeout - 1)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Exit once the current requests are answered."""
        self.alive = False
        self.interrupt_poll()

    handle_quit = handle_exit


class _ErrorResponse(ErrorTask):  # type: ignore[misc]  # not typed
    """Waitress's response to a request that it rejects, in the same format as all errors."""

    def execute(self) -> None:
        error = self.request.error
        problem = {"type": "about:blank", "title": error.reason, "status": error.code}
        problem["detail"] = str(error.body)
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            max_body_bytes = _WaitressWorker.limits.body
            problem["detail"] = f"the body is longer than the limit of {max_body_bytes:,} bytes"
            problem |= {"remedy": "Send less in one request", "limit": "body"}
        body = json.dumps(problem).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/problem+json"))
        self.set_close_on_finish()
        self.channel.refused = True
        self.content_length = len(body)
        self.write(body)


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # not typed
    """Parses requests; does not send “100 Continue” for a request that is rejected."""

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.error:
            self.expect_continue = False
        return consumed


class _ClientChannel(HTTPChannel):  # type: ignore[misc]  # not typed
    """A connection; closes itself if its client has too many.

    A client that is rejected while it is still sending can read the response only if the connection
    is not reset, so the rest of its request is read and discarded (RFC 9112, section 9.6).
    """

    max_per_client = 64
    refused = close_when_flushed = False
    parser_class = _Parser
    error_task_class = _ErrorResponse
    _linger_until = 0.0
    _linger_bytes_left = _MAX_LINGER_BYTES

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        from_same_client = sum(
            other.addr[0] == addr[0] for other in server.active_channels.values()
        )
        if from_same_client > self.max_per_client:
            self.will_close = True

    def handle_write(self) -> None:
        """Send; after an error response, close the sending half of the connection and linger."""
        if not (self.refused and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.connected and not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed = False
            self._linger_until = time.monotonic() + _LINGER_SECONDS
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()

    def handle_read(self) -> None:
        """Read a part of a request, or discard it while lingering."""
        if not self._linger_until:
            super().handle_read()
            return
        try:
            self._linger_bytes_left -= len(self.recv(_RECEIVE_BYTES))
        except OSError:
            self._linger_bytes_left = -1
        if self._linger_bytes_left < 0 or time.monotonic() > self._linger_until:
            self.handle_close()


def _create_server(
    app: Any, sockets: list[socket.socket], max_body_bytes: int, proxy: str | None
) -> BaseWSGIServer:
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    trusted = {"trusted_proxy": proxy, "trusted_proxy_headers": headers} if proxy else {}
    server: BaseWSGIServer = waitress.create_server(
        app,
        sockets=sockets,
        threads=32,
        ident=None,
        max_request_header_size=262_144,
        max_request_body_size=4 * max_body_bytes,  # the application rejects slightly longer bodies
        inbuf_overflow=max_body_bytes + 1,  # bodies within the limit stay in memory
        channel_timeout=30,
        cleanup_interval=5,
        connection_limit=2_000,
        outbuf_high_watermark=2**40,  # buffer whole responses; large ones on disk
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
        **trusted,
    )
    server.channel_class = _ClientChannel
    return server


def _poll(server: BaseWSGIServer, seconds: float = 1.0) -> None:
    server.asyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)


def _close_slow_channels(server: Any, max_buffered_bytes: int) -> None:
    """Drop the longest buffered responses until the rest fit into ``max_buffered_bytes``."""
    channels = sorted(server.active_channels.values(), key=lambda c: c.total_outbufs_len)
    total = sum(channel.total_outbufs_len for channel in channels)
    while total > max_buffered_bytes:
        channel = channels.pop()
        total -= channel.total_outbufs_len
        _log.warning("a response was dropped: its client %s reads too slowly", channel.addr[0])
        channel.handle_close()


def _drain(server: Any, deadline: float) -> None:
    """Accept no more connections, and answer the requests that have arrived or are arriving."""
    server.accepting = False
    server.del_channel()
    while time.monotonic() < deadline and any(map(_busy, server.active_channels.values())):
        _poll(server, 0.05)
    server.task_dispatcher.shutdown(timeout=1)


def _busy(channel: Any) -> bool:
    is_new = time.time() - channel.creation_time < 1
    return bool(channel.requests or channel.total_outbufs_len or is_new)


class _Logger(Logger):
    """Sends gunicorn's messages to the log of this service."""

    def setup(self, cfg: Any) -> None:
        self.error_log = logging.getLogger("gunicorn")
        self.access_log = logging.getLogger("gunicorn.access")
