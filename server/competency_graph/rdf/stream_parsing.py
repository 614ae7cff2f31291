"""Reading RDF of any size: piece by piece, never whole.

What `reading` refuses is refused here too, on the way: other encodings than UTF-8, and XML that
grows or nests without end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.formats import Format
from competency_graph.rdf.parsing import DEEPEST, LONGEST_ENTITY, syntax_fault, too_long

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def stream(file: IO[bytes], form: Format[ox.RdfFormat], where: str) -> Iterator[ox.Quad]:
    """The statements of a file, in the graphs that it names, as they are read.

    Args:
        file: the file, open.
        form: its format.
        where: the place to name in an error.

    Raises:
        UnreadableInputError: it does not follow its format's grammar, or is not text in UTF-8.
    """
    guarded = _Guarded(file, where, form.name == "rdfxml")
    try:
        yield from ox.parse(guarded, format=form.engine, rename_blank_nodes=True)  # type: ignore[arg-type]  # reading is all that is asked of it
    except SyntaxError as error:
        raise syntax_fault(error, form.engine.name, where) from None
    except MemoryError:
        raise too_long(where) from None


class _Guarded:
    """A file that is looked at while it is read."""

    def __init__(self, file: IO[bytes], where: str, xml: bool) -> None:
        self._file, self._where = file, where
        self._begun = False
        self._depth = 0
        self._xml = self._watching() if xml else None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size`` of them."""
        data = self._file.read(size)
        if not self._begun:
            self._begun = True
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
                    "Mend the file at that place, then run this again",
                    self._where,
                    error.lineno,
                    error.offset + 1,
                ) from None
        return data

    def _watching(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity
        return parser

    def _begin(self, name: str, attributes: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused(
                f"the elements of this XML are nested more than {DEEPEST:,} deep",
                "Describe each entry in an element of its own",
            )

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _entity(self, name: str, parameter: bool, value: str | None, *_: object) -> None:
        if value is None or len(value) > LONGEST_ENTITY or "&" in value:
            raise self._refused(
                "this XML declares an entity that is long, made of others or elsewhere",
                "Write out what it stands for; entities here may only name namespaces",
            )

    def _refused(self, what: str, remedy: str) -> UnreadableInputError:
        line = self._xml.CurrentLineNumber if self._xml else None
        return UnreadableInputError(what, remedy, self._where, line)
