"""``competency search``."""

from __future__ import annotations

import sys

import click

from competency_graph.cli.options import dictionary_option
from competency_graph.cli.query import write_table
from competency_graph.dictionary.model import Dictionary
from competency_graph.rdf.vocabulary import CLASS_OF_KIND
from competency_graph.sparql.answering import rows_of
from competency_graph.sparql.parameters import no_label
from competency_graph.sparql.search.answers import answer
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", type=click.Choice(list(CLASS_OF_KIND)), help="Find only entries of this kind."
)
@click.option("--language", default="en", show_default=True, help="The language of the labels.")
@click.option(
    "-f", "--format", "format_name", default="text", show_default=True, metavar="FORMAT",
    help="text, csv, tsv, json, xml, xlsx or spreadsheet.",
)  # fmt: skip
@dictionary_option
def command(
    words: tuple[str, ...],
    kind: str | None,
    language: str,
    format_name: str,
    dictionary: Dictionary,
) -> None:
    """Find entries by WORDS of their labels, definitions and examples, or by a code, best first.

    A word is found in all its forms, and despite typos. Exit code: 0 if something is found, 1 if
    nothing is.
    """
    rows = rows_of(dictionary.store)
    results = Index(databases(rows)).search(" ".join(words), kind or "", language)
    table = answer(results, decimals=1 if format_name == "text" else 3)
    for warning in (*no_label(language, rows), *table.warnings):
        click.echo(f"competency: {warning}.", err=True)
    if format_name == "text":
        write_table(table)
    else:
        sys.stdout.buffer.write(table.serialize(format_name))
    sys.exit(0 if results.hits else 1)
