"""``competency export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pyoxigraph import NamedNode

from competency_graph.cli.options import dictionary_option
from competency_graph.cli.output import put
from competency_graph.dictionary.model import Dictionary
from competency_graph.exporting import FORMATS, LINKS, outline
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.short_names import shorten

_MOST_NAMED = 5
"""Entries that a message names."""


@click.command()
@click.argument("form", metavar="FORMAT")
@click.option("--area", default="", metavar="NAME", help="One area alone, with what belongs to it.")
@click.option(
    "--with-links/--without-links",
    "linked",
    default=False,
    help="Whether links to ESCO and O*NET are in it.",
)
@click.option(
    "--own",
    is_flag=True,
    help="Only the entries of your own files, without those of the dictionary that they extend.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there."
)
@dictionary_option
def command(
    form: str, area: str, linked: bool, own: bool, output: Path | None, dictionary: Dictionary
) -> None:
    """Write a dictionary for another system.

    FORMAT is one of ctdl-asn, case, case-1.0, schema-org, skos, esco-csv, csv, xlsx, sssom and
    graphml.
    """
    chosen = format_named(form, FORMATS)
    links = dictionary.links if linked or chosen.name == LINKS else ()
    whole = outline(dictionary.asserted, links, area, dictionary.own, own)
    content = chosen.engine(whole)
    if whole.left_out:
        first = ", ".join(shorten(NamedNode(iri)) for iri in whole.left_out[:_MOST_NAMED])
        more = len(whole.left_out) - _MOST_NAMED
        also = f" and {more} more" if more > 0 else ""
        click.echo(
            f"competency: left out, as no class of entries is said of them: {first}{also}; "
            "“competency validate” says more.",
            err=True,
        )
    if output is None:
        if chosen.name in ("xlsx", "esco-csv") and sys.stdout.isatty():
            raise click.UsageError(f"{chosen.name} is no text for a terminal: name a file with -o")
        sys.stdout.buffer.write(content)
        return
    put(output, content, "export")
