"""What the author's files extend: the ontology, and the published dictionary with its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.dictionary.base import extends_published
from competency_graph.mappings import read as read_mappings
from competency_graph.mappings import statements
from competency_graph.rdf.parsing import parse
from competency_graph.validation.shapes.class_hierarchy import hierarchy
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source

_MATCH: Final = b"Match"
"""What every property of mappings is named by (SKOS, section 10)."""


@dataclass(frozen=True)
class Base:
    """What the author's files extend.

    Args:
        ontology: the statements of the ontology.
        dictionary: those of the dictionary; none for one that stands alone.
        inferring: whether shapes judge what follows as well, beside what is said.
        linked: whether it has the published links to other frameworks.
        links: those of its links that count; None has it depend on the author's files.
    """

    ontology: tuple[ox.Quad, ...]
    dictionary: tuple[ox.Quad, ...] = ()
    inferring: bool = False
    linked: bool = False
    links: tuple[ox.Quad, ...] | None = None

    def beside(self, sources: Iterable[Source], always: bool = False) -> Base:
        """The same with its links settled for some files.

        They are those of the sets that the files do not hold themselves, and are only read where
        the files have links as well.

        Args:
            sources: the author's files.
            always: whether they are read in any case.
        """
        if self.links is not None:
            return self
        links: list[ox.Quad] = []
        if self.linked and (always or any(_MATCH in source.content for source in sources)):
            own = {source.set_iri for source in sources}
            for iri, quads in published_links().items():
                links += quads if iri not in own else ()
        return replace(self, links=tuple(links))

    def with_own_classes(self, shapes: Shapes) -> Base:
        """The same with what an organisation's shapes say of which class is below which."""
        if not shapes.own:
            return self
        known = set(self.ontology)
        more = [quad for quad in hierarchy(shapes) if quad not in known]
        return replace(self, ontology=(*self.ontology, *more)) if more else self

    @property
    def statements(self) -> tuple[ox.Quad, ...]:
        """All that it says."""
        return (*self.ontology, *self.dictionary, *(self.links or ()))


def read_base(dictionary: bool = True, inferring: bool = False) -> Base:
    """The published ontology, and the published dictionary."""
    folders = [resources.ONTOLOGY, resources.DATA] if dictionary else [resources.ONTOLOGY]
    read = [
        tuple(quad for path in resources.turtle_files(folder) for quad in parse(path))
        for folder in folders
    ]
    return Base(read[0], read[1] if dictionary else (), inferring, linked=dictionary)


def base_of(sources: Iterable[Source], base: str, inferring: bool = False) -> Base:
    """What files extend.

    Args:
        sources: the files.
        base: one of `base.BASES`.
        inferring: whether shapes judge what follows as well.
    """
    return read_base(extends_published(base, (each.content for each in sources)), inferring)


@cache
def published_links() -> Mapping[str, tuple[ox.Quad, ...]]:
    """What the sets of published links say, by their IRIs.

    What they tell of the things that they lead to is left out, as it is not theirs to say.
    """
    found = {}
    for path in resources.link_files(resources.DATA):
        links = read_mappings(path)
        found[links.iri] = tuple(quad for quad, _ in statements(links))
    return found
