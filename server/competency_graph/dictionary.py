"""A competency dictionary: its files, what they say, and what follows from that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from competency_graph import beside, inference, resources
from competency_graph.reading import parse, read_bytes, read_graph
from competency_graph.vocabulary import CG, GRAPH_ASSERTED, GRAPH_INFERRED, GRAPH_ONTOLOGY

_ONTOLOGY = ox.NamedNode(GRAPH_ONTOLOGY)
_ASSERTED = ox.NamedNode(GRAPH_ASSERTED)
_INFERRED = ox.NamedNode(GRAPH_INFERRED)


class Dictionary:
    """A dictionary and the ontology that it is written in.

    Nothing is read before it is asked for, and each thing is read once.

    Args:
        files: the dictionary's files; none means the published sales dictionary.
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
        self.files = self._given[0] or resources.turtle_files(resources.DATA)
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
        return {path: read_bytes(path) for path in [*self.ontology_files, *self.files]}

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

    @property
    def iri(self) -> URIRef | None:
        """The IRI of the first dictionary that the files describe, if there is one."""
        found = self.asserted.subjects(RDF.type, CG.CompetencyDictionary)
        return min((s for s in found if isinstance(s, URIRef)), default=None)

    @cached_property
    def version(self) -> str:
        """A hash, in hex, that changes with any change of the files or of the reasoner."""
        if not self.also:
            return self._own_version
        digests = [beside.digest(path) for path in self.also]
        return hashlib.sha256(b"".join([self._own_version.encode(), *digests])).hexdigest()

    @cached_property
    def _own_version(self) -> str:
        return inference.fingerprint(list(self.contents.values()))

    def quads(self) -> Iterator[ox.Quad]:
        """All of it, in three named graphs, and what is beside it in others.

        ``graph:ontology`` and ``graph:asserted`` hold what the files say, exactly as they spell it,
        ``graph:inferred`` what follows and is not said. No statement is in two of them.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        said: set[ox.Triple] = set()
        for path in self.ontology_files:
            for quad in parse(path, self.contents[path]):
                if quad.triple not in said:
                    said.add(quad.triple)
                    yield _in(_ONTOLOGY, quad)
        for path in self.files:
            for quad in parse(path, self.contents[path]):
                if quad.triple not in said:
                    yield _in(_ASSERTED, quad)
        if self.inferring:
            content = inference.kept(
                self._own_version, lambda: inference.entailed(self.asserted, self.ontology)
            )
            for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES):
                yield _in(_INFERRED, quad)
        for path in self.also:
            yield from beside.quads(path)

    @cached_property
    def store(self) -> ox.Store:
        """All `quads`, ready to be asked. Queries see the union of their graphs by default.

        A store may respell literals (``01`` as ``1``): take from `asserted` what is to be validated
        or published.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        store = ox.Store()
        store.bulk_extend(self.quads())
        return store


def _in(graph: ox.NamedNode, quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, graph)
