"""Forks sandboxed worker processes, which answer requests.

An engine cannot be interrupted, and deeply nested input overflows its stack. So a single-threaded
process loads everything that answers need and forks workers, which share its memory. A worker has a
large stack and limited memory, and cannot open files or sockets, except the files of a store on
disk. It communicates over its end of a socket pair, in packets. Requests arrive pickled, preceded
by their length. The reply is an error or an answer, whose first packet begins with a header that
states its kind, and whose last packet is marked as the last.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import json
import logging
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
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from competency_graph.errors import CompetencyError, EvaluationError, UnavailableError
from competency_graph.rdf.formats import FORMATS
from competency_graph.rdf.short_names import abridged
from competency_graph.sandbox.file_access import allow_only_reading
from competency_graph.sandbox.preparation import prepare_all, prepare_queries
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sparql import evaluator

if TYPE_CHECKING:
    from competency_graph.validation import Published

_log = logging.getLogger(__name__)

PACKET = 64 * 1024
"""The size of the content of a packet, in bytes; only the last may be smaller."""
MAX_MESSAGE_BYTES = PACKET + 32 * 1024
"""The maximum size of a packet in bytes, including the header."""
MORE, LAST, ERROR = b"+", b".", b"!"
"""The type of a packet, its first byte: part of an answer, the last part, or an error."""
_WARM_UP_QUERIES = (
    "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20",
    "SELECT ?p ?o (STR(?o) AS ?t) { VALUES ?s { <x:s> } ?s ?p ?o . OPTIONAL { ?o ?q ?r } } LIMIT 1",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 20",
)
"""Queries that take no time, whatever the data."""
_FORK, _FORK_PREPARED, _PREPARE, _RESUME = b"+", b"*", b"p", b"!"
"""Requests to the fork server: for a worker, for one that can do more than queries, to prepare for
these, and to resume stopped workers."""
_PATIENCE_SECONDS = 60
"""How long to wait for a worker: the first one that can do more also waits for the preparation."""
_PR_SET_PDEATHSIG = 1
_STACK_SIZE = 512 * 1024 * 1024
_SPARE_DESCRIPTORS = 32
"""File descriptors of a worker besides those for the files of a store on disk."""
_SPARE_MEMORY = 2 * 1024 * 1024
"""Bytes; a worker that cannot allocate this much has run out of memory."""


class ForkServer:
    """The process that forks workers. Create it while this process has a single thread.

    Args:
        store: the store to query, or the folder of one on disk, which each worker opens.
        limits: the limits for one request.
    """

    def __init__(self, store: ox.Store | Path, limits: Limits) -> None:
        self.limits = limits
        self._requests, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = os.fork()
        if self.process == 0:
            with _exit_at_end():
                _Forks(store, inner, limits).serve()
        inner.close()

    def new_worker(self, needs_all: bool = False) -> tuple[int, bool, socket.socket]:
        """Fork a worker.

        Args:
            needs_all: whether it must be able to do more than queries.

        Returns:
            Its process id, whether it can do more than queries, and the socket to communicate with
            it.

        Raises:
            UnavailableError: the fork server has ended.
        """
        mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with other:
                message = _FORK_PREPARED if needs_all else _FORK
                socket.send_fds(self._requests, [message], [other.fileno()])
            mine.settimeout(_PATIENCE_SECONDS)
            number, can_all = mine.recv(32).split()
            return int(number), can_all == b"1", mine
        except (OSError, ValueError):
            mine.close()
            raise UnavailableError(
                "no process can be started to answer this", "Try again in a moment"
            ) from None

    def prepare(self) -> None:
        """Load what workers need for more than queries; until then, no worker can be forked."""
        with contextlib.suppress(OSError):
            self._requests.send(_PREPARE)

    def alive(self) -> bool:
        """Whether the process is running."""
        poller = select.poll()
        poller.register(self._requests, select.POLLHUP)
        return not poller.poll(0)

    def resume_workers(self) -> None:
        """Resume workers that a process stopped before it ended, so that they end as well."""
        with contextlib.suppress(OSError):
            self._requests.send(_RESUME)

    def close(self) -> None:
        """Close the connection; the process ends once all connections are closed."""
        self._requests.close()


@contextlib.contextmanager
def _exit_at_end():  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Ensure that a forked process exits here and never runs its parent's code."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001
        print(f"competency: {error!r}", file=sys.stderr)  # noqa: T201
    finally:
        os._exit(1)


class _Forks:
    """Forks workers, in a process of its own.

    Args:
        store: the store to query, or the folder of one on disk, which each worker opens.
        requests: the socket on which requests for workers arrive.
        limits: the limits for one request.
    """

    def __init__(self, store: ox.Store | Path, requests: socket.socket, limits: Limits) -> None:
        self._store, self._requests, self._limits = store, requests, limits
        self._published: Published | None = None

    def serve(self) -> None:
        """Fork a worker for each message, until all senders have closed the socket."""
        _ignore_signals()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies of ended workers
        _close_all_but(self._requests)
        prepare_queries()
        gc.freeze()  # see `_keep_loaded`; there is little to collect, and the first answer waits
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._requests, 1, 1)
            if not message:
                os._exit(0)
            if message == _RESUME:
                _resume_workers()
            if message in (_PREPARE, _FORK_PREPARED):
                self._prepare()
            if descriptors:
                with socket.socket(fileno=descriptors[0]) as channel:
                    self._fork(channel, message == _FORK_PREPARED)

    def _fork(self, channel: socket.socket, needs_all: bool) -> None:
        if (self._published is None and needs_all) or os.fork() != 0:
            return
        with _exit_at_end():
            _run_worker(self._store, self._published, channel, self._limits)

    def _prepare(self) -> None:
        if self._published is not None:
            return
        try:
            self._published = prepare_all(
                self._store if isinstance(self._store, ox.Store) else None
            )
        except CompetencyError as error:
            _log.error("validations are not available: %s", error)
        _keep_loaded()


def _keep_loaded() -> None:
    """Exempt all objects from collections, which would write to them, and so copy memory."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _resume_workers() -> None:
    own = os.getpid()
    for number in Path(f"/proc/{own}/task/{own}/children").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGCONT)


