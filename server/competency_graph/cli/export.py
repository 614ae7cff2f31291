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
from competency_graph.exporting import export
from competency_graph.exporting.archives import members
from competency_graph.rdf.short_names import shorten

_ARCHIVE = "application/zip"
_BINARY = ("xlsx", "esco-csv", "sqlite", "parquet")
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

    FORMAT is one of ctdl-asn, case, case-1.0, schema-org, skos, esco-csv, csv, xlsx, sssom,
    graphml, sqlite and parquet. If FILE is a folder, the files of an archive are written into it.
    """
    gc.set_threshold(GC_THRESHOLD)
    done = export(dictionary, format_name, with_links, area, own_only)
    left_out, content, export_format = done.left_out, done.content, done.format
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
        if export_format.name in _BINARY and sys.stdout.isatty():
            raise click.UsageError(f"{export_format.name} is a binary format: name a file with -o")
        sys.stdout.buffer.write(content)
        return
    if output.is_dir() and export_format.media_type == _ARCHIVE:
        for name, member in members(content):
            write_file(output / name, member, "export")
        return
    write_file(output, content, "export")
