"""``competency validate``."""

from __future__ import annotations

import difflib
import gc
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import NoReturn

import click

from competency_graph import reports, resources
from competency_graph.cli.options import data_option, shapes_option
from competency_graph.cli.progress import GC_THRESHOLD, ProgressLine
from competency_graph.cli.reporting import exit_code, report_options, write_report
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.input_files import ENDINGS, STDIN, left_out
from competency_graph.reports.source_excerpts import visible
from competency_graph.reports.summary import summary
from competency_graph.validation import (
    Limits,
    Shapes,
    Source,
    ValidationSession,
    gather,
    read_shapes,
)
from competency_graph.validation.engines.shacl_engines import ENGINES
from competency_graph.validation.findings import SEVERITIES, Report
from competency_graph.validation.remedies.fixes import MAX_ROUNDS, Change, fix

_POLL_MILLISECONDS = 100
"""How long the watcher waits for changes before it checks whether to stop."""


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|PATTERN|-]…")
@data_option
@report_options
@click.option(
    "--level",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="The least severe finding that sets the exit code to 1.",
)
@shapes_option
@click.option(
    "--infer",
    is_flag=True,
    help="Also validate what can be inferred; takes about a second for each 1,000 statements.",
)
@click.option(
    "--fix",
    "fixing",
    is_flag=True,
    help="Fix the findings that have a single certain fix, and list the changes.",
)
@click.option(
    "--diff", is_flag=True, help="With --fix, show the changes as a diff and write nothing."
)
@click.option("--allow-empty", is_flag=True, help="Accept files that contain no entries.")
@click.option("--watch", is_flag=True, help="Validate again whenever a file is saved.")
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="fast",
    show_default=True,
    help="The engine that evaluates the shapes; pyshacl is the reference.",
)
@click.option(
    "--input-format",
    default="",
    metavar="FORMAT",
    help="Format of files without a known ending: turtle, ntriples, jsonld, rdfxml.",
)
@click.option(
    "--time-limit", default=600.0, show_default=True, type=click.FloatRange(0.1, 86_400),
    help="Maximum time for the validation, in seconds.",
)  # fmt: skip
def command(
    files: tuple[str, ...], data: tuple[str, ...], form: str, output: Path | None, level: str,
    base: str, own_shapes: tuple[Path, ...], infer: bool, fixing: bool, diff: bool,
    allow_empty: bool, watch: bool, engine: str, input_format: str, time_limit: float,
) -> None:  # fmt: skip
    """Report what is missing or wrong in files that extend the published dictionary, and where.

    Without a FILE, validate the published dictionary. Exit code: 0 if there are no findings as
    severe as --level, 1 if there are some, 2 if a file cannot be read.
    """
    gc.set_threshold(GC_THRESHOLD)
    files = (*files, *data)
    format_named(form, reports.FORMATS)
    if diff and (not fixing or watch):
        raise click.UsageError("--diff: use it with --fix, and not with --watch")
    names = files or (str(resources.DATA),)
    if watch and STDIN in names:
        raise BadValueError(
            "standard input cannot be watched",
            "Name a file or folder instead of -, or leave out --watch",
        )
    shapes = read_shapes(own_shapes, seconds=time_limit)
    base, limits = base if files else "none", Limits(time_limit)
    run = _ValidationRun(
        list(names), base, infer, shapes, engine, limits, input_format, watch, allow_empty
    )

    if diff:
        changes = run.diff()
        click.echo(changes, nl=False)
        report = run.report_after_fixes(writing=False)
        click.echo(summary(report), err=True)
        sys.exit(exit_code(report, level) or int(bool(changes)))

    def validate_once() -> int:
        report = run.report_after_fixes() if fixing else run.report()
        write_report(report, form, output, shapes)
        return exit_code(report, level)

    if watch:
        _watch(validate_once, run.prepare, list(names), output)
    sys.exit(validate_once())


