"""The process that forks workers: processes that answer requests, shut in so that none can hurt.

An engine cannot be interrupted, and a text nested deep enough overflows its stack. So a process of
a single thread holds all that answers need and forks workers, which share its memory. Each has a
large stack, can open no file and no socket, and has its memory bounded. It talks over its end of a
socket pair, in packets. Requests come pickled, their length first. Back goes an error, or an
answer: its first packet begins with a head that tells its kind, and its last packet says that it is
the last.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import mmap
import os
import pickle
import resource
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, ClassVar, NamedTuple, Protocol

import pyoxigraph as ox

from competency_graph import reports
from competency_graph.errors import CompetencyError, EvaluationError, UnavailableError
from competency_graph.rdf import spreadsheets
from competency_graph.rdf.short_names import abridged
from competency_graph.sparql import syntax_errors
from competency_graph.validation import Published, read_published, sample_report

PACKET = 64 * 1024
"""Bytes of an answer in one packet; only the last may have fewer."""
LARGEST = PACKET + 32 * 1024
"""Bytes of a packet with all that goes before the answer's."""
MORE, LAST, ERROR = b"+", b".", b"!"
"""What a packet is, by its first byte: one of an answer, the last one, or an error."""
_WAKE = b"!"
_PR_SET_PDEATHSIG = 1
_STACK = 512 * 1024 * 1024
_SPARE = 2 * 1024 * 1024
"""Bytes; a worker that cannot have these has run out of memory."""


@dataclass(frozen=True)
class Limits:
    """What one request may cost.

    Args:
        seconds: time, from the request to the end of its answer, not counting a slow client's.
        memory: bytes that its evaluation may add to the process.
        answer: bytes of the answer.
        query: characters of a query's text.
        body: bytes of the request that brings it.
    """

    seconds: float = 10.0
    memory: int = 1024**3
    answer: int = 256 * 1024**2
    query: int = 100_000
    body: int = 1_000_000


class Remedies(NamedTuple):
    """What to do where a request meets a limit, each in one sentence without its full stop.

    Args:
        seconds: it took too long.
        memory: it needed too much memory, or nested too deeply.
        answer: its answer is too long.
    """

    seconds: str
    memory: str
    answer: str


class Request(Protocol):
    """What a worker is asked to do; it comes pickled, so it is a value."""

    noun: ClassVar[str]
    """What a person calls it."""
    remedies: ClassVar[Remedies]
    last: ClassVar[bool]
    """Whether its worker ends with it, so that nothing of it stays anywhere."""

    def check(self, limits: Limits) -> None:
        """Raise `LengthError` where it is too long to be looked at."""

    def answer(self, store: ox.Store, published: Published) -> Answer:
        """The answer, or a `CompetencyError`. This runs in a worker, which opens no file."""


class Answer(NamedTuple):
    """What a worker gives back.

    Args:
        kind: ``table``, ``boolean``, ``graph`` or ``report``.
        format: the name of the format that it is in; "" where that kind is not wanted.
        write: writes it.
        warnings: what is worth telling besides.
    """

    kind: str
    format: str
    write: Callable[[IO[bytes]], object]
    warnings: tuple[str, ...] = ()


class ForkServer:
    """The process that forks workers. Make it while this process has a single thread.

    Args:
        store: what is asked, or how a worker is to open it for itself.
        limits: what one request may cost.

    Raises:
        UnreadableInputError: the published files, which texts are judged by, cannot be read.
    """

    def __init__(self, store: ox.Store | Callable[[], ox.Store], limits: Limits) -> None:
        self.limits = limits
        published = read_published()
        self._requests, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = os.fork()
        if self.process == 0:
            with _exit_at_end():
                _serve_forks(store, published, inner, limits)
        inner.close()

    def new_worker(self) -> tuple[int, socket.socket]:
        """A new worker: its process's number, and the socket that it answers on.

        Raises:
            UnavailableError: there is no fork server any more.
        """
        mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with other:
                socket.send_fds(self._requests, [b"+"], [other.fileno()])
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
        poller.register(self._requests, select.POLLHUP)
        return not poller.poll(0)

    def resume_workers(self) -> None:
        """Let workers go on that were stopped by a process which is gone: they end then."""
        with contextlib.suppress(OSError):
            self._requests.send(_WAKE)

    def close(self) -> None:
        """Let go of it; the process ends when nobody holds it."""
        self._requests.close()


