"""``competency link chain`` and ``crosswalk``: mappings between frameworks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from competency_graph import mappings
from competency_graph.cli.output import write_file
from competency_graph.errors import BadValueError
from competency_graph.linking.chaining import chain as chained
from competency_graph.linking.published_crosswalk import from_published
from competency_graph.mappings import ENDING, MappingSet, text
from competency_graph.rdf.parsing import read_bytes

_OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.sssom.tsv",
    help="Write the mappings to this file.  [default: standard output]",
)


@click.command()
@click.argument("first", metavar="A.sssom.tsv", type=click.Path(path_type=Path))
@click.argument("second", metavar="B.sssom.tsv", type=click.Path(path_type=Path))
@_OUTPUT
@click.option("--id", "name", default="", metavar="IRI", help="The IRI of the mapping set.")
def chain(first: Path, second: Path, output: Path | None, name: str) -> None:
    """Chain two files of mappings: from a framework by way of a dictionary to another framework.

    Both files map the same dictionary, or one continues where the other ends; each is followed in
    the direction that fits. The relation of a chain is what both relations permit, and its
    confidence is the product of both. The result is an SSSOM table.
    """
    result = chained(mappings.read(first), mappings.read(second), name)
    _write(result.mappings, output, [first, second])
    for path, turned in zip((first, second), result.turned, strict=True):
        if turned:
            click.echo(f"{path} is followed from its objects to its subjects.", err=True)
    _report(len(result.mappings.mappings), "chains", output, result.left_out)


@click.command()
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@_OUTPUT
def crosswalk(file: Path, output: Path | None) -> None:
    """Convert the published crosswalk of O*NET and ESCO to mappings.

    FILE is the table of occupations that esco.ec.europa.eu offers as “ONET (Occupations)”, in CSV.
    """
    found, left_out = from_published(read_bytes(file), str(file))
    _write(found, output, [file])
    _report(len(found.mappings), "mappings", output, left_out)


def _write(found: MappingSet, output: Path | None, inputs: list[Path]) -> None:
    if output is None:
        click.echo(text(found), nl=False)
        return
    if not output.name.endswith(ENDING):
        raise BadValueError(f"the name {output} does not end in {ENDING}", "Name it so")
    if any(output.exists() and output.samefile(path) for path in inputs):
        raise BadValueError(
            f"the output {output} would replace one of the files that are read", "Name another"
        )
    write_file(output, text(found).encode(), "mappings")


def _report(number: int, what: str, output: Path | None, left_out: Counter[str]) -> None:
    click.echo(f"{number:,} {what}{f' in {output}' if output else ''}", err=output is None)
    if left_out:
        click.echo("Left out:", err=output is None)
    width = len(f"{max(left_out.values(), default=0):,}")
    for reason, count in left_out.items():
        click.echo(f"{count:>{width},}  {reason}", err=output is None)
