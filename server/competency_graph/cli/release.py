"""``competency release``."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime

import click

from competency_graph import reports
from competency_graph.cli.options import dictionary_option, own_dictionary
from competency_graph.cli.output import unified_diff
from competency_graph.cli.progress import ProgressLine
from competency_graph.dictionary.model import Dictionary
from competency_graph.versions.numbers import number
from competency_graph.versions.release import prepare_release


@click.command()
@click.argument("version", metavar="X.Y.Z")
@click.option("--dry-run", is_flag=True, help="Show the changes as a diff, and write nothing.")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The date of the release.  [default: today]",
)
@dictionary_option
def command(version: str, dry_run: bool, day: datetime | None, dictionary: Dictionary) -> None:
    """Release a version of your own files, which you name with --data.

    Sets its number, IRI and date where the dictionary is described, adds the changes since the last
    version to CHANGES.md, and copies the files to versions/X.Y.Z. Exit code: 1 if the files have
    violations or warnings, or break others' data without a new major version; 2 if the number is
    not higher than the last one; then nothing is changed.
    """
    dictionary = own_dictionary(dictionary)
    progress = ProgressLine()
    progress("Comparing and validating", 0)
    release = prepare_release(dictionary, number(version), day.date() if day else date.today())
    progress.clear()
    if release.failing:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(reports.write(release.failing, "text", colour).rstrip("\n"))
        partial = release.failing.partial
        why = "the validation is not complete." if partial else "the files have findings."
        if release.failing is release.breaking and release.last:
            least = release.last.next_breaking()
            why = f"changes break others' data. Correct them, or release {least}."
        click.echo(f"competency: {version} was not released: {why}", err=True)
        sys.exit(1)
    if dry_run:
        for path, content in release.files.items():
            old = path.read_bytes() if path.exists() else b""
            shown = os.path.relpath(path)
            click.echo(unified_diff(old, content, shown, f"{shown} ({version})"), nl=False)
        return
    release.write()
    for path in (*release.files, release.archived):
        click.echo(os.path.relpath(path))
    click.echo(f"\nReleased {version}: {release.iri}")
