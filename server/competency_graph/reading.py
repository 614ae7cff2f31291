"""Reading RDF from files: to Oxigraph's terms, and from those to rdflib's.

Oxigraph parses, because it is fast, names line and column, and fetches nothing. Terms keep their
exact spelling (``"01"^^xsd:integer`` stays so), which neither a store nor rdflib's parsers warrant,
and blank nodes of different files stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from competency_graph.errors import UnreadableInputError
from competency_graph.formats import GRAPH_FORMATS, of_ending
from competency_graph.vocabulary import new_graph

_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+([\"'])(.*?)\1", re.DOTALL)
_LONGEST_ENTITY = 200
"""Characters of what an XML entity may stand for."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableInputError: it is missing, a directory, or may not be read.
    """
    where = str(path)
    try:
        return path.read_bytes()
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
    where = str(path)
    data = read_bytes(path) if content is None else content
    form = of_ending(path.suffix.removeprefix("."))
    if form is None:
        endings = ", ".join(f".{ending}" for f in GRAPH_FORMATS for ending in f.endings)
        raise UnreadableInputError(
            f"the ending “{path.suffix}” is of no RDF format known here",
            f"Name the file with one of {endings}",
            where,
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInputError(
            "the file is in UTF-16, and RDF is read as UTF-8", "Save it as UTF-8", where
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise UnreadableInputError(
            "the file is not UTF-8 text", "Save it as UTF-8", where, line, column
        ) from None
    if form.name == "rdfxml":
        _refuse_bombs(data, where)
    try:
        yield from ox.parse(
            data, format=form.engine, without_named_graphs=True, rename_blank_nodes=True
        )
    except SyntaxError as error:
        what = str(error.msg).removeprefix("Parser error ").strip()
        if error.lineno is not None:
            what = what.removeprefix(f"at line {error.lineno} column {error.offset}: ")
        raise UnreadableInputError(
            f"this is not {form.name}: {what}",
            "Mend the file at that place, then run this again",
            where,
            error.lineno,
            error.offset,
        ) from None
    except MemoryError:
        raise UnreadableInputError(
            "one text or name in this file is longer than 16 MB", "Shorten it", where
        ) from None


def _refuse_bombs(data: bytes, where: str) -> None:
    """Refuse XML entities that grow when they are read; those that name namespaces are short."""
    for match in _ENTITY.finditer(data):
        if len(match[2]) > _LONGEST_ENTITY or b"&" in match[2]:
            raise UnreadableInputError(
                "this XML declares an entity that is long or made of others",
                "Write out what it stands for; entities here may only name namespaces",
                where,
                data.count(b"\n", 0, match.start()) + 1,
            )


def read_graph(paths: Iterable[Path] | Mapping[Path, bytes]) -> Graph:
    """The statements of all ``paths`` in one rdflib graph that has the project's prefixes.

    Args:
        paths: the files, with their bytes where they were read already.

    Raises:
        UnreadableInputError: as `parse`.
    """
    graph = new_graph()
    contents = paths if isinstance(paths, Mapping) else {}
    for path in paths:
        for quad in parse(path, contents.get(path)):
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
