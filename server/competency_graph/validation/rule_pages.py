"""The rules as people read them: what each asks for and why, a wrong and a right example, a remedy.

Their pages are files in Markdown, of one form, which ``README.md`` beside them lists.
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

EXAMPLES: Final = {"acme.ttl": "text/turtle", "acme.sssom.tsv": "text/tab-separated-values"}
"""Files beside the pages, which their examples are parts of, with their media types."""
_INDEX: Final = "README"
_ENDING: Final = ".md"


@dataclass(frozen=True)
class Page:
    """The page of a rule.

    Args:
        code: its code, as ``CG201``.
        name: its name, as ``role-definition``.
        severity: one of `findings.SEVERITIES`.
        title: what it asks for, as a sentence without its full stop.
        why: the reason, in Markdown.
        wrong: an example that breaks it.
        right: the same put right.
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
    """The page of every rule, by its code, in the order of the list."""
    listed = filter(None, map(_listed, _rows(_markdown().parse(_texts()[_INDEX]))))
    return {code: Page(code, *rest, **_parts(_texts()[code])) for code, *rest in listed}


def page(code: str) -> Page:
    """The page of a rule.

    Raises:
        UnknownNameError: there is no such rule.
    """
    if code not in pages():
        raise UnknownNameError(f"there is no rule “{code[:20]}”", "Look for it in /rules")
    return pages()[code]


def index(address: Callable[[str], str]) -> str:
    """The list of the rules, and how to read their pages, as `html`."""
    return html(_texts()[_INDEX].partition("\n")[2], address)


def html(text: str, address: Callable[[str], str]) -> str:
    """A text of a page in HTML; what is HTML in it stays text.

    Args:
        text: the text, in Markdown.
        address: the address of what the text leads to: a rule's code, an example of `EXAMPLES`, or
            a whole address.
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
    """The cells of each row of all tables."""
    rows: list[list[Token]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(token)
    return rows


def _listed(row: list[Token]) -> list[str]:
    """Code, name, severity and title of a rule, if a row is about one."""
    cells = ["".join(part.content for part in cell.children or ()) for cell in row[:4]]
    return cells if cells[0] in _texts() else []


def _parts(text: str) -> dict[str, str]:
    """What a page says: the reason at its head, and what is under each of its headings."""
    found: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for before, token in pairwise(_markdown().parse(text)):
        if before.type == "heading_open":
            heading = token.content if before.tag == "h2" else "Why"
        elif token.type in ("inline", "fence"):
            found[heading].append(token.content)
    del found["Why"][0]  # the severity, which the list has too
    return {name.lower(): "\n\n".join(said) for name, said in found.items()}
