"""The process that answers: gunicorn, given a socket that is already open."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.sync import SyncWorker

from competency_graph.errors import UnavailableError
from competency_graph.slots import Slots


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


def run(app: Flask, listener: socket.socket, slots: Slots) -> None:
    """Answer until a signal ends it; the application is loaded once and shared by all workers.

    There are as many workers as slots. The socket passes to the server, which closes it.
    """

    def give_slot(arbiter: Arbiter, worker: _Worker) -> None:
        taken = {getattr(other, "slot", None) for other in arbiter.WORKERS.values()}
        worker.slot = min(set(range(slots.workers)) - taken)

    def take_slot(arbiter: Arbiter, worker: _Worker) -> None:
        slots.take(worker.slot)

    options = {
        "bind": f"fd://{listener.detach()}",
        "workers": slots.workers,
        "worker_class": _Worker,
        "pre_fork": give_slot,
        "post_fork": take_slot,
    }
    _Server(app, options).run()


class _Worker(SyncWorker):
    """A worker that knows its place in the table of slots."""

    slot = 0


class _Server(BaseApplication):
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "preload_app": True,
            "loglevel": "warning",
            "timeout": 30,
            "graceful_timeout": 5,
        }
        for name, value in (settings | self._options).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # a WSGI application by its __call__
        return self._app
