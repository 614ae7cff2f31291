"""Requests under way, which no thread waits for while they are quick."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import Protocol

from competency_graph.engines.backend import Backend
from competency_graph.engines.watched_workers import WatchedWorkers
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker import Worker
from competency_graph.sandbox.worker_pool import WorkerPool

OnEvent = Callable[[], object]
"""Called in the event loop when a request under way may go on."""


class UnderWay(Protocol):
    """A request under way."""

    def go_on(self) -> Reply | None:
        """Take what has arrived, without waiting; called in the event loop.

        Returns:
            The reply, which is received without waiting if it is `Reply.arrived`; None if more
            must arrive first.

        Raises:
            CompetencyError: as `Backend.ask`.
        """

    def hand_over(self) -> None:
        """Let a thread `finish` it, or read its reply; called in the event loop."""

    def finish(self) -> Reply:
        """Wait for the reply in this thread; raises as `Backend.ask`."""


class QuickBackend(Backend, Protocol):
    """A backend that also answers quick requests without a thread that waits."""

    def begin(
        self, loop: AbstractEventLoop, request: Request, ticket: Ticket, on_event: OnEvent
    ) -> UnderWay | Reply | None:
        """Begin to answer ``request``, without waiting; called in the event loop.

        Args:
            loop: the event loop.
            request: the request, which is not too long.
            ticket: what a scheduler admitted it with.
            on_event: called later, whenever the request may go on.

        Returns:
            The request under way, or its reply if that is known; None if only `ask` can answer it.
        """


class Workers:
    """Workers of this machine.

    Args:
        pool: the workers.
    """

    holds_data = True

    def __init__(self, pool: WorkerPool) -> None:
        self.limits, self.ask = pool.limits, pool.ask
        self._pool, self._watched = pool, WatchedWorkers(pool)

    def begin(
        self, loop: AbstractEventLoop, request: Request, ticket: Ticket, on_event: OnEvent
    ) -> UnderWay | None:
        """See `QuickBackend`; None if no worker is idle."""
        worker = self._watched.begin(loop, request, ticket, lambda _: on_event())
        return None if worker is None else _AtWorker(self._pool, self._watched, worker)


class _AtWorker:
    """A request to a worker, whose reply begins with a single packet."""

    def __init__(self, pool: WorkerPool, watched: WatchedWorkers, worker: Worker) -> None:
        self._pool, self._watched, self._worker = pool, watched, worker

    def go_on(self) -> Reply:
        return self._pool.finish(self._worker)

    finish = go_on

    def hand_over(self) -> None:
        self._watched.hand_over(self._worker)
