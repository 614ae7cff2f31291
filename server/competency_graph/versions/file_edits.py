"""Collects changes of statements in an author's files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from competency_graph.rdf.editable_files import EditableFile
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Written

Value = ox.NamedNode | ox.Literal
"""A value of a statement."""


class FileEdits:
    """Collects changes of statements; no file is written.

    Args:
        sources: the author's files.

    Raises:
        UnreadableInputError: a file has a syntax error.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._files: dict[str, EditableFile] = {}
        self._added: dict[str, list[ox.Triple]] = defaultdict(list)
        self._removed: dict[str, list[ox.Triple]] = defaultdict(list)
        for source in sources:
            for item in source.quads():
                if isinstance(item, Exception):
                    raise item
            if source.format != MAPPINGS:
                self._files[source.name] = EditableFile(Path(source.name), source.content)

    def replace(self, written: Written, value: Value) -> bool:
        """Replace the object of a statement; false if its position is unknown."""
        old = self._triple(written)
        if old is None:
            return False
        self._removed[written.source.name].append(old)
        self._added[written.source.name].append(ox.Triple(old.subject, old.predicate, value))
        return True

    def add(self, other: Written, statements: Iterable[tuple[str, Value]]) -> bool:
        """Add statements about the subject of another one; false if its position is unknown.

        Args:
            other: a statement of the block that describes the subject.
            statements: predicate, an IRI without brackets, and value of each.
        """
        stated = self._triple(other)
        if stated is None:
            return False
        self._added[other.source.name] += [
            ox.Triple(stated.subject, ox.NamedNode(name), value) for name, value in statements
        ]
        return True

    def remove(self, written: Written) -> bool:
        """Remove a statement; false if its position is unknown."""
        old = self._triple(written)
        if old is None:
            return False
        self._removed[written.source.name].append(old)
        return True

    def _triple(self, written: Written) -> ox.Triple | None:
        """A statement as the file has it, with its own blank nodes."""
        file = self._files.get(written.source.name)
        if file is None or written.where is None or not written.source.is_whole:
            return None
        return file.statements.get(written.where)

    def contents(self) -> dict[Path, bytes]:
        """The new contents of the files that change; those that were laid out stay so.

        Raises:
            EvaluationError: a file would differ in other statements.
        """
        return {
            file.path: file.with_changes(self._added[name], self._removed[name])
            for name, file in self._files.items()
            if self._added[name] or self._removed[name]
        }
