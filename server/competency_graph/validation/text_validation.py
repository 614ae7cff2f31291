"""The published files that texts are validated with, read once for many texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from competency_graph import resources
from competency_graph.validation.base import Base, published_links, read_base
from competency_graph.validation.findings import Report
from competency_graph.validation.prepared_base import prepare
from competency_graph.validation.shapes.loading import read_shapes
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source
from competency_graph.validation.validator import validate_sources

_SAMPLE: Final = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<x:area/a> a cg:AreaOfExpertise ; skos:prefLabel "Ã¨"@en-UK ; cg:coversAria <x:area/b> .
""".encode()
"""A text that breaks rules of every kind."""


@dataclass(frozen=True)
class Published:
    """The published files.

    Args:
        dictionary: the base of extensions.
        ontology: the base of dictionaries that extend no other.
        shapes: the shapes.
    """

    dictionary: Base
    ontology: Base
    shapes: Shapes


def read_published() -> Published:
    """Read the published files, once for each of their versions, and prepare each base.

    Raises:
        UnreadableInputError: one cannot be read or is not RDF.
    """
    files = [
        *resources.turtle_files(resources.ONTOLOGY),
        *resources.turtle_files(resources.DATA),
        *resources.link_files(resources.DATA),
        *resources.turtle_files(resources.SHAPES),
    ]
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _read(versions: tuple[tuple[Path, int], ...]) -> Published:
    published_links.cache_clear()
    whole = read_base()
    for links in (False, True):
        prepare(whole.with_links_for((), always=links).statements)
    return Published(whole, Base(whole.ontology), read_shapes())


def sample_report(published: Published) -> Report:
    """Validate a sample, for a process that will later be unable to open files.

    This loads everything that is otherwise loaded on first use, such as codecs and registries, so
    that no later validation of this process or its children does so.
    """
    return validate_sources(
        [Source("sample", _SAMPLE, form="turtle")], published.ontology, published.shapes
    )
