"""``competency import xlsx`` and ``competency import csv``."""

from __future__ import annotations

import difflib
import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from competency_graph import reports
from competency_graph.cli.options import base_option, own_dictionary
from competency_graph.cli.progress import GC_THRESHOLD, ProgressLine
from competency_graph.dictionary.model import Dictionary
from competency_graph.importing.spreadsheet.importer import (
    CSV,
    XLSX,
    Import,
    Request,
    import_spreadsheet,
)
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.short_names import shorten
from competency_graph.reports.source_excerpts import visible

_MAX_SHOWN = 40
"""The maximum number of changes that are listed."""


def register(group: click.Group) -> None:
    """Add the commands to ``competency import``."""
    group.add_command(xlsx)
    group.add_command(csv)


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments and options of both commands."""
    for decorate in reversed((
        click.argument("path", metavar="FILE", type=click.Path(path_type=Path)),
        click.option("--data", multiple=True, metavar="FILE|FOLDER|PATTERN",
                     help="The files of your dictionary, which are changed; may be repeated.  "
                     "[default: a new dictionary is written]"),
        base_option(),
        click.option("--mapping", type=click.Path(path_type=Path), metavar="YAML",
                     help="What the columns of a table from elsewhere mean."),
        click.option("--namespace", default="", metavar="IRI",
                     help="The beginning of the IRIs of new entries; needed for a new dictionary."),
        click.option("--title", default="", help="The title of a new dictionary."),
        click.option("--language", default="", metavar="TAG",
                     help="The language of the texts.  [default: the dictionary's, else en]"),
        click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER|FILE.ttl",
                     help="The folder or file of a new dictionary.  [default: named after FILE]"),
        click.option("--delete", "deleting", is_flag=True,
                     help="Delete the entries whose row was removed, instead of marking them as "
                     "deprecated."),
        click.option("--overwrite", "overwriting", is_flag=True,
                     help="Prefer the rows to what changed in the dictionary since the export."),
        click.option("--dry-run", "trying", is_flag=True,
                     help="Show the changes as a diff, and write nothing."),
        click.option("-f", "--format", "form", default="text", show_default=True, metavar="FORMAT",
                     help="The format of the findings: "
                     + ", ".join(each.name for each in reports.FORMATS) + "."),
    )):  # fmt: skip
        function = decorate(function)
    return function


@click.command(XLSX)
@_options
def xlsx(**options: Any) -> None:  # noqa: ANN401
    """Bring back a workbook that “competency export xlsx” wrote, or one from elsewhere.

    The rows are compared with the dictionary of --data, and its files changed accordingly; without
    --data, they become a new dictionary. Each finding names its sheet and cell. Exit code: 0 for
    success, 1 if a violation prevents the import, 2 for unreadable input.
    """
    _run(XLSX, options)


@click.command(CSV)
@click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="The encoding of the file.  [default: UTF-8, else Windows-1252, with a warning]",
)
@click.option(
    "--separator",
    default="",
    metavar="NAME",
    help="comma, semicolon or tab.  [default: the most frequent in the first line]",
)
@_options  # fmt: skip
def csv(**options: Any) -> None:  # noqa: ANN401
    """Bring back a table that “competency export csv” wrote, or one from elsewhere.

    As “competency import xlsx”, but rows that are missing leave their entries unchanged.
    """
    _run(CSV, options)


def _run(table_format: str, options: dict[str, Any]) -> None:
    trying, form = options.pop("trying"), options.pop("form")
    format_named(form, reports.FORMATS)
    if options["data"]:
        own_dictionary(Dictionary(options["data"]))
    gc.set_threshold(GC_THRESHOLD)
    progress = ProgressLine()
    try:
        found = import_spreadsheet(Request(form=table_format, **options), progress)
    finally:
        progress.clear()
    if found.found or form != "text":
        colour = sys.stdout.isatty()
        click.echo(reports.write(found.report, form, colour).rstrip("\n"))
    if not found.is_refused and not trying:
        found.write()
    lines = _diff(found) if trying else _list(found)
    for line in lines:
        click.echo(line, nl=False, err=form != "text")
    click.echo(_summary(found, trying), err=form != "text")
    sys.exit(int(found.is_refused))


def _diff(found: Import) -> Iterator[str]:
    """The changes of the files as a unified diff."""
    for path, content in found.new.items():
        old = found.old.get(path, b"").decode("utf-8", "replace")
        yield from (
            visible(line.removesuffix("\n")) + "\n"
            for line in difflib.unified_diff(
                old.splitlines(keepends=True),
                content.decode("utf-8", "replace").splitlines(keepends=True),
                str(path) if path in found.old else "/dev/null",
                str(path),
            )
        )


def _list(found: Import) -> Iterator[str]:
    """The statements that are added and removed, each with its cell."""
    if found.is_refused:
        return
    lines = [
        (sign, triple, cell)
        for sign, changes in (("-", found.changes.removed), ("+", found.changes.added))
        for triple, cell in changes.items()
    ]
    for sign, triple, cell in lines[:_MAX_SHOWN]:
        value = (
            str(triple.object)
            if "Literal" in type(triple.object).__name__
            else shorten(triple.object)
        )
        said = f"{shorten(triple.subject)} {shorten(triple.predicate)} {value}"
        yield f"{sign} {visible(said)}{f'  ({cell})' if cell else ''}\n"
    if len(lines) > _MAX_SHOWN:
        yield f"… and {len(lines) - _MAX_SHOWN:,} more\n"


def _summary(found: Import, trying: bool) -> str:
    if found.is_refused:
        return "Nothing was changed, because of the violations above."
    if not found.changes:
        return "Nothing changes: the dictionary already says this."
    added, removed = len(found.changes.added), len(found.changes.removed)
    what = (
        f"{added:,} statement{'' if added == 1 else 's'} added and {removed:,} removed "
        f"in {', '.join(map(str, found.new))}"
    )
    left = f"; {found.left_out:,} rows were left out by the mapping" if found.left_out else ""
    return f"{'Would change: ' if trying else ''}{what}{left}."
