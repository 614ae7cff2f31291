"""Parsing RDF files into Oxigraph terms, and converting those to rdflib nodes.

Oxigraph parses, because it is fast, reports line and column, and never accesses the network. Terms
keep their exact spelling (``"01"^^xsd:integer`` is not normalised), which neither a store nor
rdflib's parsers guarantee. Blank nodes of different files stay distinct.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_of_ending
from competency_graph.rdf.source_positions import Lines

_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+([\"'])(.*?)\1", re.DOTALL)
_CHUNK_BYTES = 1_000_000
_NAMED_GRAPH_ERROR = "Named graphs are not allowed"
_MAX_ERRORS_PER_FILE = 100
"""Syntax errors reported for one file."""
MAX_ENTITY_LENGTH = 200
"""The maximum length of an XML entity's value, in characters."""
MAX_NESTING = 1_000
"""The maximum nesting depth of XML elements."""


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        UnreadableInputError: see `opened`.
    """
    with opened(path) as file:
        return file.read()


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading.

    Raises:
        UnreadableInputError: it is missing, a directory, a pipe or a device, or is not readable.
    """
    where = str(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UnreadableInputError(
                "this is a pipe or a device, not a file", "Save its output in a file", where
            )
        return path.open("rb")
    except FileNotFoundError:
        raise UnreadableInputError("there is no such file", "Check the path", where) from None
    except IsADirectoryError:
        raise UnreadableInputError(
            "this is a directory, not a file", "Name the files in it", where
        ) from None
    except OSError as error:
        raise UnreadableInputError(
            f"the file cannot be read ({error.strerror})", "Check its permissions", where
        ) from None


def parse(path: Path, content: bytes | None = None) -> Iterator[ox.Quad]:
    """Parse an RDF file; its ending determines the format.

    Args:
        path: a file with one of the endings of `GRAPH_FORMATS`.
        content: its content, if it has been read already.

    Raises:
        UnreadableInputError: it cannot be read, its ending is unknown, or it has a syntax error;
            with line and column if the parser reports them.
    """
    for item in parse_leniently(path, read_bytes(path) if content is None else content):
        if isinstance(item, UnreadableInputError):
            raise item
        yield item


def parse_leniently(
    path: Path, content: bytes, name: str = "", prefixes: MutableMapping[str, str] | None = None
) -> Iterator[ox.Quad | UnreadableInputError]:
    """Parse an RDF file, yielding its statements and its syntax errors in order.

    After an error, parsing resumes if the format permits it, so several errors may follow. Of those
    at the same position, only the first is reported.

    Args:
        path: a file with one of the endings of `GRAPH_FORMATS`.
        content: its content.
        name: the name of its format, if its ending does not determine it.
        prefixes: receives the prefixes that the file declares, with their namespaces.

    Raises:
        UnreadableInputError: its ending is unknown, or it is not UTF-8 text.
    """
    where = str(path)
    form = next((f for f in GRAPH_FORMATS if f.name == name), None) or format_of(path)
    data = without_mark(content, where)
    if form.name == "rdfxml":
        _refuse_entity_expansion(data, where)
        _refuse_deep_nesting(data, where)
    found = ox.parse(data, format=form.engine, without_named_graphs=True, rename_blank_nodes=True)
    faults, before = 0, None
    while faults < _MAX_ERRORS_PER_FILE:
        try:
            yield from found if prefixes is None else _collecting_prefixes(found, prefixes)
            return
        except SyntaxError as error:
            if _NAMED_GRAPH_ERROR in str(error.msg):
                raise _named_graph_error(data, form, where) from None
            faults += 1
            place = error.lineno and (error.lineno, error.offset)
            if place is None or place != before:
                yield syntax_fault(error, form.engine.name, where)
            before = place
        except MemoryError:
            yield too_long(where)
            return


def _named_graph_error(data: bytes, form: Format[ox.RdfFormat], where: str) -> UnreadableInputError:
    """The error for a dictionary file that puts statements in a named graph."""
    named = (q.graph_name for q in ox.parse(data, format=form.engine)
             if not isinstance(q.graph_name, ox.DefaultGraph))  # fmt: skip
    return UnreadableInputError(
        f"the file puts statements in the named graph {next(named)}, but a dictionary's own "
        "files may not name graphs",
        "Give it with --with, which keeps its graphs, or take the files as they are with --as-is",
        where,
    )


def _collecting_prefixes(
    found: ox.QuadParser, prefixes: MutableMapping[str, str]
) -> Iterator[ox.Quad]:
    """Yield the statements and collect the prefixes, which the XML parser drops at the end."""
    for quad in found:
        prefixes.update(found.prefixes)
        yield quad
        break
    yield from found
    prefixes.update(found.prefixes)


def too_long(where: str) -> UnreadableInputError:
    """The error for a file in which a single term exceeds the parser's limit."""
    return UnreadableInputError(
        "one text or name in this file is longer than 16 MB", "Shorten it", where
    )


def format_of(path: Path) -> Format[ox.RdfFormat]:
    """The format that a file's ending determines.

    Raises:
        UnreadableInputError: the ending is unknown.
    """
    form = format_of_ending(path.suffix.removeprefix("."))
    if form is None:
        endings = ", ".join(f".{ending}" for f in GRAPH_FORMATS for ending in f.endings)
        raise UnreadableInputError(
            f"the ending “{path.suffix}” is not that of a known RDF format",
            f"Name the file with one of {endings}",
            str(path),
        )
    return form


def without_mark(data: bytes, where: str) -> bytes:
    """Remove the byte order mark, and refuse bytes that are not UTF-8 text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInputError(
            "the file is in UTF-16, and RDF is read as UTF-8", "Save it as UTF-8", where
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    fault = _first_invalid_utf8(data)
    if fault >= 0:
        before = data[:fault].decode()
        line, column = Lines(before).place(len(before))
        raise UnreadableInputError(
            "the file is not UTF-8 text", "Save it as UTF-8", where, line, column
        )
    return data


def _first_invalid_utf8(data: bytes) -> int:
    """The offset of the first invalid UTF-8 byte; -1 if all are valid. Decodes chunk by chunk."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data) + 1, _CHUNK_BYTES):
        begun = len(decoder.getstate()[0])
        try:
            decoder.decode(
                data[start : start + _CHUNK_BYTES], final=start + _CHUNK_BYTES > len(data)
            )
        except UnicodeDecodeError as error:
            return start - begun + error.start
    return -1


def syntax_fault(error: SyntaxError, form: str, where: str) -> UnreadableInputError:
    """The error for a text that does not follow the grammar of ``form``."""
    what = str(error.msg).removeprefix("Parser error ").strip()
    what = re.sub(r"^(at|between) line \d+.*?: ", "", what)
    if "LoadDocumentCallback" in what:
        return UnreadableInputError(
            "its JSON-LD context is at an address, and nothing is fetched",
            "Replace the address in the file by the context itself",
            where,
        )
    return UnreadableInputError(
        f"this is not {form}: {what}",
        "Fix the file there, then try again",
        where,
        error.lineno,
        error.offset,
        error.end_lineno,
        error.end_offset,
    )


def _refuse_entity_expansion(data: bytes, where: str) -> None:
    """Refuse XML entities that expand on parsing; short ones, used for namespaces, are allowed."""
    for match in _ENTITY.finditer(data):
        if len(match[2]) > MAX_ENTITY_LENGTH or b"&" in match[2]:
            raise UnreadableInputError(
                "this XML declares an entity that is long or refers to others",
                "Write its text in full; entities here may only stand for namespaces",
                where,
                data.count(b"\n", 0, match.start()) + 1,
            )


def _refuse_deep_nesting(data: bytes, where: str) -> None:
    """Refuse XML nested so deeply that parsing time would grow faster than its length."""
    depth = 0
    parser = expat.ParserCreate()

    def begin(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_NESTING:
            raise UnreadableInputError(
                f"the elements of this XML are nested more than {MAX_NESTING:,} deep",
                "Describe each entry in an element of its own",
                where,
                parser.CurrentLineNumber,
            )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    with contextlib.suppress(expat.ExpatError):  # the actual parser reports syntax errors
        parser.Parse(data, True)
