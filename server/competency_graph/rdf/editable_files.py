"""Files whose statements are changed one by one, of which only the lines concerned change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import EvaluationError, UnreadableInputError
from competency_graph.rdf.formats import format_of_ending
from competency_graph.rdf.parsing import parse_leniently, without_mark
from competency_graph.rdf.source_positions import Statement, statements
from competency_graph.rdf.turtle_edits import Editor, Said
from competency_graph.rdf.turtle_formatter import with_layout_of

_EDITABLE: Final = ("turtle", "ntriples")
_MARK: Final = b"\xef\xbb\xbf"


@dataclass
class EditableFile:
    """An RDF file.

    Args:
        path: its path, whose ending determines its format.
        content: its content in bytes.
    """

    path: Path
    content: bytes

    @cached_property
    def form(self) -> str:
        """The name of its format, or ""."""
        form = format_of_ending(self.path.suffix.removeprefix("."))
        return form.name if form else ""

    @property
    def is_editable(self) -> bool:
        """Whether it has a format in which single statements can be changed."""
        return self.form in _EDITABLE

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that it declares, with their namespaces, once its statements are read."""
        return {}

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """Its statements, in order.

        Raises:
            UnreadableInputError: it is not RDF, with the line of its first syntax error.
        """
        return _triples(self.path, self.content, self.prefixes)

    @cached_property
    def statements(self) -> dict[Statement, ox.Triple]:
        """Its statements by their positions.

        Raises:
            UnreadableInputError: it is not RDF, or has a format without positions.
        """
        triples = self.triples
        places = list(statements(self._text)) if self.is_editable else []
        if len(places) != len(triples):
            raise UnreadableInputError(
                "this file cannot be edited statement by statement",
                "Convert it to Turtle (.ttl), and run the command again",
                str(self.path),
            )
        return dict(zip(places, triples, strict=True))

    @property
    def _text(self) -> str:
        return without_mark(self.content, str(self.path)).decode()

    def with_changes(
        self,
        added: Sequence[ox.Triple],
        removed: Iterable[ox.Triple],
        prefixes: Mapping[str, str] | None = None,
    ) -> bytes:
        """Its content with statements added and removed, laid out if it was laid out before.

        Args:
            added: the statements to add, see `Editor.edited`.
            removed: the statements to remove.
            prefixes: the prefixes that a new file may declare.

        Raises:
            UnreadableInputError: it has a format without known positions of statements.
            EvaluationError: it would differ in other statements.
        """
        said = [Said(triple, where) for where, triple in self.statements.items()]
        spare = {} if self.triples else prefixes or {}
        gone = set(removed)
        editor = Editor(self._text, said, self.prefixes, self.form == "ntriples", spare)
        mark = _MARK if self.content.startswith(_MARK) else b""
        content = mark + editor.edited(added, gone).encode()
        wanted = _named(self.triples) - _named(gone) | _named(added)
        if _named(_triples(self.path, content, {})) != wanted:
            raise EvaluationError(
                "the edit would change other statements of this file",
                "Report this as a bug, with the file; nothing has been changed",
                str(self.path),
            )
        return with_layout_of(self.content, content, self.path)


def _triples(path: Path, content: bytes, prefixes: dict[str, str]) -> list[ox.Triple]:
    found = []
    for item in parse_leniently(path, content, prefixes=prefixes):
        if isinstance(item, UnreadableInputError):
            raise item
        found.append(item.triple)
    return found


def _named(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """The statements without blank nodes."""
    return {
        triple
        for triple in triples
        if not isinstance(triple.subject, ox.BlankNode)
        and not isinstance(triple.object, ox.BlankNode)
    }
