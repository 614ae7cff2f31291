"""The process that serves: an event loop under gunicorn's supervision."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar

import uvloop
from gunicorn.workers.base import Worker

from competency_graph.web.server.service import Service
from competency_graph.web.server.settings import Settings

if TYPE_CHECKING:
    from competency_graph.web.backends import LoadedData

_log = logging.getLogger(__name__)
_SWITCH_SECONDS = 0.0005
"""For how long another thread may compute before the event loop continues, at least: a thread that
creates a page must not add Python's 5 ms to each step of an answer."""


class EventLoopWorker(Worker):
    """A gunicorn worker with an event loop, which sends gunicorn its heartbeat once a second."""

    settings: ClassVar[Settings]

    def run(self) -> None:
        """Serve until gunicorn ends this process."""
        uvloop.run(self._serve())

    async def _serve(self) -> None:
        sys.setswitchinterval(_SWITCH_SECONDS)
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
        app: Any = self.wsgi  # as the arbiter's `load` returns it
        service = Service(app, self.settings, self._loaded.fast_path())
        sockets: Any = self.sockets  # gunicorn's own, around those of Python
        await service.listen(each.sock for each in sockets)
        app.start()
        gc.freeze()  # what is loaded by now stays: collections need not look at it
        while not ended.is_set() and not self._orphaned():
            self.notify()
            service.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 1)
        await service.drain(self.cfg.graceful_timeout - 1)

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
