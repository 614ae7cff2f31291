"""Asking where it cannot hurt: each query runs in a process that can be killed.

The engine cannot be interrupted, and a text nested deep enough overflows its stack. So the process
that holds the store forks an evaluator, which shares the store's memory, has a large stack, can
open no file and no socket, and has its memory bounded. A query that takes too long, or breaks its
evaluator, costs that evaluator; the next is forked in milliseconds.

The two ends of a socket pair carry packets: a request, pickled, to the evaluator; back from it one
packet of JSON that tells the kind of answer or the error, then packets of the answer itself, then
an empty one. A broken answer lacks that last packet.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import pickle
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox

from competency_graph import diagnosis, errors, evaluation
from competency_graph.errors import CompetencyError, EvaluationError, LimitError

PACKET = 64 * 1024
"""Bytes of an answer in one packet; only the last may have fewer."""
_HEAD, _DATA, _END, _ERROR = b"h", b"d", b"e", b"!"
_PR_SET_PDEATHSIG = 1
_STACK = 512 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one query may cost.

    Args:
        seconds: wall-clock time, from the request to the end of its answer.
        memory: bytes that its evaluation may add to the process.
        answer: bytes of the answer.
    """

    seconds: float = 10.0
    memory: int = 1024**3
    answer: int = 256 * 1024**2


@dataclass(frozen=True)
class Question:
    """A query with all that its answer depends on.

    Args:
        text: the query, SPARQL 1.1.
        formats: the format to answer in, for each kind of answer (``table``, ``boolean``,
            ``graph``); a kind that is left out is not wanted.
        bindings: terms for some of its variables.
        default_graphs: as in `evaluation.evaluate`.
        named_graphs: as in `evaluation.evaluate`.
    """

    text: str
    formats: dict[str, str]
    bindings: dict[ox.Variable, ox.NamedNode | ox.Literal] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """An answer on its way. Leave it, as a context, when no more of it is wanted.

    Args:
        kind: ``table``, ``boolean`` or ``graph``.
        format: the name of the format that ``chunks`` are in; "" where that kind is not wanted.
        chunks: the answer, in pieces. Iterating raises `LimitError` or `EvaluationError` where the
            answer breaks off.
        leave: tells the evaluator that no more is wanted.
    """

    kind: str
    format: str
    chunks: Iterator[bytes]
    leave: Callable[[], None]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


