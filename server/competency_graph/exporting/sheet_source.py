"""What is exported as sheets: a dictionary's contents, the plan of its sheets, and the rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from competency_graph.dictionary.model import Dictionary
from competency_graph.dictionary.sheets.contents import DICTIONARY, Contents, dictionary_of
from competency_graph.dictionary.sheets.plan import Plan, plan
from competency_graph.exporting.outline import Match, Outline
from competency_graph.rdf.input_files import LINKS
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.rdflib_graphs import to_engine
from competency_graph.rdf.spreadsheets import UNDATED
from competency_graph.rdf.vocabulary import KINDS

_TYPE: Final = str(RDF.type)
_MARKS_OF_ENTRIES: Final = (str(SKOS.inScheme), str(SKOS.notation))


@dataclass(frozen=True)
class SheetSource:
    """A dictionary, or a part of it, to be exported as sheets.

    Args:
        contents: its statements and those of its base.
        plan: its sheets.
        own: the IRIs that its own files give a class.
        entries: the IRIs of the rows, by kind, in order.
        matches: the links of the entries to other frameworks.
        left_out: the IRIs that its own files assign to a dictionary but not to a class of entries.
    """

    contents: Contents
    plan: Plan
    own: frozenset[str]
    entries: Mapping[str, Sequence[str]]
    matches: Sequence[Match] = ()
    left_out: Sequence[str] = ()

    @property
    def properties(self) -> dict[str, Any]:
        """The document properties of a workbook: title, author, date and so on."""
        said = self.contents
        iri = said.dictionary
        return {
            "title": said.text(iri, DCTERMS.title) or said.text(iri, SKOS.prefLabel),
            "subject": "Competency dictionary",
            "author": said.text(iri, DCTERMS.creator),
            "company": said.text(iri, DCTERMS.publisher),
            "comments": said.text(iri, DCTERMS.description),
            "created": self._date,
        }

    @property
    def _date(self) -> datetime:
        for predicate in (DCTERMS.modified, DCTERMS.created):
            text = self.contents.text(self.contents.dictionary, predicate)
            try:
                return datetime.fromisoformat(text).replace(tzinfo=None)
            except ValueError:
                continue
        return UNDATED


def source_of_outline(outline: Outline) -> SheetSource:
    """The sheets of what is exported."""
    said = list(_triples(outline.said))
    own = said if outline.own is outline.said else list(_triples(outline.own))
    return _source(said, own, {outline.iri, *outline.by_iri}, outline.matches)


def source_of_files(dictionary: Dictionary, only_own: bool = False) -> SheetSource:
    """The sheets of a whole dictionary, without its links; faster than by an outline.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
    """

    def triples(paths: Iterable[Any]) -> list[ox.Triple]:
        return [
            quad.triple
            for path in paths
            if not path.name.endswith(LINKS)
            for quad in parse(path, dictionary.contents[path])
        ]

    own = triples(dictionary.own_files)
    said = [*own, *triples(dictionary.base_files)]
    kept = _classed(own) if only_own else None
    return _source(said, own, kept)


def _source(
    said: Sequence[ox.Triple], own: Sequence[ox.Triple], kept: Collection[str] | None,
    matches: Sequence[Match] = (),
) -> SheetSource:  # fmt: skip
    contents = Contents(said, dictionary_of(own, said))
    entries: dict[str, list[str]] = {kind: [] for kind in (DICTIONARY, *KINDS)}
    for iri, kind in contents.kinds.items():
        if kind in KINDS and (kept is None or iri in kept):
            entries[kind].append(iri)
    if contents.dictionary and (kept is None or contents.dictionary in kept):
        entries[DICTIONARY] = [contents.dictionary]
    for iris in entries.values():
        iris.sort(key=lambda iri: (_code_order(contents.code(iri)), iri))
    marked = {
        t.subject.value
        for t in own
        if t.predicate.value in _MARKS_OF_ENTRIES and isinstance(t.subject, ox.NamedNode)
    }
    left_out = sorted(marked - contents.kinds.keys())
    return SheetSource(contents, plan(contents, said), _classed(own), entries, matches, left_out)


def _classed(triples: Iterable[ox.Triple]) -> frozenset[str]:
    """The IRIs that statements give a class."""
    return frozenset(
        triple.subject.value
        for triple in triples
        if triple.predicate.value == _TYPE and isinstance(triple.subject, ox.NamedNode)
    )


def _code_order(code: str) -> list[tuple[int, str]]:
    """The natural order of codes: A2 before A10."""
    return [
        (int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", code)
    ]


def _triples(graph: Graph) -> Iterator[ox.Triple]:
    for subject, predicate, value in graph:
        if isinstance(predicate, URIRef):
            yield ox.Triple(to_engine(subject), ox.NamedNode(predicate), to_engine(value))  # type: ignore[arg-type]
