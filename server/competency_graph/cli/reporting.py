"""Reports of what is missing or wrong, as the commands that judge files show them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from competency_graph import reports
from competency_graph.cli.options import base_option
from competency_graph.cli.output import put
from competency_graph.validation import Shapes
from competency_graph.validation.checks.check_result import BROKEN
from competency_graph.validation.findings import Report


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--format``, ``--output`` and ``--base``."""
    form = click.option(
        "-f",
        "--format",
        "form",
        default="text",
        show_default=True,
        metavar="FORMAT",
        help=", ".join(each.name for each in reports.FORMATS) + ".",
    )
    output = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the report there.",
    )
    return form(output(base_option()(function)))


def show(report: Report, form: str, output: Path | None, shapes: Shapes) -> None:
    """Write a report where it is wanted.

    Raises:
        UnavailableError: it cannot be written there.
    """
    colour = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    written = reports.write(report, form, colour, shapes.triples)
    if output is None:
        click.echo(written.rstrip("\n"))
    else:
        put(output, written.encode(), "report")


def exit_code(report: Report, level: str) -> int:
    """What a report means to the shell: 0 fine, 1 findings, 2 a file that cannot be read."""
    if any(finding.rule in BROKEN for finding in report.findings):
        return 2
    return 1 if report.partial or report.failing(level) else 0
