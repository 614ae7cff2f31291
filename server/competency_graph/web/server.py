"""What answers: gunicorn keeps the process alive and renews it, waitress speaks to the clients.

Waitress reads a request whole before it gives it to a thread, and takes an answer whole from it, so
a client that sends or reads slowly holds a connection and nothing else. The data is loaded, and the
fork server of workers made, in gunicorn's parent, which has one thread. On SIGHUP the parent loads
it anew; only where that succeeds does a new gunicorn worker, with a new fork server, take the place
of the old one.
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
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from competency_graph.errors import CompetencyError, UnavailableError
from competency_graph.sandbox.fork_server import Limits
from competency_graph.web.backends import LoadedData

_HELD = 16
"""So many of the longest answers may lie here while their clients are slow to take them."""
_LINGER = 30.0
"""Seconds that a client which was refused may go on sending."""
_LEFT_UNREAD = 256 * 1024**2
"""Bytes that it may send meanwhile."""
_PIECE = 256 * 1024
_log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        UnavailableError: the address cannot be had, as when another program uses the port.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1024)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise UnavailableError(
            f"the port cannot be listened on ({error.strerror})",
            "Choose another with --port, or --port 0 for any free one",
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
) -> None:
    """Answer until a signal ends it. The socket passes to the server, which closes it.

    Args:
        load: loads what is served; called again on SIGHUP.
        listener: where clients come in.
        ready: called once, when all is loaded.
        limits: how long a body and an answer may be.
        watched: files and folders; when one changes, all is loaded anew.
        connections_per_client: how many connections one address may hold.
        trusted_proxy: the address of the proxy in front, whose X-Forwarded-For is believed.

    Raises:
        CompetencyError: what is to be served cannot be loaded.
    """
    options = {
        "bind": f"fd://{listener.detach()}",
        "workers": 1,
        "worker_class": _Front,
        "logger_class": _Logger,
        "loglevel": "warning",
        "timeout": 30,
        "graceful_timeout": 10,
    }
    _FrontChannel.allowed = connections_per_client
    _Front.limits = limits
    _Front.proxy = trusted_proxy
    server = _Server(load, options, watched)
    ready()
    server.run()


class _Server(BaseApplication):
    def __init__(
        self, load: Callable[[], LoadedData], options: dict[str, Any], watched: Sequence[Path]
    ) -> None:
        self._load, self._options, self._watched = load, options, watched
        self.served = load()
        super().__init__()

    def load_config(self) -> None:
        hooks = {
            "on_reload": lambda arbiter: self._renew("asked to"),
            "pre_fork": lambda arbiter, worker: self._recover(),
            "when_ready": lambda arbiter: self._watch(),
        }
        for name, value in (self._options | hooks).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # a WSGI application by its __call__
        return self.served.app()

    def _renew(self, why: str) -> None:
        """Load all anew; what cannot be loaded changes nothing."""
        try:
            served = self._load()
        except CompetencyError as error:
            _log.error("not loaded anew, the version before goes on: %s", error)
            return
        self.served.close()
        self.served = served
        _log.warning("loaded anew (%s)", why)

    def _recover(self) -> None:
        if not self.served.alive():
            self._renew("its fork server was gone")

    def _watch(self) -> None:
        """Start the process that sends SIGHUP here when a file changes."""
        if not self._watched:
            return
        parent = os.getpid()
        if os.fork():
            return
        try:
            for signum in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(signum, signal.SIG_DFL)
            for _ in watchfiles.watch(*self._watched, yield_on_timeout=True, rust_timeout=1000):
                if os.getppid() != parent:
                    break
                if _:
                    os.kill(parent, signal.SIGHUP)
        finally:
            os._exit(0)


class _Front(Worker):
    """Gunicorn's worker: waitress, its threads, and the heartbeat that gunicorn wants."""

    limits = Limits()
    proxy: str | None = None
    wake: Callable[[], None] = staticmethod(lambda: None)

    def run(self) -> None:
        sockets = [each.sock for each in self.sockets]  # type: ignore[attr-defined]
        server = _listening(self.wsgi, sockets, self.limits.body, self.proxy)
        self.wake = server.pull_trigger
        served: LoadedData = self.app.served  # type: ignore[attr-defined]  # ours, below
        checked = 0.0
        while self.alive:
            self.notify()
            _turn(server)
            if self.ppid != os.getppid():
                break
            if time.monotonic() - checked > 1:
                checked = time.monotonic()
                _shed(server, _HELD * self.limits.answer)
                if not served.alive():
                    _log.error("the fork server is gone; this worker is replaced")
                    break
        _drain(server, time.monotonic() + self.cfg.graceful_timeout - 1)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End when the requests that are here are answered."""
        self.alive = False
        self.wake()

    handle_quit = handle_exit


class _Refusal(ErrorTask):  # type: ignore[misc]  # not typed
    """The answer to a request that waitress does not pass on, in the one shape of errors."""

    def execute(self) -> None:
        error = self.request.error
        problem = {"type": "about:blank", "title": error.reason, "status": error.code}
        problem["detail"] = str(error.body)
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            longest = _Front.limits.body
            problem["detail"] = f"the body is longer than the limit of {longest:,} bytes"
            problem |= {"remedy": "Send less in one request", "limit": "body"}
        body = json.dumps(problem).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/problem+json"))
        self.set_close_on_finish()
        self.channel.refused = True
        self.content_length = len(body)
        self.write(body)


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # not typed
    """Reads a request; a client that asks whether to send what is refused is not told to go on."""

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.error:
            self.expect_continue = False
        return consumed


class _FrontChannel(HTTPChannel):  # type: ignore[misc]  # not typed
    """A connection, of which one client may hold so many.

    A client that is refused while it is still sending reads the answer only if the connection is
    not reset, so what it sends is thrown away for a while (RFC 9112, section 9.6).
    """

    allowed = 64
    refused = close_when_flushed = False
    parser_class = _Parser
    error_task_class = _Refusal
    _until = 0.0
    _left = _LEFT_UNREAD

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        same = sum(other.addr[0] == addr[0] for other in server.active_channels.values())
        if same > self.allowed:
            self.will_close = True

    def handle_write(self) -> None:
        """Send; when a refusal is sent, close this half of the connection and linger."""
        if not (self.refused and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.connected and not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed = False
            self._until = time.monotonic() + _LINGER
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()

    def handle_read(self) -> None:
        """Read a part of a request, or throw it away."""
        if not self._until:
            super().handle_read()
            return
        try:
            self._left -= len(self.recv(_PIECE))
        except OSError:
            self._left = -1
        if self._left < 0 or time.monotonic() > self._until:
            self.handle_close()


def _listening(
    app: Any, sockets: list[socket.socket], longest_body: int, proxy: str | None
) -> BaseWSGIServer:
    told = {"x-forwarded-for", "x-forwarded-proto"}
    trusted = {"trusted_proxy": proxy, "trusted_proxy_headers": told} if proxy else {}
    server: BaseWSGIServer = waitress.create_server(
        app,
        sockets=sockets,
        threads=32,
        ident=None,
        max_request_header_size=262_144,
        max_request_body_size=4 * longest_body,  # the application refuses what is a little longer
        inbuf_overflow=longest_body + 1,  # what is no longer than it may be never lies on disk
        channel_timeout=30,
        cleanup_interval=5,
        connection_limit=2_000,
        outbuf_high_watermark=2**40,  # an answer is taken whole; what is large lies on disk
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
        **trusted,
    )
    server.channel_class = _FrontChannel
    return server


def _turn(server: BaseWSGIServer, seconds: float = 1.0) -> None:
    server.asyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)


def _shed(server: Any, held: int) -> None:
    """Cut the longest answers that wait to be taken, until all are no more than ``held`` bytes."""
    waiting = sorted(server.active_channels.values(), key=lambda c: c.total_outbufs_len)
    total = sum(channel.total_outbufs_len for channel in waiting)
    while total > held:
        channel = waiting.pop()
        total -= channel.total_outbufs_len
        _log.warning("an answer was cut: its client %s is too slow to take it", channel.addr[0])
        channel.handle_close()


def _drain(server: Any, deadline: float) -> None:
    """Take no more connections, and answer the requests that are here or just coming in."""
    server.accepting = False
    server.del_channel()
    while time.monotonic() < deadline and any(map(_busy, server.active_channels.values())):
        _turn(server, 0.05)
    server.task_dispatcher.shutdown(timeout=1)


def _busy(channel: Any) -> bool:
    new = time.time() - channel.creation_time < 1
    return bool(channel.requests or channel.total_outbufs_len or new)


class _Logger(Logger):
    """Gunicorn's own messages, in the one log."""

    def setup(self, cfg: Any) -> None:
        self.error_log = logging.getLogger("gunicorn")
        self.access_log = logging.getLogger("gunicorn.access")
