"""A process that validates texts while they are being written.

It keeps what the next validation can use, and gives up one when newer texts arrive. Its crash does
no harm: `ValidationProcess` starts another one.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import CompetencyError
from competency_graph.sparql.evaluator import PUBLISHED, evaluate
from competency_graph.sparql.saved_queries import parse_query
from competency_graph.validation.findings import Report
from competency_graph.validation.incremental.session import ValidationSession
from competency_graph.validation.shapes.loading import read_shapes
from competency_graph.validation.sources.author_files import Source
from competency_graph.validation.validator import Limits

_GC_THRESHOLD: Final = 100_000
"""Allocations between garbage collections: parsing creates many objects, but no cycles."""


@dataclass(frozen=True)
class Settings:
    """The settings of all validations.

    Args:
        base: the base that the files extend, one of `dictionary.base.BASES`.
        shapes: an organisation's own shapes.
        seconds: the time limit of the engine.
    """

    base: str = "auto"
    shapes: tuple[Path, ...] = ()
    seconds: float = 600.0


@dataclass(frozen=True)
class Texts:
    """The texts that changed since the last ones.

    Args:
        number: the number of this message, which `Checked` repeats.
        changed: the files with their contents, by name.
        removed: the names of files that are no more.
        queries: the queries to check, by name.
    """

    number: int
    changed: Mapping[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What was found in all texts so far.

    Args:
        number: the number of the last texts.
        report: the report on the files; None if there are none, or if it failed.
        failure: why there is no report, or "".
        queries: the error of each query that has one, by name.
    """

    number: int
    report: Report | None = None
    failure: str = ""
    queries: Mapping[str, CompetencyError] = field(default_factory=dict)


class _SupersededError(Exception):
    """Newer texts have arrived."""


class ValidationProcess:
    """Validates in a process of its own.

    Args:
        settings: the settings.
        found: is called with what was found, in a thread of its own; not for texts that were
            superseded by newer ones.
        failed: is called when the process ended unexpectedly, with its exit code; `start` it again.
    """

    def __init__(
        self,
        settings: Settings,
        found: Callable[[Checked], None],
        failed: Callable[[int], None],
    ) -> None:
        self._settings, self._found, self._failed = settings, found, failed
        self._stopped = self._is_started = False

    def start(self) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (this module, in this environment)
                # -P: nothing is imported from the folder that happens to be the current one.
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),  # standard output belongs to the protocol
                pass_fds=[theirs.fileno()],
            )
        self._channel = Connection(ours.detach())
        self._channel.send(self._settings)
        self._is_started = True
        Thread(target=self._listen, args=(self._channel,), daemon=True).start()

    def send(self, texts: Texts) -> None:
        """Validate texts together with all earlier ones."""
        with contextlib.suppress(OSError):  # `failed` reports it
            self._channel.send(texts)

    def stop(self) -> None:
        """End the process."""
        self._stopped = True
        if not self._is_started:
            return
        self._process.kill()
        self._process.wait()
        self._channel.close()

    def _listen(self, channel: Connection) -> None:
        while True:
            try:
                checked = channel.recv()
            except (EOFError, OSError):
                break
            self._found(checked)
        if not self._stopped:
            self._failed(self._process.wait())


def _serve(channel: Connection) -> None:
    """Answer until the channel is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to stop
    gc.set_threshold(_GC_THRESHOLD)
    with contextlib.suppress(EOFError, ConnectionError):
        _Checking(channel, channel.recv()).run()


class _Checking:
    def __init__(self, channel: Connection, settings: Settings) -> None:
        self._channel, self._settings = channel, settings
        self._session: ValidationSession | None = None
        self._sources: dict[str, Source] = {}
        self._queries: dict[str, str] = {}
        self._numbers = count()

    def run(self) -> None:
        """Check texts as they come."""
        while True:
            texts: Texts = self._channel.recv()
            self._take(texts)
            with contextlib.suppress(_SupersededError):
                self._channel.send(self._checked(texts.number))
                if self._session and not self._channel.poll():
                    self._session.prepare()
                    self._spare_collector()

    def _spare_collector(self) -> None:
        """Exempt what is kept from garbage collections, which would look at all of it each time."""
        if not gc.get_freeze_count():
            gc.collect()
            gc.freeze()

    def _take(self, texts: Texts) -> None:
        for name, content in texts.changed.items():
            old = self._sources.get(name)
            if old is None or old.content != content:
                number = old.number if old else next(self._numbers)
                self._sources[name] = Source(name, content, number, keeping=True)
        for name in texts.removed:
            self._sources.pop(name, None)
        self._queries = dict(texts.queries)

    def _checked(self, number: int) -> Checked:
        queries = {
            name: error for name, text in self._queries.items() if (error := query_error(text))
        }
        if not self._sources:
            return Checked(number, queries=queries)
        try:
            return Checked(number, self._report(), queries=queries)
        except CompetencyError as error:
            return Checked(number, failure=str(error), queries=queries)

    def _report(self) -> Report:
        if self._session is None:
            shapes = read_shapes(self._settings.shapes, seconds=self._settings.seconds)
            self._session = ValidationSession(
                shapes, self._settings.base, limits=Limits(self._settings.seconds),
                allow_empty=True,
            )  # fmt: skip
        ordered = [self._sources[name] for name in sorted(self._sources)]
        return self._session.report(ordered, self._progress)

    def _progress(self, doing: str, found: int) -> None:
        if self._channel.poll():
            raise _SupersededError


def query_error(text: str) -> CompetencyError | None:
    """The first error of a query: of its header, of its syntax, or what is not allowed in it."""
    store = ox.Store()
    for graph in PUBLISHED:
        store.add_graph(ox.NamedNode(graph))
    try:
        parse_query(text, "query", "query")
        evaluate(store, text)
    except CompetencyError as error:
        return error
    return None


if __name__ == "__main__":
    from competency_graph.authoring import validation_process

    # Messages name the classes of the module by the name that it is imported by.
    validation_process._serve(Connection(int(sys.argv[1])))
