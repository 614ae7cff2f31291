"""Asking where it cannot hurt: each request has a process that is killed when it costs too much.

One that takes too long, or breaks its worker, costs that worker; the next one is forked
in milliseconds.
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
from competency_graph.sandbox.admission import Turns
from competency_graph.sandbox.fork_server import (
    ERROR,
    LARGEST,
    LAST,
    PACKET,
    ForkServer,
    Limits,
    Request,
)

_TURN = 0.2
"""Seconds that a query which takes longer runs before another such has its turn."""
_SOON = 0.1
"""Seconds within which most requests are answered; one that takes longer lets others go first."""


@dataclass(frozen=True)
class Reply:
    """An answer on its way. Leave it, as a context, when no more of it is wanted.

    Args:
        kind: ``table``, ``boolean``, ``graph`` or ``report``.
        format: the name of the format that ``chunks`` are in; "" where that kind is not wanted.
        chunks: the answer, in pieces. Iterating raises `LimitError` or `EvaluationError` where the
            answer breaks off.
        leave: tells the worker that no more is wanted.
        warnings: as `evaluator.Answer`'s.
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
    """As many workers as requests are made at once; any thread may ask.

    Args:
        fork_server: where they come from.
    """

    def __init__(self, fork_server: ForkServer) -> None:
        self.limits = fork_server.limits
        self._fork_server = fork_server
        self._idle: deque[_Worker] = deque()
        fork_server.resume_workers()
        self._turns = Turns(max(len(os.sched_getaffinity(0)) - 1, 1))

    def ask(self, request: Request) -> Reply:
        """Answer ``request``; the first piece of the answer is there when this returns.

        Raises:
            CompetencyError: as its `Request.answer`.
            LengthError: it is too long; it is not looked at.
            LimitError: it took too long, needed too much memory, or broke its worker.
            UnavailableError: no worker can be had.
        """
        request.check(self.limits)
        worker = self._free_worker()
        try:
            return worker.ask(request, lambda: self._release(worker))
        except BaseException:
            self._release(worker)
            raise

    def close(self) -> None:
        """End those that are idle."""
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
        """Keep it for the next request if it is done with the last one and may have another."""
        if worker.busy or worker.request.last or not worker.restore_priority():
            worker.close()
        elif not worker.closed:
            self._idle.append(worker)


class _Worker:
    """This end of one worker."""

    request: Request

    def __init__(self, number: int, channel: socket.socket, limits: Limits, turns: Turns) -> None:
        self._process = os.pidfd_open(number)
        self._number, self._channel, self._limits = number, channel, limits
        self._turns = turns
        self._left, self.late = 0.0, False
        self.busy = self.closed = False

    def is_alive(self) -> bool:
        """Whether it still lives; one at rest has nothing to say."""
        try:
            self._channel.setblocking(False)
            self._channel.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def restore_priority(self) -> bool:
        """Whether it can take a request as if it had had none."""
        if self.late and not self.closed and _schedule(self._number, last=False):
            self._signal(signal.SIGCONT)
            self.late = False
        return not self.late

    def ask(self, request: Request, leave: Callable[[], None]) -> Reply:
        """As `WorkerPool.ask`."""
        self._left, self.busy, self.request = self._limits.seconds, True, request
        pickled = pickle.dumps(request)
        self._channel.settimeout(self._limits.seconds)
        with contextlib.suppress(OSError):  # one that is gone is seen to be by what follows
            pickled = len(pickled).to_bytes(4, "big") + pickled
            for start in range(0, len(pickled), PACKET):
                self._channel.sendall(pickled[start : start + PACKET])
        tag, first = self._receive()
        end = 4 + int.from_bytes(first[:4], "big")
        head = json.loads(first[4:end])
        chunks = self._chunks(tag, first[end:])
        return Reply(head["kind"], head["format"], chunks, leave, tuple(head["warnings"]))

    def close(self) -> None:
        """End the process, whatever it is doing."""
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
        """The next packet: what it is, and its content. Only waiting for it counts as time."""
        since = time.monotonic()
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
        self._left -= time.monotonic() - since
        if not packet:
            self.close()
            raise LimitError(
                f"the {self.request.noun} broke off: it needs more than {self._limits.memory:,} "
                "bytes of memory, or is nested too deeply",
                self.request.remedies.memory,
                limit="memory",
            )
        if packet[:1] == ERROR:
            self.busy = False
            raise _rebuilt(json.loads(packet[1:]))
        return packet[:1], packet[1:]

    def _next_packet(self) -> bytes:
        since = time.monotonic()
        if not self.late:
            self._channel.settimeout(max(min(self._left, _SOON), 0.001))
            with contextlib.suppress(TimeoutError):
                return self._channel.recv(LARGEST)
            self.late = True
            _schedule(self._number, last=True)
            self._signal(signal.SIGSTOP)
        return self._next_packet_in_turns(since + self._left)

    def _next_packet_in_turns(self, until: float) -> bytes:
        """The next packet of a late one, which runs only when it is its turn.

        Even those that go last get a little of a processor that others want. So no more of them run
        than there are processors to spare.
        """
        while self._turns.take(max(until - time.monotonic(), 0.001)):
            try:
                self._signal(signal.SIGCONT)
                self._channel.settimeout(min(max(until - time.monotonic(), 0.001), _TURN))
                return self._channel.recv(LARGEST)
            except TimeoutError:
                if time.monotonic() >= until:
                    raise
            finally:
                self._signal(signal.SIGSTOP)
                self._turns.leave()
        raise TimeoutError

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):  # it may be gone
            signal.pidfd_send_signal(self._process, number)


def _schedule(process: int, last: bool) -> bool:
    """Whether ``process`` now goes after all others, kept off one processor; or as any other."""
    processors = sorted(os.sched_getaffinity(0))
    allowed = processors[1:] or processors if last else processors
    policy = os.SCHED_IDLE if last else os.SCHED_OTHER
    try:
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setscheduler(int(thread.name), policy, os.sched_param(0))
            os.sched_setaffinity(int(thread.name), allowed)
    except OSError:  # as to go back may need a privilege
        return False
    return True


def _rebuilt(head: dict[str, Any]) -> CompetencyError:
    """The error that a worker told of."""
    kind = getattr(errors, head.pop("error"), EvaluationError)
    error: CompetencyError = kind(**head)
    return error
