"""Where terms are described and mentioned, and renaming them."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from pathlib import Path

from lsprotocol import types

from competency_graph import resources
from competency_graph.authoring.descriptions import label_of
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import Mention, mention_at, mentions, prefixes_in
from competency_graph.authoring.renaming import mentioning, new_iri, rename, rename_keeping
from competency_graph.errors import BadValueError
from competency_graph.lsp.actions import changes, edits
from competency_graph.lsp.documents import Documents
from competency_graph.rdf.turtle_reading import SUBJECT

_MAX_SYMBOLS = 100


def mention(documents: Documents, name: str, position: types.Position) -> Mention | None:
    """The mention of a term at a position."""
    offset = documents.positions(name).offset(position)
    return mention_at(name, documents.text(name), offset)


def definition(documents: Documents, store: LiveStore, iri: str) -> list[types.Location]:
    """The places where a term is described, that of its class first."""
    found = []
    for name in store.files_describing(iri):
        place = _description(documents, name, iri)
        if place:
            found.append(documents.location(name, place.start, place.end))
    return found[:1] or found


def _description(documents: Documents, name: str, iri: str) -> Mention | None:
    """Where a file begins to describe a term."""
    return next(
        (
            each
            for each in mentions(name, documents.text(name))
            if each.iri == iri and each.role == SUBJECT and not each.depth
        ),
        None,
    )


def references(
    documents: Documents, store: LiveStore, iri: str, with_definition: bool
) -> list[types.Location]:
    """The places where the workspace mentions a term."""
    described = definition(documents, store, iri) if not with_definition else []
    found = [
        documents.location(name, each.start, each.end)
        for name, each in mentioning(documents.texts(), iri)
    ]
    return [each for each in found if each not in described]


def highlights(documents: Documents, name: str, iri: str) -> list[types.DocumentHighlight]:
    """The mentions of a term in one file."""
    at, text = documents.positions(name), documents.text(name)
    return [
        types.DocumentHighlight(at.range(each.start, each.end))
        for _, each in mentioning({name: text}, iri)
    ]


def symbols(
    documents: Documents, store: LiveStore, query: str, language: str
) -> list[types.WorkspaceSymbol]:
    """The entries whose label or IRI contains all words of a query."""
    words = query.lower().split()
    labels = {iri: label_of(store, iri, language) for iri in store.known}
    matching = (
        iri
        for iri, label in labels.items()
        if all(word in f"{label} {iri}".lower() for word in words)
    )
    by_file: dict[str, set[str]] = defaultdict(set)
    for iri in islice(matching, _MAX_SYMBOLS):
        for name in store.files_describing(iri)[:1]:
            by_file[name].add(iri)
    return [
        types.WorkspaceSymbol(
            documents.location(name, each.start, each.end), labels[each.iri],
            types.SymbolKind.Object,
        )
        for name, iris in by_file.items()
        for each in mentions(name, documents.text(name))
        if each.iri in iris and each.role == SUBJECT and not each.depth
    ]  # fmt: skip


def renamed(
    documents: Documents, store: LiveStore, name: str, iri: str, wanted: str
) -> types.WorkspaceEdit:
    """The edits that give an entry another IRI everywhere.

    Raises:
        BadValueError: the name does not fit, or there is such an entry already.
    """
    new = _new(documents, name, iri, wanted)
    if new in store.known:
        raise BadValueError(
            "there is such an entry already",
            "Keep the old IRI as deprecated and replaced by it, or choose another name",
            new,
        )
    return edits(documents, rename(documents.texts(), iri, new))


def deprecated(
    documents: Documents, store: LiveStore, name: str, iri: str, wanted: str
) -> types.WorkspaceEdit:
    """The edits that give an entry another IRI and keep the old one as deprecated.

    Raises:
        BadValueError: the name does not fit, or the files do not describe the entry.
        UnreadableInputError: a file has a syntax error.
    """
    new = _new(documents, name, iri, wanted)
    texts = documents.texts()
    base: dict[Path, bytes] = {
        path: path.read_bytes()
        for path in resources.turtle_files(resources.DATA)
        if str(path) not in texts and store.has_base
    }
    return changes(documents, rename_keeping(store, texts, base, iri, new))


def _new(documents: Documents, name: str, iri: str, wanted: str) -> str:
    new = new_iri(wanted, iri, prefixes_in(name, documents.text(name)))
    if new == iri:
        raise BadValueError("this is the old name", "Choose another one", new)
    return new


def is_renamable(documents: Documents, store: LiveStore, iri: str) -> bool:
    """Whether the workspace describes a term, so that it can be renamed there."""
    return any(name in documents.texts() for name in store.files_describing(iri))
