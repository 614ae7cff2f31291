"""Reads shapes: the published ones, and an organisation's own, which may be broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.errors import EvaluationError, UnreadableInputError
from competency_graph.rdf.parsing import parse_leniently, read_bytes
from competency_graph.rdf.short_names import abbreviated, namespaces_of
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.engines.child_process import run_in_child
from competency_graph.validation.shapes.broken_shapes import refuse_broken
from competency_graph.validation.shapes.class_hierarchy import with_targets
from competency_graph.validation.shapes.shapes_graph import Shapes

Prefixes = dict[str, str]


def read_shapes(own: Iterable[Path] = (), published: bool = True, seconds: float = 0.0) -> Shapes:
    """Read the published shapes and an organisation's own.

    Args:
        own: files of an organisation's shapes.
        published: whether to include the published shapes.
        seconds: the time limit for checking the organisation's shapes, which then happens in a
            child process; 0 sets none, and checks them in this process.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
        EvaluationError: a shape is broken, recursive, or uses unsupported features.
        LimitError: it took too long, or shapes are nested too deeply.
    """
    own_files = list(own)
    files = [*(resources.turtle_files(resources.SHAPES) if published else ()), *own_files]
    if not own_files:
        return _unchecked(tuple((path, path.stat().st_mtime_ns) for path in files))
    prefixes: dict[str, Prefixes] = {str(path): {} for path in files}
    statements = [(path, triple) for path in files for triple in _read(path, prefixes[str(path)])]
    numbering = Numbering("s")  # keeps blank node labels stable across runs
    shapes = Shapes(tuple(numbering.statement(triple) for _, triple in statements))
    first = {
        triple.subject: path
        for (path, _), triple in zip(reversed(statements), reversed(shapes.triples), strict=True)
        if path in own_files and not isinstance(triple.subject, ox.Triple)
    }
    shapes = replace(shapes, own=dict(reversed(first.items())))
    check = partial(refuse_broken, shapes, shapes.own)
    try:
        if first and seconds:
            run_in_child(check, seconds, 0)
        elif first:
            check()
    except EvaluationError as error:
        spaces = namespaces_of(prefixes.get(error.where, {}))
        what, remedy = (abbreviated(text, spaces) for text in (error.what, error.remedy))
        raise replace(error, what=what, remedy=remedy) from None
    return with_targets(shapes)


@lru_cache(maxsize=2)
def _unchecked(versions: tuple[tuple[Path, int], ...]) -> Shapes:
    """The published shapes, kept until their files change."""
    numbering = Numbering("s")
    read = (triple for path, _ in versions for triple in _read(path, {}))
    return with_targets(Shapes(tuple(map(numbering.statement, read))))


def _read(path: Path, prefixes: Prefixes) -> Iterator[ox.Triple]:
    for item in parse_leniently(path, read_bytes(path), "", prefixes):
        if isinstance(item, UnreadableInputError):
            raise item
        yield item.triple
