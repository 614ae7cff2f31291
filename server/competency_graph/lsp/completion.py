"""Completion and hover."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from competency_graph.authoring import candidate as kinds
from competency_graph.authoring.candidate import Candidate
from competency_graph.authoring.candidates import candidates
from competency_graph.authoring.descriptions import describe
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import mention_at
from competency_graph.lsp.actions import declaration_offset
from competency_graph.lsp.documents import Documents
from competency_graph.lsp.positions import with_line_ends_of

TRIGGERS: Final = [":", " ", "<", "?", "\t"]
"""The characters after which editors ask for candidates without being asked to."""
_KINDS: Final = {
    kinds.CLASS: types.CompletionItemKind.Class,
    kinds.PROPERTY: types.CompletionItemKind.Property,
    kinds.ENTRY: types.CompletionItemKind.Value,
    kinds.CONCEPT: types.CompletionItemKind.Reference,
    kinds.DECLARATION: types.CompletionItemKind.Module,
    kinds.KEYWORD: types.CompletionItemKind.Keyword,
    kinds.VARIABLE: types.CompletionItemKind.Variable,
}


def complete(
    documents: Documents, store: LiveStore, name: str, position: types.Position, language: str
) -> types.CompletionList:
    """The candidates at a position."""
    at, text = documents.positions(name), documents.text(name)
    offset = at.offset(position)
    found = candidates(store, name, text, offset, language)
    place = at.range(found.start, offset)
    return types.CompletionList(
        not found.is_complete,
        [
            _item(documents, name, text, each, place, number)
            for number, each in enumerate(found.found)
        ],
    )


def _item(
    documents: Documents, name: str, text: str, candidate: Candidate, place: types.Range, rank: int
) -> types.CompletionItem:
    more = None
    if candidate.declaration:
        start = declaration_offset(text, candidate.declaration)
        where = documents.positions(name).range(start, start)
        line = with_line_ends_of(text, f"{candidate.declaration}\n")
        more = [types.TextEdit(where, line)]
    # Editors compare what is typed with the filter text: the name as well as the label.
    names = [candidate.inserted]
    if candidate.label != candidate.inserted:
        names.append(candidate.label)
    return types.CompletionItem(
        candidate.label,
        kind=_KINDS[candidate.kind],
        detail=candidate.detail or None,
        filter_text=" ".join(names),
        sort_text=f"{rank:05d}",
        text_edit=types.TextEdit(place, candidate.inserted),
        additional_text_edits=more,
        tags=[types.CompletionItemTag.Deprecated] if candidate.deprecated else None,
        data=candidate.iri or None,
    )


def hover(
    documents: Documents, store: LiveStore, name: str, position: types.Position, language: str
) -> types.Hover | None:
    """What the term at a position is."""
    at = documents.positions(name)
    mention = mention_at(name, documents.text(name), at.offset(position))
    text = describe(store, mention.iri, language) if mention else ""
    if mention is None or not text:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, at.range(mention.start, mention.end))