class _ValidationRun:
    """Validates a set of files, repeatedly if they change."""

    def __init__(
        self, names: list[str], base: str, inferring: bool, shapes: Shapes, engine: str,
        limits: Limits, form: str, watching: bool, allow_empty: bool,
    ) -> None:  # fmt: skip
        self._session = ValidationSession(
            shapes, base, inferring, engine, limits, allow_empty, keeping=watching
        )
        self._patched_sources: dict[str, Source] = {}
        self._names, self._form = names, form
        self._progress = ProgressLine("findings")
        self._previous_sources: list[Source] | None = [] if watching and not inferring else None

    def report(self) -> Report:
        """Validate the current content of the files."""
        sources = gather(self._names, self._form, self._previous_sources)
        sources = [self._patched_sources.get(source.name, source) for source in sources]
        self._validated_sources = sources
        if self._previous_sources is not None:
            self._previous_sources = sources
        report = self._session.report(sources, self._progress)
        self._progress.clear()
        passed_over = tuple(each for name in self._names for each in left_out(name))
        return replace(report, left_out=passed_over)

    def prepare(self) -> None:
        """Prepare for the next validation while the user edits."""
        self._session.prepare()

    def report_after_fixes(self, writing: bool = True) -> Report:
        """Apply all fixes, to the files or only in memory, and report the remaining findings."""
        for _ in range(MAX_ROUNDS):
            report = self.report()
            fixed_files = fix(self._validated_sources, report.findings, writing)
            for fixed_file in fixed_files if writing else ():
                for change in fixed_file.changes:
                    click.echo(
                        f"{fixed_file.name}:{change.line}: {_describe_change(change)}", err=True
                    )
                click.echo(f"{fixed_file.name}: {len(fixed_file.changes)} fixed", err=True)
            if not writing:
                sources_by_name = {source.name: source for source in self._validated_sources}
                for fixed_file in fixed_files:
                    original = sources_by_name[fixed_file.name]
                    self._patched_sources[fixed_file.name] = Source(
                        original.name, fixed_file.content, original.number, original.form
                    )
            if not fixed_files:
                return report
        return self.report()

    def diff(self) -> str:
        """All fixes as a unified diff."""
        self.report_after_fixes(writing=False)
        lines: list[str] = []
        for source in gather(self._names, self._form):
            patched_source = self._patched_sources.get(source.name)
            if patched_source:
                old, new = (
                    each.text.splitlines(keepends=True) for each in (source, patched_source)
                )
                name = source.name
                lines += difflib.unified_diff(old, new, f"{name}", f"{name} (fixed)")
        return "".join(lines)


def _watch(
    validate_once: Callable[[], int],
    prepare: Callable[[], None],
    names: list[str],
    output: Path | None,
) -> NoReturn:
    """Validate now and whenever a file is saved, until Ctrl-C or SIGTERM.

    A report in progress is completed first; the exit code is that of the last report.
    """
    stop_event = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_event.set())
    saves = _saved_files(names, output, stop_event)
    code = validate_once()
    prepare()
    click.echo("Watching for changes; Ctrl-C stops it.", err=True)
    for _ in filter(None, saves):
        try:
            code = validate_once()
        except UnreadableInputError as error:
            code = 2
            click.echo(f"competency: {error}", err=True)
    sys.exit(code)


def _describe_change(change: Change) -> str:
    """A change as one line."""
    old, new = (visible(" ".join(text.split())) for text in (change.old, change.new))
    if not old:
        return f"{change.rule} added {new}"
    return f"{change.rule} {old} → {new}" if new else f"{change.rule} removed {old}"


def _saved_files(names: list[str], output: Path | None, stop_event: Event) -> Iterator[object]:
    """Yield a true value whenever a file is saved, until Ctrl-C or ``stop_event``."""
    import watchfiles

    def is_input(change: watchfiles.Change, path: str) -> bool:
        file = Path(path)
        return file != report_file and (file in named_files or file.name.lower().endswith(ENDINGS))

    report_file = output.resolve() if output else None
    named_files = {Path(name).resolve() for name in names}
    # For a pattern, the nearest existing folder.
    folders = {next(p for p in (Path(name), *Path(name).parents) if p.is_dir()) for name in names}
    saves = watchfiles.watch(
        *folders, watch_filter=is_input, raise_interrupt=False,
        yield_on_timeout=True, rust_timeout=_POLL_MILLISECONDS, stop_event=stop_event,
    )  # fmt: skip
    next(saves, None)  # this starts the watching
    return saves