@contextlib.contextmanager
def _exit_at_end():  # type: ignore[no-untyped-def]  # noqa: ANN202
    """A forked process ends here, whatever happens, and never runs its parent's code."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001
        print(f"competency: {error!r}", file=sys.stderr)  # noqa: T201
    finally:
        os._exit(1)


def _serve_forks(
    store: ox.Store | Callable[[], ox.Store],
    published: Published,
    door: socket.socket,
    limits: Limits,
) -> None:
    """Fork a worker for each request for one, until nobody is left to ask."""
    _ignore_signals()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # workers that ended are not kept
    _close_all_but(door)
    syntax_errors.prepare()  # a worker cannot open the files that these read
    spreadsheets.prepare()
    reports.prepare(sample_report(published))
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, 1, 1)
        if not message:
            os._exit(0)
        if not descriptors:
            _resume_workers()
            continue
        channel = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            with _exit_at_end():
                _run_worker(store, published, channel, limits)
        channel.close()


def _resume_workers() -> None:
    own = os.getpid()
    for number in Path(f"/proc/{own}/task/{own}/children").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGCONT)


def _run_worker(
    store: ox.Store | Callable[[], ox.Store],
    published: Published,
    channel: socket.socket,
    limits: Limits,
) -> None:
    """Shut this process in, then answer requests until the other end is gone."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # it goes when its parent goes
    _close_all_but(channel)
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
    thread = threading.Thread(target=_loop, args=(opened, published, channel))
    thread.start()
    thread.join()
    os._exit(0)


def _ignore_signals() -> None:
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, signal.SIGUSR1):
        signal.signal(signum, signal.SIG_IGN)  # it goes when those that use it are gone


def _close_all_but(channel: socket.socket) -> None:
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


def _loop(store: ox.Store, published: Published, channel: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while packet := bytearray(channel.recv(LARGEST)):
            length = int.from_bytes(packet[:4], "big")
            del packet[:4]
            while len(packet) < length:
                packet += channel.recv(LARGEST)
            request = pickle.loads(packet)  # noqa: S301  (from our own parent)
            _answer(store, published, channel, request)
    os._exit(0)


def _answer(
    store: ox.Store, published: Published, channel: socket.socket, request: Request
) -> None:
    try:
        answer = request.answer(store, published)
        warnings = [abridged(each, 300) for each in answer.warnings[:20]]
        head = {"kind": answer.kind, "format": answer.format, "warnings": warnings}
        writer = _Writer(channel, json.dumps(head, ensure_ascii=False).encode())
        answer.write(writer)  # type: ignore[arg-type]  # writing is all that is asked of it
        writer.end()
    except Exception as error:  # noqa: BLE001  (whatever it is, the log has it, and the client its name)
        if _out_of_memory(error):
            os._exit(2)
        if isinstance(error, CompetencyError):
            _send_error(channel, error)
            return
        what = f"the {request.noun} failed ({type(error).__name__})"
        _send_error(channel, EvaluationError(what, "Tell those who run this; the log says more"))
        traceback.print_exc()


def _out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, even if a library reports that as another error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return True
        cause = cause.__cause__ or cause.__context__
    try:  # what the error's frames hold is held still
        mmap.mmap(-1, _SPARE).close()
    except OSError:
        return True
    return False


def _send_error(channel: socket.socket, error: CompetencyError) -> None:
    told = {"error": type(error).__name__} | {
        name: abridged(value) if isinstance(value, str) else value
        for name, value in asdict(error).items()
    }
    channel.sendall(ERROR + json.dumps(told).encode())


def _address_space() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
