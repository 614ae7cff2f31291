"""``competency link consequences``."""

from __future__ import annotations

from pathlib import Path

import click

from competency_graph.cli.options import data_option, framework_files_option
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import ProgressLine
from competency_graph.linking.consequences import FORMATS, MOST, survey, written


@click.command()
@click.argument("names", nargs=-1, metavar="[FILE|FOLDER|PATTERN]…")
@data_option
@framework_files_option
@click.option(
    "--most",
    type=click.IntRange(1, 1000),
    default=MOST,
    show_default=True,
    help="How many consequences to list.",
)
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file."
)
@click.option("--language", default="en", show_default=True, help="The language of the texts.")
def consequences(
    names: tuple[str, ...], data: tuple[str, ...], framework_files: tuple[Path, ...], most: int,
    form: str, output: Path | None, language: str,
) -> None:  # fmt: skip
    """List the most surprising consequences of links all together.

    FILES are tables of links and RDF files of the dictionary. What follows from all links, the
    dictionary's hierarchy and those of the frameworks is computed by the rules of SKOS; what is
    listed first is what its texts, kinds and confidences support least. Without a FILE, the
    published links are used.
    """
    progress = ProgressLine()
    try:
        found = survey((*names, *data), framework_files, most, language, progress)
    finally:
        progress.clear()
    if output is None:
        click.echo(written(found, form), nl=False)
    else:
        write_file(output, written(found, form).encode(), "list of consequences")
