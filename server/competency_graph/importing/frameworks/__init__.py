"""Imports frameworks in the formats in which many are published, as concept schemes of SKOS.

Each importer makes statements of SKOS of its format (``case``, ``ctdl``, ``schema_org``,
``hropen``), and ``concept_schemes`` makes those uniform: it reads them twice, first for the
structure (``survey``), then for the texts. Start reading there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from rdflib import URIRef

from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing.downloads import File, gather
from competency_graph.importing.frameworks import case, ctdl, hropen, schema_org, skos
from competency_graph.importing.frameworks.concept_schemes import uniform
from competency_graph.importing.frameworks.contexts import CTDL, SCHEMA, context_at
from competency_graph.importing.frameworks.json_files import load
from competency_graph.importing.frameworks.json_ld import has_graph, statements, streamed
from competency_graph.importing.frameworks.minting import Names
from competency_graph.importing.summary import Tally
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.vocabulary import BASE

__all__ = ["FORMATS", "graph_named", "import_framework"]

Quads = Callable[[], Iterable[ox.Quad]]
Read = Callable[[File, URIRef, Tally], list[Quads]]
"""Opens a file, and returns what reads its statements, which can be called again."""
_JSON = ("json", "jsonld")
_RESERVED: Final = frozenset(("asserted", "esco", "inferred", "links", "onet", "ontology"))
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


def _case(file: File, graph: URIRef, tally: Tally) -> list[Quads]:
    tally.doing = file.name
    return [case.Package(case.read_package(file), date.today(), tally).quads]


def _ctdl(file: File, graph: URIRef, tally: Tally) -> list[Quads]:
    tally.doing = file.name
    if has_graph(file):
        return [ctdl.as_skos(streamed(file, context_at(CTDL)))]
    found = ctdl.documents(load(file), file.where)
    return [ctdl.as_skos(statements(each, file.where, CTDL)) for each in found]


def _schema(file: File, graph: URIRef, tally: Tally) -> list[Quads]:
    tally.doing = file.name
    document: Any = load(file)
    schema_org.name_things(document, Names(str(graph)))
    found = ctdl.documents(document, file.where)
    return [schema_org.as_skos(statements(each, file.where, SCHEMA)) for each in found]


def _hropen(file: File, graph: URIRef, tally: Tally) -> list[Quads]:
    tally.doing = file.name
    return [hropen.Document(load(file), Names(str(graph)), tally).quads]


FORMATS: Final[dict[str, tuple[Collection[str], Read]]] = {
    "skos": (skos.ENDINGS, skos.read),
    "case": (_JSON, _case),
    "ctdl": (_JSON, _ctdl),
    "schema": (_JSON, _schema),
    "hropen": (_JSON, _hropen),
}
"""The formats by name, with the endings to look for in folders and archives."""


def import_framework(
    form: str,
    paths: Iterable[Path],
    graph: URIRef,
    tally: Tally,
    languages: Collection[str] = (),
    exclude: Path | None = None,
) -> Iterator[ox.Quad]:
    """Import a framework into a named graph.

    Args:
        form: one of `FORMATS`.
        paths: files, zip archives, or folders with any of them.
        graph: the named graph, as of `graph_named`.
        tally: receives the statistics.
        languages: the languages of the texts to import; none means all.
        exclude: a file to ignore in the folders.

    Raises:
        BadValueError: a language tag is invalid.
        UnreadableInputError: a file cannot be read, is not of this format, or there is none.
        LengthError: a file is too large.
    """
    for tag in languages:
        if wrong := tag_error(tag):
            raise BadValueError(f"“{tag}” is not a language: {wrong}", "Give one such as en or de")
    endings, read = FORMATS[form]
    files: Sequence[File] = list(gather(paths, endings, exclude))
    where = ", ".join(map(str, paths))
    if not files:
        raise UnreadableInputError(
            f"there is no file that ends in {' or '.join(sorted(endings))}", "Name the files", where
        )
    readers = [quads for file in files for quads in read(file, graph, tally)]

    def everything() -> Iterator[ox.Quad]:
        for quads in readers:
            yield from quads()

    yield from uniform(everything, graph, languages, tally, where)


def graph_named(name: str) -> URIRef:
    """The named graph of a framework with a name.

    Raises:
        BadValueError: the name is unsuitable, or that of another graph.
    """
    if not _NAME.fullmatch(name):
        raise BadValueError(
            f"“{name}” cannot be the name of a graph", "Use letters, digits, “.”, “-” and “_”"
        )
    if name in _RESERVED:
        raise BadValueError(
            f"graph:{name} is the name of another graph", "Give another name with --name"
        )
    return URIRef(f"{BASE}graph/{name}")
