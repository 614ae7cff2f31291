"""The one table of formats: name, media types, file endings, and what each can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from competency_graph.errors import UnknownNameError

Engine = TypeVar("Engine", RdfFormat, QueryResultsFormat)


@dataclass(frozen=True)
class Format(Generic[Engine]):
    """A way to write a graph or a table.

    Args:
        name: what a person types, as ``turtle``.
        media_type: the registered media type that answers carry.
        endings: file endings without their dot, the usual one first.
        engine: the same format in pyoxigraph's terms.
        also: other media types that ask for it.
    """

    name: str
    media_type: str
    endings: tuple[str, ...]
    engine: Engine
    also: tuple[str, ...] = ()


GRAPH_FORMATS: Final = (
    Format("turtle", "text/turtle", ("ttl",), RdfFormat.TURTLE, ("application/x-turtle",)),
    Format("jsonld", "application/ld+json", ("jsonld",), RdfFormat.JSON_LD),
    Format("ntriples", "application/n-triples", ("nt",), RdfFormat.N_TRIPLES),
    Format("rdfxml", "application/rdf+xml", ("rdf", "owl", "xml"), RdfFormat.RDF_XML),
)
"""What a CONSTRUCT or DESCRIBE can be answered in, and what a dictionary's file can be."""

TABLE_FORMATS: Final = (
    Format("json", "application/sparql-results+json", ("srj", "json"), QueryResultsFormat.JSON,
           ("application/json",)),
    Format("xml", "application/sparql-results+xml", ("srx", "xml"), QueryResultsFormat.XML,
           ("application/xml", "text/xml")),
    Format("csv", "text/csv", ("csv",), QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", ("tsv",), QueryResultsFormat.TSV),
)  # fmt: skip
"""What a SELECT can be answered in; an ASK, in JSON and XML alone (SPARQL 1.1 Results)."""

FORMATS: Final[dict[str, tuple[Format[Any], ...]]] = {
    "table": TABLE_FORMATS,
    "boolean": TABLE_FORMATS[:2],
    "graph": GRAPH_FORMATS,
}
"""The formats of each kind of answer, the usual one first."""


def named(name: str, formats: tuple[Format[Engine], ...]) -> Format[Engine]:
    """The format called ``name`` among ``formats``.

    Raises:
        UnknownNameError: none is called so; the remedy lists those that are.
    """
    for form in formats:
        if name == form.name:
            return form
    raise UnknownNameError(
        f"there is no format “{name}” for this answer",
        f"Use one of {', '.join(form.name for form in formats)}",
    )


def of_ending(ending: str) -> Format[RdfFormat] | None:
    """The graph format of files that end in ``ending`` (without its dot), if there is one."""
    return next((form for form in GRAPH_FORMATS if ending.lower() in form.endings), None)
