"""Reading shapes: the published ones, and an organisation's own, which may be broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.errors import EvaluationError, UnreadableInputError
from competency_graph.rdf.parsing import parse_on, read_bytes
from competency_graph.rdf.short_names import abbreviated, spaces_of
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.engines.child_process import run_in_child
from competency_graph.validation.shapes.broken_shapes import refuse_broken
from competency_graph.validation.shapes.class_hierarchy import with_targets
from competency_graph.validation.shapes.shapes_graph import Shapes

Prefixes = dict[str, str]


def read_shapes(own: Iterable[Path] = (), published: bool = True, seconds: float = 0.0) -> Shapes:
    """The published shapes, and an organisation's own.

    Args:
        own: files of an organisation's shapes.
        published: whether the published ones are among them.
        seconds: how long looking into the organisation's may take, in a process of its own; 0 sets
            no bound, and looks here.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
        EvaluationError: a shape is broken, or made of itself, or asks for what is not done here.
        LimitError: it took too long, or shapes are nested too deeply.
    """
    theirs = list(own)
    files = [*(resources.turtle_files(resources.SHAPES) if published else ()), *theirs]
    prefixes: dict[str, Prefixes] = {str(path): {} for path in files}
    said = [(path, triple) for path in files for triple in _read(path, prefixes[str(path)])]
    numbering = Numbering("s")  # so that each run names blank nodes alike
    shapes = Shapes(tuple(numbering.statement(triple) for _, triple in said))
    first = {
        triple.subject: path
        for (path, _), triple in zip(reversed(said), reversed(shapes.triples), strict=True)
        if path in theirs and not isinstance(triple.subject, ox.Triple)
    }
    shapes = replace(shapes, own=dict(reversed(first.items())))
    check = partial(refuse_broken, shapes, shapes.own)
    try:
        if first and seconds:
            run_in_child(check, seconds, 0)
        elif first:
            check()
    except EvaluationError as error:
        spaces = spaces_of(prefixes.get(error.where, {}))
        what, remedy = (abbreviated(text, spaces) for text in (error.what, error.remedy))
        raise replace(error, what=what, remedy=remedy) from None
    return with_targets(shapes)


def _read(path: Path, prefixes: Prefixes) -> Iterator[ox.Triple]:
    for item in parse_on(path, read_bytes(path), "", prefixes):
        if isinstance(item, UnreadableInputError):
            raise item
        yield item.triple
