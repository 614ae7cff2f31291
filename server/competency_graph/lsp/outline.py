"""The structure of a file: symbols, folding, and the kinds of its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lsprotocol import types
from rdflib.namespace import OWL, RDFS

from competency_graph.authoring.descriptions import label_of
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import is_mapping_file, is_query, mentions
from competency_graph.lsp.documents import Documents
from competency_graph.lsp.positions import Positions
from competency_graph.rdf.turtle_reading import (
    COMMENT,
    KEYWORD,
    NAMESPACE,
    OBJECT,
    PREDICATE,
    PREFIX,
    SUBJECT,
    Reading,
    declared_prefixes,
    iri_of,
)
from competency_graph.sparql import query_text

TOKEN_TYPES: Final = [
    "namespace", "class", "property", "variable", "string", "number", "keyword", "comment",
]  # fmt: skip
TOKEN_MODIFIERS: Final = ["declaration", "deprecated"]
_BY_ROLE: Final = {
    PREFIX: "namespace", NAMESPACE: "string", KEYWORD: "keyword", COMMENT: "comment",
    PREDICATE: "property", SUBJECT: "variable", OBJECT: "variable",
}  # fmt: skip
_SCHEMA: Final = (str(OWL), str(RDFS))


class _Token(NamedTuple):
    start: int
    end: int
    kind: str
    modifiers: int = 0


def symbols(
    documents: Documents, store: LiveStore, name: str, language: str
) -> list[types.DocumentSymbol]:
    """The entries that a file describes, by their labels."""
    text, at = documents.text(name), documents.positions(name)
    ends = dict(_blocks(name, text))
    found = []
    for each in mentions(name, text):
        if each.role != SUBJECT or each.depth:
            continue
        end = max(ends.get(each.start, each.end), each.end)
        known = store.known.get(each.iri)
        kind = min(known.kinds) if known else ""
        found.append(
            types.DocumentSymbol(
                label_of(store, each.iri, language) or text[each.start : each.end],
                types.SymbolKind.Class if kind.startswith(_SCHEMA) else types.SymbolKind.Object,
                at.range(each.start, end),
                at.range(each.start, each.end),
                detail=store.ontology.label(kind) if kind else None,
            )
        )
    return found


def _blocks(name: str, text: str) -> list[tuple[int, int]]:
    if is_mapping_file(name) or is_query(name):
        return []
    reading = Reading(text)
    for _ in reading.terms():
        pass
    return reading.blocks


def folding(documents: Documents, name: str) -> list[types.FoldingRange]:
    """Blocks, groups in braces, and lines of comments or declarations that follow each other."""
    text, at = documents.text(name), documents.positions(name)
    found = [(start, end - 1, None) for start, end in _blocks(name, text)]
    if is_query(name):
        opened = []
        for token in query_text.tokens(text):
            if token.text == "{":
                opened.append(token.start)
            elif token.text == "}" and opened:
                found.append((opened.pop(), token.start, None))
    kinds = {
        r"(?m)(?:^[ \t]*#[^\n]*(?:\n|\Z))+": types.FoldingRangeKind.Comment,
        r"(?im)(?:^[ \t]*@?prefix\b[^\n]*(?:\n|\Z))+": types.FoldingRangeKind.Imports,
    }
    ranges = [_fold(at, *each) for each in found]
    for pattern, kind in kinds.items():
        for match in re.finditer(pattern, text):
            end = match.end() - match[0].endswith("\n")
            ranges.append(_fold(at, match.start(), end, kind))
    return sorted(
        (each for each in ranges if each.end_line > each.start_line), key=lambda r: r.start_line
    )


def _fold(
    at: Positions, start: int, end: int, kind: types.FoldingRangeKind | None
) -> types.FoldingRange:
    return types.FoldingRange(at.position(start).line, at.position(end).line, kind=kind)


def semantic_tokens(
    documents: Documents, store: LiveStore, name: str, place: types.Range | None = None
) -> list[int]:
    """The kinds of tokens, as the protocol encodes them (LSP 3.17, “Semantic Tokens”).

    Args:
        documents: the texts.
        store: the statements, which say what is a class and what is deprecated.
        name: the file.
        place: the range to restrict them to.
    """
    text, at = documents.text(name), documents.positions(name)
    data: list[int] = []
    line = column = 0
    for token in _tokens(store, name, text):
        for start, end in _lines_of(text, token):
            begins, ends = at.position(start), at.position(end)
            if place and not place.start.line <= begins.line <= place.end.line:
                continue
            if begins.line != line:
                column = 0
            data += (
                begins.line - line, begins.character - column, ends.character - begins.character,
                TOKEN_TYPES.index(token.kind), token.modifiers,
            )  # fmt: skip
            line, column = begins.line, begins.character
    return data


def _lines_of(text: str, token: _Token) -> Iterator[tuple[int, int]]:
    """The parts of a token on each of its lines, as not all editors know longer ones."""
    for part in re.finditer(r"[^\r\n]+", text[token.start : token.end]):
        yield token.start + part.start(), token.start + part.end()


def _tokens(store: LiveStore, name: str, text: str) -> Iterable[_Token]:
    if is_query(name):
        return _query_tokens(store, text)
    if is_mapping_file(name):
        return (
            _Token(each.start, each.end, _BY_ROLE[each.role], _modifiers(store, each.iri))
            for each in sorted(mentions(name, text))
        )
    return _turtle_tokens(store, text)


def _turtle_tokens(store: LiveStore, text: str) -> Iterator[_Token]:
    prefixes = declared_prefixes(text)
    for term in Reading(text).terms():
        kind, modifiers = _BY_ROLE[term.role], 0
        if term.role in (SUBJECT, PREDICATE, OBJECT):
            if term.text[0] in "\"'":
                kind = "string"
            elif term.text[0] in "+-.0123456789":
                kind = "number"
            elif term.text in ("a", "true", "false"):
                kind = "keyword"
            else:
                iri = iri_of(term, prefixes)
                kind = _kind(store, iri) or kind
                modifiers = _modifiers(store, iri)
                if term.role == SUBJECT and not term.depth:
                    modifiers |= 1
        yield _Token(term.start, term.end, kind, modifiers)


def _query_tokens(store: LiveStore, text: str) -> Iterator[_Token]:
    denoted = {token.start: iri for token, iri in query_text.iris(text) if iri}
    found = [_Token(m.start(), m.end(), "comment") for m in re.finditer(r"(?m)^\s*#.*$", text)]
    kinds = {
        "string": "string", "iri": "string", "variable": "variable", "name": "namespace",
        "word": "keyword",
    }  # fmt: skip
    for token in query_text.tokens(text):
        iri = denoted.get(token.start, "")
        kind = (_kind(store, iri) or "variable") if iri else kinds.get(token.kind)
        if kind:
            end = token.start + len(token.text)
            found.append(_Token(token.start, end, kind, _modifiers(store, iri)))
    return iter(sorted(found))


def _kind(store: LiveStore, iri: str) -> str:
    term = store.ontology.terms.get(iri)
    if term is None:
        return ""
    return "class" if term.kind == "class" else "property"


def _modifiers(store: LiveStore, iri: str) -> int:
    known = store.known.get(iri)
    return 2 if known and known.deprecated else 0
