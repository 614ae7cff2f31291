"""The table of formats: names, media types, file endings, and the kinds of answers they suit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from competency_graph.errors import UnknownNameError
from competency_graph.rdf import spreadsheets
from competency_graph.rdf.short_names import Term

Write = Callable[[Sequence[str], Iterable[Sequence[Term | None]], IO[bytes]], None]
"""Writes a table: its columns, its rows, and the output to write to."""
Engine = TypeVar("Engine")


@dataclass(frozen=True)
class Format(Generic[Engine]):
    """A format of graphs, tables or reports.

    Args:
        name: the name users type, such as ``turtle``.
        media_type: the registered media type, used in responses.
        endings: file endings without the dot, the usual one first.
        engine: the pyoxigraph format, or the function that writes the format.
        other_media_types: other media types that select it.
        named_only: whether only its name selects it, because another format has its media type.
    """

    name: str
    media_type: str
    endings: tuple[str, ...]
    engine: Engine
    other_media_types: tuple[str, ...] = ()
    named_only: bool = False

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types that select the format, the registered one first."""
        return self.media_type, *self.other_media_types


GRAPH_FORMATS: Final = (
    # Every Turtle document is valid N3, and every JSON-LD document is valid JSON.
    Format("turtle", "text/turtle", ("ttl",), RdfFormat.TURTLE,
           ("application/x-turtle", "text/n3")),
    Format("jsonld", "application/ld+json", ("jsonld",), RdfFormat.JSON_LD, ("application/json",)),
    Format("ntriples", "application/n-triples", ("nt",), RdfFormat.N_TRIPLES),
    Format("rdfxml", "application/rdf+xml", ("rdf", "owl", "xml"), RdfFormat.RDF_XML),
    Format("nquads", "application/n-quads", ("nq",), RdfFormat.N_QUADS),
    Format("trig", "application/trig", ("trig",), RdfFormat.TRIG),
)  # fmt: skip
"""The formats of CONSTRUCT and DESCRIBE answers, and of a dictionary's files."""

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
"""The formats of SELECT answers; ASK is answered in JSON and XML only (SPARQL 1.1 Results).

``csv`` follows the standard; ``spreadsheet`` is CSV with texts escaped so that none is a formula.
"""

FORMATS: Final[dict[str, tuple[Format[Any], ...]]] = {
    "table": TABLE_FORMATS,
    "boolean": TABLE_FORMATS[:2],
    "graph": GRAPH_FORMATS,
}
"""The formats of each kind of answer, the default first."""


def format_named(name: str, formats: tuple[Format[Engine], ...]) -> Format[Engine]:
    """Look up a format by name.

    Raises:
        UnknownNameError: no format has that name; the remedy lists the existing ones.
    """
    for form in formats:
        if name == form.name:
            return form
    raise UnknownNameError(
        f"there is no format “{name}” for this answer",
        f"Use one of {', '.join(form.name for form in formats)}",
    )


def format_of_ending(
    ending: str, formats: Iterable[Format[Any]] = GRAPH_FORMATS
) -> Format[Any] | None:
    """Look up a format by file ending (without the dot); None if there is none."""
    return next((form for form in formats if ending.lower() in form.endings), None)
