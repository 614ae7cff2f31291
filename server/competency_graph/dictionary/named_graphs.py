"""Further graphs to query together with a dictionary: other frameworks, links or any other data."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import LengthError, UnreadableInputError
from competency_graph.rdf.parsing import format_of, opened
from competency_graph.rdf.stream_parsing import stream
from competency_graph.rdf.vocabulary import (
    GRAPH_ASSERTED,
    GRAPH_INFERRED,
    GRAPH_ONTOLOGY,
    PREFIXES,
)

MAX_STATEMENTS: Final = 20_000_000
"""The maximum statements of one file."""
_RESERVED = frozenset(map(str, (GRAPH_ONTOLOGY, GRAPH_ASSERTED, GRAPH_INFERRED)))
_NOT_NAME_CHARACTERS = re.compile(r"[^\w-]+", re.ASCII)


def quads(path: Path, as_is: bool = False) -> Iterator[ox.Quad]:
    """Yield the statements of a file, each in a named graph.

    A statement that the file puts in no named graph goes to ``graph:NAME``, where NAME is the file
    name without its ending.

    Args:
        path: a file in any format of `formats.GRAPH_FORMATS`, with up to `MAX_STATEMENTS`
            statements.
        as_is: whether to leave all statements in the file's own graphs, whatever these are.

    Raises:
        UnreadableInputError: it cannot be read, is not RDF, or puts statements in the graphs of the
            dictionary itself.
        LengthError: it has more than `MAX_STATEMENTS` statements.
    """
    form = format_of(path)
    own = ox.DefaultGraph() if as_is else _default_graph_of(path)
    with opened(path) as file:
        for count, quad in enumerate(stream(file, form, str(path))):
            if count >= MAX_STATEMENTS:
                raise LengthError(
                    f"the file has more than {MAX_STATEMENTS:,} statements",
                    "Load it into a server, and serve that with --endpoint",
                    str(path),
                )
            if isinstance(quad.object, ox.Triple):
                raise UnreadableInputError(
                    "a statement about a statement (RDF 1.2) is not supported in further graphs",
                    "State the inner statement itself instead",
                    str(path),
                )
            name = quad.graph_name
            if as_is:
                yield quad
            elif isinstance(name, ox.NamedNode):
                if name.value in _RESERVED:
                    raise UnreadableInputError(
                        f"the file puts statements in <{name.value}>, "
                        "which is reserved for the dictionary",
                        "Put them in another graph, or give the file with --data",
                        str(path),
                    )
                yield quad
            else:
                yield ox.Quad(quad.subject, quad.predicate, quad.object, own)


def mentions(path: Path, text: bytes) -> bool:
    """Whether a file contains a text.

    Raises:
        UnreadableInputError: the file cannot be read.
    """
    with opened(path) as file:
        if path.stat().st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(text) >= 0


def digest(path: Path) -> bytes:
    """Hash the content of a file.

    Raises:
        UnreadableInputError: it cannot be read.
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]  # it is a file


def _default_graph_of(path: Path) -> ox.NamedNode:
    """The named graph for statements that a file puts in none."""
    name = PREFIXES["graph"] + (_NOT_NAME_CHARACTERS.sub("-", path.stem).strip("-") or "beside")
    if name in _RESERVED:
        raise UnreadableInputError(
            f"the file's name gives the graph <{name}>, which is reserved for the dictionary",
            "Give the file another name",
            str(path),
        )
    return ox.NamedNode(name)
