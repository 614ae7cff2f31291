"""The process that serves: an event loop under gunicorn's supervision."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import signal
import time
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, Final

import uvloop
from gunicorn.workers.base import Worker

from competency_graph.web.server.connection import Connection
from competency_graph.web.server.connections import Connections
from competency_graph.web.server.exchange import Exchange
from competency_graph.web.server.settings import Settings
from competency_graph.web.server.wsgi import Threads

if TYPE_CHECKING:
    from competency_graph.web.backends import LoadedData

_log = logging.getLogger(__name__)
_BACKLOG: Final = 1024


class EventLoopWorker(Worker):
    """A gunicorn worker with an event loop, which sends gunicorn its heartbeat once a second."""

    settings: ClassVar[Settings]

    def run(self) -> None:
        """Serve until gunicorn ends this process."""
        uvloop.run(self._serve())

    def init_signals(self) -> None:
        """Handle gunicorn's signals as every worker does, until the event loop takes over."""
        super().init_signals()
        # Gunicorn's handler of this would wait for the loop; nothing aborts that is not stuck.
        signal.signal(signal.SIGABRT, signal.SIG_DFL)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
        app: Any = self.wsgi
        threads = Threads(app, loop)
        connections = Connections(loop, self.settings, _answerer(app, threads))
        sockets: Any = self.sockets  # gunicorn's own, around those of Python
        servers = [
            await loop.create_server(
                functools.partial(Connection, connections), sock=each.sock, backlog=_BACKLOG
            )
            for each in sockets
        ]
        while not ended.is_set():
            self.notify()
            connections.tick()
            connections.close_slow()
            if self._orphaned():
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 1)
        for server in servers:
            server.close()
        deadline = time.monotonic() + self.cfg.graceful_timeout - 1
        while connections.drain() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            connections.tick()
        threads.close()

    @property
    def _loaded(self) -> LoadedData:
        loaded: LoadedData = self.app.loaded  # type: ignore[attr-defined]  # a _GunicornApplication
        return loaded

    def _orphaned(self) -> bool:
        """Whether a process that this one needs has ended."""
        if not self._loaded.alive():
            _log.error("the fork server has exited; replacing this worker")
            return True
        return self.ppid != os.getppid()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Exit at once: the event loop does not run yet."""
        raise SystemExit(0)

    handle_quit = handle_exit


def _answerer(app: Any, threads: Threads) -> Any:
    """What answers requests: the application's fast path, else its threads."""
    fast = getattr(app, "extensions", {}).get("fast_path")

    def answer(exchange: Exchange) -> None:
        if fast is None or not fast(exchange, threads):
            threads.answer(exchange)

    return answer
