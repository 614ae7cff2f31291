"""``competency export``."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import click
from pyoxigraph import NamedNode

from competency_graph.cli.options import dictionary_option
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import GC_THRESHOLD
from competency_graph.dictionary.model import Dictionary
from competency_graph.exporting import FORMATS, LINKS, SHEETS, outline, source_of_files
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.short_names import shorten

_MAX_NAMED = 5
"""The maximum number of entries named in a message."""


@click.command()
@click.argument("format_name", metavar="FORMAT")
@click.option(
    "--area", default="", metavar="NAME", help="Export only this area and what belongs to it."
)
@click.option(
    "--with-links/--without-links",
    "with_links",
    default=False,
    help="Whether to include links to ESCO and O*NET.",
)
@click.option(
    "--own",
    "own_only",
    is_flag=True,
    help="Export only the entries of your own files, not those of the dictionary that they extend.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file."
)
@dictionary_option
def command(
    format_name: str,
    area: str,
    with_links: bool,
    own_only: bool,
    output: Path | None,
    dictionary: Dictionary,
) -> None:
    """Export a dictionary for another system.

    FORMAT is one of ctdl-asn, case, case-1.0, schema-org, skos, esco-csv, csv, xlsx, sssom and
    graphml.
    """
    gc.set_threshold(GC_THRESHOLD)
    export_format = format_named(format_name, FORMATS)
    if export_format.name in SHEETS and not area and not with_links:
        source = source_of_files(dictionary, own_only)
        content, left_out = SHEETS[export_format.name](source), source.left_out
    else:
        links = dictionary.links if with_links or export_format.name == LINKS else ()
        entries = outline(dictionary.asserted, links, area, dictionary.own, own_only)
        content, left_out = export_format.engine(entries), entries.left_out
    if left_out:
        first = ", ".join(shorten(NamedNode(iri)) for iri in left_out[:_MAX_NAMED])
        more = len(left_out) - _MAX_NAMED
        also = f" and {more} more" if more > 0 else ""
        click.echo(
            f"competency: left out, as they have no class of entries: {first}{also}; "
            "“competency validate” reports details.",
            err=True,
        )
    if output is None:
        if export_format.name in ("xlsx", "esco-csv") and sys.stdout.isatty():
            raise click.UsageError(f"{export_format.name} is a binary format: name a file with -o")
        sys.stdout.buffer.write(content)
        return
    write_file(output, content, "export")
