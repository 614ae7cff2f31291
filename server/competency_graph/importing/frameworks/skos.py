"""SKOS in any format of RDF, read as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef

from competency_graph.importing.downloads import DAMAGE, File, damaged
from competency_graph.importing.frameworks.json_ld import streamed
from competency_graph.importing.summary import Tally
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_named
from competency_graph.rdf.parsing import format_of
from competency_graph.rdf.stream_parsing import stream

ENDINGS: Final = frozenset(
    ending for form in GRAPH_FORMATS for ending in form.endings if ending != "xml"
)


def read(file: File, graph: URIRef, tally: Tally) -> list[Callable[[], Iterable[ox.Quad]]]:
    """What reads the statements of a file.

    Raises:
        UnreadableInputError: its ending is unknown; and, while it is read, it is damaged, has a
            syntax error, or refers to a JSON-LD context that is not known.
    """
    form = _format(file)
    tally.doing = file.name
    if form.name == "jsonld":
        return [streamed(file)]

    def quads() -> Iterator[ox.Quad]:
        tally.doing = file.name
        try:
            with file.open() as opened:
                yield from stream(opened, form, file.where)
        except DAMAGE as error:
            raise damaged(file.where, error) from None

    return [quads]


def _format(file: File) -> Format[ox.RdfFormat]:
    if file.ending == "json":
        return format_named("jsonld", GRAPH_FORMATS)
    return format_of(Path(file.name))
