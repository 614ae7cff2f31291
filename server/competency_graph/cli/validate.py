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
from competency_graph.cli.options import data_option
from competency_graph.cli.progress import ProgressLine
from competency_graph.cli.reporting import exit_code, report_options, show
from competency_graph.dictionary.base import extends_published
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.input_files import ENDINGS, STDIN, left_out
from competency_graph.reports.source_excerpts import visible
from competency_graph.reports.summary import summary
from competency_graph.validation import (
    Base,
    Limits,
    Revalidation,
    Shapes,
    Source,
    gather,
    read_base,
    read_shapes,
    validate_sources,
)
from competency_graph.validation.engines.shacl_engines import ENGINES
from competency_graph.validation.findings import SEVERITIES, Report
from competency_graph.validation.remedies.fixes import Change, fix

_ROUNDS = 5
"""How often what was fixed is looked at again for what can be fixed now."""
_ALLOCATIONS = 100_000
"""Objects after which Python looks for cycles: reading makes many objects, and none."""
_POLL_MILLISECONDS = 100
"""Milliseconds in which nothing is saved, after which a watcher tells that."""


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|PATTERN|-]…")
@data_option
@report_options
@click.option(
    "--level",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="The least grave finding that makes the exit code 1.",
)
@click.option(
    "--shapes",
    "own",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Shapes of your own, beside the published ones; may be repeated.",
)
@click.option(
    "--infer",
    is_flag=True,
    help="Judge what follows from the files as well; a second or so for each 1,000 statements.",
)
@click.option(
    "--fix",
    "fixing",
    is_flag=True,
    help="Fix in the files what has one certain fix, and list the changes.",
)
@click.option("--diff", is_flag=True, help="With --fix, show the changes and write nothing.")
@click.option(
    "--allow-empty", is_flag=True, help="Accept files in which there is no entry to be judged."
)
@click.option("--watch", is_flag=True, help="Validate again whenever a file is saved.")
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="fast",
    show_default=True,
    help="What judges by the shapes; pyshacl is the reference.",
)
@click.option(
    "--input-format",
    default="",
    metavar="FORMAT",
    help="Format of the files, where their endings do not tell: turtle, ntriples, jsonld, rdfxml.",
)
@click.option(
    "--time-limit", default=600.0, show_default=True, type=click.FloatRange(0.1, 86_400),
    help="Seconds that judging may take.",
)  # fmt: skip
def command(
    files: tuple[str, ...], data: tuple[str, ...], form: str, output: Path | None, level: str,
    base: str, own: tuple[Path, ...], infer: bool, fixing: bool, diff: bool, allow_empty: bool,
    watch: bool, engine: str, input_format: str, time_limit: float,
) -> None:  # fmt: skip
    """Say what is missing or wrong in files that extend the published dictionary, and where.

    Without a FILE, validate the published dictionary. Exit code: 0 where nothing as grave as
    --level is missing or wrong, 1 where something is, 2 where a file cannot be read.
    """
    gc.set_threshold(_ALLOCATIONS)
    files = (*files, *data)
    format_named(form, reports.FORMATS)
    if diff and (not fixing or watch):
        raise click.UsageError("--diff: it goes with --fix, and not with --watch")
    names = files or (str(resources.DATA),)
    if watch and STDIN in names:
        raise BadValueError(
            "standard input cannot be watched, as nothing is saved there",
            "Name a file or folder instead of -, or leave out --watch",
        )
    shapes = read_shapes(own, seconds=time_limit)
    base, limits = base if files else "none", Limits(time_limit)
    run = _Run(list(names), base, infer, shapes, engine, limits, input_format, watch, allow_empty)

    if diff:
        changed = run.changes()
        click.echo(changed, nl=False)
        report = run.fixed(writing=False)
        click.echo(summary(report), err=True)
        sys.exit(exit_code(report, level) or int(bool(changed)))

    def once() -> int:
        report = run.fixed() if fixing else run.report()
        show(report, form, output, shapes)
        return exit_code(report, level)

    if watch:
        _watch(once, run.prepare, list(names), output)
    sys.exit(once())


