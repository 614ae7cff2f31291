"""Requests under way, which no thread waits for while they are quick."""

from __future__ import annotations

from typing import Protocol

from competency_graph.engines.backend import Backend
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import Reply, Worker, WorkerPool


class UnderWay(Protocol):
    """A request under way."""

    def fileno(self) -> int:
        """The file descriptor that something arrives on next."""

    def go_on(self) -> Reply | None:
        """Take what has arrived, without waiting.

        Returns:
            The reply, which is received without waiting if it is `Reply.arrived`; None if more
            must arrive first, perhaps on another file descriptor.

        Raises:
            CompetencyError: as `Backend.ask`.
        """

    def finish(self) -> Reply:
        """Wait for the reply in this thread; raises as `Backend.ask`."""


class QuickBackend(Backend, Protocol):
    """A backend that also answers quick requests without a thread that waits."""

    def begin(self, request: Request, ticket: Ticket) -> UnderWay | Reply | None:
        """Begin to answer ``request``, without waiting.

        Args:
            request: the request.
            ticket: what a scheduler admitted it with.

        Returns:
            The request under way, or its reply if that is known; None if only `ask` can answer it.

        Raises:
            CompetencyError: as `Backend.ask`.
        """


class Workers:
    """Workers of this machine.

    Args:
        pool: the workers.
    """

    def __init__(self, pool: WorkerPool) -> None:
        self.limits, self.ask, self._pool = pool.limits, pool.ask, pool

    def begin(self, request: Request, ticket: Ticket) -> UnderWay | None:
        """See `QuickBackend`; None if no worker is idle."""
        worker = self._pool.begin(request, ticket)
        return None if worker is None else _AtWorker(self._pool, worker)


class _AtWorker:
    """A request to a worker, whose reply begins with a single packet."""

    def __init__(self, pool: WorkerPool, worker: Worker) -> None:
        self._pool, self._worker = pool, worker

    def fileno(self) -> int:
        return self._worker.fileno()

    def go_on(self) -> Reply:
        return self._pool.finish(self._worker)

    finish = go_on
