"""``competency diff``."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

from competency_graph import reports, versions
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import ProgressLine
from competency_graph.cli.reporting import exit_code
from competency_graph.rdf.formats import format_named
from competency_graph.reports.summary import left_out
from competency_graph.validation.findings import Report

_GC_THRESHOLD = 100_000
"""Allocations between garbage collections: parsing creates many objects, but no cycles."""


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "-f",
    "--format",
    "form",
    default="text",
    show_default=True,
    metavar="FORMAT",
    help=f"{', '.join(each.name for each in versions.FORMATS)}; with --check, "
    f"{', '.join(each.name for each in reports.FORMATS)}.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Report only the changes that break others' data, and exit with 1 if there are any.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file."
)
def command(old: str, new: str, form: str, check: bool, output: Path | None) -> None:
    """Show what changed between two versions of a dictionary, entry by entry.

    OLD and NEW are files, folders or patterns; git revisions with a path (v1.0:data), or alone
    (HEAD~3), for the path of the other version; or IRIs or numbers of released versions. Exit code:
    0, whether or not there are changes; with --check, 1 if changes break others' data; 2 if a
    version cannot be read.
    """
    gc.set_threshold(_GC_THRESHOLD)
    if check:
        format_named(form, reports.FORMATS)
    else:
        format_named(form, versions.FORMATS)
    progress = ProgressLine()
    progress("reading", 0)
    read = [versions.read_version(*names) for names in ((old, new), (new, old))]
    progress("comparing", 0)
    changes = versions.compare(*read)
    report = versions.breaking_changes(changes) if check else None
    progress.clear()
    colour = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    if report is None:
        text = versions.write(changes, form, colour)
        for version in read:
            if skipped := left_out(Report((), left_out=version.skipped)):
                click.echo(f"competency: {version.name}: {skipped}", err=True)
    else:
        text = reports.write(report, form, colour)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, text.encode(), "changes")
    sys.exit(exit_code(report, "warning") if report else 0)