class _Run:
    """One set of files, validated as often as is asked for."""

    def __init__(
        self, names: list[str], base: str, inferring: bool, shapes: Shapes, engine: str,
        limits: Limits, form: str, again: bool, allow_empty: bool,
    ) -> None:  # fmt: skip
        self._allow_empty = allow_empty
        self._patched: dict[str, Source] = {}
        self._names, self._extended, self._shapes = names, base, shapes
        self._inferring = inferring
        self._extending: bool | None = None
        self._engine, self._limits, self._form = engine, limits, form
        self._live = ProgressLine("findings")
        self._base: Base
        self._again: Revalidation | None = None
        self._sources: list[Source] | None = [] if again and not inferring else None

    def report(self) -> Report:
        """What is found now."""
        sources = gather(self._names, self._form, self._sources)
        sources = [self._patched.get(source.name, source) for source in sources]
        self._judged = sources
        self._read_base(sources)
        if self._sources is not None:
            self._sources = sources
            self._base = self._base.with_links_for(sources, always=True)
            self._again = self._again or Revalidation(self._base.statements, self._shapes)
        report = validate_sources(
            sources, self._base, self._shapes, self._engine, self._limits, self._live,
            self._again, self._allow_empty,
        )  # fmt: skip
        self._live.clear()
        passed_over = tuple(each for name in self._names for each in left_out(name))
        return replace(report, left_out=passed_over)

    def _read_base(self, sources: list[Source]) -> None:
        """Read what the files extend, unless that is what it was."""
        extending = extends_published(self._extended, (source.content for source in sources))
        if extending == self._extending:
            return
        self._extending, self._again = extending, None
        self._base = read_base(extending, self._inferring).with_own_classes(self._shapes)

    def prepare(self) -> None:
        """Get ready for the next time, while nobody waits."""
        if self._again:
            self._again.prepare()

    def fixed(self, writing: bool = True) -> Report:
        """What is found when all is mended that can be; in the files, or only here."""
        for _ in range(_ROUNDS):
            report = self.report()
            made = fix(self._judged, report.findings, writing)
            for fixed in made if writing else ():
                for change in fixed.changes:
                    click.echo(f"{fixed.name}:{change.line}: {_shown(change)}", err=True)
                click.echo(f"{fixed.name}: {len(fixed.changes)} mended", err=True)
            if not writing:
                known = {source.name: source for source in self._judged}
                for fixed in made:
                    old = known[fixed.name]
                    self._patched[fixed.name] = Source(
                        old.name, fixed.content, old.number, old.form
                    )
            if not made:
                return report
        return self.report()

    def changes(self) -> str:
        """What mending would change, as a unified diff."""
        self.fixed(writing=False)
        parts: list[str] = []
        for source in gather(self._names, self._form):
            patched = self._patched.get(source.name)
            if patched:
                old, new = (each.text.splitlines(keepends=True) for each in (source, patched))
                name = source.name
                parts += difflib.unified_diff(old, new, f"{name}", f"{name} (mended)")
        return "".join(parts)


def _watch(
    once: Callable[[], int], prepare: Callable[[], None], names: list[str], output: Path | None
) -> NoReturn:
    """Validate now and whenever a file is saved, until Ctrl-C or SIGTERM.

    What ends it does not cut a report short; the exit code is that of the last one.
    """
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    saves = _saves(names, output, ended)
    code = once()
    prepare()
    click.echo("Watching; Ctrl-C ends it.", err=True)
    for _ in filter(None, saves):
        try:
            code = once()
        except UnreadableInputError as error:
            code = 2
            click.echo(f"competency: {error}", err=True)
    sys.exit(code)


def _shown(change: Change) -> str:
    """One change as a line."""
    old, new = (visible(" ".join(text.split())) for text in (change.old, change.new))
    if not old:
        return f"{change.rule} added {new}"
    return f"{change.rule} {old} → {new}" if new else f"{change.rule} removed {old}"


def _saves(names: list[str], output: Path | None, ended: Event) -> Iterator[object]:
    """Something true whenever a file is saved from now on, until Ctrl-C or another end."""
    import watchfiles

    def concerns(change: watchfiles.Change, path: str) -> bool:
        file = Path(path)
        return file != ours and (file in named_ones or file.name.lower().endswith(ENDINGS))

    ours = output.resolve() if output else None
    named_ones = {Path(name).resolve() for name in names}
    # Of a pattern, the nearest folder that there is.
    folders = {next(p for p in (Path(name), *Path(name).parents) if p.is_dir()) for name in names}
    saves = watchfiles.watch(
        *folders, watch_filter=concerns, raise_interrupt=False,
        yield_on_timeout=True, rust_timeout=_POLL_MILLISECONDS, stop_event=ended,
    )  # fmt: skip
    next(saves, None)  # watching begins with it
    return saves
