"""Reading RDF from files: to Oxigraph's terms, and from those to rdflib's.

Oxigraph parses, because it is fast, names line and column, and fetches nothing. Terms keep their
exact spelling (``"01"^^xsd:integer`` stays so), which neither a store nor rdflib's parsers warrant,
and blank nodes of different files stay apart.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, of_ending
from competency_graph.rdf.source_positions import Lines
from competency_graph.rdf.vocabulary import new_graph

_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+([\"'])(.*?)\1", re.DOTALL)
_CHUNK = 1_000_000
_NAMED_GRAPHS = "Named graphs are not allowed"
_MOST_FAULTS = 100
"""Faults of syntax that are told of one file."""
LONGEST_ENTITY = 200
"""Characters of what an XML entity may stand for."""
DEEPEST = 1_000
"""Elements of XML that may be within one another."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableInputError: as `opened`.
    """
    with opened(path) as file:
        return file.read()


def opened(path: Path) -> IO[bytes]:
    """A file, to read.

    Raises:
        UnreadableInputError: it is missing, a directory, a pipe or a device, or may not be read.
    """
    where = str(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UnreadableInputError(
                "this is a pipe or a device, not a file", "Save what it gives in a file", where
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
    """The statements of one RDF file, in the format that its ending tells.

    Args:
        path: a file ending in one of the endings of `GRAPH_FORMATS`.
        content: its bytes, where they were read already.

    Raises:
        UnreadableInputError: it cannot be read, its ending is of no known format, or it does not
            follow its format's grammar; with line and column where the parser knows them.
    """
    for item in parse_on(path, read_bytes(path) if content is None else content):
        if isinstance(item, UnreadableInputError):
            raise item
        yield item


def parse_on(
    path: Path, content: bytes, name: str = "", prefixes: MutableMapping[str, str] | None = None
) -> Iterator[ox.Quad | UnreadableInputError]:
    """The statements of one RDF file, and its faults of syntax where they are.

    After a fault it goes on where the format allows that, so that there may be more; of those at
    one place, it tells the first.

    Args:
        path: a file ending in one of the endings of `GRAPH_FORMATS`.
        content: its bytes.
        name: the name of its format, where its ending does not tell.
        prefixes: takes in those that the file declares, with their namespaces.

    Raises:
        UnreadableInputError: its ending is of no known format, or it is not text in UTF-8.
    """
    where = str(path)
    form = next((f for f in GRAPH_FORMATS if f.name == name), None) or format_of(path)
    data = without_mark(content, where)
    if form.name == "rdfxml":
        _refuse_bombs(data, where)
        _refuse_depth(data, where)
    found = ox.parse(data, format=form.engine, without_named_graphs=True, rename_blank_nodes=True)
    faults, before = 0, None
    while faults < _MOST_FAULTS:
        try:
            yield from found if prefixes is None else _noting(found, prefixes)
            return
        except SyntaxError as error:
            if _NAMED_GRAPHS in str(error.msg):
                raise _in_named_graph(data, form, where) from None
            faults += 1
            place = error.lineno and (error.lineno, error.offset)
            if place is None or place != before:
                yield syntax_fault(error, form.engine.name, where)
            before = place
        except MemoryError:
            yield too_long(where)
            return


def _in_named_graph(data: bytes, form: Format[ox.RdfFormat], where: str) -> UnreadableInputError:
    """What is said of a dictionary's file that puts statements in a named graph."""
    named = (q.graph_name for q in ox.parse(data, format=form.engine)
             if not isinstance(q.graph_name, ox.DefaultGraph))  # fmt: skip
    return UnreadableInputError(
        f"the file puts statements in the named graph {next(named)}, and a dictionary's own files "
        "name none",
        "Give it with --with, which keeps its graphs, or take the files as they are with --as-is",
        where,
    )


def _noting(found: ox.QuadParser, prefixes: MutableMapping[str, str]) -> Iterator[ox.Quad]:
    """The same statements, with the prefixes noted; at the end of XML they are forgotten again."""
    for quad in found:
        prefixes.update(found.prefixes)
        yield quad
        break
    yield from found
    prefixes.update(found.prefixes)


def too_long(where: str) -> UnreadableInputError:
    """What is said where the parser gives up on a single term."""
    return UnreadableInputError(
        "one text or name in this file is longer than 16 MB", "Shorten it", where
    )