class Evaluator:
    """A process that answers one question after the other, and is replaced when it breaks.

    Use it from one thread. `close` ends it.

    Args:
        store: what to ask.
        limits: what one question may cost.
    """

    def __init__(self, store: ox.Store, limits: Limits | None = None) -> None:
        diagnosis.prepare()  # an evaluator cannot open the files that this reads
        self._store = store
        self.limits = limits or Limits()
        self._process = 0
        self._socket: socket.socket | None = None
        self._left, self._busy = 0.0, False

    def ask(self, question: Question) -> Reply:
        """Answer ``question``; the first piece of the answer is there when this returns.

        Raises:
            CompetencyError: as `evaluation.evaluate`.
            LimitError: it took too long, needed too much memory, or broke its evaluator.
        """
        self._leave()
        self._left, self._busy = self.limits.seconds, True
        try:
            channel = self._channel()
            request = pickle.dumps(question)
            channel.sendall(len(request).to_bytes(4, "big"))
            for start in range(0, len(request), PACKET):
                channel.sendall(request[start : start + PACKET])
            head = json.loads(self._receive()[1])
            first = self._receive()
        except CompetencyError:
            raise
        except BaseException:
            self.close()
            raise
        return Reply(head["kind"], head["format"], self._chunks(first), self._leave)

    def _leave(self) -> None:
        if self._busy:
            self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._busy = False
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._process, 0)
            self._process = 0

    def _chunks(self, packet: tuple[bytes, bytes]) -> Iterator[bytes]:
        sent = 0
        while packet[0] == _DATA:
            sent += len(packet[1])
            if sent > self.limits.answer:
                raise LimitError(
                    f"the answer is longer than the limit of {self.limits.answer:,} bytes",
                    "Ask for less, with LIMIT or a narrower pattern",
                    limit="answer",
                )
            yield packet[1]
            packet = self._receive()
        self._busy = False

    def _channel(self) -> socket.socket:
        if self._socket is None:
            mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._process = os.fork()
            if self._process == 0:
                try:
                    _serve(self._store, other, self.limits)
                finally:
                    os._exit(1)
            other.close()
            self._socket = mine
        return self._socket

    def _receive(self) -> tuple[bytes, bytes]:
        """The next packet: what it is, and its content. Only waiting for it counts as time."""
        channel = self._channel()
        channel.settimeout(max(self._left, 0.001))
        since = time.monotonic()
        try:
            packet = channel.recv(PACKET + 1)
        except TimeoutError:
            self.close()
            raise LimitError(
                f"the query took longer than the limit of {self.limits.seconds:g} seconds",
                "Make it cheaper: name more of what it looks for, join patterns by shared "
                "variables, avoid unbounded property paths, or add LIMIT",
                limit="seconds",
            ) from None
        except OSError:
            packet = b""
        self._left -= time.monotonic() - since
        if not packet:
            self.close()
            raise LimitError(
                f"the query broke off: it needs more than {self.limits.memory:,} bytes of memory, "
                "or is nested too deeply",
                "Make it simpler, or ask for less at a time",
                limit="memory",
            )
        tag, content = packet[:1], packet[1:]
        if tag == _ERROR:
            self._busy = False
            raise _rebuilt(json.loads(content))
        return tag, content


class _Writer:
    """A file to serialize into, which sends packets."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) >= PACKET:
            self._channel.sendall(_DATA + self._held[:PACKET])
            del self._held[:PACKET]
        return len(data)

    def flush(self) -> None:
        if self._held:
            self._channel.sendall(_DATA + self._held)
            self._held.clear()

    def end(self) -> None:
        self.flush()
        self._channel.sendall(_END)


def _serve(store: ox.Store, channel: socket.socket, limits: Limits) -> None:
    """The evaluator's life: shut itself in, then answer until the other end is gone."""
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
        signal.signal(signum, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then goes
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # and so does this, with it
    space = _address_space() + _STACK + limits.memory
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        os.nice(5)  # who waits for the next request goes first
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_loop, args=(store, channel))
    thread.start()
    thread.join()
    os._exit(0)


def _loop(store: ox.Store, channel: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while head := channel.recv(4):
            length, request = int.from_bytes(head, "big"), bytearray()
            while len(request) < length:
                request += channel.recv(PACKET)
            _answer(store, channel, pickle.loads(request))  # noqa: S301  (from our own parent)
    os._exit(0)


def _answer(store: ox.Store, channel: socket.socket, question: Question) -> None:
    writer = _Writer(channel)
    try:
        answer = evaluation.evaluate(
            store,
            question.text,
            question.bindings,
            question.default_graphs,
            question.named_graphs,
        )
        form = question.formats.get(answer.kind, "")
        channel.sendall(_HEAD + json.dumps({"kind": answer.kind, "format": form}).encode())
        if form:
            answer.write(form, writer)  # type: ignore[arg-type]  # writing is all that is asked of it
        writer.end()
    except CompetencyError as error:
        told = {"error": type(error).__name__} | asdict(error)
        channel.sendall(_ERROR + json.dumps(told).encode()[:PACKET])
    except MemoryError:
        os._exit(2)


def _rebuilt(head: dict[str, Any]) -> CompetencyError:
    """The error that an evaluator told of."""
    kind = getattr(errors, head.pop("error"), EvaluationError)
    error: CompetencyError = kind(**head)
    return error


def _address_space() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
