"""Reports: the results of a validation, in formats for people and programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.formats import Format, format_named
from competency_graph.reports.github import write_github
from competency_graph.reports.html import write_html
from competency_graph.reports.json_ import write_json, write_part
from competency_graph.reports.junit import write_junit
from competency_graph.reports.sarif import write_sarif
from competency_graph.reports.text import write_text
from competency_graph.reports.w3c import write_w3c
from competency_graph.validation.findings import Report

Shapes = Iterable[ox.Triple]
Writer = Callable[[Report, bool, Shapes], str]
"""Writes a report, given whether to use colours, and the shapes graph."""


def _graph(form: ox.RdfFormat) -> Writer:
    return lambda report, colour, shapes: write_w3c(report, form, shapes)


def _plain(write: Callable[[Report], str]) -> Writer:
    return lambda report, colour, shapes: write(report)


def _text(report: Report, colour: bool, shapes: Shapes) -> str:
    return write_text(report, colour)


FORMATS: Final[tuple[Format[Writer], ...]] = (
    Format("text", "text/plain", ("txt",), _text),
    Format("json", "application/json", ("json",), _plain(write_json)),
    Format("turtle", "text/turtle", ("ttl",), _graph(ox.RdfFormat.TURTLE)),
    Format("jsonld", "application/ld+json", ("jsonld",), _graph(ox.RdfFormat.JSON_LD)),
    Format("ntriples", "application/n-triples", ("nt",), _graph(ox.RdfFormat.N_TRIPLES)),
    Format("sarif", "application/sarif+json", ("sarif", "sarif.json"), _plain(write_sarif)),
    Format("junit", "application/xml", ("xml",), _plain(write_junit), ("text/xml",)),
    Format("github", "text/plain", ("txt",), _plain(write_github), named_only=True),
    Format("html", "text/html", ("html",), _plain(write_html)),
)
"""The formats of reports, the default first."""

PART: Final = "part"
"""The name of the report as JSON for a page, with a limited number of findings."""


def prepare(sample: Report) -> None:
    """Write a report in every format, for a process that will later be unable to open files."""
    for name in (PART, *(form.name for form in FORMATS)):
        write(sample, name, colour=True)


def write(report: Report, name: str, colour: bool = False, shapes: Shapes = ()) -> str:
    """Write a report in the format called ``name``, as text that UTF-8 can encode.

    Args:
        report: the report.
        name: the name of one of `FORMATS`, or `PART`.
        colour: whether to use colours in ``text``.
        shapes: the shapes graph, from which the graph formats copy paths.

    Raises:
        UnknownNameError: there is no such format; the remedy lists the existing ones.
    """
    if name == PART:
        text = write_part(report)
    else:
        text = format_named(name, FORMATS).engine(report, colour, shapes)
    return text.encode(errors="replace").decode()  # file names may contain lone surrogates
