"""Workers whose replies are events of the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker import Worker
from competency_graph.sandbox.worker_pool import WorkerPool


class WatchedWorkers:
    """Some of a pool's workers, each watched by the event loop for as long as it answers quickly.

    To watch a worker anew for each reply would take half a dozen system calls. All methods are
    called in the event loop.

    Args:
        pool: the pool, which starts and ends them.
    """

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._idle: deque[Worker] = deque()
        self._on_reply: dict[Worker, Callable[[], object]] = {}
        self._unwatch: dict[Worker, Callable[[], object]] = {}

    def begin(
        self,
        loop: asyncio.AbstractEventLoop,
        request: Request,
        ticket: Ticket | None,
        on_reply: Callable[[Worker], object],
    ) -> Worker | None:
        """Send a request to an idle worker.

        Args:
            loop: the event loop.
            request: a request for which any worker will do, and that has been checked.
            ticket: what a scheduler admitted it with; None for a request of this program itself.
            on_reply: called with the worker when `WorkerPool.finish` can return the reply without
                waiting.

        Returns:
            The worker; None if none is idle.
        """
        worker = self._take()
        if worker is None:
            return None
        if worker not in self._unwatch:
            loop.add_reader(worker.fileno(), self._readable, worker)
            self._unwatch[worker] = partial(loop.remove_reader, worker.fileno())
            worker.on_idle, worker.on_close = self._idle.append, self._forget
        self._on_reply[worker] = partial(on_reply, worker)
        worker.begin(request, ticket)
        return worker

    def hand_over(self, worker: Worker) -> None:
        """Stop watching a worker, so that a thread can wait for it; the pool has it afterwards."""
        self._forget(worker)
        self._pool.adopt(worker)

    def _take(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive():  # else the event loop has yet to notice
                return worker
            self._pool.end(worker)
        return self._pool.take()

    def _readable(self, worker: Worker) -> None:
        on_reply = self._on_reply.pop(worker, None)
        if on_reply is not None:
            on_reply()
        else:  # it has ended although it had nothing to do
            self._idle.remove(worker)
            self._pool.end(worker)

    def _forget(self, worker: Worker) -> None:
        self._on_reply.pop(worker, None)
        self._unwatch.pop(worker)()
