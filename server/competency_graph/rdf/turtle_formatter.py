"""Formats a dictionary's Turtle files: ``python -m competency_graph.rdf.turtle_formatter FOLDER``.

The published data has this layout, which a test checks.
"""

from __future__ import annotations

import sys
from itertools import takewhile
from pathlib import Path

from competency_graph import resources
from competency_graph.rdf.atomic_write import replace
from competency_graph.rdf.parsing import read_bytes, read_graph
from competency_graph.rdf.turtle_layout import lay_out


def tidy(path: Path) -> str:
    """Format a Turtle file in the project's layout, keeping the comments at its head.

    Raises:
        UnreadableInputError: the file cannot be read or is not Turtle.
        BadValueError: it contains a blank node.
    """
    graph = read_graph([path])
    lines = read_bytes(path).decode("utf-8-sig").splitlines()
    comments = [
        line[1:].removeprefix(" ") for line in takewhile(lambda x: x.startswith("#"), lines)
    ]
    return lay_out(graph, comments)


def main(folders: list[str]) -> None:
    """Format all Turtle files below ``folders``, and print which ones changed."""
    for path in (p for folder in folders for p in resources.turtle_files(Path(folder))):
        text = tidy(path)
        if text != path.read_text(encoding="utf-8"):
            replace(path, text.encode(), remedy="Free some disk space, or check its permissions")
            sys.stdout.write(f"tidied {path}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
