"""The pages of the rules: what each requires and why, a wrong and a right example, and the remedy.

They are Markdown files with a fixed structure, listed in the ``README.md`` of their folder.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from competency_graph.errors import UnknownNameError
from competency_graph.resources import RULES

EXAMPLES: Final = {
    "acme.ttl": "text/turtle",
    "acme.sssom.tsv": "text/tab-separated-values",
    "bakery.txt": "text/plain",
    "bakery.yaml": "application/yaml",
}
"""The example files next to the pages, with their media types; the pages show parts of them."""
_INDEX: Final = "README"
_ENDING: Final = ".md"


@dataclass(frozen=True)
class Page:
    """The page of a rule.

    Args:
        code: its code, such as ``CG201``.
        name: its name, such as ``role-definition``.
        severity: one of `findings.SEVERITIES`.
        title: what it requires, as a sentence without full stop.
        why: the reason, in Markdown.
        wrong: an example that breaks it.
        right: the corrected example.
        remedy: what to do, and whether ``--fix`` does it, in Markdown.
    """

    code: str
    name: str
    severity: str
    title: str
    why: str
    wrong: str
    right: str
    remedy: str


@cache
def pages() -> Mapping[str, Page]:
    """The pages of all rules by code, in the order of the list."""
    listed = filter(None, map(_rule_of_row, _rows(_markdown().parse(_texts()[_INDEX]))))
    return {code: Page(code, *rest, **_sections(_texts()[code])) for code, *rest in listed}


def page(code: str) -> Page:
    """The page of a rule.

    Raises:
        UnknownNameError: there is no such rule.
    """
    if code not in pages():
        raise UnknownNameError(f"there is no rule “{code[:20]}”", "Look for it in /rules")
    return pages()[code]


def markdown(code: str) -> str:
    """The page of a rule, in Markdown.

    Raises:
        UnknownNameError: there is no such rule.
    """
    return _texts()[page(code).code]


def index(address: Callable[[str], str]) -> str:
    """The list of rules, with the explanation of their pages, converted by `html`."""
    return html(_texts()[_INDEX].partition("\n")[2], address)


def html(text: str, address: Callable[[str], str]) -> str:
    """Convert Markdown of a page to HTML; HTML in it is escaped.

    Args:
        text: the Markdown text.
        address: maps the target of a link to its address: a rule's code, a file of `EXAMPLES`, or a
            complete address.
    """
    made: str = _markdown().render(text, {"address": address})
    return made


@cache
def _texts() -> Mapping[str, str]:
    return {path.stem: path.read_text("utf-8") for path in RULES.glob(f"*{_ENDING}")}


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("link_open", _link)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("table_open", lambda *_: '<div class="table"><table>\n')
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return made


def _link(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any  # noqa: ANN401
) -> str:  # fmt: skip
    to = str(tokens[at].attrs["href"]).removesuffix(_ENDING)
    tokens[at].attrs["href"] = env["address"](to)
    return self.renderToken(tokens, at, options, env)


def _heading(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any  # noqa: ANN401
) -> str:  # fmt: skip
    tokens[at].attrs["id"] = re.sub(r"\W+", "-", tokens[at + 1].content.lower())
    return self.renderToken(tokens, at, options, env)


def _rows(tokens: Sequence[Token]) -> list[list[Token]]:
    """The cells of all table rows."""
    rows: list[list[Token]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(token)
    return rows


def _rule_of_row(row: list[Token]) -> list[str]:
    """Code, name, severity and title in a table row; empty if it is not about a rule."""
    cells = ["".join(part.content for part in cell.children or ()) for cell in row[:4]]
    return cells if cells[0] in _texts() else []


def _sections(text: str) -> dict[str, str]:
    """The sections of a page: the reason at its head, and the text under each heading."""
    found: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for before, token in pairwise(_markdown().parse(text)):
        if before.type == "heading_open":
            heading = token.content if before.tag == "h2" else "Why"
        elif token.type in ("inline", "fence"):
            found[heading].append(token.content)
    del found["Why"][0]  # the severity, which is also in the list
    return {name.lower(): "\n\n".join(said) for name, said in found.items()}
