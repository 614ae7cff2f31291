"""A report as one page that needs nothing else: to read, to send, to keep with a build.

It holds the texts of the rules that its findings are about. The part of the page below its head can
be had alone, to be put into another page; the rules are pages beside that.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from competency_graph.reports.source_excerpts import excerpt, visible
from competency_graph.reports.summary import by_file, summary
from competency_graph.validation.findings import PAGES, Report

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
        finalize=lambda value: visible(value, keep="\n\t") if type(value) is str else value,
    )


def write_html(report: Report) -> str:
    """The page: the sum, then each file with its findings, then the rules."""
    from competency_graph.validation import rule_pages  # needed by no other report

    known = rule_pages.pages()
    found = sorted({f.rule.code for f in report.findings} & known.keys())

    def address(name: str) -> str:
        if name in found:
            return f"#{name}"
        return name if ":" in name else PAGES + name

    return _written(
        "report.html",
        report,
        page_of=lambda rule: address(rule.code) if rule.code in found else "",
        rules=[known[code] for code in found],
        marked_up=lambda text: Markup(rule_pages.html(text, address)),  # noqa: S704  (it is escaped)
    )


def write_part(report: Report) -> str:
    """The same without head and style, and with no more findings than a browser likes."""
    shown = replace(report, findings=report.findings[:_MOST])
    return _written(
        "findings.html",
        shown,
        summary=summary(report),
        page_of=report.page,
        more=_MOST if len(report.findings) > _MOST else 0,
    )


def _written(template: str, report: Report, **context: object) -> str:
    told = {"summary": summary(report), "files": by_file(report), "excerpt": excerpt}
    return _pages().get_template(template).render(told | context, report=report)
