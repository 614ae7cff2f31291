"""A pool of sandboxed workers that answer requests.

A worker that takes too long or crashes is killed; a new one is forked within milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import resource
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Self

from competency_graph import errors
from competency_graph.errors import (
    CompetencyError,
    EvaluationError,
    LimitError,
    UnavailableError,
)
from competency_graph.sandbox.fork_server import (
    ERROR,
    LAST,
    MAX_MESSAGE_BYTES,
    MORE,
    PACKET,
    ForkServer,
)
from competency_graph.sandbox.places import QUICK_SECONDS
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.turns import ProcessorTurns

_TURN_SECONDS = 0.2
"""Seconds that a slow query runs before another slow one has its turn."""
_OWN_FACTOR = 30
"""How many times the limit a request of this program may take: it has to wait for all others."""
_MAX_OWN_BYTES = 256 * 1024**2
"""A worker with so much memory of its own is replaced. Whatever the engine reads, it copies, as it
counts references; without a limit, each worker would soon hold a copy of all data."""
_REQUESTS_BETWEEN_LOOKS = 256
"""After so many requests, and after slow ones, it is looked at how much memory a worker has."""


def _nothing() -> None:
    """Leave a reply of which everything is here."""


class Reply(NamedTuple):
    """An answer being received. Use it as a context manager, or call `leave` when done with it.

    Args:
        kind: ``table``, ``boolean``, ``graph`` or ``report``.
        format: the name of the format of ``chunks``; "" if the client does not want this kind.
        chunks: the answer, in pieces. Iteration raises `LimitError` or `EvaluationError` if the
            answer breaks off.
        leave: informs the worker that no more is wanted.
        warnings: see `evaluator.Answer`.
        arrived: whether all of it has arrived, in a single piece.
    """

    kind: str
    format: str
    chunks: Iterator[bytes]
    leave: Callable[[], None] = _nothing
    warnings: tuple[str, ...] = ()
    arrived: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


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
            except _Stopped:
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


class _Stopped(Exception):  # noqa: N818
    """The request is a slow one, no more of which may run; it must wait and start anew."""


def _do_nothing(_: Worker) -> None:
    pass


class Worker:
    """The local end of a worker.

    Attributes:
        request: what it was asked last.
        ticket: what a scheduler admitted that with.
        on_idle: called when it can be asked again.
        on_close: called before it is closed.
    """

    request: Request
    ticket: Ticket | None
    on_idle: Callable[[Worker], object]
    on_close: Callable[[Worker], object]

    def __init__(
        self,
        number: int,
        can_all: bool,
        channel: socket.socket,
        limits: Limits,
        turns: ProcessorTurns,
    ) -> None:
        self._process = os.pidfd_open(number)
        self.can_all = can_all
        self._requests = 0
        self._seconds_used: float | None = None
        self._number, self._channel, self._usual_limits = number, channel, limits
        self._turns = turns
        self._seconds_left, self._waiting_since, self.deprioritized = 0.0, 0.0, False
        self.busy = self.closed = self._answering = self._yields = False

    def is_alive(self) -> bool:
        """Whether it is running; an idle worker sends nothing."""
        try:
            self._do_not_block()
            self._channel.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def has_copied_much(self) -> bool:
        """Whether it has much memory that it does not share, as far as that was looked at."""
        was_quick = self._reported <= QUICK_SECONDS
        if was_quick and self._requests % _REQUESTS_BETWEEN_LOOKS:
            return False
        return _bytes_touched(self._number) > _MAX_OWN_BYTES

    def restore_priority(self) -> bool:
        """Give it normal priority again; return whether that succeeded."""
        if self._yields and not self.closed and _set_priority(self._number, last=False):
            self._signal(signal.SIGCONT)
            self._yields = self.deprioritized = False
        return not self._yields

    def _yield(self) -> None:
        """Run only when nothing else does."""
        if not self._yields:
            self._yields = True
            _set_priority(self._number, last=True)

    def _do_not_block(self) -> None:
        if self._channel.gettimeout() != 0:  # else this would be a needless system call
            self._channel.setblocking(False)

    def fileno(self) -> int:
        """The file descriptor that its reply arrives on."""
        return self._channel.fileno()

    def begin(self, request: Request, ticket: Ticket | None) -> None:
        """Send it a request."""
        self._limits = request.limited_by(self._usual_limits)
        self._seconds_left, self.busy, self.request = self._limits.seconds, True, request
        self.ticket, self._answering, self._reported = ticket, False, 0.0
        self._requests += 1
        if self._seconds_used is None:
            self._seconds_used = _processor_seconds(self._number)
        self._idle_seconds = self._seconds_used  # it used none since
        if ticket is not None and ticket.is_suspect:
            self._yield()
        pickled = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        pickled = len(pickled).to_bytes(4, "big") + pickled
        self._begun = self._waiting_since = time.monotonic()
        with contextlib.suppress(OSError):  # if it has ended, `_receive` reports it
            if len(pickled) <= PACKET:  # it waits for nothing else, so there is room
                self._channel.send(pickled)
                return
            self._channel.settimeout(self._limits.seconds)
            for start in range(0, len(pickled), PACKET):
                self._channel.sendall(pickled[start : start + PACKET])

    def reply(self, leave: Callable[[], None]) -> Reply:
        """Return its reply, once the first piece has arrived; see `WorkerPool.ask`."""
        tag, first = self._receive()
        end = 4 + int.from_bytes(first[:4], "big")
        kind, form, warnings = _head_of(first[4:end])
        chunks = self._chunks(tag, first[end:])
        return Reply(kind, form, chunks, leave, warnings, tag == LAST)

    def close(self) -> None:
        """Kill the process, whatever it is doing."""
        if self.closed:
            return
        self.busy, self.closed = False, True
        self.on_close(self)
        self._signal(signal.SIGKILL)
        os.close(self._process)
        self._channel.close()

    def _chunks(self, tag: bytes, content: bytes) -> Iterator[bytes]:
        sent = 0
        while True:
            sent += len(content)
            if sent > self._limits.answer:
                raise LimitError(
                    f"the answer is longer than the limit of {self._limits.answer:,} bytes",
                    self.request.remedies.answer,
                    limit="answer",
                )
            if tag == LAST:
                self.busy = False
            if content:
                yield content
            if tag == LAST:
                return
            self._waiting_since = time.monotonic()
            tag, content = self._receive()

    def _receive(self) -> tuple[bytes, bytes]:
        """Receive a packet: its type and its content. Only the time spent waiting counts."""
        started = self._waiting_since
        try:
            packet = self._next_packet()
        except TimeoutError:
            self.close()
            raise LimitError(
                f"the {self.request.noun} took longer than the limit of "
                f"{self._limits.seconds:g} seconds",
                self.request.remedies.seconds,
                limit="seconds",
            ) from None
        except OSError:
            packet = b""
        self._seconds_left -= time.monotonic() - started
        if not packet:
            self.close()
            raise LimitError(
                f"the {self.request.noun} was stopped: it needs more than {self._limits.memory:,} "
                "bytes of memory, or is nested too deeply",
                self.request.remedies.memory,
                limit="memory",
            )
        if packet[:1] == ERROR:
            self.busy = False
            raise _error_from(json.loads(packet[1:]))
        self._answering = True
        if packet[:1] == MORE and self.report_usage() > QUICK_SECONDS:
            if self.ticket:
                self.ticket.slow(stoppable=False)
            else:
                self._yield()
        return packet[:1], packet[1:]

    def _next_packet(self) -> bytes:
        with contextlib.suppress(BlockingIOError):
            self._do_not_block()
            return self._channel.recv(MAX_MESSAGE_BYTES)
        if not self.deprioritized:
            deadline = self._deadline()
            wait = QUICK_SECONDS - (time.monotonic() - self._waiting_since)
            # It may have had to wait for a processor, so its own time counts.
            while (wait > 0 or (wait := QUICK_SECONDS - self.report_usage()) > 0) and (
                left := deadline - time.monotonic()
            ) > 0:
                with contextlib.suppress(TimeoutError):
                    return self._packet_within(min(left, wait))
                wait = 0.0
            if self.ticket and not self.ticket.slow(stoppable=not self._answering):
                raise _Stopped
            self.deprioritized = True
            self._yield()
            self._signal(signal.SIGSTOP)
        return self._next_packet_in_turns()

    def _deadline(self) -> float:
        """When its time is up, by the monotonic clock.

        No client waits for a request of this program, so only the time of a processor counts.
        """
        if self.ticket is not None:
            return self._waiting_since + self._seconds_left
        left = self._limits.seconds - self._reported
        return min(time.monotonic() + left, self._begun + self._limits.seconds * _OWN_FACTOR)

    def _next_packet_in_turns(self) -> bytes:
        """Receive a packet from a deprioritized worker, which runs only during its turns.

        Even processes with idle priority take some time from others, so no more of them run than
        there are processors to spare.
        """
        holds = False
        try:
            while (left := self._deadline() - time.monotonic()) > 0 and (
                holds := self._turns.take(self.ticket, left, again=holds)
            ):
                try:
                    self._signal(signal.SIGCONT)
                    left = self._deadline() - time.monotonic()
                    return self._packet_within(min(left, _TURN_SECONDS))
                except TimeoutError:
                    pass
                finally:
                    self._signal(signal.SIGSTOP)
                    self.report_usage()
        finally:
            if holds:
                self._turns.leave()
        raise TimeoutError

    def _packet_within(self, seconds: float) -> bytes:
        self._channel.settimeout(max(seconds, 0.001))
        return self._channel.recv(MAX_MESSAGE_BYTES)

    def report_usage(self) -> float:
        """Report the processor time that the request used since the last report.

        Returns:
            The processor time that it used in total.
        """
        self._seconds_used = _processor_seconds(self._number)
        used = max(self._seconds_used - self._idle_seconds, self._reported)
        if self.ticket:
            self.ticket.spend(used - self._reported)
        self._reported = used
        return used

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):  # it may have ended
            signal.pidfd_send_signal(self._process, number)


@lru_cache(256)
def _head_of(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The kind, the format and the warnings that the head of an answer states."""
    head = json.loads(content)
    return head["kind"], head["format"], tuple(head["warnings"])


def _processor_seconds(process: int) -> float:
    """The processor time that a process has used; 0 if it has ended."""
    try:
        return time.clock_gettime(~process << 3 | 2)  # clock_getcpuclockid(3)
    except OSError:
        return 0.0


def _bytes_touched(process: int) -> int:
    """The memory that a process may have copied or been given since its start; 0 if it has ended.

    Each page causes a fault when it is first written to. To count those that it still has would
    take milliseconds.
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[7]) * resource.getpagesize()


def _set_priority(process: int, last: bool) -> bool:
    """Give a process idle priority and keep it off one processor, or undo that.

    Returns:
        Whether that succeeded.
    """
    processors = sorted(os.sched_getaffinity(0))
    allowed = processors[1:] or processors if last else processors
    policy = os.SCHED_IDLE if last else os.SCHED_BATCH
    try:
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setscheduler(int(thread.name), policy, os.sched_param(0))
            os.sched_setaffinity(int(thread.name), allowed)
    except OSError:  # raising the priority again may need a privilege
        return False
    return True


def _error_from(head: dict[str, Any]) -> CompetencyError:
    """Reconstruct the error that a worker reported."""
    kind = getattr(errors, head.pop("error"), EvaluationError)
    error: CompetencyError = kind(**head)
    return error
