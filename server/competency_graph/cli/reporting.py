"""Validation reports, as the commands that validate files print them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from competency_graph import reports
from competency_graph.cli.options import base_option
from competency_graph.cli.output import write_file
from competency_graph.validation import Shapes
from competency_graph.validation.checks.check_result import BROKEN
from competency_graph.validation.findings import Report


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--format``, ``--output`` and ``--base``."""
    format_option = click.option(
        "-f",
        "--format",
        "form",
        default="text",
        show_default=True,
        metavar="FORMAT",
        help=", ".join(each.name for each in reports.FORMATS) + ".",
    )
    output_option = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the report to this file.",
    )
    return format_option(output_option(base_option()(function)))


def write_report(report: Report, format_name: str, output: Path | None, shapes: Shapes) -> None:
    """Write a report to a file or to standard output.

    Raises:
        UnavailableError: the file cannot be written.
    """
    colour = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    written = reports.write(report, format_name, colour, shapes.triples)
    if output is None:
        click.echo(written.rstrip("\n"))
    else:
        write_file(output, written.encode(), "report")


def exit_code(report: Report, level: str) -> int:
    """The exit code for a report: 0 for success, 1 for findings, 2 for an unreadable file."""
    if any(finding.rule in BROKEN for finding in report.findings):
        return 2
    return 1 if report.partial or report.failing(level) else 0
