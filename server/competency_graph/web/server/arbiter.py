"""The parent process: supervises the process that serves the data, and replaces it.

Gunicorn's parent process, which has a single thread, loaded the data and started the fork server of
the workers. On SIGHUP, it loads the data again; only if that succeeds does a new gunicorn worker
with a new fork server replace the old one.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from competency_graph.errors import CompetencyError
from competency_graph.sandbox.request import Limits
from competency_graph.web.monitoring.draining import Draining
from competency_graph.web.server.background import BackgroundApplication
from competency_graph.web.server.settings import Settings
from competency_graph.web.server.worker import EventLoopWorker

if TYPE_CHECKING:
    from flask import Flask

    from competency_graph.web.backends import LoadedData

_MAX_BUFFERED_ANSWERS = 16
"""Responses may occupy this many times the answer limit while slow clients read them."""
_log = logging.getLogger(__name__)


def run(
    loaded: LoadedData,
    load: Callable[[], LoadedData],
    listener: socket.socket,
    ready: Callable[[], None],
    limits: Limits,
    watched: Sequence[Path] = (),
    connections_per_client: int = 512,
    trusted_proxy: str | None = None,
    drain_seconds: float = 0,
) -> None:
    """Serve until a signal ends the process. The server takes over the socket and closes it.

    Args:
        loaded: the data to serve first.
        load: loads the data again; called on SIGHUP.
        listener: the socket that clients connect to.
        ready: called before the first request is answered.
        limits: the limits on bodies and answers.
        watched: files and folders; a change to one of them reloads the data.
        connections_per_client: how many connections one address may open.
        trusted_proxy: the address of a reverse proxy whose X-Forwarded-For header is trusted.
        drain_seconds: how long to go on serving after SIGTERM, while ``/ready`` returns 503.
    """
    options = {
        "bind": f"fd://{listener.detach()}",
        "workers": 1,
        "worker_class": EventLoopWorker,
        "logger_class": _Logger,
        "loglevel": "warning",
        "timeout": 60,
        "graceful_timeout": 10,
    }
    settings = EventLoopWorker.settings = Settings(
        limits.body,
        _MAX_BUFFERED_ANSWERS * limits.answer,
        connections_per_client,
        trusted_proxy=trusted_proxy,
    )
    _raise_file_limit(settings.connections)
    server = _GunicornApplication(loaded, load, options, watched, drain_seconds)
    # Gunicorn handles the signal from a moment later on, with the same result.
    signal.signal(signal.SIGTERM, _exit_at_once)
    ready()
    server.run()


def _raise_file_limit(connections: int) -> None:
    """Allow as many open files as connections and workers need; the default is often 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * connections if hard == resource.RLIM_INFINITY else min(4 * connections, hard)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def _exit_at_once(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


class _GunicornApplication(BaseApplication):
    def __init__(
        self,
        loaded: LoadedData,
        load: Callable[[], LoadedData],
        options: dict[str, Any],
        watched: Sequence[Path],
        drain_seconds: float,
    ) -> None:
        self._load, self._options, self._watched = load, options, watched
        self.drain_seconds, self.draining = drain_seconds, Draining()
        self.loaded = loaded
        super().__init__()

    def load_config(self) -> None:
        hooks = {
            "on_reload": lambda arbiter: self._reload("SIGHUP"),
            "pre_fork": lambda arbiter, worker: self._reload_if_dead(),
            "when_ready": lambda arbiter: self._start_watcher(),
        }
        for name, value in (self._options | hooks).items():
            self.cfg.set(name, value)

    def load(self) -> BackgroundApplication:  # type: ignore[override]  # a WSGI application
        return BackgroundApplication(self._created)

    def run(self) -> None:
        _Arbiter(self).run()

    def _created(self) -> Flask:
        app = self.loaded.app()
        app.extensions["draining"] = self.draining
        return app

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
        import watchfiles  # needed here only

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


class _Logger(Logger):
    """Sends gunicorn's messages to the log of this service."""

    def setup(self, cfg: Any) -> None:
        self.error_log = logging.getLogger("gunicorn")
        self.access_log = logging.getLogger("gunicorn.access")
