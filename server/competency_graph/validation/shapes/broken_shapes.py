"""Refuses broken shapes of an organisation, with the same error for all engines.

Engines differ in what they accept, ignore and report. So shapes are first validated by the W3C's
shapes for shapes (SHACL, appendix C), which pySHACL includes; then their queries are checked, and
finally the fast engine must accept them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, SH

from competency_graph.errors import EvaluationError, RefusedError
from competency_graph.rdf.parsing import parse
from competency_graph.sparql import query_text
from competency_graph.sparql.syntax_errors import explain, undeclared
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.engines.shacl_engines import Result, fast
from competency_graph.validation.shapes.default_messages import default_message
from competency_graph.validation.shapes.shapes_graph import Node, Shapes, Term, node_of

_NS: Final = str(SH)
_SHAPE_SHAPE: Final = "http://www.w3.org/ns/shacl-shacl#ShapeShape"
_LIST_SHAPE: Final = "http://www.w3.org/ns/shacl-shacl#ListShape"
_TYPE: Final = ox.NamedNode(RDF.type)
_NODE_SHAPE, _PROPERTY_SHAPE = ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape)
_MAX_RESULTS: Final = 1_000
"""The maximum number of results from which the first is selected."""
_UNSUPPORTED: Final = {
    "js": (
        "uses JavaScript (sh:js), which is not supported",
        "Use SHACL's own constraints or SPARQL (sh:sparql) instead, or remove it",
    ),
    "jsFunctionName": (
        "uses JavaScript (sh:jsFunctionName), which is not supported",
        "Use SPARQL instead, or remove it",
    ),
    "rule": (
        "has a rule (sh:rule), which is not supported",
        "Remove it; use --infer to validate statements inferred by the ontology",
    ),
}
"""Unsupported properties, which engines would ignore, with the error and the remedy."""
_SHAPE_REFERENCES: Final = tuple(
    ox.NamedNode(term)
    for term in (
        SH.node, SH.property, SH.qualifiedValueShape, SH["not"], SH["and"], SH["or"], SH.xone,
        RDF.first, RDF.rest,
    )
)  # fmt: skip
"""Properties by which a shape refers to others."""
_QUERY_PROPERTIES: Final = ("sparql", "validator", "nodeValidator", "propertyValidator")
"""Properties that lead to a query with pre-bound variables (SHACL, appendix A)."""
_FORBIDDEN_KEYWORDS: Final = frozenset(("MINUS", "VALUES"))
"""Keywords that such a query must not contain."""
_WITHOUT_PATH: Final = "has no sh:path", "Give the property that it constrains with sh:path"
_WITH_PATHS: Final = "has more than one sh:path", "Write one shape for each property"


def refuse_broken(shapes: Shapes, own: Mapping[Node, Path]) -> None:
    """Refuse shapes that are broken or use unsupported features.

    Args:
        shapes: all shapes.
        own: the subjects of an organisation's files, each with the first file that mentions it.

    Raises:
        EvaluationError: for the first shape that is broken.
    """
    check = _ShapesCheck(shapes, own)
    for error in chain(
        check.cycles(),
        check.scripts(),
        check.parts(),
        check.grammar(),
        check.queries(),
        check.loading(),
    ):
        raise error


class _ShapesCheck:
    """The checks of shapes."""

    def __init__(self, shapes: Shapes, own: Mapping[Node, Path]) -> None:
        self._shapes, self._own = shapes, own

    def scripts(self) -> Iterator[EvaluationError]:
        """Features that no engine runs."""
        for name, (what, remedy) in _UNSUPPORTED.items():
            for node in self._own:
                if not self._is_deactivated(node) and not all(
                    map(self._is_deactivated, self._values(node, name))
                ):
                    yield self._error(node, what, remedy)

    def cycles(self) -> Iterator[EvaluationError]:
        """Recursive shapes, which SHACL leaves undefined (section 3.4.3)."""
        order = {
            str(node): [
                str(part) for name in _SHAPE_REFERENCES for part in self._shapes.values(node, name)
            ]
            for node in self._shapes.nodes
        }
        try:
            TopologicalSorter(order).prepare()
        except CycleError as error:
            circle = dict.fromkeys(node_of(name.strip("<>")) for name in reversed(error.args[1]))
            named: list[Node] = [node for node in circle if isinstance(node, ox.NamedNode)]
            first = next((node for node in self._own if node in named), next(iter(circle)))
            cut = named.index(first) if first in named else 0
            way = " → ".join(node.value for node in (*named[cut:], *named[:cut], first))
            what = f"refers to itself: {way}" if named else "refers to itself"
            yield self._error(first, what, "Remove one of these references")

    def parts(self) -> Iterator[EvaluationError]:
        """Missing or surplus parts, which the shapes for shapes do not check."""
        for node in self._own:
            kinds = self._shapes.values(node, _TYPE)
            paths = self._values(node, "path")
            if _PROPERTY_SHAPE in kinds and not paths:
                yield self._error(node, *_WITHOUT_PATH)
            if len(paths) > 1:
                yield self._error(node, *_WITH_PATHS)
            if _NODE_SHAPE in kinds and paths:
                what = "is a node shape but has a sh:path"
                yield self._error(node, what, "Make it a sh:PropertyShape, or remove its path")
            if any(isinstance(part, ox.Literal) for part in self._values(node, "property")):
                what = "has a sh:property that is a text or number"
                yield self._error(node, what, "Put a property shape in its place")
            counts = ("qualifiedMinCount", "qualifiedMaxCount")
            counted = any(self._values(node, name) for name in counts)
            if counted != bool(self._values(node, "qualifiedValueShape")):
                what = "has only one of sh:qualifiedValueShape and what counts its values"
                yield self._error(node, what, "Add the other, or remove it")

    def grammar(self) -> Iterator[EvaluationError]:
        """Results of the shapes for shapes."""
        rules = _shapes_for_shapes()
        order = {node: number for number, node in enumerate(self._shapes.nodes)}
        found = [
            (result.shape == _SHAPE_SHAPE, order.get(node, -1), node, result)
            for result in fast(_as_data(self._shapes.triples), rules, _MAX_RESULTS)
            if not result.focus.startswith('"')
            for node in [node_of(re.sub("^_:n", "_:s", result.focus.strip("<>")))]
        ]
        for _, _, node, result in sorted(found, key=lambda each: each[:2]):
            yield self._error(node, *_explain_result(rules, result))

    def queries(self) -> Iterator[EvaluationError]:
        """Constraints whose query is invalid, or not allowed in a shape."""
        asked = {
            constraint: name
            for node in self._own
            for name in _QUERY_PROPERTIES
            for constraint in self._values(node, name)
            if not self._is_deactivated(node)
        }
        for node, name in asked.items():
            if isinstance(node, ox.Literal) or self._is_deactivated(node):
                continue
            asks = self._values(node, "ask") if name != "sparql" else []
            texts = [*self._values(node, "select"), *asks]
            if not texts:
                yield self._error(node, f"is a sh:{name} without a query", "Give it a sh:select")
            for text in texts:
                fault = _query_error(self._shapes.prefixes(node), text.value, name)
                if fault:
                    yield self._error(node, f"has an invalid query: {fault[0]}", fault[1])

    def loading(self) -> Iterator[EvaluationError]:
        """Shapes that the fast engine does not accept."""
        reason = _engine_error(self._shapes.triples)
        if not reason:
            return
        for node in self._own:
            paths = self._values(node, "path")
            alone = [ox.Triple(node, _TYPE, _PROPERTY_SHAPE if paths else _NODE_SHAPE)]
            alone += [t for t in self._shapes.of(node) if isinstance(t.object, ox.Literal)]
            if paths:
                alone.append(ox.Triple(node, ox.NamedNode(SH.path), _TYPE))
            why = _engine_error(alone)
            pattern = re.search(r"sh:pattern.* error: (.*)", why)
            if pattern:
                what = f"has a sh:pattern that is not a regular expression: {pattern[1]}"
                yield self._error(node, what, "Fix the expression")
            elif why:
                yield self._error(node, f"is broken: {why}", "Fix it there")
        yield EvaluationError(f"a shape is broken: {reason}", "Fix it there")

    def _values(self, node: Term, name: str) -> list[Term]:
        if isinstance(node, ox.Literal):
            return []
        return self._shapes.values(node, ox.NamedNode(_NS + name))

    def _is_deactivated(self, node: Term) -> bool:
        """Whether a shape, a constraint or a part of one is deactivated."""
        owners = () if isinstance(node, ox.Literal) else self._shapes.owners(node)
        return any(ox.Literal(True) in self._values(owner, "deactivated") for owner in owners)

    def _error(self, node: Node, what: str, remedy: str) -> EvaluationError:
        """The error for a shape, or for an unnamed part of one."""
        owners = list(self._shapes.owners(node))
        where = next((self._own[each] for each in owners if each in self._own), None)
        for other in self._own if where is None else ():
            if any(triple.object == node for triple in self._shapes.of(other)):
                where = self._own[other]
        return EvaluationError(
            f"{self._shapes.display_name(node)} {what}", remedy, str(where or "")
        )


def _explain_result(rules: Shapes, result: Result) -> tuple[str, str]:
    """The error and the remedy for a result of the shapes for shapes."""
    component = result.component.removeprefix(_NS).removesuffix("ConstraintComponent")
    if result.shape == _SHAPE_SHAPE:
        return "is neither a node shape nor a property shape", "Remove what belongs to the other"
    match rules.path(result.shape).removeprefix(_NS), component:
        case "path", "MinCount":
            return _WITHOUT_PATH
        case "path", "MaxCount":
            return _WITH_PATHS
        case "path", _:
            return (
                "has a sh:path that is not a path",
                "Write one property, or a path of several properties",
            )
    said, remedy = default_message(rules, result.shape, result.component, result.value)
    if _LIST_SHAPE in said:
        said = said.replace(f"does not conform to {_LIST_SHAPE}", "is not a list")
        remedy = "Write a list, in round brackets"
    return f"is broken: {said.replace('The entry', 'it').rstrip('.')}", remedy.rstrip(".")


def _shapes_for_shapes() -> Shapes:
    place = find_spec("pyshacl")  # importing it would be slow
    path = Path(str(place and place.origin)).with_name("assets") / "shacl-shacl.ttl"
    numbering = Numbering("s")
    return Shapes(tuple(numbering.statement(quad.triple) for quad in parse(path)))


def _engine_error(triples: Iterable[ox.Triple]) -> str:
    """Why the fast engine does not accept some shapes; "" if it does."""
    import shacl

    try:
        shacl.Shapes.from_text(_as_data(triples), format="ntriples")
    except (ValueError, RuntimeError) as error:
        return " ".join(str(error).removeprefix("invalid shapes graph: ").split())[:300]
    return ""


def _as_data(triples: Iterable[ox.Triple]) -> str:
    """Convert shapes to N-Triples with the blank node labels that engines require of data."""
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return re.sub(r"(?m)^_:s|_:s(?=\d+ \.$)", "_:n", content.decode())


def _query_error(prefixes: str, query: str, name: str) -> tuple[str, str] | None:
    """The error and the remedy for the query of a constraint; None if it is valid."""
    text = prefixes + re.sub(r"\$PATH\b", "<x:path>", query)
    try:
        query_text.check_read_only(text, ())
        answer = ox.Store().query(text)
    except RefusedError as error:
        return error.what, error.remedy
    except SyntaxError as error:
        missing = undeclared(text)
        if missing:
            return missing.what, "Declare it with sh:prefixes, or write the IRI in full"
        wrong = explain(text, str(error.msg))
        line = (wrong.line or 0) - prefixes.count("\n")
        place = f", in line {line}, column {wrong.column}" if line > 0 else ""
        return f"{wrong.what}{place}", wrong.remedy
    words = [token.text.upper() for token in query_text.tokens(text)]
    barred = next((word for word in words if word in _FORBIDDEN_KEYWORDS), "")
    if barred:
        what = f"{barred} is not allowed in it (SHACL, appendix A)"
        return what, "Use FILTER and NOT EXISTS, or IN"
    if name == "validator":
        return (
            None
            if isinstance(answer, ox.QueryBoolean)
            else ("it is not an ASK query", "Write an ASK query")
        )
    if not isinstance(answer, ox.QuerySolutions) or not all(_selects_this(words)):
        return (
            "it, or a query in it, is not a SELECT query for $this",
            "Select $this in each SELECT",
        )
    return None


def _selects_this(words: list[str]) -> Iterator[bool]:
    """For each SELECT in a query's upper-case tokens, whether it selects ``$this``."""
    for place, word in enumerate(words):
        if word == "SELECT":
            end = words.index("{", place) if "{" in words[place:] else len(words)
            yield not {"*", "$THIS", "?THIS"}.isdisjoint(words[place:end])
