"""In which file, and in which line of it, a dictionary states something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from competency_graph.dictionary.explanations import Triple
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.source_positions import Lines, statements

_WITH_POSITIONS: Final = (".ttl", ".nt")
"""The endings of files whose statements have known positions."""


class FilePlace(NamedTuple):
    """The place of a statement.

    Args:
        file: the file.
        line: the line, counted from 1; None if the format has no known positions.
    """

    file: Path
    line: int | None

    def __str__(self) -> str:
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


def places(contents: Mapping[Path, bytes], wanted: Collection[Triple]) -> dict[Triple, FilePlace]:
    """The first place of each statement that a file states.

    Statements with blank nodes have none, as a blank node has another name in each reading.

    Args:
        contents: the contents of RDF files.
        wanted: the statements to look for.
    """
    found: dict[Triple, FilePlace] = {}
    for path, content in contents.items():
        missing = set(wanted) - found.keys()
        if not missing:
            break
        numbers = [
            (number, triple)
            for number, quad in enumerate(parse(path, content))
            if (triple := (quad.subject, quad.predicate, quad.object)) in missing
        ]
        if not numbers:
            continue
        text = content.decode("utf-8-sig")
        positions = list(statements(text)) if path.suffix in _WITH_POSITIONS else []
        lines = Lines(text)
        for number, triple in numbers:
            line = lines.place(positions[number].object)[0] if number < len(positions) else None
            found.setdefault(triple, FilePlace(path, line))
    return found
