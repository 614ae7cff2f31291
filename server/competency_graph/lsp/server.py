"""The language server: what answers each request of the protocol (LSP 3.17)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from competency_graph.authoring.validation_process import Settings
from competency_graph.errors import CompetencyError
from competency_graph.lsp import actions, completion, navigation, outline
from competency_graph.lsp.checking import Checking, Shown
from competency_graph.lsp.documents import Documents, path_of
from competency_graph.rdf.input_files import ENDINGS
from competency_graph.rdf.turtle_formatter import formatted

_RENAME, _KEEP = "Rename everywhere", "Keep the old name, deprecated and replaced by the new one"


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
        self._in_order = False
        _register(self)

    def initialize(self, params: types.InitializeParams) -> None:
        """Read what the editor can do, and where it is."""
        encoding = self.protocol.workspace.position_encoding or "utf-16"
        self.documents = Documents(str(getattr(encoding, "value", encoding)))
        self.language = (params.locale or "en").replace("_", "-").lower()
        folders = [folder.uri for folder in params.workspace_folders or ()]
        if not folders and params.root_uri:
            folders = [params.root_uri]
        names = [*self._options.names] or list(filter(None, map(path_of, folders)))
        self.checking = Checking(
            self.documents, names, self._options.settings, self._options.extra_files,
            self._show, self._warn,
        )  # fmt: skip

    async def start(self) -> None:
        """Check the workspace, and ask to be notified when other programs change its files."""
        watched = self.client_capabilities.workspace
        files = watched.did_change_watched_files if watched else None
        if files and files.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/*{ending}") for ending in ENDINGS]
            await self.client_register_capability_async(
                types.RegistrationParams(
                    [
                        types.Registration(
                            "files",
                            types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                            types.DidChangeWatchedFilesRegistrationOptions(watchers),
                        )
                    ]
                )
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
        except JsonRpcException:
            return False  # the editor cannot ask
        if answer is None:
            raise JsonRpcInvalidParams("Nothing was renamed.")
        return answer.title == _KEEP


def _register(server: DictionaryServer) -> None:
    """Say what answers each request."""
    feature = server.feature
    _register_documents(server)
    _register_navigation(server)

    @feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=completion.TRIGGERS),
    )
    def complete(params: types.CompletionParams) -> types.CompletionList:
        name = path_of(params.text_document.uri)
        return completion.complete(
            server.documents, server.checking.store, name, params.position, server.language
        )

    @feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        name = path_of(params.text_document.uri)
        return completion.hover(
            server.documents, server.checking.store, name, params.position, server.language
        )

    @feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            [types.CodeActionKind.QuickFix, actions.FIX_ALL], resolve_provider=True
        ),
    )
    def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        name = path_of(params.text_document.uri)
        found = actions.actions(
            server.documents, server.checking.store, server.shown(name), name, params
        )
        if not _resolves_edits(server.client_capabilities):
            for action in found:
                actions.resolve(server.documents, server.shown(name), action)
        return found

    @feature(types.CODE_ACTION_RESOLVE)
    def resolve(action: types.CodeAction) -> types.CodeAction:
        name = str(action.data["name"]) if isinstance(action.data, dict) else ""
        actions.resolve(server.documents, server.shown(name), action)
        return action

    @feature(types.TEXT_DOCUMENT_FORMATTING)
    async def format_(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        name = path_of(params.text_document.uri)
        text = server.documents.text(name)
        try:
            after = await asyncio.to_thread(formatted, text.encode(), Path(name))
        except CompetencyError:
            return None  # a syntax error, which is shown already, or a file without layout
        return actions.differences(text, after.decode(), server.documents.positions(name))

    @feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        name = path_of(params.text_document.uri)
        return outline.symbols(server.documents, server.checking.store, name, server.language)

    @feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        return outline.folding(server.documents, path_of(params.text_document.uri))

    legend = types.SemanticTokensLegend(outline.TOKEN_TYPES, outline.TOKEN_MODIFIERS)

    @feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def tokens(params: types.SemanticTokensParams) -> types.SemanticTokens:
        name = path_of(params.text_document.uri)
        return types.SemanticTokens(
            outline.semantic_tokens(server.documents, server.checking.store, name)
        )

    @feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, legend)
    def tokens_of_range(params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
        name = path_of(params.text_document.uri)
        return types.SemanticTokens(
            outline.semantic_tokens(server.documents, server.checking.store, name, params.range)
        )


def _register_documents(server: DictionaryServer) -> None:
    feature = server.feature

    @feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.initialize(params)

    @feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        await server.start()

    @feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        server.shut_down()

    @feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(server.documents.open(params.text_document))

    @feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(server.documents.change(params.text_document, params.content_changes))

    @feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.changed(server.documents.close(params.text_document.uri))
        await server.checking.read_again()

    @feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(_: types.DidSaveTextDocumentParams) -> None:
        await server.checking.read_again()

    @feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(_: types.DidChangeWatchedFilesParams) -> None:
        await server.checking.read_again()


def _register_navigation(server: DictionaryServer) -> None:
    feature = server.feature

    def iri_at(document: types.TextDocumentIdentifier, position: types.Position) -> str:
        found = navigation.mention(server.documents, path_of(document.uri), position)
        return found.iri if found else ""

    @feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> list[types.Location]:
        iri = iri_at(params.text_document, params.position)
        return navigation.definition(server.documents, server.checking.store, iri) if iri else []

    @feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        iri = iri_at(params.text_document, params.position)
        if not iri:
            return []
        return await asyncio.to_thread(
            navigation.references, server.documents, server.checking.store, iri,
            params.context.include_declaration,
        )  # fmt: skip

    @feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlights(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        iri = iri_at(params.text_document, params.position)
        name = path_of(params.text_document.uri)
        return navigation.highlights(server.documents, name, iri) if iri else []

    @feature(types.WORKSPACE_SYMBOL)
    async def symbols(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        return await asyncio.to_thread(
            navigation.symbols, server.documents, server.checking.store, params.query,
            server.language,
        )  # fmt: skip

    @feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        name = path_of(params.text_document.uri)
        found = navigation.mention(server.documents, name, params.position)
        if found is None or not navigation.is_renamable(
            server.documents, server.checking.store, found.iri
        ):
            return None
        text = server.documents.text(name)[found.start : found.end]
        place = server.documents.positions(name).range(found.start, found.end)
        return types.PrepareRenamePlaceholder(place, text)

    @feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        name, iri = path_of(params.text_document.uri), iri_at(params.text_document, params.position)
        if not iri:
            return None
        store = server.checking.store
        change = navigation.renamed
        if await server.keeps_old_name():
            change = navigation.deprecated
        work = partial(change, server.documents, store, name, iri, params.new_name)
        try:
            return await asyncio.to_thread(work)
        except CompetencyError as error:
            raise JsonRpcInvalidParams(str(error)) from None


def _resolves_edits(client: types.ClientCapabilities) -> bool:
    text = client.text_document
    support = text.code_action.resolve_support if text and text.code_action else None
    return support is not None and "edit" in support.properties
