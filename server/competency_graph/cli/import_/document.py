"""``competency import text``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from competency_graph import reports
from competency_graph.cli.progress import ProgressLine
from competency_graph.cli.reporting import exit_code, write_report
from competency_graph.importing.document import (
    Imported,
    Settings,
    import_document,
    read_corrections,
    write_folder,
)
from competency_graph.rdf.formats import format_named
from competency_graph.reports.source_excerpts import visible
from competency_graph.validation.shapes.shapes_graph import Shapes


@click.command("text")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--namespace",
    required=True,
    metavar="IRI",
    help="The beginning of the IRIs of your entries, such as https://example.org/bakery/.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the dictionary to this folder.",
)
@click.option("--replace", is_flag=True, help="Replace a folder that holds an earlier import.")
@click.option(
    "--corrections",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file that decides what the document leaves open.",
)
@click.option("--title", help="The title of the dictionary.  [default: that of the document]")
@click.option("--license", "licence", metavar="IRI", help="The licence of the dictionary.")
@click.option("--creator", help="Who is responsible for the dictionary.")
@click.option(
    "--language", default="en", show_default=True, metavar="TAG", help="The language of the text."
)
@click.option(
    "--report",
    "form",
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="The format of the findings: " + ", ".join(each.name for each in reports.FORMATS) + ".",
)
def command(
    file: Path, namespace: str, output: Path, replace: bool, corrections: Path | None,
    title: str | None, licence: str | None, creator: str | None, language: str, form: str,
) -> None:  # fmt: skip
    """Import a dictionary that is written as a document, in its own words.

    FILE is text, Word (docx), OpenDocument (odt), or PDF with a text layer. What had to be guessed,
    is missing or was not understood is reported with its line; --corrections decides it. Exit code:
    0 if nothing needs a decision, 1 if something does, 2 if the file cannot be read.
    """
    format_named(form, reports.FORMATS)
    about = {"title": title, "licence": licence, "creator": creator}
    settings = Settings(namespace, language, {key: text for key, text in about.items() if text})
    progress = ProgressLine("lines")
    try:
        decided = read_corrections(corrections) if corrections else None
        imported = import_document(file, settings, decided, progress)
        written = write_folder(output, imported.files, namespace, replace, ProgressLine("files"))
    finally:
        progress.clear()
    write_report(imported.report, form, None, Shapes(()))
    _print_summary(imported, len(written), output, to_stderr=form != "text")
    sys.exit(exit_code(imported.report, "warning"))


def _print_summary(imported: Imported, files: int, output: Path, to_stderr: bool) -> None:
    """Print what became of each line, and what was imported."""
    total = sum(imported.lines.values())
    width = len(f"{total:,}")
    click.echo(f"\n{total:>{width},}  {imported.unit}s", err=to_stderr)
    for use, number in imported.lines.items():
        where = f": {imported.unit} {imported.unused[use]}" if use in imported.unused else ""
        click.echo(f"{number:>{width},}  {visible(use + where)}", err=to_stderr)
    click.echo(f"\nImported to {visible(str(output))}:", err=to_stderr)
    for what, number in imported.content.counts().items():
        click.echo(f"{number:>{width},}  {what}", err=to_stderr)
    click.echo(
        f"{imported.report.statements:>{width},}  statements in {files} files", err=to_stderr
    )
