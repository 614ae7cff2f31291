"""Formatting of Turtle files: the same statements and comments in the project's layout.

The published data has this layout, which a test checks.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

from competency_graph.errors import CompetencyError, EvaluationError
from competency_graph.rdf.same_statements import same_statements
from competency_graph.rdf.source_positions import comments
from competency_graph.rdf.turtle_comments import read_document
from competency_graph.rdf.turtle_layout import lay_out

_FIRST_BLOCKS: Final = re.compile(rb"(?s)(?:.*?\n    \.\n){20}")


def formatted(content: bytes, path: Path) -> bytes:
    """A Turtle file in the project's layout, in UTF-8 with lines ending in LF.

    The result is read again, and has the same statements and the same comments.

    Args:
        content: the content of the file.
        path: its name, whose ending determines the format; Turtle if it has no ending.

    Raises:
        UnreadableInputError: it has a syntax error, with its line, or another format than Turtle.
        EvaluationError: the result would have other statements or comments.
    """
    text = lay_out(read_document(content, path))
    result, before = text.encode(), content.decode("utf-8-sig")
    if result == content:
        return result  # nothing to compare
    if _comments(text) != _comments(before) or not same_statements(before.encode(), result):
        raise EvaluationError(
            "formatting would change the statements or comments of this file",
            "Report this as a bug, with the file; it has not been changed",
            str(path),
        )
    return result


def with_layout_of(before: bytes, after: bytes, path: Path) -> bytes:
    """The new content of a file, laid out if the old one was.

    Args:
        before: the old content.
        after: the new content.
        path: its name, whose ending determines the format.
    """
    try:
        return formatted(after, path) if _is_laid_out(before, path) else after
    except CompetencyError:
        return after  # it has a syntax error, or a format without layout


def _is_laid_out(content: bytes, path: Path) -> bool:
    """Whether a file is laid out; whether its first blocks are is found out fast."""
    with suppress(CompetencyError):  # a text may look like the end of a block
        first = _FIRST_BLOCKS.match(content)
        if first and lay_out(read_document(first[0], path)).encode() != first[0]:
            return False
    return lay_out(read_document(content, path)).encode() == content


def _comments(text: str) -> Counter[str]:
    return Counter(comment.rstrip() for _, comment in comments(text))
