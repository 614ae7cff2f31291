"""A report as a self-contained HTML page, to read, send or keep with a build.

It includes the pages of the rules that its findings break.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from competency_graph.reports.source_excerpts import excerpt, visible
from competency_graph.reports.summary import by_file, summary
from competency_graph.validation.findings import PAGES, Report

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).with_name("templates")


@cache
def environment(*folders: Path) -> Environment:
    """The templates of reports, and those in other folders."""
    from jinja2 import Environment, FileSystemLoader  # needed by no other report

    return Environment(
        loader=FileSystemLoader([*folders, _FOLDER]),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value, keep="\n\t") if type(value) is str else value,
    )


def write_html(report: Report) -> str:
    """Render the page: the summary, each file with its findings, and the rules."""
    from competency_graph.validation import rule_pages  # needed by no other report

    known = rule_pages.pages()
    found = sorted({f.rule.code for f in report.findings} & known.keys())

    def address(name: str) -> str:
        if name in found:
            return f"#{name}"
        return name if ":" in name else PAGES + name

    return _render(
        "report.html",
        report,
        page_of=lambda rule: address(rule.code) if rule.code in found else "",
        rules=[known[code] for code in found],
        marked_up=lambda text: Markup(rule_pages.html(text, address)),  # noqa: S704  (it is escaped)
    )


def _render(template: str, report: Report, **context: object) -> str:
    defaults = {"summary": summary(report), "files": by_file(report), "excerpt": excerpt}
    return environment().get_template(template).render(defaults | context, report=report)
