"""A worker, as the process that serves uses it: what it is sent, what it replies, and for how long.

A slow request yields: it runs only when nothing else does, and in turns with others.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import resource
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from competency_graph import errors
from competency_graph.errors import CompetencyError, EvaluationError, LimitError
from competency_graph.sandbox.fork_server import ERROR, LAST, MAX_MESSAGE_BYTES, MORE, PACKET
from competency_graph.sandbox.places import QUICK_SECONDS
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.turns import ProcessorTurns

_TURN_SECONDS = 0.2
"""Seconds that a slow query runs before another slow one has its turn."""
_MAX_AHEAD_BYTES = 4 * 1024**2
"""How much of an answer is received in a turn, at most, before some of it is asked for."""
_OWN_QUICK_SECONDS = 1.0
"""Seconds of a processor after which a request of this program yields. One that yields from its
start may take very long on a busy machine, and a small search index does not take that long."""
_OWN_FACTOR = 30
"""How many times the limit a request of this program may take: it has to wait for all others."""
_MAX_OWN_BYTES = 256 * 1024**2
"""A worker with so much memory of its own is replaced. Whatever the engine reads, it copies, as it
counts references; without a limit, each worker would soon hold a copy of all data."""
_REQUESTS_BETWEEN_LOOKS = 256
"""After so many requests, and after slow ones, it is looked at how much memory a worker has."""


class Stopped(Exception):  # noqa: N818
    """The request is a slow one, no more of which may run; it must wait and start anew."""


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
        self._received: deque[bytes] = deque()
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
        if packet[:1] == MORE and self.report_usage() > self._quick_seconds():
            if self.ticket:
                self.ticket.slow(stoppable=False)
            else:
                self._yield()
        return packet[:1], packet[1:]

    def _next_packet(self) -> bytes:
        if self._received:
            return self._received.popleft()
        with contextlib.suppress(BlockingIOError):
            self._do_not_block()
            return self._channel.recv(MAX_MESSAGE_BYTES)
        if not self.deprioritized:
            deadline = self._deadline()
            quick = self._quick_seconds()
            wait = quick - (time.monotonic() - self._waiting_since)
            # It may have had to wait for a processor, so its own time counts.
            while (wait > 0 or (wait := quick - self.report_usage()) > 0) and (
                left := deadline - time.monotonic()
            ) > 0:
                with contextlib.suppress(TimeoutError):
                    return self._packet_within(min(left, wait))
                wait = 0.0
            if self.ticket and not self.ticket.slow(stoppable=not self._answering):
                raise Stopped
            self.deprioritized = True
            self._yield()
            self._signal(signal.SIGSTOP)
        return self._next_packet_in_turns()

    def _quick_seconds(self) -> float:
        return _OWN_QUICK_SECONDS if self.ticket is None else QUICK_SECONDS

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
                self._signal(signal.SIGCONT)
                try:
                    self._receive_in_turn()
                finally:
                    self._signal(signal.SIGSTOP)
                    self.report_usage()
                if self._received:
                    return self._received.popleft()
        finally:
            if holds:
                self._turns.leave()
        raise TimeoutError

    def _receive_in_turn(self) -> None:
        """Receive packets until the turn is over, so that a long answer does not need one each."""
        end = min(time.monotonic() + _TURN_SECONDS, self._deadline())
        room = _MAX_AHEAD_BYTES
        with contextlib.suppress(TimeoutError):
            while room > 0:
                packet = self._packet_within(end - time.monotonic())
                self._received.append(packet)
                if packet[:1] != MORE:
                    return
                room -= len(packet)

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
