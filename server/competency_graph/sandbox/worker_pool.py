"""A pool of sandboxed workers that answer requests.

A worker that takes too long or crashes is killed; a new one is forked within milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from competency_graph import errors
from competency_graph.errors import CompetencyError, EvaluationError, LimitError
from competency_graph.sandbox.admission import ProcessorTurns
from competency_graph.sandbox.fork_server import (
    ERROR,
    LAST,
    MAX_MESSAGE_BYTES,
    PACKET,
    ForkServer,
)
from competency_graph.sandbox.request import Limits, Request

_TURN_SECONDS = 0.2
"""Seconds that a slow query runs before another slow one has its turn."""
_FULL_PRIORITY_SECONDS = 0.1
"""Seconds in which most requests are answered; slower ones then yield to others."""


@dataclass(frozen=True)
class Reply:
    """An answer being received. Use it as a context manager, or call `leave` when done with it.

    Args:
        kind: ``table``, ``boolean``, ``graph`` or ``report``.
        format: the name of the format of ``chunks``; "" if the client does not want this kind.
        chunks: the answer, in pieces. Iteration raises `LimitError` or `EvaluationError` if the
            answer breaks off.
        leave: informs the worker that no more is wanted.
        warnings: see `evaluator.Answer`.
    """

    kind: str
    format: str
    chunks: Iterator[bytes]
    leave: Callable[[], None]
    warnings: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


class WorkerPool:
    """A pool of workers, as many as there are concurrent requests; thread-safe.

    Args:
        fork_server: the process that forks them.
    """

    def __init__(self, fork_server: ForkServer) -> None:
        self.limits = fork_server.limits
        self._fork_server = fork_server
        self._idle: deque[_Worker] = deque()
        fork_server.resume_workers()
        self._turns = ProcessorTurns(max(len(os.sched_getaffinity(0)) - 1, 1))

    def ask(self, request: Request) -> Reply:
        """Answer ``request``; returns once the first piece of the answer has arrived.

        Raises:
            CompetencyError: see `Request.answer`.
            LengthError: it is too long and was not processed.
            LimitError: it took too long, needed too much memory, or crashed its worker.
            UnavailableError: no worker is available.
        """
        request.check(self.limits)
        worker = self._free_worker()
        try:
            return worker.ask(request, lambda: self._release(worker))
        except BaseException:
            self._release(worker)
            raise

    def close(self) -> None:
        """End the idle workers."""
        while self._idle:
            self._idle.pop().close()

    def _free_worker(self) -> _Worker:
        with contextlib.suppress(IndexError):
            while True:
                worker = self._idle.pop()
                if worker.is_alive():
                    return worker
                worker.close()
        return _Worker(*self._fork_server.new_worker(), self.limits, self._turns)

    def _release(self, worker: _Worker) -> None:
        """Return a worker to the pool if it is done and reusable, else end it."""
        if worker.busy or worker.request.last or not worker.restore_priority():
            worker.close()
        elif not worker.closed:
            self._idle.append(worker)


class _Worker:
    """The local end of a worker."""

    request: Request

    def __init__(
        self, number: int, channel: socket.socket, limits: Limits, turns: ProcessorTurns
    ) -> None:
        self._process = os.pidfd_open(number)
        self._number, self._channel, self._limits = number, channel, limits
        self._turns = turns
        self._seconds_left, self.deprioritized = 0.0, False
        self.busy = self.closed = False

    def is_alive(self) -> bool:
        """Whether it is running; an idle worker sends nothing."""
        try:
            self._channel.setblocking(False)
            self._channel.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def restore_priority(self) -> bool:
        """Give it normal priority again; return whether that succeeded."""
        if self.deprioritized and not self.closed and _set_priority(self._number, last=False):
            self._signal(signal.SIGCONT)
            self.deprioritized = False
        return not self.deprioritized

    def ask(self, request: Request, leave: Callable[[], None]) -> Reply:
        """See `WorkerPool.ask`."""
        self._seconds_left, self.busy, self.request = self._limits.seconds, True, request
        pickled = pickle.dumps(request)
        self._channel.settimeout(self._limits.seconds)
        with contextlib.suppress(OSError):  # if the worker has ended, `_receive` reports it
            pickled = len(pickled).to_bytes(4, "big") + pickled
            for start in range(0, len(pickled), PACKET):
                self._channel.sendall(pickled[start : start + PACKET])
        tag, first = self._receive()
        end = 4 + int.from_bytes(first[:4], "big")
        head = json.loads(first[4:end])
        chunks = self._chunks(tag, first[end:])
        return Reply(head["kind"], head["format"], chunks, leave, tuple(head["warnings"]))

    def close(self) -> None:
        """Kill the process, whatever it is doing."""
        if self.closed:
            return
        self.busy, self.closed = False, True
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
            tag, content = self._receive()

    def _receive(self) -> tuple[bytes, bytes]:
        """Receive a packet: its type and its content. Only the time spent waiting counts."""
        started = time.monotonic()
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
        return packet[:1], packet[1:]

    def _next_packet(self) -> bytes:
        started = time.monotonic()
        if not self.deprioritized:
            self._channel.settimeout(max(min(self._seconds_left, _FULL_PRIORITY_SECONDS), 0.001))
            with contextlib.suppress(TimeoutError):
                return self._channel.recv(MAX_MESSAGE_BYTES)
            self.deprioritized = True
            _set_priority(self._number, last=True)
            self._signal(signal.SIGSTOP)
        return self._next_packet_in_turns(started + self._seconds_left)

    def _next_packet_in_turns(self, deadline: float) -> bytes:
        """Receive a packet from a deprioritized worker, which runs only during its turns.

        Even processes with idle priority take some time from others, so no more of them run than
        there are processors to spare.
        """
        while self._turns.take(max(deadline - time.monotonic(), 0.001)):
            try:
                self._signal(signal.SIGCONT)
                self._channel.settimeout(
                    min(max(deadline - time.monotonic(), 0.001), _TURN_SECONDS)
                )
                return self._channel.recv(MAX_MESSAGE_BYTES)
            except TimeoutError:
                if time.monotonic() >= deadline:
                    raise
            finally:
                self._signal(signal.SIGSTOP)
                self._turns.leave()
        raise TimeoutError

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):  # it may have ended
            signal.pidfd_send_signal(self._process, number)


def _set_priority(process: int, last: bool) -> bool:
    """Give a process idle priority and keep it off one processor, or undo that.

    Returns:
        Whether that succeeded.
    """
    processors = sorted(os.sched_getaffinity(0))
    allowed = processors[1:] or processors if last else processors
    policy = os.SCHED_IDLE if last else os.SCHED_OTHER
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
