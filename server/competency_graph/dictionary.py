"""A competency dictionary: its files, what they say, and what follows from that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from competency_graph import beside, inference, keeping, mappings, resources
from competency_graph.reading import parse, read_bytes, read_graph, to_rdflib
from competency_graph.vocabulary import (
    CG,
    GRAPH_ASSERTED,
    GRAPH_INFERRED,
    GRAPH_LINKS,
    GRAPH_ONTOLOGY,
)

_ONTOLOGY = ox.NamedNode(GRAPH_ONTOLOGY)
_ASSERTED = ox.NamedNode(GRAPH_ASSERTED)
_INFERRED = ox.NamedNode(GRAPH_INFERRED)
_LINKS = ox.NamedNode(GRAPH_LINKS)
_LINKS_FORM = 1
"""Raised whenever links become other statements than before."""


class Dictionary:
    """A dictionary and the ontology that it is written in.

    Nothing is read before it is asked for, and each thing is read once.

    Args:
        files: the dictionary's files, among them those of its links to other frameworks, which
            end in ``.sssom.tsv``; none means the published sales dictionary with its links.
        ontology: the ontology's files; none means the published ontology.
        inferring: whether what follows from the files is worked out; it takes a second or so for
            each thousand statements, once.
        also: files of other graphs, to be asked beside it. Nothing follows from them.

    >>> sales = Dictionary()
    >>> str(sales.iri)
    'https://w3id.org/competency-graph/sales'
    """

    def __init__(
        self,
        files: Iterable[Path] | None = None,
        ontology: Iterable[Path] | None = None,
        inferring: bool = True,
        also: Iterable[Path] = (),
    ) -> None:
        self.inferring, self.also = inferring, list(also)
        self._given = None if files is None else list(files), ontology and list(ontology)
        given = self._given[0] or [
            *resources.turtle_files(resources.DATA),
            *resources.link_files(resources.DATA),
        ]
        self.files = [path for path in given if not _holds_links(path)]
        self.link_files = [path for path in given if _holds_links(path)]
        self.ontology_files = self._given[1] or resources.turtle_files(resources.ONTOLOGY)

    def again(self) -> Dictionary:
        """The same dictionary, to be read anew."""
        return Dictionary(*self._given, self.inferring, self.also)

    @cached_property
    def contents(self) -> dict[Path, bytes]:
        """What all the files hold; everything else is made from this, so it is of one moment.

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        paths = [*self.ontology_files, *self.files, *self.link_files]
        return {path: read_bytes(path) for path in paths}

    @cached_property
    def asserted(self) -> Graph:
        """What the dictionary's files say, exactly as they spell it.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        return read_graph({path: self.contents[path] for path in self.files})

    @cached_property
    def ontology(self) -> Graph:
        """What the ontology's files say.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        return read_graph({path: self.contents[path] for path in self.ontology_files})

    @cached_property
    def links(self) -> list[mappings.MappingSet]:
        """What the files of links say, which nothing is inferred from.

        Raises:
            UnreadableInputError: a file cannot be read or is not SSSOM.
        """
        return [mappings.parse(self.contents[path], str(path)) for path in self.link_files]

    @property
    def iri(self) -> URIRef | None:
        """The IRI of the first dictionary that the files describe, if there is one."""
        found = self.asserted.subjects(RDF.type, CG.CompetencyDictionary)
        return min((s for s in found if isinstance(s, URIRef)), default=None)

    @cached_property
    def version(self) -> str:
        """A hash, in hex, that changes with any change of the files or of the reasoner."""
        return _together(self._linked_version, *(beside.digest(path) for path in self.also))

    @cached_property
    def _linked_version(self) -> str:
        """The same of the dictionary and its links."""
        links = [hashlib.sha256(self.contents[path]).digest() for path in self.link_files]
        return _together(self._own_version, *links)

    @cached_property
    def _own_version(self) -> str:
        """The same of what is reasoned from."""
        own = [self.contents[path] for path in [*self.ontology_files, *self.files]]
        return inference.fingerprint(own)

    def quads(self) -> Iterator[ox.Quad]:
        """All of it, in four named graphs, and what is beside it in others.

        ``graph:ontology`` and ``graph:asserted`` hold what the files say, exactly as they spell it,
        ``graph:inferred`` what follows and is not said, ``graph:links`` the links to other
        frameworks, of which nothing follows. No statement is in two of them.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        yield from self._said()
        yield from _read(_INFERRED, self._kept_inferred())
        yield from self._beside()

    def _beside(self) -> Iterator[ox.Quad]:
        """The links and what is beside them, which may know more of what they lead to."""
        links = dict.fromkeys(_read(_LINKS, self._kept_links()))
        for path in self.also:
            for quad in beside.quads(path):
                links.pop(_in(_LINKS, quad.triple), None)
                yield quad
        yield from links

    def _said(self) -> Iterator[ox.Quad]:
        """What the ontology's and the dictionary's files say."""
        said: set[ox.Triple] = set()
        for path in self.ontology_files:
            for quad in parse(path, self.contents[path]):
                if quad.triple not in said:
                    said.add(quad.triple)
                    yield _in(_ONTOLOGY, quad.triple)
        for path in self.files:
            for quad in parse(path, self.contents[path]):
                if quad.triple not in said:
                    yield _in(_ASSERTED, quad.triple)

    def _kept_inferred(self) -> bytes:
        """What follows from the files, as N-Triples."""
        if not self.inferring:
            return b""
        return inference.kept(
            self._own_version, lambda: inference.entailed(self.asserted, self.ontology)
        )

    def _kept_links(self) -> bytes:
        """The links as N-Triples."""
        if not self.link_files:
            return b""
        name = f"links-{_LINKS_FORM}-{self._linked_version}.nt"
        return keeping.kept(name, self._link_lines)

    def _link_lines(self) -> bytes:
        """The links as N-Triples, but for those that the dictionary's files say as well."""
        found = dict.fromkeys(triple for each in self.links for triple in mappings.triples(each))
        return (
            ox.serialize(
                (triple for triple in found if _rdflib(triple) not in self.asserted),
                format=ox.RdfFormat.N_TRIPLES,
            )
            or b""
        )

    @cached_property
    def store(self) -> ox.Store:
        """All `quads`, ready to be asked. Queries see the union of their graphs by default.

        A store may respell literals (``01`` as ``1``): take from `asserted` what is to be validated
        or published.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        store = ox.Store()
        store.bulk_extend(self._said())
        store.bulk_load(self._kept_inferred(), format=ox.RdfFormat.N_TRIPLES, to_graph=_INFERRED)
        if self.also:
            store.bulk_extend(self._beside())
        else:
            store.bulk_load(self._kept_links(), format=ox.RdfFormat.N_TRIPLES, to_graph=_LINKS)
        return store


def _together(version: str, *digests: bytes) -> str:
    return hashlib.sha256(b"".join([version.encode(), *digests])).hexdigest()


def _holds_links(path: Path) -> bool:
    return path.name.endswith(mappings.ENDING)


def _rdflib(triple: ox.Triple) -> tuple[Node, Node, Node]:
    return to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)


def _read(graph: ox.NamedNode, content: bytes) -> Iterator[ox.Quad]:
    for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES):
        yield _in(graph, quad.triple)


def _in(graph: ox.NamedNode, triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
