"""The one table of formats: name, media types, file endings, and what each can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from competency_graph.errors import UnknownNameError
from competency_graph.rdf import spreadsheets
from competency_graph.rdf.short_names import Term

Write = Callable[[Sequence[str], Iterable[Sequence[Term | None]], IO[bytes]], None]
"""Writes a table: columns, rows, where to."""
Engine = TypeVar("Engine")


@dataclass(frozen=True)
class Format(Generic[Engine]):
    """A way to write a graph, a table or a report.

    Args:
        name: what a person types, as ``turtle``.
        media_type: the registered media type that answers carry.
        endings: file endings without their dot, the usual one first.
        engine: the same format in pyoxigraph's terms, or what writes it.
        also: other media types that ask for it.
        named_only: whether it is got by its name alone, as another has the same media type.
    """

    name: str
    media_type: str
    endings: tuple[str, ...]
    engine: Engine
    also: tuple[str, ...] = ()
    named_only: bool = False

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types that ask for it, the registered one first."""
        return self.media_type, *self.also


GRAPH_FORMATS: Final = (
    # Every Turtle document is one in N3, and every JSON-LD document is one in JSON.
    Format("turtle", "text/turtle", ("ttl",), RdfFormat.TURTLE,
           ("application/x-turtle", "text/n3")),
    Format("jsonld", "application/ld+json", ("jsonld",), RdfFormat.JSON_LD, ("application/json",)),
    Format("ntriples", "application/n-triples", ("nt",), RdfFormat.N_TRIPLES),
    Format("rdfxml", "application/rdf+xml", ("rdf", "owl", "xml"), RdfFormat.RDF_XML),
    Format("nquads", "application/n-quads", ("nq",), RdfFormat.N_QUADS),
    Format("trig", "application/trig", ("trig",), RdfFormat.TRIG),
)  # fmt: skip
"""What a CONSTRUCT or DESCRIBE can be answered in, and what a dictionary's file can be."""

TABLE_FORMATS: Final[tuple[Format[QueryResultsFormat | Write], ...]] = (
    Format("json", "application/sparql-results+json", ("srj", "json"), QueryResultsFormat.JSON,
           ("application/json",)),
    Format("xml", "application/sparql-results+xml", ("srx", "xml"), QueryResultsFormat.XML,
           ("application/xml", "text/xml")),
    Format("csv", "text/csv", ("csv",), QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", ("tsv",), QueryResultsFormat.TSV),
    Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",),
           spreadsheets.write_xlsx),
    Format("spreadsheet", "text/csv", ("csv",), spreadsheets.write_csv, named_only=True),
)  # fmt: skip
"""What a SELECT can be answered in; an ASK, in JSON and XML alone (SPARQL 1.1 Results).

``csv`` is the standard's; ``spreadsheet`` is CSV in which no text becomes a formula.
"""

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


def of_ending(ending: str, formats: Iterable[Format[Any]] = GRAPH_FORMATS) -> Format[Any] | None:
    """The format of files that end in ``ending`` (without its dot), if there is one."""
    return next((form for form in formats if ending.lower() in form.endings), None)
