"""An editor for tests: a real client of the language server, over standard input and output.

The client is that of pytest-lsp, which checks what the server answers against what the client says
it can do. Its fixtures are not used: they run tests in pytest-asyncio's event loop, in the main
thread, where Playwright's loop for the tests of pages is already running in the same process. Here,
the loop has a thread of its own, and tests are ordinary functions.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient

from conftest import COMMAND, ROOT

Answer = TypeVar("Answer")
ACME = (ROOT / "docs/rules/acme.ttl").read_text()
LINKS = (ROOT / "docs/rules/acme.sssom.tsv").read_text()
PATIENCE = 60
"""How long an answer may take, in seconds."""


class Editor:
    """Opens, changes and saves files as an editor does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.choice = 0
        """Which of the answers the editor's user chooses."""
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self._texts: dict[str, tuple[str, int]] = {}
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.client = LanguageClient(converter_factory=default_converter)

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            with self._arrived:
                self.published[params.uri] = params
                self._arrived.notify_all()

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
        def asked(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            assert params.actions
            return params.actions[self.choice] if self.choice >= 0 else None

    def start(
        self, *options: str, capabilities: types.ClientCapabilities | None = None,
        folders: Sequence[Path] | None = None, **environment: str,
    ) -> types.InitializeResult:  # fmt: skip
        """Start the server, by default for an editor that can do as little as possible."""
        folders = [self.folder] if folders is None else folders
        self.ask(
            self.client.start_io(
                str(COMMAND), "lsp", *options, cwd=str(self.folder), env=os.environ | environment
            )
        )
        return self.ask(
            self.client.initialize_session(
                types.InitializeParams(
                    capabilities or types.ClientCapabilities(),
                    workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in folders],
                )
            )
        )

    def stop(self) -> int:
        """Leave; the exit code of the server."""
        process = self.client._server
        assert process is not None
        self.ask(self.client.shutdown_session())
        code = process.returncode
        assert code is not None
        self.ask(self.client.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        return code

    @property
    def pid(self) -> int:
        process = self.client._server
        assert process is not None
        return process.pid

    def ask(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(PATIENCE)

    def _call(self, notify: Callable[[Any], None], params: Any) -> None:
        async def call() -> None:
            notify(params)

        self.ask(call())

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def text(self, name: str) -> str:
        return self._texts[name][0]

    def at(self, name: str, mark: str, after: bool = False) -> types.Position:
        """The position of the first mark in a text, in UTF-16."""
        text = self._texts[name][0]
        offset = text.index(mark) + len(mark) * after
        line = text[:offset].rpartition("\n")[2]
        return types.Position(text.count("\n", 0, offset), len(line.encode("utf-16-le")) // 2)

    def place(self, name: str, mark: str, after: bool = False) -> dict[str, Any]:
        return {
            "text_document": types.TextDocumentIdentifier(self.uri(name)),
            "position": self.at(name, mark, after),
        }

    def open(self, name: str, text: str | None = None) -> None:
        language = {".rq": "sparql", ".tsv": "sssom"}.get(Path(name).suffix, "turtle")
        text = (self.folder / name).read_text() if text is None else text
        if name in self._texts:
            self.write(name, text)
            return
        self._texts[name] = text, 1
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self._call(self.client.text_document_did_open, types.DidOpenTextDocumentParams(item))

    def write(self, name: str, text: str) -> None:
        """Replace the whole text of an open file."""
        version = self._texts[name][1] + 1
        self._texts[name] = text, version
        self._change(name, version, types.TextDocumentContentChangeWholeDocument(text))

    def type(self, name: str, old: str, new: str) -> None:
        """Replace the first place with a text, by an incremental change."""
        text, version = self._texts[name]
        place = types.Range(self.at(name, old), self.at(name, old, after=True))
        self._texts[name] = text.replace(old, new, 1), version + 1
        self._change(name, version + 1, types.TextDocumentContentChangePartial(place, new))

    def _change(self, name: str, version: int, change: Any) -> None:
        identifier = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        params = types.DidChangeTextDocumentParams(identifier, [change])
        self._call(self.client.text_document_did_change, params)

    def close(self, name: str) -> None:
        del self._texts[name]
        identifier = types.TextDocumentIdentifier(self.uri(name))
        params = types.DidCloseTextDocumentParams(identifier)
        self._call(self.client.text_document_did_close, params)

    def change_folders(self, removed: Sequence[Path]) -> None:
        gone = [types.WorkspaceFolder(each.as_uri(), each.name) for each in removed]
        event = types.WorkspaceFoldersChangeEvent(added=[], removed=gone)
        self._call(
            self.client.workspace_did_change_workspace_folders,
            types.DidChangeWorkspaceFoldersParams(event),
        )

    def wait(self, holds: Callable[[], object]) -> object:
        """Wait until something holds of the diagnostics; what it is."""
        with self._arrived:
            return self._arrived.wait_for(holds, PATIENCE)

    def diagnostics(self, name: str) -> list[types.Diagnostic]:
        found = self.published.get(self.uri(name))
        return list(found.diagnostics) if found else []

    def codes(self, name: str) -> list[Any]:
        return [each.code for each in self.diagnostics(name)]

    def expect(self, name: str, codes: list[Any]) -> list[types.Diagnostic]:
        """Wait until a file has findings of these rules and no others."""
        self.wait(lambda: self.codes(name) == codes)
        assert self.codes(name) == codes, self.diagnostics(name)
        return self.diagnostics(name)

    def actions(self, name: str, mark: str, *only: Any) -> list[types.CodeAction]:
        place = self.at(name, mark)
        found = self.ask(
            self.client.text_document_code_action_async(
                types.CodeActionParams(
                    types.TextDocumentIdentifier(self.uri(name)),
                    types.Range(place, place),
                    types.CodeActionContext(self.diagnostics(name), only or None),
                )
            )
        )
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    def apply_to(self, name: str, edit: types.WorkspaceEdit | None) -> None:
        """Make an edit that changes a single file, which is open."""
        assert edit is not None
        assert edit.changes
        [(uri, edits)] = edit.changes.items()
        assert uri == self.uri(name)
        self.write(name, edited(self.text(name), list(edits)))

    def apply(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """The texts after an edit, by name; open files change."""
        assert edit is not None
        assert edit.changes
        changed = {}
        for uri, edits in edit.changes.items():
            name = Path(uri).name
            text = self._texts[name][0] if name in self._texts else (self.folder / name).read_text()
            changed[name] = edited(text, list(edits))
            if name in self._texts:
                self.write(name, changed[name])
        return changed


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """A text after edits in UTF-16, as an editor makes them: from the last one to the first."""
    lines = text.split("\n")

    def offset(place: types.Position) -> int:
        before = sum(len(line) + 1 for line in lines[: place.line])
        line = lines[place.line] if place.line < len(lines) else ""
        units = line.encode("utf-16-le")[: 2 * place.character]
        return before + len(units.decode("utf-16-le"))

    for edit in sorted(edits, key=lambda e: offset(e.range.start), reverse=True):
        start, end = offset(edit.range.start), offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


@contextlib.contextmanager
def editing(
    folder: Path, *options: str, capabilities: types.ClientCapabilities | None = None
) -> Iterator[Editor]:
    """An editor in a folder with Acme's dictionary, whose server must end well."""
    (folder / "acme.ttl").write_text(ACME)
    (folder / "acme.sssom.tsv").write_text(LINKS)
    editor = Editor(folder)
    editor.start(*options, capabilities=capabilities)
    yield editor
    assert editor.stop() == 0


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        threading.Event().wait(0.05)
