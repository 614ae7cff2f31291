"""``competency query``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from wcwidth import wcswidth

from competency_graph.cli.options import dictionary_option, with_option
from competency_graph.cli.output import write_file
from competency_graph.dictionary.model import Dictionary
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.formats import FORMATS, format_of_ending
from competency_graph.rdf.tables import Columns
from competency_graph.sparql.answering import answer_saved
from competency_graph.sparql.evaluator import Answer
from competency_graph.sparql.saved_queries import (
    OTHER_GROUP,
    Catalogue,
    SavedQuery,
    parse_query,
    read_query,
)


@click.command()
@click.argument("source", metavar="[NAME|FILE|-]", required=False)
@click.option(
    "-p",
    "--param",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter of the query; for an entry, its label, code or IRI; may be "
    "repeated.",
)
@click.option(
    "-f",
    "--format",
    "format_name",
    metavar="FORMAT",
    help="text (default), csv, tsv, json, xml, xlsx, spreadsheet (CSV without formulas); for a "
    "graph turtle (default), ntriples, jsonld, rdfxml, nquads, trig.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the answer to this file, in the format of its ending unless --format is given.",
)
@with_option
@dictionary_option
def command(
    source: str | None, assignments: tuple[str, ...], format_name: str | None, output: Path | None,
    dictionary: Dictionary,
) -> None:  # fmt: skip
    """Query a dictionary: a saved query by NAME, a FILE, or - for standard input.

    Without an argument, list the saved queries.
    """
    if source is None:
        _print_saved_queries()
        return
    query = _load_query(source)
    values: dict[str, str] = {}
    for name, value in map(_parse_assignment, assignments):
        if name in values:
            raise BadValueError(f"the parameter “{name}” is given twice", "Give it one value")
        values[name] = value

    answer = answer_saved(query, values, dictionary.store)
    for warning in answer.warnings:
        click.echo(f"competency: {warning}.", err=True)
    output_format = format_name or (
        _format_for_file(output, answer.kind) if output else _DEFAULT_FORMATS[answer.kind]
    )
    if output_format == "text":
        write_table(answer, output)
    elif output is None:
        sys.stdout.buffer.write(answer.serialize(output_format))
    else:
        write_file(output, answer.serialize(output_format), "answer")


def _print_saved_queries() -> None:
    catalogue = Catalogue()
    width = max(map(len, catalogue), default=0)
    for group, queries in catalogue.groups().items():
        click.echo(f"# {group or OTHER_GROUP}")
        for query in queries:
            _print_saved_query(query, width)


def _print_saved_query(query: SavedQuery, width: int) -> None:
    click.echo(f"{query.name:<{width}}  {query.title}")
    for need in query.needs:
        hint = f"needs {FRAMEWORKS[need].title} (competency import {need}, then --with)"
        click.echo(f"{'':<{width}}    {hint}")
    for p in query.parameters:
        click.echo(f"{'':<{width}}    -p {p.name}={p.default}  {p.description} ({p.type})")


def _load_query(source: str) -> SavedQuery:
    if source == "-":
        try:
            return parse_query(sys.stdin.buffer.read().decode("utf-8-sig"), "-", "standard input")
        except UnicodeDecodeError:
            raise UnreadableInputError(
                "the query is not UTF-8 text", "Send it as UTF-8", "standard input"
            ) from None
    catalogue = Catalogue()
    if source not in catalogue and (
        Path(source).exists() or source.endswith(".rq") or "/" in source
    ):
        return read_query(Path(source))
    return catalogue[source]


_DEFAULT_FORMATS = {"graph": "turtle", "table": "text", "boolean": "text"}
"""The default format of each kind of answer."""


def _format_for_file(output: Path, kind: str) -> str:
    """The format for the ending of a file name."""
    ending = output.suffix.removeprefix(".")
    if ending == "txt":
        return "text"
    form = format_of_ending(ending, FORMATS[kind])
    if form is None:
        forms = (each for each in FORMATS[kind] if not each.named_only)
        endings = ", ".join(f".{ending}" for each in forms for ending in each.endings)
        raise click.UsageError(
            f"{output}: the answer is a {kind}, which has no format with this ending. Use one of "
            f"{endings} or .txt, or name a format with --format."
        )
    return form.name


def _parse_assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise BadValueError(
            f"“{text}” does not assign a value to a parameter", "Write it as NAME=VALUE"
        )
    return name, value


def write_table(answer: Answer, output: Path | None = None) -> None:
    """Write an aligned table, with labels instead of IRIs, and print the row count on stderr.

    Args:
        answer: the answer to a query.
        output: the file to write to, instead of standard output.

    Raises:
        UnavailableError: the file cannot be written.
    """
    columns = Columns(answer.columns)
    rows = [[cell.text for cell in row] for row in columns.rows(answer.rows())]
    table = [columns.heads, *rows]
    widths = [max(wcswidth(row[i]) for row in table) for i in range(len(columns.heads))]
    lines = [
        "  ".join(
            cell + " " * (width - wcswidth(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    if output is None:
        for line in lines:
            click.echo(line)
    else:
        write_file(output, ("\n".join(lines) + "\n").encode(), "answer")
    click.echo(f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})", err=True)
