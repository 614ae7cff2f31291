"""The headers and footers of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from competency_graph.importing.document.reading.line import Line

_MIN_PAGES: Final = 3
"""The pages from which a line that recurs at their edges is a header or footer."""


def running_heads(lines: Sequence[Line]) -> set[int]:
    """The headers and footers: what recurs as first or last line of most pages, but for numbers."""
    edges: dict[str, list[int]] = {}
    pages = list(_pages(lines))
    if len(pages) < _MIN_PAGES:
        return set()
    for page in pages:
        for position in {page[0], page[-1]}:
            edges.setdefault(
                re.sub(r"\d+", "#", " ".join(lines[position].text.split())), []
            ).append(position)
    return {
        each for found in edges.values() if len(found) > len(pages) / 2 for each in found
    }  # fmt: skip


def _pages(lines: Sequence[Line]) -> Iterator[list[int]]:
    """The positions of the lines with text, by page."""
    filled = [position for position, line in enumerate(lines) if not line.blank]
    page: list[int] = filled[:1]
    for before, position in pairwise(filled):
        if lines[before].page != lines[position].page:
            yield page
            page = []
        page.append(position)
    if page:
        yield page
