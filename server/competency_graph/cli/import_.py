"""``competency import``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from competency_graph.cli.progress import ProgressLine
from competency_graph.importing import Tally, import_esco, import_onet, write
from competency_graph.rdf.atomic_write import replacing
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_named
from competency_graph.rdf.parsing import format_of

_STDOUT = Path("-")


def _paths(function: Callable[..., Any]) -> Callable[..., Any]:
    """What both commands are told: what to read, and where to write."""
    argument = click.argument(
        "paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path)
    )
    output = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the graph there, in the format that its name ends in: nq, trig or jsonld, "
        "which name the graph, or ttl, nt, rdf; - for N-Quads on standard output.  "
        "[default: the framework's name and .nq]",
    )
    return argument(output(function))


@click.group("import")
def command() -> None:
    """Turn other frameworks' official downloads into graphs to ask beside the dictionary.

    Nothing is fetched: name what you have downloaded. Then ask it with “competency query --with
    esco.nq”, or serve it with “competency serve --with esco.nq”.
    """


@command.command()
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="Take texts over in this language only; may be repeated.  [default: all there are]",
)
@_paths
def esco(paths: tuple[Path, ...], output: Path | None, languages: tuple[str, ...]) -> None:
    """ESCO, from its CSV files in any of its languages, or its RDF.

    PATH is a zip archive as it was downloaded, a folder, or a file; several come together.
    """
    output = output or Path("esco.nq")
    tally = Tally()
    _import("ESCO", import_esco(paths, tally, languages, output), output, tally)


@command.command()
@_paths
def onet(paths: tuple[Path, ...], output: Path | None) -> None:
    """O*NET, from the Excel or text files of its database.

    PATH is a zip archive as it was downloaded, a folder, or a file; several come together, and
    those that are there are taken.
    """
    output = output or Path("onet.nq")
    tally = Tally()
    _import("O*NET", import_onet(paths, tally, output), output, tally)


def _import(name: str, quads: Iterator[ox.Quad], output: Path, tally: Tally) -> None:
    form = _form(output)
    live = ProgressLine("statements")
    try:
        if output == _STDOUT:
            count = write(quads, form, sys.stdout.buffer, tally, live)
        else:
            with replacing(output, "graph") as file:
                count = write(quads, form, file, tally, live)
    finally:
        live.clear()
    _account(name, output, count, tally)


def _form(output: Path) -> Format[ox.RdfFormat]:
    return format_named("nquads", GRAPH_FORMATS) if output == _STDOUT else format_of(output)


def _account(name: str, output: Path, count: int, tally: Tally) -> None:
    """What was taken over, and what was left out and why."""
    aside = output == _STDOUT
    versions = " and ".join(sorted(tally.versions)) or "of a version that its files do not tell"
    click.echo(f"{name} {versions}, in {', '.join(sorted(tally.languages))}", err=aside)
    width = len(f"{count:,}")
    for what, number in tally.counts.items():
        click.echo(f"{number:>{width},}  {what}", err=aside)
    click.echo(f"{count:>{width},}  statements{'' if aside else f' in {output}'}", err=aside)
    if tally.omissions:
        click.echo("Left out:", err=aside)
    for reason, omission in tally.omissions.items():
        example = f", as {omission.example[:100]}" if omission.example else ""
        click.echo(f"{omission.number:>{width},}  {reason}{example}", err=aside)
    if len(tally.versions) > 1:
        click.echo(f"competency: these files are of several versions of {name}.", err=True)
