"""Dependencies of shapes: the paths from a focus node to the statements its results depend on.

Followed forwards, they collect the statements needed to validate some focus nodes; followed
backwards from a statement, they lead to the focus nodes that it affects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS, SH

from competency_graph.sparql import query_text
from competency_graph.validation.shapes.shapes_graph import Node, Shapes, Term

Step = tuple[ox.NamedNode, bool]
"""A property, and whether it is followed from object to subject."""
Way = tuple[Step, ...]

_TYPE: Final = ox.NamedNode(RDF.type)
_SUBCLASS: Final = ox.NamedNode(RDFS.subClassOf)
_FIRST, _REST, _NIL = (ox.NamedNode(RDF[name]) for name in ("first", "rest", "nil"))


def _sh(*names: str) -> list[ox.NamedNode]:
    return [ox.NamedNode(str(SH) + name) for name in names]  # some are not in rdflib's list


_PATH, _CLASS, _INVERSE, _ALTERNATIVE = _sh("path", "class", "inversePath", "alternativePath")
_NESTED: Final = _sh("node", "property", "not", "qualifiedValueShape")
_NESTED_LISTS: Final = _sh("and", "or", "xone")
_PROPERTY_PAIRS: Final = _sh("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""Constraints that refer to another property of the focus node (SHACL, section 4.5)."""
_SUBJECTS, _OBJECTS = _sh("targetSubjectsOf", "targetObjectsOf")
_UNBOUNDED: Final = frozenset(
    _sh("select", "ask", "construct", "js", "target", "parameter", "values", "expression", "rule",
        "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "closed")
)  # fmt: skip
"""Constraints and paths whose dependencies are unbounded or unknown."""


class Statements:
    """An index of statements, each counted as often as files contain it."""

    def __init__(self) -> None:
        self._out: dict[Term, dict[ox.NamedNode, dict[Term, int]]] = {}
        self._into: dict[Term, dict[ox.NamedNode, dict[Term, int]]] = {}

    def add(self, triple: ox.Triple, count: int = 1) -> None:
        """Add a statement, or remove it with a ``count`` of -1."""
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            return
        for table, one, other in ((self._out, subject, value), (self._into, value, subject)):
            counted = table.setdefault(one, {}).setdefault(triple.predicate, {})
            counted[other] = counted.get(other, 0) + count
            if not counted[other]:
                del counted[other]

    def ends(self, node: Term, step: Step) -> Iterable[Term]:
        """The nodes that one step leads to."""
        predicate, against = step
        return (self._into if against else self._out).get(node, {}).get(predicate, ())

    def of(self, node: Term) -> Iterator[ox.Triple]:
        """The statements about a node."""
        for predicate, values in self._out.get(node, {}).items():
            for value in values:
                yield _triple(node, (predicate, False), value)


def _triple(node: Term, step: Step, end: Term) -> ox.Triple:
    subject, value = (end, node) if step[1] else (node, end)
    assert not isinstance(subject, ox.Literal)  # noqa: S101  (it is the subject of a statement)
    return ox.Triple(subject, step[0], value)


@dataclass(frozen=True)
class Dependencies:
    """The dependencies of some shapes.

    Args:
        ways: the paths from a focus node to each statement that its results depend on.
        around: for each bulk SPARQL-based constraint, the properties that it mentions, and the
            maximum number of steps between its focus nodes and the statements it depends on.
    """

    ways: frozenset[Way]
    around: tuple[tuple[frozenset[Step], int], ...]

    def affected(self, changed: Collection[ox.Triple], index: Statements) -> set[Term]:
        """The focus nodes whose results may depend on changed statements.

        Args:
            changed: the statements.
            index: the index of the statements that remain or are new.
        """
        by_property: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for triple in changed:
            by_property[triple.predicate].append(triple)
        found: set[Term] = {triple.subject for triple in changed}  # type: ignore[misc]

        def starts(step: Step) -> set[Term]:
            ends = by_property.get(step[0], ())
            return {triple.object if step[1] else triple.subject for triple in ends}  # type: ignore[misc]

        def before(nodes: set[Term], step: Step) -> set[Term]:
            back = step[0], not step[1]
            return {end for node in nodes for end in index.ends(node, back)}

        for way in self.ways:
            nodes: set[Term] = set()
            for step in reversed(way):
                nodes = starts(step) | before(nodes, step)
            found |= nodes
        for steps, hops in self.around:
            nodes = {node for step in steps for node in starts(step)}
            newest = set(nodes)
            for _ in range(hops):
                newest = {node for step in steps for node in before(newest, step)} - nodes
                nodes |= newest
            found |= nodes
        return found

    def required(self, focuses: Collection[Term], index: Statements) -> dict[ox.Triple, None]:
        """The statements that the results of focus nodes depend on."""
        found: dict[ox.Triple, None] = {}
        for node in focuses:
            found |= dict.fromkeys(index.of(node))
        tree: dict[Step, object] = {}
        for way in self.ways:
            branch = tree
            for step in way:
                branch = branch.setdefault(step, {})  # type: ignore[assignment]
        self._walk(set(focuses), tree, index, found)
        for steps, hops in self.around:
            nodes = set(focuses)
            newest = set(focuses)
            for _ in range(hops):
                reached: set[Term] = set()
                for node, step in product(newest, steps):
                    for end in index.ends(node, step):
                        found[_triple(node, step, end)] = None
                        reached.add(end)
                newest = reached - nodes
                nodes |= newest
        return found

    def _walk(
        self, nodes: set[Term], tree: dict[Step, object], index: Statements,
        found: dict[ox.Triple, None],
    ) -> None:  # fmt: skip
        for step, branch in tree.items():
            reached: set[Term] = set()
            for node in nodes:
                for end in index.ends(node, step):
                    found[_triple(node, step, end)] = None
                    reached.add(end)
            if reached and branch:
                self._walk(reached, branch, index, found)  # type: ignore[arg-type]


class _UnboundedError(Exception):
    """The dependencies of a shape are unbounded."""


def reach(shapes: Shapes) -> Dependencies | None:
    """The dependencies of shapes; None if they are unbounded."""
    around = tuple(_bulk_dependency(query) for query in shapes.bulk_constraints.values())
    try:
        return Dependencies(frozenset(_WayFinder(shapes).found()), around)
    except _UnboundedError:
        return None


def _bulk_dependency(query: str) -> tuple[frozenset[Step], int]:
    named = [ox.NamedNode(iri) for _, iri in query_text.iris(query) if iri]
    return frozenset(product(named, (False, True))), len(named)


class _WayFinder:
    """Finds the paths of shapes, treating each shape as if it had targets."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def found(self) -> Iterator[Way]:
        yield ((_TYPE, False),)  # targets by class (SHACL, section 2.1.3)
        for node in self._shapes.nodes:
            if isinstance(node, ox.NamedNode) and node.value in self._shapes.bulk_constraints:
                continue
            if any(self._shapes.values(node, name) for name in _UNBOUNDED):
                raise _UnboundedError
            for name, against in ((_SUBJECTS, False), (_OBJECTS, True)):
                for term in self._shapes.values(node, name):
                    if isinstance(term, ox.NamedNode):
                        yield ((term, against),)
            yield from self._ways_from(node, ())

    def _ways_from(self, shape: Node, so_far: Way) -> Iterator[Way]:
        paths = self._shapes.values(shape, _PATH)
        for way in self._path_ways(paths[0]) if paths else [()]:
            whole = so_far + way
            yield whole
            if self._shapes.values(shape, _CLASS):
                yield (*whole, (_TYPE, False))
            for name in _PROPERTY_PAIRS:
                for term in self._shapes.values(shape, name):
                    if isinstance(term, ox.NamedNode):
                        yield (*so_far, (term, False))
            for nested in self._nested(shape):
                yield from self._ways_from(nested, whole)

    def _nested(self, shape: Node) -> Iterator[Node]:
        for name in _NESTED:
            yield from _nodes(self._shapes.values(shape, name))
        for name in _NESTED_LISTS:
            for head in self._shapes.values(shape, name):
                yield from _nodes(self._members(head))

    def _path_ways(self, path: Term) -> Iterator[Way]:
        """The paths that a property path (SHACL, section 2.3.1) stands for."""
        if isinstance(path, ox.NamedNode):
            yield ((path, False),)
        elif isinstance(path, ox.BlankNode):
            for inner in self._shapes.values(path, _INVERSE):
                for way in self._path_ways(inner):
                    yield tuple((name, not against) for name, against in reversed(way))
            for head in self._shapes.values(path, _ALTERNATIVE):
                for member in self._members(head):
                    yield from self._path_ways(member)
            if self._shapes.values(path, _FIRST):
                for steps in product(*(tuple(self._path_ways(m)) for m in self._members(path))):
                    yield tuple(step for way in steps for step in way)

    def _members(self, head: Term) -> Iterator[Term]:
        while isinstance(head, ox.BlankNode) and self._shapes.values(head, _FIRST):
            yield self._shapes.values(head, _FIRST)[0]
            head = next(iter(self._shapes.values(head, _REST)), _NIL)


def _nodes(terms: Iterable[Term]) -> Iterator[Node]:
    return (term for term in terms if not isinstance(term, ox.Literal))


def is_schema(triple: ox.Triple) -> bool:
    """Whether a statement changes the class hierarchy, and so may affect anything."""
    return triple.predicate == _SUBCLASS
