"""A report as one page that needs nothing else: to read, to send, to keep with a build.

The part of the page below its head can be had alone, to be put into another page.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from competency_graph.findings import Report
from competency_graph.reports.showing import excerpt, visible
from competency_graph.reports.summing import by_file, summary

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).with_name("templates")
STYLE: Final = "findings.css"
"""The style of the part, a file in `FOLDER`."""
_MOST: Final = 500
"""Findings that the part shows."""


@cache
def _pages() -> Environment:
    from jinja2 import Environment, FileSystemLoader  # needed by no other report

    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value, keep="\n\t") if isinstance(value, str) else value,
    )


def write_html(report: Report) -> str:
    """The page: the sum, then each file with its findings."""
    return _written("report.html", report)


def write_part(report: Report) -> str:
    """The same without head and style, and with no more findings than a browser likes."""
    shown = replace(report, findings=report.findings[:_MOST])
    return _written("findings.html", shown, summary(report), len(report.findings) > _MOST)


def _written(template: str, report: Report, said: str = "", more: bool = False) -> str:
    page = _pages().get_template(template)
    return page.render(
        report=report,
        summary=said or summary(report),
        files=by_file(report),
        excerpt=excerpt,
        more=len(report.findings) if more else 0,
    )
