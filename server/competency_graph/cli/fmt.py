"""``competency fmt``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from competency_graph.cli.options import data_option
from competency_graph.cli.output import unified_diff
from competency_graph.cli.progress import ProgressLine
from competency_graph.errors import CompetencyError
from competency_graph.rdf.atomic_write import replace
from competency_graph.rdf.formats import format_of_ending
from competency_graph.rdf.input_files import STDIN, files_named
from competency_graph.rdf.parsing import read_bytes
from competency_graph.rdf.turtle_document import FORMATS
from competency_graph.rdf.turtle_formatter import formatted


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|PATTERN|-]…")
@data_option
@click.option("--check", is_flag=True, help="List the files that would change, and write nothing.")
@click.option("--diff", is_flag=True, help="Show the changes as a diff, and write nothing.")
@click.option("--stdin", is_flag=True, help="Format standard input to standard output.")
def command(
    files: tuple[str, ...], data: tuple[str, ...], check: bool, diff: bool, stdin: bool
) -> None:
    """Lay out Turtle files: one value per line, sorted, with the same statements and comments.

    Other files of a folder are skipped. Exit code: 0 if all files are laid out; with --check or
    --diff, 1 if one would change; 2 if one cannot be read, which is then unchanged.
    """
    names = (*files, *data)
    if stdin or STDIN in names:
        if (stdin and names) or len(names) > 1:
            raise click.UsageError("standard input: do not name other files with it")
        sys.exit(_format_stdin(check, diff))
    if not names:
        raise click.UsageError("name the files or folders to format, such as “.”")
    progress = ProgressLine()
    changed, failed = [], False
    for number, path in enumerate(_turtle_files(names)):
        progress(f"Formatting {path}", number)
        try:
            before = read_bytes(path)
            after = formatted(before, path)
        except CompetencyError as error:
            progress.clear()
            click.echo(f"competency: {error}", err=True)
            failed = True
            continue
        if after != before:
            changed.append(path)
            if diff:
                progress.clear()
                click.echo(unified_diff(before, after, str(path), f"{path} (formatted)"), nl=False)
            elif not check:
                replace(path, after, remedy="Free some disk space, or check its permissions")
    progress.clear()
    for path in () if diff else changed:
        click.echo(f"{path}: would be formatted" if check else f"{path}: formatted")
    sys.exit(2 if failed else int(bool(changed) and (check or diff)))


def _turtle_files(names: tuple[str, ...]) -> list[Path]:
    """The named files, and the Turtle files of the named folders."""
    found: dict[Path, None] = {}
    for name in names:
        is_folder = Path(name).is_dir()
        for path in map(Path, files_named(name)):
            form = format_of_ending(path.suffix.removeprefix("."))
            if not is_folder or (form and form.name in FORMATS):
                found[path] = None
    return list(found)


def _format_stdin(check: bool, diff: bool) -> int:
    before = sys.stdin.buffer.read()
    after = formatted(before, Path(STDIN))
    if diff:
        click.echo(
            unified_diff(before, after, "standard input", "standard input (formatted)"), nl=False
        )
    elif not check:
        sys.stdout.buffer.write(after)
    return int(after != before and (check or diff))