def format_of(path: Path) -> Format[ox.RdfFormat]:
    """The format that a file's ending tells.

    Raises:
        UnreadableInputError: it tells none that is known.
    """
    form = of_ending(path.suffix.removeprefix("."))
    if form is None:
        endings = ", ".join(f".{ending}" for f in GRAPH_FORMATS for ending in f.endings)
        raise UnreadableInputError(
            f"the ending “{path.suffix}” is of no RDF format known here",
            f"Name the file with one of {endings}",
            str(path),
        )
    return form


def without_mark(data: bytes, where: str) -> bytes:
    """The same bytes without byte order mark, if they are text in UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInputError(
            "the file is in UTF-16, and RDF is read as UTF-8", "Save it as UTF-8", where
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    fault = _not_utf8(data)
    if fault >= 0:
        before = data[:fault].decode()
        line, column = Lines(before).place(len(before))
        raise UnreadableInputError(
            "the file is not UTF-8 text", "Save it as UTF-8", where, line, column
        )
    return data


def _not_utf8(data: bytes) -> int:
    """Where ``data`` stops being UTF-8; -1 where it does not. It is never decoded whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data) + 1, _CHUNK):
        begun = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK > len(data))
        except UnicodeDecodeError as error:
            return start - begun + error.start
    return -1


def syntax_fault(error: SyntaxError, form: str, where: str) -> UnreadableInputError:
    """What the parser says of a text that does not follow the grammar of ``form``."""
    what = str(error.msg).removeprefix("Parser error ").strip()
    what = re.sub(r"^(at|between) line \d+.*?: ", "", what)
    return UnreadableInputError(
        f"this is not {form}: {what}",
        "Mend the file at that place, then run this again",
        where,
        error.lineno,
        error.offset,
        error.end_lineno,
        error.end_offset,
    )


def _refuse_bombs(data: bytes, where: str) -> None:
    """Refuse XML entities that grow when they are read; those that name namespaces are short."""
    for match in _ENTITY.finditer(data):
        if len(match[2]) > LONGEST_ENTITY or b"&" in match[2]:
            raise UnreadableInputError(
                "this XML declares an entity that is long or made of others",
                "Write out what it stands for; entities here may only name namespaces",
                where,
                data.count(b"\n", 0, match.start()) + 1,
            )


def _refuse_depth(data: bytes, where: str) -> None:
    """Refuse XML elements nested so deeply that reading them would take more than their length."""
    depth = 0
    parser = expat.ParserCreate()

    def begin(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableInputError(
                f"the elements of this XML are nested more than {DEEPEST:,} deep",
                "Describe each entry in an element of its own",
                where,
                parser.CurrentLineNumber,
            )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    with contextlib.suppress(expat.ExpatError):  # a fault of syntax is told where it is read
        parser.Parse(data, True)


def read_graph(paths: Iterable[Path] | Mapping[Path, bytes]) -> Graph:
    """The statements of all ``paths`` in one rdflib graph that has the project's prefixes.

    Args:
        paths: the files, with their bytes where they were read already.

    Raises:
        UnreadableInputError: as `parse`.
    """
    contents = paths if isinstance(paths, Mapping) else {}
    return read_quads(quad for path in paths for quad in parse(path, contents.get(path)))


def read_quads(quads: Iterable[ox.Quad]) -> Graph:
    """The statements in one rdflib graph that has the project's prefixes, whatever graph theirs is.

    Raises:
        UnreadableInputError: one is about a statement.
    """
    graph = new_graph()
    for quad in quads:
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def to_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The rdflib node for an Oxigraph term."""
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            if term.language:
                return Literal(term.value, lang=term.language)
            if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
                return Literal(term.value)
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise UnreadableInputError(
        "a statement about a statement (RDF 1.2) has no place in a dictionary",
        "Write the inner statement as a plain one",
    )


def to_engine(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The Oxigraph term for an rdflib node."""
    match term:
        case Literal():
            if term.language:
                return ox.Literal(str(term), language=term.language)
            datatype = ox.NamedNode(term.datatype) if term.datatype else None
            return ox.Literal(str(term), datatype=datatype)
        case BNode():
            return ox.BlankNode(str(term))
    return ox.NamedNode(str(term))
