"""Streaming RDF parser for files of any size, which are never loaded whole.

It refuses the same input as `parsing`, while reading: encodings other than UTF-8, and XML with
expanding entities or excessive nesting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.formats import Format
from competency_graph.rdf.parsing import MAX_ENTITY_LENGTH, MAX_NESTING, syntax_fault, too_long

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def stream(file: IO[bytes], form: Format[ox.RdfFormat], where: str) -> Iterator[ox.Quad]:
    """Yield the statements of a file while reading it, in their named graphs.

    Args:
        file: the open file.
        form: its format.
        where: its name for error messages.

    Raises:
        UnreadableInputError: it has a syntax error or is not UTF-8 text.
    """
    guarded = _GuardedFile(file, where, form.name == "rdfxml")
    try:
        yield from ox.parse(guarded, format=form.engine, rename_blank_nodes=True)  # type: ignore[arg-type]  # only `read` is called
    except SyntaxError as error:
        raise syntax_fault(error, form.engine.name, where) from None
    except MemoryError:
        raise too_long(where) from None


class _GuardedFile:
    """A file whose content is checked while it is read."""

    def __init__(self, file: IO[bytes], where: str, xml: bool) -> None:
        self._file, self._where = file, where
        self._started = False
        self._depth = 0
        self._xml = self._guarding_parser() if xml else None

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes."""
        data = self._file.read(size)
        if not self._started:
            self._started = True
            if data.startswith(_UTF16):
                raise UnreadableInputError(
                    "the file is in UTF-16, and RDF is read as UTF-8",
                    "Save it as UTF-8",
                    self._where,
                )
            data = data.removeprefix(_BOM) or self._file.read(size)
        if self._xml is not None:
            try:
                self._xml.Parse(data, not data)
            except expat.ExpatError as error:
                raise UnreadableInputError(
                    f"this is not RDF/XML: {expat.ErrorString(error.code)}",
                    "Fix the file there, then try again",
                    self._where,
                    error.lineno,
                    error.offset + 1,
                ) from None
        return data

    def _guarding_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._on_element_start
        parser.EndElementHandler = self._on_element_end
        parser.EntityDeclHandler = self._on_entity
        return parser

    def _on_element_start(self, name: str, attributes: object) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self._refusal(
                f"the elements of this XML are nested more than {MAX_NESTING:,} deep",
                "Describe each entry in an element of its own",
            )

    def _on_element_end(self, name: str) -> None:
        self._depth -= 1

    def _on_entity(self, name: str, parameter: bool, value: str | None, *_: object) -> None:
        if value is None or len(value) > MAX_ENTITY_LENGTH or "&" in value:
            raise self._refusal(
                "this XML declares an entity that is long, refers to others or is stored elsewhere",
                "Write its text in full; entities here may only stand for namespaces",
            )

    def _refusal(self, what: str, remedy: str) -> UnreadableInputError:
        line = self._xml.CurrentLineNumber if self._xml else None
        return UnreadableInputError(what, remedy, self._where, line)
