"""The edit that adds statements to an entry of a Turtle file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from competency_graph.validation.findings import Edit
from competency_graph.validation.sources.positions import Written


def addition(last: Written, statements: Sequence[str]) -> Edit | None:
    """The edit that adds statements after the last one of a block.

    Args:
        last: the last statement of the block, see `Places.last`.
        statements: predicate and object of each, in Turtle.

    Returns:
        None if the end of the last statement is unknown.
    """
    if last.where is None or not last.source.is_whole:
        return None
    text = last.source.text
    if text[last.where.object : last.where.end] == "(":
        return None  # a collection, whose end is unknown
    line = text.rfind("\n", 0, last.where.predicate) + 1
    indent = re.match(r"[ \t]*", text[line:])
    inset = (indent[0] if indent else "") or "    "
    newline = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f" ;{newline}{inset}{each}" for each in statements)
    return Edit(last.source.name, last.where.end, last.where.end, added)
