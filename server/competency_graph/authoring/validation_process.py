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
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from threading import Thread
from typing import Final

import pyoxigraph as ox

from competency_graph.authoring.validation_messages import (
    Checked,
    FixAll,
    FixedText,
    Settings,
    Texts,
)
from competency_graph.errors import CompetencyError
from competency_graph.sparql.evaluator import PUBLISHED, evaluate
from competency_graph.sparql.saved_queries import parse_query
from competency_graph.validation.findings import Report
from competency_graph.validation.incremental.session import ValidationSession
from competency_graph.validation.remedies.fixes import MAX_ROUNDS, fix
from competency_graph.validation.shapes.loading import read_shapes
from competency_graph.validation.sources.author_files import Source
from competency_graph.validation.validator import Limits

_GC_THRESHOLD: Final = 100_000
"""Allocations between garbage collections: parsing creates many objects, but no cycles."""


class _SupersededError(Exception):
    """Newer texts have arrived."""


class ValidationProcess:
    """Validates in a process of its own.

    Args:
        settings: the settings.
        answered: is called with each answer, in a thread of its own. Texts that are superseded by
            newer ones have none.
        failed: is called when the process ended unexpectedly, with its exit code; `start` it again.
    """

    def __init__(
        self,
        settings: Settings,
        answered: Callable[[Checked | FixedText], None],
        failed: Callable[[int], None],
    ) -> None:
        self._settings, self._answered, self._failed = settings, answered, failed
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

    def send(self, message: Texts | FixAll) -> None:
        """Validate texts together with all earlier ones, or fix one of them."""
        with contextlib.suppress(OSError):  # `failed` reports it
            self._channel.send(message)

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
                answer = channel.recv()
            except (EOFError, OSError):
                break
            self._answered(answer)
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
        self._number = 0
        self._is_due = False

    def run(self) -> None:
        """Check texts as they come, and fix them when asked to."""
        while True:
            message: Texts | FixAll = self._channel.recv()
            if isinstance(message, FixAll):
                self._channel.send(FixedText(message.number, self._fixed(message.name)))
            else:
                self._take(message)
            if self._channel.poll():
                continue
            with contextlib.suppress(_SupersededError):
                if self._is_due:
                    self._channel.send(self._checked(self._number))
                    self._is_due = False
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
        self._number, self._is_due = texts.number, True

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

    def _fixed(self, name: str) -> bytes | None:
        """A file after its fixes and those of what they reveal; None if there are newer texts."""
        original = self._sources.get(name)
        if original is None:
            return None
        try:
            for _ in range(MAX_ROUNDS):
                source = self._sources[name]
                findings = (
                    finding
                    for finding in self._report().findings
                    if all(edit.file == name for edit in finding.edits)
                )
                fixed = fix([source], findings, writing=False)
                if not fixed:
                    break
                self._sources[name] = Source(name, fixed[0].content, source.number, keeping=True)
            return self._sources[name].content
        except (CompetencyError, _SupersededError):
            return None
        finally:
            self._sources[name] = original

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
