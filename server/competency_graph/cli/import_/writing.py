"""Writing what an import makes, and what each import has in common."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from competency_graph.cli.progress import ProgressLine
from competency_graph.importing import Omission, Tally, write
from competency_graph.rdf.atomic_write import replacing
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_named
from competency_graph.rdf.parsing import format_of

STDOUT = Path("-")


language_option = click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="Import only texts in this language; may be repeated.  [default: all languages]",
)
"""The option of imports of frameworks in several languages."""


def path_options(function: Callable[..., Any]) -> Callable[..., Any]:
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


def write_import(name: str, quads: Iterator[ox.Quad], output: Path, tally: Tally) -> None:
    """Write an import to a file or to standard output, and print its statistics."""
    output_format = _output_format(output)
    progress = ProgressLine("statements")
    try:
        if output == STDOUT:
            count = write(quads, output_format, sys.stdout.buffer, tally, progress)
        else:
            with replacing(output, "graph") as file:
                count = write(quads, output_format, file, tally, progress)
    finally:
        progress.clear()
    _print_summary(name, output, count, tally)


def _output_format(output: Path) -> Format[ox.RdfFormat]:
    return format_named("nquads", GRAPH_FORMATS) if output == STDOUT else format_of(output)


def _print_summary(name: str, output: Path, count: int, tally: Tally) -> None:
    """Print what was imported, and what was left out and why."""
    to_stderr = output == STDOUT
    versions = " and ".join(sorted(tally.versions)) or "of unknown version"
    languages = f", in {', '.join(sorted(tally.languages))}" if tally.languages else ""
    click.echo(f"{name} {versions}{languages}", err=to_stderr)
    width = len(f"{count:,}")
    for what, number in tally.counts.items():
        click.echo(f"{number:>{width},}  {what}", err=to_stderr)
    click.echo(
        f"{count:>{width},}  statements{'' if to_stderr else f' in {output}'}", err=to_stderr
    )
    _print_account("Left out:", tally.omissions, width, to_stderr)
    _print_account("Check:", tally.remarks, width, to_stderr)
    if len(tally.versions) > 1:
        click.echo(f"competency: these files belong to several versions of {name}.", err=True)


def _print_account(
    heading: str, account: Mapping[str, Omission], width: int, to_stderr: bool
) -> None:
    if account:
        click.echo(heading, err=to_stderr)
    for reason, omission in account.items():
        example = " ".join(omission.example[:100].split())
        click.echo(
            f"{omission.number:>{width},}  {reason}{f', as {example}' if example else ''}",
            err=to_stderr,
        )
