"""A pool of sandboxed workers that answer requests.

A worker that takes too long or crashes is killed; a new one is forked within milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from functools import partial

from competency_graph.errors import UnavailableError
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.turns import ProcessorTurns
from competency_graph.sandbox.worker import Stopped, Worker


class WorkerPool:
    """A pool of workers, as many as there are concurrent requests; thread-safe.

    Args:
        fork_server: the process that forks them.
    """

    holds_data = True

    def __init__(self, fork_server: ForkServer) -> None:
        self.limits = fork_server.limits
        self._fork_server = fork_server
        self._idle: deque[Worker] = deque()
        self._workers: set[Worker] = set()
        self._wanted, self._one_ended = 0, threading.Event()
        fork_server.resume_workers()
        self._turns = ProcessorTurns(max(len(os.sched_getaffinity(0)) - 1, 1))

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Answer ``request``; returns once the first piece of the answer has arrived.

        Args:
            request: the request.
            ticket: what a scheduler admitted it with, to report how long it runs; None for a
                request of this program itself, which no client waits for: the time that it waits
                for others does not count.

        Raises:
            CompetencyError: see `Request.answer`.
            BusyError: it is a slow one, and had to wait for too long until it could run.
            LengthError: it is too long and was not processed.
            LimitError: it took too long, needed too much memory, or crashed its worker.
            UnavailableError: no worker is available.
        """
        return self.finish(self._begin_with(self._free_worker(request), request, ticket))

    def take(self) -> Worker | None:
        """Take an idle worker for queries out of the pool; None if there is none."""
        return self._idle_worker(needs_all=False)

    def adopt(self, worker: Worker) -> None:
        """Let a worker that was taken return to the pool once it is idle."""
        worker.on_idle, worker.on_close = self._idle.append, _do_nothing

    def end(self, worker: Worker) -> None:
        """End a worker, whatever it is doing."""
        worker.close()
        self._workers.discard(worker)
        self._one_ended.set()

    def finish(self, worker: Worker) -> Reply:
        """Return the reply to a request that has begun with `Worker.begin`; raises as `ask`.

        This does not wait if there is something to read from `Worker.fileno`.
        """
        while True:
            try:
                return worker.reply(partial(self._release, worker))
            except Stopped:
                self._release(worker)
            except BaseException:
                self._release(worker)
                raise
            request, ticket = worker.request, worker.ticket
            if ticket is not None:
                ticket.wait()
            worker = self._begin_with(self._free_worker(request), request, ticket)

    def _begin_with(self, worker: Worker, request: Request, ticket: Ticket | None) -> Worker:
        try:
            request.check(self.limits)
        except BaseException:
            self._idle.append(worker)
            raise
        worker.begin(request, ticket)
        return worker

    def keep_ready(self, number: int) -> None:
        """Start workers in advance and replace those that end, so that some are always ready.

        Args:
            number: how many there are at least, including those at work.
        """
        self._wanted = number
        self._one_ended.set()
        threading.Thread(target=self._replace_ended, name="workers", daemon=True).start()

    def close(self) -> None:
        """End the idle workers."""
        self._wanted = 0
        while self._idle:
            self.end(self._idle.pop())

    def _replace_ended(self) -> None:
        while self._one_ended.wait():
            self._one_ended.clear()
            with contextlib.suppress(UnavailableError):  # then this process is replaced as well
                while len(self._workers) < self._wanted:
                    self._idle.append(self._new_worker(needs_all=False))
                self._fork_server.prepare()  # for the workers that are needed later

    def _free_worker(self, request: Request) -> Worker:
        return self._idle_worker(request.needs_all) or self._new_worker(request.needs_all)

    def _new_worker(self, needs_all: bool) -> Worker:
        worker = Worker(*self._fork_server.new_worker(needs_all), self.limits, self._turns)
        self._workers.add(worker)
        self.adopt(worker)
        return worker

    def _idle_worker(self, needs_all: bool) -> Worker | None:
        """An idle worker, if there is one; if required, one that can do more than queries."""
        with contextlib.suppress(IndexError):
            while True:
                worker = self._idle.pop()
                if worker.is_alive() and (worker.can_all or not needs_all):
                    return worker
                self.end(worker)  # those that are forked from now on can do all
        return None

    def _release(self, worker: Worker) -> None:
        """Return a worker to the pool if it is done and reusable, else end it."""
        if not worker.closed:
            worker.report_usage()
        if (
            worker.closed
            or worker.busy
            or worker.request.last
            or worker.has_copied_much()
            or not worker.restore_priority()
        ):
            self.end(worker)
        else:
            worker.on_idle(worker)


def _do_nothing(_: Worker) -> None:
    pass
