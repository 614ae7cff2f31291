"""Changes of statements in an author's files, of which only the lines concerned change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import EvaluationError
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.turtle_formatter import with_layout_of
from competency_graph.validation.findings import Edit
from competency_graph.validation.remedies.edits import (
    addition,
    removal,
    spelled_like,
    with_declared_prefix,
)
from competency_graph.validation.remedies.fixes import edited
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Written

_MARK: Final = b"\xef\xbb\xbf"
_Statements = dict[str, set[tuple[str, str, str]]]
"""Statements by file: subject, predicate without brackets, object; terms in N-Triples."""


class FileEdits:
    """Collects changes of statements; no file is written.

    Values are in Turtle, with IRIs in brackets.

    Args:
        sources: the author's files.

    Raises:
        UnreadableInputError: a file has a syntax error.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._edits: dict[str, list[Edit]] = defaultdict(list)
        self._removed: _Statements = defaultdict(set)
        self._added: _Statements = defaultdict(set)
        for source in sources:
            for item in source.quads():
                if isinstance(item, Exception):
                    raise item

    def replace(self, written: Written, value: str) -> bool:
        """Replace the object of a statement; false if its position is unknown."""
        where, source = written.where, written.source
        if where is None or source.format == MAPPINGS:
            return False
        before = source.text[where.object : where.end]
        after = value
        if value.startswith("<") and not before.startswith("<"):
            after = spelled_like(before, written.value[1:-1], value[1:-1])
        if after.startswith("<") and not before.startswith("<"):
            after = with_declared_prefix(value[1:-1], source.text)
        self._edits[source.name].append(Edit(source.name, where.object, where.end, after))
        self._removed[source.name].add((written.subject, written.predicate, written.value))
        self._added[source.name].add((written.subject, written.predicate, in_ntriples(value)))
        return True

    def add(self, last: Written, statements: Sequence[tuple[str, str]]) -> bool:
        """Add statements after the last one of a block; false if its end is unknown.

        Args:
            last: the last statement, see `Places.last`.
            statements: predicate, without brackets, and value of each.
        """
        text = last.source.text
        edit = addition(
            last,
            [
                f"{with_declared_prefix(name, text)} {with_declared_prefix(value[1:-1], text)}"
                if value.startswith("<")
                else f"{with_declared_prefix(name, text)} {value}"
                for name, value in statements
            ],
        )
        if edit is None or last.source.format == MAPPINGS:
            return False
        self._edits[last.source.name].append(edit)
        self._added[last.source.name] |= {
            (last.subject, name, in_ntriples(value)) for name, value in statements
        }
        return True

    def remove(self, written: Written) -> bool:
        """Remove a statement; false if that would remove a comment as well."""
        source, where = written.source, written.where
        if where is None or source.format == MAPPINGS:
            return False
        subjects = {str(quad.subject) for quad in source.quads() if isinstance(quad, ox.Quad)}
        positions = [at for _, at, _ in source.statements_about(subjects) if at]
        edit = removal(source, where, positions)
        if edit is None:
            return False
        self._edits[source.name].append(edit)
        self._removed[source.name].add((written.subject, written.predicate, written.value))
        return True

    def contents(self) -> dict[Path, bytes]:
        """The new contents of the files that change; those that were laid out stay so.

        Raises:
            EvaluationError: a file would differ in other statements.
        """
        return {
            Path(source.name): self._changed(source)
            for source in self._sources
            if self._edits[source.name]
        }

    def _changed(self, source: Source) -> bytes:
        text, _ = edited(source.text, self._edits[source.name])
        path, mark = Path(source.name), _MARK if source.content.startswith(_MARK) else b""
        content = mark + text.encode()
        old, new = (_named_statements(path, each) for each in (source.content, content))
        removed, added = (
            {each for each in found[source.name] if not each[0].startswith("_:")}
            for found in (self._removed, self._added)
        )
        if (old - new, new - old) != (removed - added, added - old):
            raise EvaluationError(
                "the edit would change other statements of this file",
                "Report this as a bug, with the file; nothing has been changed",
                source.name,
            )
        return with_layout_of(source.content, content, path)


def _named_statements(path: Path, content: bytes) -> set[tuple[str, str, str]]:
    """The statements without blank nodes."""
    return {
        (str(q.subject), q.predicate.value, str(q.object))
        for q in parse(path, content)
        if not isinstance(q.subject, ox.BlankNode) and not isinstance(q.object, ox.BlankNode)
    }


def in_ntriples(value: str) -> str:
    """A value in N-Triples: ``true`` is the only one that Turtle spells differently here."""
    return str(ox.Literal(True)) if value == "true" else value
