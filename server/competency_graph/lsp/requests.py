"""What answers each request of the protocol (LSP 3.17)."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from competency_graph.errors import CompetencyError
from competency_graph.lsp import actions, completion, navigation, outline
from competency_graph.lsp.documents import path_of
from competency_graph.rdf.turtle_formatter import formatted

if TYPE_CHECKING:
    from competency_graph.lsp.server import DictionaryServer


def register(server: DictionaryServer) -> None:
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
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        name = path_of(params.text_document.uri)
        checking = server.checking
        found = actions.actions(
            server.documents, checking.store, server.shown(name), name, params, checking.is_pending
        )
        if not _resolves_edits(server.client_capabilities):
            for action in found:
                await resolve(action)
        return found

    @feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        if isinstance(action.data, dict) and action.edit is None:
            name = str(action.data.get("name", ""))
            text = await server.checking.fixed(name)
            if text is not None:
                action.edit = actions.changes(server.documents, {name: text})
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
    async def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        name = path_of(params.text_document.uri)
        return await asyncio.to_thread(
            outline.symbols, server.documents, server.checking.store, name, server.language
        )

    @feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folding(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        name = path_of(params.text_document.uri)
        return await asyncio.to_thread(outline.folding, server.documents, name)

    legend = types.SemanticTokensLegend(outline.TOKEN_TYPES, outline.TOKEN_MODIFIERS)

    async def tokens_in(uri: str, place: types.Range | None = None) -> types.SemanticTokens:
        return types.SemanticTokens(
            await asyncio.to_thread(
                outline.semantic_tokens,
                server.documents,
                server.checking.store,
                path_of(uri),
                place,
            )
        )

    @feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    async def tokens(params: types.SemanticTokensParams) -> types.SemanticTokens:
        return await tokens_in(params.text_document.uri)

    @feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, legend)
    async def tokens_of_range(params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
        return await tokens_in(params.text_document.uri, params.range)


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

    @feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.change_folders(params.event)
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
        await server.checking.catch_up()
        work = partial(change, server.documents, store, name, iri, params.new_name)
        try:
            return await asyncio.to_thread(work)
        except CompetencyError as error:
            raise JsonRpcInvalidParams(str(error)) from None


def _resolves_edits(client: types.ClientCapabilities) -> bool:
    text = client.text_document
    support = text.code_action.resolve_support if text and text.code_action else None
    return support is not None and "edit" in support.properties
