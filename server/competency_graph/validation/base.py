"""The base of the author's files: the ontology, and the published dictionary with its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.dictionary.base import extends_published
from competency_graph.mappings import read as read_mappings
from competency_graph.mappings import statements
from competency_graph.rdf.parsing import parse
from competency_graph.validation.checks.match_statements import ConceptFacts
from competency_graph.validation.shapes.class_hierarchy import hierarchy
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source

_MAPPING_MARK: Final = b"Match"
"""A part of the name of every mapping property (SKOS, section 10)."""


@dataclass(frozen=True)
class Base:
    """The base that the author's files extend.

    Args:
        ontology: the statements of the ontology.
        dictionary: the statements of the dictionary; none if the files extend no dictionary.
        inferring: whether shapes also validate inferred statements.
        linked: whether it includes the published links to other frameworks.
        links: the statements of its links to use; None if `with_links_for` has yet to select them.
        concepts: what is known of the concepts of frameworks, which no shape validates.
    """

    ontology: tuple[ox.Quad, ...]
    dictionary: tuple[ox.Quad, ...] = ()
    inferring: bool = False
    linked: bool = False
    links: tuple[ox.Quad, ...] | None = None
    concepts: ConceptFacts | None = None

    def with_links_for(self, sources: Iterable[Source], always: bool = False) -> Base:
        """Select the links to use with some files.

        They are those of the mapping sets that the files do not contain themselves. They are read
        only if the files contain mappings as well.

        Args:
            sources: the author's files.
            always: whether to read them in any case.
        """
        if self.links is not None:
            return self
        links: list[ox.Quad] = []
        if self.linked and (always or any(_MAPPING_MARK in source.content for source in sources)):
            own = {source.set_iri for source in sources}
            for iri, quads in published_links().items():
                links += quads if iri not in own else ()
        return replace(self, links=tuple(links))

    def with_own_classes(self, shapes: Shapes) -> Base:
        """Add the subclass statements of an organisation's shapes."""
        if not shapes.own:
            return self
        known = set(self.ontology)
        more = [quad for quad in hierarchy(shapes) if quad not in known]
        return replace(self, ontology=(*self.ontology, *more)) if more else self

    @property
    def statements(self) -> tuple[ox.Quad, ...]:
        """All its statements."""
        return (*self.ontology, *self.dictionary, *(self.links or ()))


def read_base(dictionary: bool = True, inferring: bool = False) -> Base:
    """Read the published ontology, and the published dictionary if it is wanted."""
    folders = [resources.ONTOLOGY, resources.DATA] if dictionary else [resources.ONTOLOGY]
    read = [
        _parsed(tuple((path, path.stat().st_mtime_ns) for path in resources.turtle_files(folder)))
        for folder in folders
    ]
    return Base(read[0], read[1] if dictionary else (), inferring, linked=dictionary)


@lru_cache(maxsize=2)
def _parsed(versions: tuple[tuple[Path, int], ...]) -> tuple[ox.Quad, ...]:
    """The statements of files, kept until these change, so that `prepare` knows them again."""
    return tuple(quad for path, _ in versions for quad in parse(path))


def base_of(sources: Iterable[Source], base: str, inferring: bool = False) -> Base:
    """Read the base that files extend.

    Args:
        sources: the files.
        base: one of `base.BASES`.
        inferring: whether shapes also validate inferred statements.
    """
    return read_base(extends_published(base, (each.content for each in sources)), inferring)


@cache
def published_links() -> Mapping[str, tuple[ox.Quad, ...]]:
    """The statements of the published mapping sets, by the sets' IRIs.

    Their descriptions of the concepts mapped to are left out.
    """
    found = {}
    for path in resources.link_files(resources.DATA):
        links = read_mappings(path)
        found[links.iri] = tuple(quad for quad, _ in statements(links))
    return found
