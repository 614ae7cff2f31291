"""What texts are judged by, read once for many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from competency_graph.validation.base import Base, published_links, read_base
from competency_graph.validation.findings import Report
from competency_graph.validation.shapes.loading import read_shapes
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source
from competency_graph.validation.validator import judge

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
        dictionary: what an extension builds on.
        ontology: what a dictionary that stands alone builds on.
        shapes: the shapes.
    """

    dictionary: Base
    ontology: Base
    shapes: Shapes


def read_published() -> Published:
    """The published files as they are now.

    Raises:
        UnreadableInputError: one cannot be read or is not RDF.
    """
    whole = read_base()
    return Published(whole, Base(whole.ontology), read_shapes())


def sample_report(published: Published) -> Report:
    """Judge a sample, for a process that will not be able to open files later.

    What is loaded when it is first needed, as codecs, registries and links are, is loaded then.
    """
    published_links()
    return judge([Source("sample", _SAMPLE, form="turtle")], published.ontology, published.shapes)
