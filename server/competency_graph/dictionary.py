"""A competency dictionary: its files, what they say, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from competency_graph import inference, resources
from competency_graph.reading import parse, read_bytes, read_graph
from competency_graph.vocabulary import CG, GRAPH_ASSERTED, GRAPH_INFERRED, GRAPH_ONTOLOGY


class Dictionary:
    """A dictionary and the ontology that it is written in.

    Nothing is read before it is asked for, and each thing is read once.

    Args:
        files: the dictionary's files; none means the published sales dictionary.
        ontology: the ontology's files; none means the published ontology.

    >>> sales = Dictionary()
    >>> str(sales.iri)
    'https://w3id.org/competency-graph/sales'
    """

    def __init__(
        self, files: Iterable[Path] | None = None, ontology: Iterable[Path] | None = None
    ) -> None:
        self._given = None if files is None else list(files), ontology and list(ontology)
        self.files = self._given[0] or resources.turtle_files(resources.DATA)
        self.ontology_files = self._given[1] or resources.turtle_files(resources.ONTOLOGY)

    def again(self) -> Dictionary:
        """The same dictionary, to be read anew."""
        return Dictionary(*self._given)

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
        return inference.fingerprint(list(self.contents.values()))

    @cached_property
    def store(self) -> ox.Store:
        """All of it, ready to be asked, in three named graphs.

        ``graph:ontology`` and ``graph:asserted`` hold what the files say, ``graph:inferred`` what
        follows and is not said. No statement is in two of them. Queries see their union as the
        default graph. A store may respell literals (``01`` as ``1``): take from `asserted` what is
        to be validated or published.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        store = ox.Store()
        seen: set[ox.Triple] = set()
        for name, files in ((GRAPH_ONTOLOGY, self.ontology_files), (GRAPH_ASSERTED, self.files)):
            graph = ox.NamedNode(name)
            for path in files:
                for quad in parse(path, self.contents[path]):
                    if quad.triple not in seen:
                        seen.add(quad.triple)
                        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
        inferred = inference.kept(
            self.version, lambda: inference.entailed(self.asserted, self.ontology)
        )
        store.load(inferred, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(GRAPH_INFERRED))
        return store
