"""The language server: its texts, its options, and what it asks and shows."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from competency_graph.authoring.mentions import QUERY
from competency_graph.authoring.validation_messages import Settings
from competency_graph.lsp.checking import Checking, Shown
from competency_graph.lsp.documents import Documents, path_of
from competency_graph.lsp.requests import register
from competency_graph.rdf.input_files import ENDINGS

_RENAME, _KEEP = "Rename everywhere", "Keep the old name, deprecated and replaced by the new one"

_ADVICE = (
    "The old name is gone. If it has been published, undo this, describe the new entry next to "
    "the old one, and run: competency deprecate OLD --replaced-by NEW"
)


@dataclass(frozen=True)
class Options:
    """The options of the server.

    Args:
        names: the files and folders of the dictionary; none for the folders of the editor.
        settings: the settings of validation.
        extra_files: files with further graphs, such as an imported framework.
    """

    names: Sequence[str] = ()
    settings: Settings = field(default_factory=Settings)
    extra_files: Sequence[Path] = ()


class _Protocol(LanguageServerProtocol):
    """Leaves the texts of documents to `Documents`, which counts lines as the protocol does."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Any:  # noqa: ANN401
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Any:  # noqa: ANN401
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Any:  # noqa: ANN401
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class DictionaryServer(LanguageServer):
    """A language server for the files of a dictionary.

    Args:
        options: its options.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(
            "competency", version("competency-graph"), protocol_cls=_Protocol,
            converter_factory=default_converter,
        )  # fmt: skip
        self._options = options
        self.language = "en"
        self.documents: Documents
        self.checking: Checking
        self._in_order = self._is_reporting = False
        register(self)

    def initialize(self, params: types.InitializeParams) -> None:
        """Read what the editor can do, and where it is."""
        encoding = self.protocol.workspace.position_encoding or "utf-16"
        self.documents = Documents(str(getattr(encoding, "value", encoding)))
        language = params.locale or _language_of_environment()
        self.language = language.replace("_", "-").lower()
        folders = [folder.uri for folder in params.workspace_folders or ()]
        if not folders and params.root_uri:
            folders = [params.root_uri]
        names = [*self._options.names] or list(filter(None, map(path_of, folders)))
        self.checking = Checking(
            self.documents, names, self._options.settings, self._options.extra_files,
            self._show, self._warn,
        )  # fmt: skip

    def change_folders(self, event: types.WorkspaceFoldersChangeEvent) -> None:
        """Note that the editor opened or closed folders, unless the options name the files."""
        if not self._options.names:
            removed = {path_of(folder.uri) for folder in event.removed}
            added = [path_of(folder.uri) for folder in event.added]
            kept = [name for name in self.checking.names if name not in removed]
            self.checking.names = list(filter(None, dict.fromkeys([*kept, *added])))

    async def start(self) -> None:
        """Check the workspace, and ask to be notified when other programs change its files."""
        watched = self.client_capabilities.workspace
        files = watched.did_change_watched_files if watched else None
        if files and files.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/*{ending}") for ending in (*ENDINGS, QUERY)]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration("files", method, options)
            with suppress(JsonRpcException):  # an editor that cannot, although it says so
                await self.client_register_capability_async(
                    types.RegistrationParams([registration])
                )
        await self.checking.start()

    def run(self, answers: BinaryIO) -> bool:
        """Answer requests on standard input until the editor leaves.

        Args:
            answers: where to write answers.

        Returns:
            Whether the editor left in order, by a request to shut down.
        """
        self.start_io(stdout=answers)
        if hasattr(self, "checking"):  # it was initialized
            self.checking.stop()
        return self._in_order

    def shut_down(self) -> None:
        """Stop all work, before the editor leaves."""
        self._in_order = True
        self.checking.stop()

    def report_server_error(
        self, error: Exception, source: type[PyglsError] | type[JsonRpcException]
    ) -> None:
        """Show an error, except that of showing another one, which would fail again."""
        if self._is_reporting:
            return
        self._is_reporting = True
        try:
            super().report_server_error(error, source)
        finally:
            self._is_reporting = False

    def changed(self, name: str) -> None:
        """Check a document that was opened, changed or closed."""
        if name:
            self.checking.changed(name)

    def shown(self, name: str) -> list[Shown]:
        """The findings in a file, if its text has not changed since."""
        return list(self.checking.shown.get(name, ()))

    def _show(self, name: str, found: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                self.documents.uri(name), found, self.documents.version(name)
            )
        )

    def _warn(self, message: str) -> None:
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))

    async def keeps_old_name(self) -> bool:
        """Ask whether the old name of an entry is to be kept as deprecated."""
        try:
            answer = await self.window_show_message_request_async(
                types.ShowMessageRequestParams(
                    types.MessageType.Info,
                    "Others may use the old name of this entry, if it has been published.",
                    [types.MessageActionItem(_RENAME), types.MessageActionItem(_KEEP)],
                )
            )
        except JsonRpcException:  # the editor cannot ask
            self._warn(_ADVICE)
            return False
        if answer is None:
            raise JsonRpcInvalidParams("Nothing was renamed.")
        return answer.title == _KEEP


def _language_of_environment() -> str:
    """The language of messages by POSIX (“Internationalization Variables”), else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if found := os.environ.get(name):
            language = re.split("[.@]", found)[0]
            return "en" if language in ("C", "POSIX") else language
    return "en"
