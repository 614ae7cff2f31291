"""``competency import``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from competency_graph.cli.import_ import document, spreadsheet
from competency_graph.cli.progress import ProgressLine
from competency_graph.importing import Tally, import_esco, import_onet, write
from competency_graph.rdf.atomic_write import replacing
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_named
from competency_graph.rdf.parsing import format_of

_STDOUT = Path("-")


def _path_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments of each import: the files to read and the file to write."""
    argument = click.argument(
        "paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path)
    )
    output = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the graph to this file, in the format of its ending: nq, trig or jsonld, "
        "which name the graph, or ttl, nt, rdf; - for N-Quads on standard output.  "
        "[default: the framework's name and .nq]",
    )
    return argument(output(function))


@click.group("import")
def command() -> None:
    """Import your dictionary from a document or a spreadsheet, or convert other frameworks to RDF.

    “text” reads a document; “xlsx” and “csv” bring back a spreadsheet, or read one from elsewhere.
    The others convert the official downloads of a framework.

    Nothing is downloaded: name the files that you have downloaded. Then query the result with
    “competency query --with esco.nq”, or serve it with “competency serve --with esco.nq”.
    """


spreadsheet.register(command)


@command.command()
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="Import only texts in this language; may be repeated.  [default: all languages]",
)
@_path_options
def esco(paths: tuple[Path, ...], output: Path | None, languages: tuple[str, ...]) -> None:
    """Import ESCO from its CSV files, in any of its languages, or its RDF.

    PATH is a downloaded zip archive, a folder or a file; several paths are combined.
    """
    output = output or Path("esco.nq")
    tally = Tally()
    _write_import("ESCO", import_esco(paths, tally, languages, output), output, tally)


@command.command()
@_path_options
def onet(paths: tuple[Path, ...], output: Path | None) -> None:
    """Import O*NET from the Excel or text files of its database.

    PATH is a downloaded zip archive, a folder or a file; several paths are combined, and files may
    be missing.
    """
    output = output or Path("onet.nq")
    tally = Tally()
    _write_import("O*NET", import_onet(paths, tally, output), output, tally)


def _write_import(name: str, quads: Iterator[ox.Quad], output: Path, tally: Tally) -> None:
    output_format = _output_format(output)
    progress = ProgressLine("statements")
    try:
        if output == _STDOUT:
            count = write(quads, output_format, sys.stdout.buffer, tally, progress)
        else:
            with replacing(output, "graph") as file:
                count = write(quads, output_format, file, tally, progress)
    finally:
        progress.clear()
    _print_summary(name, output, count, tally)


def _output_format(output: Path) -> Format[ox.RdfFormat]:
    return format_named("nquads", GRAPH_FORMATS) if output == _STDOUT else format_of(output)


def _print_summary(name: str, output: Path, count: int, tally: Tally) -> None:
    """Print what was imported, and what was left out and why."""
    to_stderr = output == _STDOUT
    versions = " and ".join(sorted(tally.versions)) or "of unknown version"
    click.echo(f"{name} {versions}, in {', '.join(sorted(tally.languages))}", err=to_stderr)
    width = len(f"{count:,}")
    for what, number in tally.counts.items():
        click.echo(f"{number:>{width},}  {what}", err=to_stderr)
    click.echo(
        f"{count:>{width},}  statements{'' if to_stderr else f' in {output}'}", err=to_stderr
    )
    if tally.omissions:
        click.echo("Left out:", err=to_stderr)
    for reason, omission in tally.omissions.items():
        example = f", as {omission.example[:100]}" if omission.example else ""
        click.echo(f"{omission.number:>{width},}  {reason}{example}", err=to_stderr)
    if len(tally.versions) > 1:
        click.echo(f"competency: these files belong to several versions of {name}.", err=True)


command.add_command(document.command)
