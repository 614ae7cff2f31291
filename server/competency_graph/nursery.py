"""Where evaluators are born: processes that answer queries, shut in so that a query cannot hurt.

The engine cannot be interrupted, and a text nested deep enough overflows its stack. So a process of
a single thread holds the store and forks evaluators, which share its memory. Each has a large
stack, can open no file and no socket, and has its memory bounded. It talks over its end of a socket
pair, in packets. Requests come pickled, their length first. Back goes an error, or an answer: its
first packet begins with a head that tells its kind, and its last packet says that it is the last.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import pickle
import resource
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyoxigraph as ox

from competency_graph import diagnosis, evaluation, spreadsheets
from competency_graph.errors import CompetencyError, UnavailableError

PACKET = 64 * 1024
"""Bytes of an answer in one packet; only the last may have fewer."""
LARGEST = PACKET + 16 * 1024
"""Bytes of a packet with all that goes before the answer's."""
MORE, LAST, ERROR = b"+", b".", b"!"
"""What a packet is, by its first byte: one of an answer, the last one, or an error."""
_PR_SET_PDEATHSIG = 1
_STACK = 512 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one query may cost.

    Args:
        seconds: time, from the request to the end of its answer, not counting a slow client's.
        memory: bytes that its evaluation may add to the process.
        answer: bytes of the answer.
        query: characters of its text.
        body: bytes of the request that brings it.
    """

    seconds: float = 10.0
    memory: int = 1024**3
    answer: int = 256 * 1024**2
    query: int = 100_000
    body: int = 1_000_000


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


class Nursery:
    """The process that forks evaluators. Make it while this process has a single thread.

    Args:
        store: what is asked, or how an evaluator is to open it for itself.
        limits: what one question may cost.
    """

    def __init__(self, store: ox.Store | Callable[[], ox.Store], limits: Limits) -> None:
        self.limits = limits
        self._door, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = os.fork()
        if self.process == 0:
            with _last_words():
                _tend(store, inner, limits)
        inner.close()

    def evaluator(self) -> tuple[int, socket.socket]:
        """A new evaluator: its process's number, and the socket that it answers on.

        Raises:
            UnavailableError: there is no nursery any more.
        """
        mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with other:
                socket.send_fds(self._door, [b"+"], [other.fileno()])
            mine.settimeout(10)
            number = int(mine.recv(32))
        except (OSError, ValueError):
            mine.close()
            raise UnavailableError(
                "no process can be had to answer this", "Send it again in a moment"
            ) from None
        return number, mine

    def alive(self) -> bool:
        """Whether the process is there."""
        poller = select.poll()
        poller.register(self._door, select.POLLHUP)
        return not poller.poll(0)

    def close(self) -> None:
        """Let go of it; the process ends when nobody holds it."""
        self._door.close()


@contextlib.contextmanager
def _last_words():  # type: ignore[no-untyped-def]  # noqa: ANN202
    """A forked process ends here, whatever happens, and never runs its parent's code."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001
        print(f"competency: {error!r}", file=sys.stderr)  # noqa: T201
    finally:
        os._exit(1)


def _tend(store: ox.Store | Callable[[], ox.Store], door: socket.socket, limits: Limits) -> None:
    """The nursery's life: fork an evaluator for each knock, until nobody is left to knock."""
    _forget_signals()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # evaluators that ended are not kept
    _keep_only(door)
    diagnosis.prepare()  # an evaluator cannot open the files that these read
    spreadsheets.prepare()
    while True:
        _, descriptors, _, _ = socket.recv_fds(door, 1, 1)
        if not descriptors:
            os._exit(0)
        channel = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            with _last_words():
                _live(store, channel, limits)
        channel.close()


def _live(store: ox.Store | Callable[[], ox.Store], channel: socket.socket, limits: Limits) -> None:
    """An evaluator's life: shut itself in, then answer until the other end is gone."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # it goes when its parent goes
    _keep_only(channel)
    opened = store() if callable(store) else store
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(
            "1000"
        )  # where memory runs out, this goes first
    space = _address_space() + _STACK + limits.memory
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    channel.sendall(str(os.getpid()).encode())
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_loop, args=(opened, channel))
    thread.start()
    thread.join()
    os._exit(0)


def _forget_signals() -> None:
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, signal.SIGUSR1):
        signal.signal(signum, signal.SIG_IGN)  # it goes when those that use it are gone


def _keep_only(channel: socket.socket) -> None:
    """Close all files but the standard ones and ``channel``."""
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


class _Writer:
    """A file to serialize into, which sends packets."""

    def __init__(self, channel: socket.socket, head: bytes) -> None:
        self._channel = channel
        self._head = len(head).to_bytes(4, "big") + head
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > PACKET:
            self._send(MORE, self._held[:PACKET])
            del self._held[:PACKET]
        return len(data)

    def flush(self) -> None:
        """Nothing goes before its packet is full, or the answer at its end."""

    def end(self) -> None:
        self._send(LAST, self._held)

    def _send(self, tag: bytes, content: bytearray) -> None:
        self._channel.sendall(tag + self._head + content)
        self._head = b""


def _loop(store: ox.Store, channel: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while request := bytearray(channel.recv(LARGEST)):
            length = int.from_bytes(request[:4], "big")
            del request[:4]
            while len(request) < length:
                request += channel.recv(LARGEST)
            _answer(store, channel, pickle.loads(request))  # noqa: S301  (from our own parent)
    os._exit(0)


def _answer(store: ox.Store, channel: socket.socket, question: Question) -> None:
    try:
        answer = evaluation.evaluate(
            store,
            question.text,
            question.bindings,
            question.default_graphs,
            question.named_graphs,
        )
        form = question.formats.get(answer.kind, "")
        head = {"kind": answer.kind, "format": form, "warnings": answer.warnings[:20]}
        writer = _Writer(channel, json.dumps(head).encode())
        if form:
            answer.write(form, writer)  # type: ignore[arg-type]  # writing is all that is asked of it
        writer.end()
    except CompetencyError as error:
        told = {"error": type(error).__name__} | asdict(error)
        channel.sendall(ERROR + json.dumps(told).encode()[:PACKET])
    except MemoryError:
        os._exit(2)


def _address_space() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
