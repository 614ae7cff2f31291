"""The statements of a dictionary's files, which change one at a time and may be broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph import resources
from competency_graph.dictionary import named_graphs
from competency_graph.dictionary.base import extends_published
from competency_graph.dictionary.ontology_terms import Ontology, read_ontology
from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.sparql.evaluator import evaluate
from competency_graph.validation.sources.author_files import MAPPINGS, Source

_TYPE: Final = str(RDF.type)
_LABELS: Final = (str(SKOS.prefLabel), str(DCTERMS.title), str(RDFS.label))
_LABEL: Final = ox.NamedNode(SKOS.prefLabel)
_DEPRECATED: Final = str(OWL.deprecated)


@dataclass
class Known:
    """What a file states about an entry.

    Args:
        labels: its labels, by language.
        kinds: its classes.
        deprecated: whether it is marked as deprecated.
    """

    labels: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    deprecated: bool = False


class LiveStore:
    """A store with a graph for each file, named by the file's address.

    A file with a syntax error keeps its last statements, and gains those that can still be read.

    Args:
        base: the base that the files extend, one of `dictionary.base.BASES`.
    """

    def __init__(self, base: str = "auto") -> None:
        self.store = ox.Store()
        self._base_option = base
        self.has_base = False
        """Whether the files extend the published dictionary, which is then read as well."""
        self._known: dict[str, dict[str, Known]] = {}
        self._mentions_published: dict[str, bytes] = {}
        self._ontology: Ontology | None = None
        self._merged: dict[str, Known] | None = None
        self.prefixes: dict[str, str] = {}
        """The prefixes that any of the files declares, with their namespaces."""
        self.concepts: dict[str, dict[str, str]] = {}
        """The labels of the concepts in further graphs, by IRI and language."""
        self.closed = False
        """Whether nobody needs the statements any more."""
        for path in resources.turtle_files(resources.ONTOLOGY):
            self._read(str(path), path.read_bytes())

    def update(self, contents: Mapping[str, bytes]) -> None:
        """Read files again, or for the first time.

        Args:
            contents: their contents, by absolute path.
        """
        for name, content in contents.items():
            self._mentions_published[name] = content
            self._read(name, content)
        self._read_base()

    def remove(self, name: str) -> None:
        """Forget a file."""
        self._known.pop(name, None)
        self._mentions_published.pop(name, None)
        self.store.remove_graph(graph_of(name))
        self._merged = self._ontology = None

    def add_graphs(self, paths: Iterable[Path]) -> None:
        """Add files with further graphs, such as an imported framework, until it is `closed`.

        Raises:
            LengthError: one has too many statements.
            UnreadableInputError: one cannot be read or is not RDF.
        """
        for path in paths:
            quads = takewhile(lambda _: not self.closed, named_graphs.quads(path))
            self.store.bulk_extend(map(self._noted, quads))

    def _noted(self, quad: ox.Quad) -> ox.Quad:
        """A statement of a further graph, after noting the label that it gives."""
        subject, value = quad.subject, quad.object
        if (
            quad.predicate == _LABEL
            and isinstance(subject, ox.NamedNode)
            and isinstance(value, ox.Literal)
        ):
            labels = self.concepts.setdefault(subject.value, {})
            labels[value.language or ""] = value.value
        return quad

    @property
    def known(self) -> Mapping[str, Known]:
        """The entries and dictionaries by IRI, from all files."""
        if self._merged is None:
            self._merged = {}
            for found in self._known.values():
                for iri, known in found.items():
                    one = self._merged.get(iri)
                    if one is None:
                        self._merged[iri] = known
                    else:
                        self._merged[iri] = Known(
                            one.labels | known.labels,
                            one.kinds | known.kinds,
                            one.deprecated or known.deprecated,
                        )
        return self._merged

    @property
    def ontology(self) -> Ontology:
        """The classes and properties, with those that the files define."""
        if self._ontology is None:
            self._ontology = read_ontology(self.rows)
        return self._ontology

    def rows(self, text: str, terms: Bindings) -> Iterator[list[Term | None]]:
        """Query the statements."""
        return evaluate(self.store, text, terms).rows()

    def values(self, iri: str, property_: str) -> list[ox.NamedNode | ox.Literal]:
        """The values of a property, each once; those that are not named nodes are left out."""
        quads = self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(property_), None)
        return list(
            dict.fromkeys(
                quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)
            )
        )

    def subjects(self, property_: str, value: str) -> set[str]:
        """The terms that have a value of a property."""
        quads = self.store.quads_for_pattern(None, ox.NamedNode(property_), ox.NamedNode(value))
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def is_described(self, iri: str) -> bool:
        """Whether anything is stated about a term."""
        return any(True for _ in self.store.quads_for_pattern(ox.NamedNode(iri), None, None))

    def files_describing(self, iri: str) -> list[str]:
        """The files with statements about a term; those with its class first."""
        found: dict[str, None] = {}
        for predicate in (ox.NamedNode(_TYPE), None):
            for quad in self.store.quads_for_pattern(ox.NamedNode(iri), predicate, None):
                graph = quad.graph_name
                if isinstance(graph, ox.NamedNode) and graph.value.startswith("file:"):
                    found[file_of(graph)] = None
        return list(found)

    def _read_base(self) -> None:
        """Read the published dictionary once the files extend it."""
        if self.has_base:
            return
        contents = self._mentions_published.values()
        if contents and extends_published(self._base_option, contents):
            self.has_base = True
            for path in (
                *resources.turtle_files(resources.DATA),
                *resources.link_files(resources.DATA),
            ):
                if str(path) not in self._known:
                    self._read(str(path), path.read_bytes())

    def _read(self, name: str, content: bytes) -> None:
        source = Source(name, content)
        quads, broken, graph = [], False, graph_of(name)
        with suppress(UnreadableInputError):
            for item in source.quads():
                if isinstance(item, ox.Quad):
                    quads.append(ox.Quad(item.subject, item.predicate, item.object, graph))
                else:
                    broken = True
        broken = broken or (source.count < 0 and source.format != MAPPINGS)
        found = {} if not broken else self._known.get(name, {})
        if not broken:
            self.store.remove_graph(graph)
        self.store.extend(quads)
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode):
                _note(found, quad.subject.value, quad.predicate.value, quad.object)
        self._known[name] = {iri: known for iri, known in found.items() if known.kinds}
        self.prefixes |= source.prefixes
        self._merged = None
        if b"Property" in content or b"Class" in content:
            self._ontology = None


def _note(found: dict[str, Known], subject: str, predicate: str, value: object) -> None:
    if predicate == _TYPE and isinstance(value, ox.NamedNode):
        found.setdefault(subject, Known()).kinds.add(value.value)
    elif isinstance(value, ox.Literal):
        if predicate in _LABELS:
            found.setdefault(subject, Known()).labels[value.language or ""] = value.value
        elif predicate == _DEPRECATED:
            known = found.setdefault(subject, Known())
            known.deprecated = known.deprecated or value.value in ("true", "1")


def graph_of(name: str) -> ox.NamedNode:
    """The graph of a file."""
    return ox.NamedNode(Path(name).as_uri())


def file_of(graph: ox.NamedNode) -> str:
    """The file of a graph."""
    return unquote(urlsplit(graph.value).path)
