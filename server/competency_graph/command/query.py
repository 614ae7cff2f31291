"""``competency query``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from competency_graph.catalogue import Catalogue, SavedQuery, parse_query, read_query
from competency_graph.command.options import also_option, dictionary_option
from competency_graph.dictionary import Dictionary
from competency_graph.entries import Bindings, bind, languages
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.evaluation import Answer, evaluate
from competency_graph.frameworks import FRAMEWORKS
from competency_graph.naming import Term, shorten


@click.command()
@click.argument("source", metavar="[NAME|FILE|-]", required=False)
@click.option(
    "-p",
    "--param",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter of the query: for an entry its label, code or IRI; may be "
    "repeated.",
)
@click.option(
    "-f",
    "--format",
    "form",
    metavar="FORMAT",
    help="text (default), csv, tsv, json, xml, xlsx, spreadsheet (CSV without formulas); of a "
    "graph turtle (default), ntriples, jsonld, rdfxml, nquads, trig.",
)
@also_option
@dictionary_option
def command(
    source: str | None, given: tuple[str, ...], form: str | None, dictionary: Dictionary
) -> None:  # fmt: skip
    """Ask a dictionary: a saved query by NAME, a FILE, or - for standard input.

    Without an argument, list the saved queries.
    """
    if source is None:
        _list()
        return
    query = _find(source)
    values = dict(map(_pair, given))

    def rows(text: str, terms: Bindings) -> Iterator[list[Term | None]]:
        return evaluate(dictionary.store, text, terms).rows()

    bound = bind(query, values, rows)
    answer = evaluate(dictionary.store, query.text, bound)
    for warning in (*languages(query, values, rows), *answer.warnings):
        click.echo(f"competency: {warning}.", err=True)
    chosen = form or ("turtle" if answer.kind == "graph" else "text")
    if chosen == "text":
        _print(answer)
    else:
        sys.stdout.buffer.write(answer.serialize(chosen))


def _list() -> None:
    catalogue = Catalogue()
    width = max(map(len, catalogue), default=0)
    for name, query in catalogue.items():
        click.echo(f"{name:<{width}}  {query.title}")
        for need in query.needs:
            told = f"needs {FRAMEWORKS[need].title} (competency import {need}, then --with)"
            click.echo(f"{'':<{width}}    {told}")
        for p in query.parameters:
            click.echo(f"{'':<{width}}    -p {p.name}={p.default}  {p.description} ({p.type})")


def _find(source: str) -> SavedQuery:
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


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise BadValueError(f"“{text}” gives no parameter a value", "Write it as NAME=VALUE")
    return name, value


def _print(answer: Answer) -> None:
    """An aligned table, with the prefixes of the project for its IRIs."""
    rows = [[shorten(term) for term in row] for row in answer.rows()]
    table = [answer.columns, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(answer.columns))]
    for number, row in enumerate(table):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
        if number == 0:
            click.echo("  ".join("─" * width for width in widths))
    click.echo(f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})", err=True)
