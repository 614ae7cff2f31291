"""Changes in formats for people and programs. Start with `wording`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from competency_graph.rdf.formats import Format, format_named
from competency_graph.versions.formats.html import write_html
from competency_graph.versions.formats.json_ import write_json
from competency_graph.versions.formats.markdown import write_markdown
from competency_graph.versions.formats.rdf_patch import write_rdf_patch
from competency_graph.versions.formats.text import write_text
from competency_graph.versions.model import Changes

Writer = Callable[[Changes, bool], str]
"""Writes changes, given whether to use colours."""


def _plain(write: Callable[[Changes], str]) -> Writer:
    return lambda changes, colour: write(changes)


FORMATS: Final[tuple[Format[Writer], ...]] = (
    Format("text", "text/plain", ("txt",), write_text),
    Format("json", "application/json", ("json",), _plain(write_json)),
    Format("markdown", "text/markdown", ("md",), _plain(write_markdown)),
    Format("html", "text/html", ("html",), _plain(write_html)),
    Format("rdf-patch", "application/rdf-patch", ("rdfp",), _plain(write_rdf_patch)),
)
"""The formats of changes, the default first."""


def write(changes: Changes, name: str, colour: bool = False) -> str:
    """Write changes in the format called ``name``, as text that UTF-8 can encode.

    Args:
        changes: the changes.
        name: the name of one of `FORMATS`.
        colour: whether to use colours in ``text``.

    Raises:
        UnknownNameError: there is no such format; the remedy lists the existing ones.
        LimitError: the old version cannot be patched, see `rdf_patch`.
    """
    text = format_named(name, FORMATS).engine(changes, colour)
    return text.encode(errors="replace").decode()  # file names may contain lone surrogates