def _run_worker(
    store: ox.Store | Path,
    published: Published | None,
    channel: socket.socket,
    limits: Limits,
) -> None:
    """Sandbox this process, then answer requests until the other end is closed."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # end together with the parent
    _close_all_but(channel)
    _discard_native_messages()
    opened = ox.Store.read_only(str(store)) if isinstance(store, Path) else store
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # first to be killed on low memory
    # Evaluations do not interrupt the event loop, which wakes several up in turn.
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    space = _address_space() + _STACK_SIZE + limits.memory
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    if isinstance(store, Path):  # the engine opens a file of the store when it first needs it
        allow_only_reading(store)
        descriptors = sum(1 for _ in store.iterdir()) + _SPARE_DESCRIPTORS
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    else:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        channel.sendall(f"{os.getpid()} {int(published is not None)}".encode())
    except BrokenPipeError:  # the server was stopped while this process was forked
        os._exit(0)
    threading.stack_size(_STACK_SIZE)
    thread = threading.Thread(target=_serve_requests, args=(opened, published, channel))
    thread.start()
    thread.join()
    os._exit(0)


def _discard_native_messages() -> None:
    """Discard what a library in Rust or C prints when it aborts because it exceeds a limit.

    The log of requests has the limit. What Python prints, such as a traceback, is kept.
    """
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)


def _ignore_signals() -> None:
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, signal.SIGUSR1):
        signal.signal(signum, signal.SIG_IGN)  # ends when all that use it have ended


def _close_all_but(channel: socket.socket) -> None:
    """Close all file descriptors except the standard ones and ``channel``."""
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


class _Writer:
    """A file-like object that sends what is written to it in packets."""

    def __init__(self, channel: socket.socket, head: bytes) -> None:
        self._channel = channel
        self._head = head
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        while len(self._buffer) > PACKET:
            self._send(MORE, self._buffer[:PACKET])
            del self._buffer[:PACKET]
        return len(data)

    def flush(self) -> None:
        """Do nothing: packets are sent when they are full or the answer ends."""

    def end(self) -> None:
        self._send(LAST, self._buffer)

    def _send(self, tag: bytes, content: bytearray) -> None:
        self._channel.sendall(tag + self._head + content)
        self._head = b""


def _serve_requests(store: ox.Store, published: Published | None, channel: socket.socket) -> None:
    _warm_up(store)
    with contextlib.suppress(OSError):
        while packet := bytearray(channel.recv(MAX_MESSAGE_BYTES)):
            length = int.from_bytes(packet[:4], "big")
            del packet[:4]
            while len(packet) < length:
                packet += channel.recv(MAX_MESSAGE_BYTES)
            _answer_request(store, published, channel, bytes(packet))
    os._exit(0)


def _warm_up(store: ox.Store) -> None:
    """Run a few queries, so that the first request does not have to wait for pages of memory.

    After a fork, the first access to each page of code is a page fault, and so is the first write
    to each page of data: a thousand of them, three milliseconds, for the first query.
    """
    with contextlib.suppress(Exception):  # what fails here fails again, and is reported
        for text in _WARM_UP_QUERIES:
            answer = evaluator.evaluate(store, text)
            answer.write(FORMATS[answer.kind][0].name, io.BytesIO())


def _answer_request(
    store: ox.Store, published: Published | None, channel: socket.socket, pickled: bytes
) -> None:
    noun = "request"
    try:
        request: Request = pickle.loads(pickled)  # noqa: S301  (from our own parent)
        noun = request.noun
        answer = request.answer(store, published)
        warnings = tuple(abridged(each, 300) for each in answer.warnings[:20])
        writer = _Writer(channel, _head(answer.kind, answer.format, warnings))
        answer.write(writer)  # type: ignore[arg-type]  # only `write` is called
        writer.end()
    except Exception as error:  # noqa: BLE001  (all are logged, and the client gets the type)
        if _out_of_memory(error):
            os._exit(2)
        if isinstance(error, CompetencyError):
            _send_error(channel, error)
            return
        what = f"the {noun} failed ({type(error).__name__})"
        _send_error(
            channel, EvaluationError(what, "Report this to the operators; the log says more")
        )
        traceback.print_exc()


@lru_cache(64)
def _head(kind: str, form: str, warnings: tuple[str, ...]) -> bytes:
    """The head of an answer, preceded by its length."""
    document = {"kind": kind, "format": form, "warnings": warnings}
    head = json.dumps(document, ensure_ascii=False).encode()
    return len(head).to_bytes(4, "big") + head


def _out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, even if a library raised a different error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return True
        cause = cause.__cause__ or cause.__context__
    try:  # the error's frames still hold their memory
        mmap.mmap(-1, _SPARE_MEMORY).close()
    except OSError:
        return True
    return False


def _send_error(channel: socket.socket, error: CompetencyError) -> None:
    document = {"error": type(error).__name__} | {
        name: abridged(value) if isinstance(value, str) else value
        for name, value in asdict(error).items()
    }
    channel.sendall(ERROR + json.dumps(document).encode())


def _address_space() -> int:
    """The size of this process's address space in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
