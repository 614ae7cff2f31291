"""Keeps what is known about the workspace up to date, and reports what is wrong with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from lsprotocol import types

from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.validation_messages import (
    Checked,
    FixAll,
    FixedText,
    Settings,
    Texts,
)
from competency_graph.authoring.validation_process import ValidationProcess
from competency_graph.errors import CompetencyError
from competency_graph.lsp import diagnostics
from competency_graph.lsp.documents import Documents
from competency_graph.sparql import unknown_terms
from competency_graph.validation.findings import Finding, Report

_PAUSE: Final = 0.02
"""How long nobody types before the texts are checked, in seconds."""
_MAX_CRASHES: Final = 3
"""How often in a row the process that validates is started again."""
Show = Callable[[str, list[types.Diagnostic]], None]
"""Shows the diagnostics of a file, by its name."""


@dataclass(frozen=True)
class Shown:
    """A finding as it is shown.

    Args:
        finding: the finding.
        diagnostic: the diagnostic.
    """

    finding: Finding
    diagnostic: types.Diagnostic


class Checking:
    """Checks texts whenever they change.

    Args:
        documents: the texts.
        names: the files and folders of the dictionary.
        settings: the settings of validation.
        extra_files: files with further graphs, such as an imported framework.
        show: shows the diagnostics of a file.
        warn: shows a message.
    """

    def __init__(
        self,
        documents: Documents,
        names: Sequence[str],
        settings: Settings,
        extra_files: Iterable[Path],
        show: Show,
        warn: Callable[[str], None],
    ) -> None:
        self._documents, self._show, self._warn = documents, show, warn
        self.names = list(names)
        """The files and folders of the dictionary, which may change before they are read again."""
        self._extra_files = tuple(extra_files)
        self.store = LiveStore(settings.base)
        self._loop = asyncio.get_running_loop()
        self._process = ValidationProcess(settings, self._answered, self._crashed)
        self._changed: set[str] = set()
        self._sent: set[str] = set()
        self._number = self._crashes = 0
        self._last_checked = -1
        self._fix_numbers = count()
        self._fixes: dict[int, asyncio.Future[bytes | None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._reading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.shown: dict[str, list[Shown]] = {}
        """The findings in each file whose text has not changed since they were found."""
        self._published: dict[str, list[types.Diagnostic]] = {}

    async def start(self) -> None:
        """Read the files of the dictionary and check them."""
        self._process.start()
        await self.read_again()
        try:
            await asyncio.to_thread(self.store.add_graphs, self._extra_files)
        except (CompetencyError, OSError) as error:
            self._warn(str(error))
        except asyncio.CancelledError:  # the editor left, and the thread is waited for
            self.store.closed = True
            raise

    def stop(self) -> None:
        """Stop checking."""
        if self._timer:
            self._timer.cancel()
        self.store.closed = True
        self._process.stop()

    async def read_again(self) -> None:
        """Read the files that are not open, which other programs may have changed."""
        try:
            changed = await asyncio.to_thread(self._documents.read, self.names)
        except (CompetencyError, OSError) as error:
            self._warn(str(error))
            return
        for name in changed:
            self.changed(name)
        if not changed and not self._number:
            self._schedule()  # there may be open queries

    def changed(self, name: str) -> None:
        """Check a file that changed, once nobody has typed for a moment."""
        self._changed.add(name)
        self.shown.pop(name, None)
        self._schedule()

    def _schedule(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_later(_PAUSE, self._start_sending)

    def _start_sending(self) -> None:
        task = self._loop.create_task(self._send())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_pending(self) -> bool:
        """Whether there are texts that have not been checked."""
        return bool(self._changed) or self._last_checked != self._number

    async def catch_up(self) -> None:
        """Wait until the statements are those of the texts."""
        if self._changed and self._timer:
            self._timer.cancel()
            await self._send()
        async with self._reading:
            return

    async def fixed(self, name: str) -> str | None:
        """A text after all its fixes, and those of what they reveal; None if it cannot be said."""
        await self.catch_up()
        if self._crashes > _MAX_CRASHES:
            return None
        before = self._documents.text(name)
        number = next(self._fix_numbers)
        answer: asyncio.Future[bytes | None] = self._loop.create_future()
        self._fixes[number] = answer
        self._process.send(FixAll(number, name))
        content = await answer
        if content is None or self._documents.text(name) != before:
            return None
        return content.decode("utf-8-sig")

    async def _send(self) -> None:
        async with self._reading:
            names, self._changed = self._changed, set()
            contents = {name: self._documents.content(name) for name in names}
            changed = {name: content for name, content in contents.items() if content is not None}
            removed = tuple(name for name in names if name not in changed and name in self._sent)
            self._sent = (self._sent | set(changed)) - set(removed)
            self._number += 1
            self._process.send(Texts(self._number, changed, removed, self._documents.queries))
            for name in removed:
                self.store.remove(name)
            if changed:
                await asyncio.to_thread(self.store.update, changed)

    def _answered(self, answer: Checked | FixedText) -> None:
        """Take an answer of the process, in another thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed
            if isinstance(answer, Checked):
                self._loop.call_soon_threadsafe(self._found, answer)
            else:
                self._loop.call_soon_threadsafe(self._take_fixed, answer)

    def _take_fixed(self, answer: FixedText) -> None:
        if waiting := self._fixes.pop(answer.number, None):
            waiting.set_result(answer.content)

    def _found(self, checked: Checked) -> None:
        self._crashes = 0
        if checked.number != self._number or self._changed:
            return  # newer texts are being checked
        self._last_checked = checked.number
        if checked.failure:
            self._warn(checked.failure)
        found: dict[str, list[types.Diagnostic]] = defaultdict(list)
        self.shown = defaultdict(list)
        report = checked.report or Report(())
        for finding in report.findings:
            name = finding.place.file
            at = self._documents.positions(name)
            diagnostic = diagnostics.of_finding(finding, report, at)
            found[name].append(diagnostic)
            self.shown[name].append(Shown(finding, diagnostic))
        for name, text in self._documents.queries.items():
            at = self._documents.positions(name)
            if error := checked.queries.get(name):
                found[name].append(diagnostics.of_query_error(error, at))
                continue
            for term in unknown_terms.unknown(text, self.store.store):
                found[name].append(diagnostics.of_unknown_term(term, at))
        self._publish(found)

    def _publish(self, found: dict[str, list[types.Diagnostic]]) -> None:
        for name in self._published.keys() | found.keys() | self._documents.open_names:
            now = found.get(name, [])
            if now != self._published.get(name):
                self._show(name, now)
        self._published = {name: found.get(name, []) for name in self._documents.open_names}
        self._published |= found

    def _crashed(self, code: int) -> None:
        """Start the process again, unless it always crashes; called in another thread."""

        def restart() -> None:
            self._crashes += 1
            for number in [*self._fixes]:
                self._take_fixed(FixedText(number, None))
            if self._crashes > _MAX_CRASHES:
                self._warn(f"validation was stopped, as it failed repeatedly (exit code {code})")
                return
            self._process.start()
            for name in self._sent:
                self.changed(name)

        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(restart)
