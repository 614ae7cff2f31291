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

from competency_graph import mappings, resources
from competency_graph.dictionary import cache, inference, named_graphs
from competency_graph.dictionary.base import extends_published
from competency_graph.errors import BadValueError
from competency_graph.rdf.input_files import STDIN, files_named
from competency_graph.rdf.parsing import parse, read_bytes, read_graph, read_quads, to_rdflib
from competency_graph.rdf.vocabulary import (
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
    """A dictionary, what it extends, and the ontology that they are written in.

    Nothing is read before it is asked for, and each thing is read once.

    Args:
        files: the dictionary's files, folders and patterns, among them those of its links to other
            frameworks, which end in ``.sssom.tsv``; none means the published sales dictionary with
            its links.
        ontology: the ontology's files; none means the published ontology.
        inferring: whether what follows from the files is worked out; it takes a second or so for
            each thousand statements, once.
        also: files of other graphs, to be asked beside it. What follows from them is worked out
            where they use terms of the ontology.
        base: what the files extend, one of `base.BASES`; the published dictionary is then read
            with them.
        as_is: whether the files are taken as they stand, in the graphs that they name, without
            ontology, base and inference.

    >>> sales = Dictionary()
    >>> str(sales.iri)
    'https://w3id.org/competency-graph/sales'
    """

    def __init__(
        self,
        files: Iterable[Path | str] | None = None,
        ontology: Iterable[Path] | None = None,
        inferring: bool = True,
        also: Iterable[Path | str] = (),
        base: str = "auto",
        as_is: bool = False,
    ) -> None:
        self.inferring, self.as_is = inferring and not as_is, as_is
        self.also = [Path(name) for name in also]
        self._names = None if files is None else [str(name) for name in files]
        self._ontology = None if ontology is None else list(ontology)
        self._base = base

    def again(self) -> Dictionary:
        """The same dictionary, to be read anew."""
        return Dictionary(
            self._names, self._ontology, self.inferring, self.also, self._base, self.as_is
        )

    @cached_property
    def ontology_files(self) -> list[Path]:
        """The ontology's files."""
        if self._ontology is None:
            return [] if self.as_is else resources.turtle_files(resources.ONTOLOGY)
        return self._ontology

    @cached_property
    def own_files(self) -> list[Path]:
        """The dictionary's own files, without those of what it extends.

        Raises:
            UnreadableInputError: there is no such file, or a folder holds none.
        """
        if self._names is None:
            return _published()
        found: dict[Path, Path] = {}
        for name in self._names:
            if name == STDIN:
                raise BadValueError(
                    "a dictionary is not read from standard input", "Name its file or folder"
                )
            for file in map(Path, files_named(name)):
                found.setdefault(file.resolve(), file)
        return list(found.values())

    @cached_property
    def base_files(self) -> list[Path]:
        """The files of the dictionary that it extends; none for one that stands alone.

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        if self._names is None or self.as_is:
            return []
        if not extends_published(self._base, self._own_contents.values()):
            return []
        own = {path.resolve() for path in self.own_files}
        sets = {each.iri for path, each in self._links_of.items() if path in self.own_files}
        return [
            path
            for path in _published()
            if path.resolve() not in own
            and not (_holds_links(path) and mappings.read(path).iri in sets)
        ]

    @cached_property
    def files(self) -> list[Path]:
        """The RDF files of the dictionary and of what it extends."""
        return [p for p in (*self.base_files, *self.own_files) if not _holds_links(p)]

    @cached_property
    def link_files(self) -> list[Path]:
        """The files of their links to other frameworks."""
        return [p for p in (*self.base_files, *self.own_files) if _holds_links(p)]

    @cached_property
    def _own_contents(self) -> dict[Path, bytes]:
        return {path: read_bytes(path) for path in self.own_files}

    @cached_property
    def contents(self) -> dict[Path, bytes]:
        """What all the files hold; everything else is made from this, so it is of one moment.

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        others = {path: read_bytes(path) for path in (*self.ontology_files, *self.base_files)}
        return others | self._own_contents

    @cached_property
    def watched(self) -> list[Path]:
        """The files and folders in which a change makes it another dictionary."""
        named = [path for name in self._names or () if (path := Path(name)).is_dir()]
        files = [*self.contents, *self.also]
        return [*named, *(f for f in files if not any(f.is_relative_to(each) for each in named))]

    @cached_property
    def asserted(self) -> Graph:
        """What the dictionary's files and those of its base say, exactly as they spell it.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        return read_graph({path: self.contents[path] for path in self.files})

    @cached_property
    def own(self) -> Graph:
        """The part of `asserted` that its own files say.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        if not self.base_files:
            return self.asserted
        own = [path for path in self.own_files if not _holds_links(path)]
        return read_graph({path: self.contents[path] for path in own})

    @cached_property
    def _premises(self) -> Graph:
        """All that something may follow from."""
        premises = self.asserted
        for path in self._reasoned_beside:
            premises = premises + read_quads(named_graphs.quads(path))
        return premises

    @cached_property
    def _reasoned_beside(self) -> list[Path]:
        """Those files beside it that use terms of the ontology."""
        if not self.inferring:
            return []
        return [path for path in self.also if named_graphs.mentions(path, str(CG).encode())]

    @cached_property
    def ontology(self) -> Graph:
        """What the ontology's files say.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        return read_graph({path: self.contents[path] for path in self.ontology_files})

    @cached_property
    def _links_of(self) -> dict[Path, mappings.MappingSet]:
        return {
            path: mappings.parse(content, str(path))
            for path, content in self._own_contents.items()
            if _holds_links(path)
        }

    @cached_property
    def links(self) -> list[mappings.MappingSet]:
        """What the files of links say, which nothing is inferred from.

        Raises:
            UnreadableInputError: a file cannot be read or is not SSSOM.
        """
        return [
            self._links_of.get(path) or mappings.parse(self.contents[path], str(path))
            for path in self.link_files
        ]

    @property
    def iri(self) -> URIRef | None:
        """The IRI of the first dictionary that the own files describe, else of that of the base."""
        for graph in (self.own, self.asserted):
            found = graph.subjects(RDF.type, CG.CompetencyDictionary)
            if iri := min((s for s in found if isinstance(s, URIRef)), default=None):
                return iri
        return None

    @cached_property
    def version(self) -> str:
        """A hash, in hex, that changes with any change of the files or of the reasoner."""
        return _together(self._linked_version, *(named_graphs.digest(path) for path in self.also))

    @cached_property
    def _linked_version(self) -> str:
        """The same of the dictionary and its links."""
        links = [hashlib.sha256(self.contents[path]).digest() for path in self.link_files]
        return _together(self._own_version, *links)

    @cached_property
    def _own_version(self) -> str:
        """The same of what is reasoned from."""
        own = [self.contents[path] for path in [*self.ontology_files, *self.files]]
        if self.as_is:
            own = [self._own_contents[path] for path in self.own_files]
        return inference.fingerprint([*own, *map(named_graphs.digest, self._reasoned_beside)])

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
            for quad in named_graphs.quads(path):
                links.pop(_in(_LINKS, quad.triple), None)
                yield quad
        yield from links

    def _said(self) -> Iterator[ox.Quad]:
        """What the ontology's and the dictionary's files say."""
        if self.as_is:
            for path in self.own_files:
                yield from named_graphs.quads(path, as_is=True)
            return
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
            self._own_version, lambda: inference.entailed(self._premises, self.ontology)
        )

    def _kept_links(self) -> bytes:
        """The links as N-Triples."""
        if not self.link_files:
            return b""
        name = f"links-{_LINKS_FORM}-{self._linked_version}.nt"
        return cache.kept(name, self._link_lines)

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


def _published() -> list[Path]:
    return [*resources.turtle_files(resources.DATA), *resources.link_files(resources.DATA)]


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
