"""A competency dictionary: its files, their statements, and the statements inferred from them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from competency_graph import mappings, resources
from competency_graph.dictionary import cache, inference, named_graphs
from competency_graph.dictionary.base import extends_published
from competency_graph.errors import BadValueError
from competency_graph.rdf.input_files import STDIN, files_named
from competency_graph.rdf.parsing import parse, read_bytes
from competency_graph.rdf.short_names import expand
from competency_graph.rdf.vocabulary import (
    GRAPH_ASSERTED,
    GRAPH_INFERRED,
    GRAPH_LINKS,
    GRAPH_ONTOLOGY,
    PREFIXES,
)

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

    from competency_graph.dictionary.explanations import Explainer, Explanation

_ONTOLOGY = ox.NamedNode(GRAPH_ONTOLOGY)
_ASSERTED = ox.NamedNode(GRAPH_ASSERTED)
_INFERRED = ox.NamedNode(GRAPH_INFERRED)
_LINKS = ox.NamedNode(GRAPH_LINKS)
_ARGUMENTS = (
    "_names", "_ontology", "inferring", "extra_files", "base", "as_is", "_in_memory",
)  # fmt: skip
"""The attributes that say what to read."""
_LINKS_VERSION = 1
"""Increment whenever links are converted to other statements than before."""


class Dictionary:
    """A dictionary, its base, and the ontology that they use.

    Everything is read on first use, and only once.

    Args:
        files: the dictionary's file, folder or pattern, or several of them, including the files of
            its links to other frameworks, which end in ``.sssom.tsv``; None means the published
            sales dictionary with its links.
        ontology: the ontology's files; None means the published ontology.
        inferring: whether to infer statements; the first time, this takes about a second per
            thousand statements.
        extra_files: files with further graphs to query together with the dictionary. Those that
            use terms of the ontology are included in inference.
        base: the base that the files extend, one of `base.BASES`; if it is the published
            dictionary, that is read as well.
        as_is: whether to load the files unchanged, in the graphs that they name, without ontology,
            base and inference.

    >>> sales = Dictionary()
    >>> str(sales.iri)
    'https://w3id.org/competency-graph/sales'
    """

    def __init__(
        self,
        files: Path | str | Iterable[Path | str] | None = None,
        ontology: Iterable[Path] | None = None,
        inferring: bool = True,
        extra_files: Iterable[Path | str] = (),
        base: str = "auto",
        as_is: bool = False,
    ) -> None:
        self.inferring, self.as_is = inferring and not as_is, as_is
        self.extra_files = [Path(name) for name in extra_files]
        names = [files] if isinstance(files, (str, Path)) else files
        self._names = None if names is None else [str(name) for name in names]
        self._ontology = None if ontology is None else list(ontology)
        self.base = base
        self._in_memory = False

    @classmethod
    def from_bytes(
        cls,
        content: bytes,
        name: str = "dictionary.ttl",
        inferring: bool = True,
        base: str = "auto",
    ) -> Self:
        """A dictionary whose only file is in memory; nothing else is read but what it extends.

        Args:
            content: the content of the file.
            name: its name in messages, whose ending determines the format.
            inferring: as for the class.
            base: as for the class.

        >>> text = b'<https://a.example/b> a <https://w3id.org/competency-graph/ontology#Role> .'
        >>> len(Dictionary.from_bytes(text, base="none", inferring=False).own)
        1
        """
        if not isinstance(content, bytes):
            raise TypeError(f"content is {type(content).__name__}, not bytes; encode a text first")
        made = cls(name, inferring=inferring, base=base)
        made.own_files, made.own_contents = [Path(name)], {Path(name): content}
        made._in_memory = True
        return made

    def reloaded(self) -> Self:
        """Create the same dictionary, to be read again; one in memory has the same content."""
        made = type(self).__new__(type(self))
        made.__dict__ |= self.__getstate__()
        return made

    def __getstate__(self) -> dict[str, Any]:
        """What copies and other processes need: how to read it, but not what was read."""
        kept = {*_ARGUMENTS, *(("own_files", "own_contents") if self._in_memory else ())}
        return {name: value for name, value in self.__dict__.items() if name in kept}

    @cached_property
    def ontology_files(self) -> list[Path]:
        """The ontology's files."""
        if self._ontology is None:
            return [] if self.as_is else resources.turtle_files(resources.ONTOLOGY)
        return self._ontology

    @cached_property
    def own_files(self) -> list[Path]:
        """The dictionary's own files, without those of its base.

        Raises:
            UnreadableInputError: a file does not exist, or a folder contains none.
        """
        if self._names is None:
            return _published()
        found: dict[Path, Path] = {}
        for name in self._names:
            if name == STDIN:
                raise BadValueError(
                    "a dictionary is not read from standard input", "Give its file or folder"
                )
            for file in map(Path, files_named(name)):
                found.setdefault(file.resolve(), file)
        return list(found.values())

    @property
    def has_own_files(self) -> bool:
        """Whether it has files of its own, so that it is not just the published dictionary."""
        return self._names is not None

    @cached_property
    def folder(self) -> Path:
        """The folder that it is named by, or the innermost one that contains everything named.

        Raises:
            UnreadableInputError: a file does not exist, or a folder contains none.
        """
        found = [path for path in map(Path, self._names or ()) if path.is_dir()]
        files = [path for path in self.own_files if not any(path.is_relative_to(f) for f in found)]
        folders = [*found, *(path.parent for path in files)]
        return Path(os.path.commonpath([path.resolve() for path in folders]))

    @cached_property
    def base_files(self) -> list[Path]:
        """The files of the dictionary that it extends, if any.

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        if self._names is None or self.as_is:
            return []
        if not extends_published(self.base, self.own_contents.values()):
            return []
        own = {path.resolve() for path in self.own_files}
        sets = {each.iri for path, each in self._own_links.items() if path in self.own_files}
        return [
            path
            for path in _published()
            if path.resolve() not in own
            and not (_is_link_file(path) and mappings.read(path).iri in sets)
        ]

    @cached_property
    def files(self) -> list[Path]:
        """The RDF files of the dictionary and its base."""
        return [p for p in (*self.base_files, *self.own_files) if not _is_link_file(p)]

    @cached_property
    def link_files(self) -> list[Path]:
        """The files with links to other frameworks, of the dictionary and its base."""
        return [p for p in (*self.base_files, *self.own_files) if _is_link_file(p)]

    @cached_property
    def own_contents(self) -> dict[Path, bytes]:
        """The contents of its own files.

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        return {path: read_bytes(path) for path in self.own_files}

    @cached_property
    def contents(self) -> dict[Path, bytes]:
        """The contents of all files, read once so that everything derived from them is consistent.

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        others = {path: read_bytes(path) for path in (*self.ontology_files, *self.base_files)}
        return others | self.own_contents

    @cached_property
    def watched(self) -> list[Path]:
        """The files and folders to watch: a change in any of them changes the dictionary."""
        named = [path for name in self._names or () if (path := Path(name)).is_dir()]
        files = [*self.contents, *self.extra_files]
        return [*named, *(f for f in files if not any(f.is_relative_to(each) for each in named))]

    @cached_property
    def asserted(self) -> Graph:
        """The statements of the dictionary's files and its base, with their exact spelling.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        return _graph({path: self.contents[path] for path in self.files})

    @cached_property
    def own(self) -> Graph:
        """The part of `asserted` that comes from the dictionary's own files.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        if not self.base_files:
            return self.asserted
        own = [path for path in self.own_files if not _is_link_file(path)]
        return _graph({path: self.contents[path] for path in own})

    @cached_property
    def _premises(self) -> Graph:
        """The statements that inference starts from."""
        from competency_graph.rdf.rdflib_graphs import read_quads

        premises = self.asserted
        for path in self._reasoned_others:
            premises = premises + read_quads(named_graphs.quads(path))
        return premises

    @cached_property
    def _reasoned_others(self) -> list[Path]:
        """The files in `also` that use terms of the ontology."""
        if not self.inferring:
            return []
        return [
            path
            for path in self.extra_files
            if named_graphs.mentions(path, PREFIXES["cg"].encode())
        ]

    @cached_property
    def ontology(self) -> Graph:
        """The statements of the ontology's files.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        return _graph({path: self.contents[path] for path in self.ontology_files})

    @cached_property
    def _own_links(self) -> dict[Path, mappings.MappingSet]:
        return {
            path: mappings.parse(content, str(path))
            for path, content in self.own_contents.items()
            if _is_link_file(path)
        }

    @cached_property
    def links(self) -> list[mappings.MappingSet]:
        """The mappings of the link files; they take no part in inference.

        Raises:
            UnreadableInputError: a file cannot be read or is not SSSOM.
        """
        return [
            self._own_links.get(path) or mappings.parse(self.contents[path], str(path))
            for path in self.link_files
        ]

    @property
    def iri(self) -> URIRef | None:
        """The IRI of the first dictionary that its own files describe, else of the base's first."""
        from rdflib import RDF, URIRef

        from competency_graph.rdf.rdflib_graphs import CG

        for graph in (self.own, self.asserted):
            found = graph.subjects(RDF.type, CG.CompetencyDictionary)
            if iri := min((s for s in found if isinstance(s, URIRef)), default=None):
                return iri
        return None

    @cached_property
    def version(self) -> str:
        """A hash, in hex, that changes with any change of the files or of the reasoner."""
        return _hash_of(
            self._linked_version, *(named_graphs.digest(path) for path in self.extra_files)
        )

    @cached_property
    def _linked_version(self) -> str:
        """The version of the dictionary with its links."""
        links = [hashlib.sha256(self.contents[path]).digest() for path in self.link_files]
        return _hash_of(self._premises_version, *links)

    @cached_property
    def _premises_version(self) -> str:
        """The version of the statements that inference starts from."""
        own = [self.contents[path] for path in [*self.ontology_files, *self.files]]
        if self.as_is:
            own = [self.own_contents[path] for path in self.own_files]
        return inference.fingerprint([*own, *map(named_graphs.digest, self._reasoned_others)])

    def quads(self) -> Iterator[ox.Quad]:
        """All statements: the dictionary's in four named graphs, those of extra files in others.

        ``graph:ontology`` and ``graph:asserted`` hold the statements of the files with their exact
        spelling, ``graph:inferred`` those inferred but not stated, ``graph:links`` the links to
        other frameworks, from which nothing is inferred. No statement is in two of them.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        yield from self._stated_quads()
        yield from _parse_ntriples(_INFERRED, self._inferred_nt())
        yield from self._links_and_other_quads()

    def _links_and_other_quads(self) -> Iterator[ox.Quad]:
        """The links, and the graphs of `also`, which may describe the linked concepts."""
        links = dict.fromkeys(_parse_ntriples(_LINKS, self._links_nt()))
        for path in self.extra_files:
            for quad in named_graphs.quads(path):
                links.pop(_in_graph(_LINKS, quad.triple), None)
                yield quad
        yield from links

    def _stated_quads(self) -> Iterator[ox.Quad]:
        """The statements of the ontology's and the dictionary's files."""
        if self.as_is:
            for path in self.own_files:
                yield from named_graphs.quads(path, as_is=True)
            return
        said: set[ox.Triple] = set()
        for path in self.ontology_files:
            for quad in parse(path, self.contents[path]):
                if quad.triple not in said:
                    said.add(quad.triple)
                    yield _in_graph(_ONTOLOGY, quad.triple)
        for path in self.files:
            for quad in parse(path, self.contents[path]):
                if quad.triple not in said:
                    yield _in_graph(_ASSERTED, quad.triple)

    def _inferred_nt(self) -> bytes:
        """The inferred statements, as N-Triples."""
        if not self.inferring:
            return b""
        return inference.cached(
            self._premises_version, lambda: inference.entailed(self._premises, self.ontology)
        )

    def _links_nt(self) -> bytes:
        """The links as N-Triples, cached or newly computed."""
        if not self.link_files:
            return b""
        name = f"links-{_LINKS_VERSION}-{self._linked_version}.nt"
        return cache.cached(name, self._compute_links_nt)

    def _compute_links_nt(self) -> bytes:
        """The links as N-Triples, without those that the dictionary's files state as well."""
        from competency_graph.rdf.rdflib_graphs import to_rdflib

        found = dict.fromkeys(triple for each in self.links for triple in mappings.triples(each))
        stated = set(self.asserted)
        return (
            ox.serialize(
                (triple for triple in found if tuple(map(to_rdflib, triple)) not in stated),
                format=ox.RdfFormat.N_TRIPLES,
            )
            or b""
        )

    @cached_property
    def store(self) -> ox.Store:
        """A store with all `quads`. By default queries use the union of its graphs.

        A store may normalise literals (``01`` to ``1``), so use `asserted` for validation and
        publication.

        Raises:
            UnreadableInputError: a file cannot be read or is not RDF.
        """
        store = ox.Store()
        store.bulk_extend(self._stated_quads())
        _load(store, self._inferred_nt(), _INFERRED)
        if self.extra_files:
            store.bulk_extend(self._links_and_other_quads())
        else:
            _load(store, self._links_nt(), _LINKS)
        return store

    @cached_property
    def explainer(self) -> Explainer:
        """Explains the statements of the store."""
        from competency_graph.dictionary.explanations import Explainer

        return Explainer.of_store(self.store)

    def why(self, subject: str, property_: str, value: str) -> Explanation:
        """The shortest explanation of a statement; the reasoner confirms it.

        Args:
            subject: an IRI or prefixed name, such as ``role:analyst``.
            property_: the same.
            value: the same.

        Raises:
            BadValueError: one of them is not an IRI or prefixed name, or nothing is inferred.
            UnknownNameError: the statement does not hold; the remedy names what holds instead.

        >>> sales = Dictionary()
        >>> found = sales.why("role:analyst", "rdf:type", "skos:Concept")
        >>> [axiom.kind for axiom in found.axioms]
        ['subclass']
        """
        if not self.inferring:
            raise BadValueError(
                "the dictionary is loaded without inference", "Load it with inferring=True"
            )
        return self.explainer.why((expand(subject), expand(property_), expand(value)))


def _published() -> list[Path]:
    return [*resources.turtle_files(resources.DATA), *resources.link_files(resources.DATA)]


def _hash_of(version: str, *digests: bytes) -> str:
    return hashlib.sha256(b"".join([version.encode(), *digests])).hexdigest()


def _is_link_file(path: Path) -> bool:
    return path.name.endswith(mappings.ENDING)


def _graph(contents: dict[Path, bytes]) -> Graph:
    from competency_graph.rdf.rdflib_graphs import read_graph  # rdflib is slow to import

    return read_graph(contents)


def _load(store: ox.Store, ntriples: bytes, graph: ox.NamedNode) -> None:
    """Load statements that this program wrote, so that their IRIs need not be checked again."""
    store.bulk_load(ntriples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)


def _parse_ntriples(graph: ox.NamedNode, content: bytes) -> Iterator[ox.Quad]:
    for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES):
        yield _in_graph(graph, quad.triple)


def _in_graph(graph: ox.NamedNode, triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
