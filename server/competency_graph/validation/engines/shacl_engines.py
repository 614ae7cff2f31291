"""The SHACL engines, each an existing library, behind a common interface.

The first is fast; pySHACL is the reference that tests compare it with.
"""

from __future__ import annotations

import logging
import re
import resource
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from competency_graph.errors import EvaluationError
from competency_graph.rdf.rdflib_graphs import to_engine, to_rdflib
from competency_graph.validation.engines.sparql_constraints import occurs, solutions
from competency_graph.validation.shapes.shapes_graph import (
    Shapes,
    broken_shapes_error,
    node_of,
    severity_of,
)

if TYPE_CHECKING:
    import shacl

_NS: Final = str(SH)
_ADVANCED_PROPERTIES: Final = ("target", "expression")
"""Properties of the SHACL Advanced Features that the fast engine supports."""
_SPARQL: Final = _NS + "SPARQLConstraintComponent"


@dataclass(frozen=True, order=True)
class Result:
    """A validation result (SHACL, section 3.6.2), with terms in N-Triples.

    Args:
        focus: the focus node.
        shape: the source shape, an IRI without brackets or a blank node.
        component: the IRI of the source constraint component.
        severity: one of `findings.SEVERITIES`.
        value: the value node, or "".
        message: the message.
        constraint: the IRI of the SPARQL-based constraint, or "".
    """

    focus: str
    shape: str
    component: str
    severity: str
    value: str
    message: str
    constraint: str = ""


class Engine(Protocol):
    """Validates data against shapes."""

    def __call__(self, data: str | Path, shapes: Shapes, most: int) -> list[Result]:
        """Validate ``data`` against ``shapes``, returning at most ``most`` results.

        Args:
            data: N-Triples, or a file of them, whose blank nodes are ``_:n0``, ``_:n1``, … in order
                of first occurrence.
            shapes: the shapes graph.
            most: the maximum number of results.

        Raises:
            EvaluationError: the shapes are broken.
        """


def fast(data: str | Path, shapes: Shapes, most: int) -> list[Result]:
    """Validate with the Rust engine of the PyPI package ``shacl``. See `Engine`.

    It relabels blank nodes in order of first occurrence in shapes and data.
    """
    all_shapes, shapes = shapes, shapes.without_bulk_constraints
    run = partial(_validate, data, shapes, most)
    if isinstance(data, str) and _threads_allowed():
        with ThreadPoolExecutor(1) as executor:
            future = executor.submit(run)
            found = list(islice(_bulk_results(data, all_shapes), most))
            report = future.result()
    else:
        report = run()
        found = list(islice(_bulk_results(data, all_shapes), most))
    constraints = _constraint_iris(report)
    for number, result in enumerate(report.results, 1):
        shape = _without_brackets(result.source_shape or "")
        if shape.startswith("_:"):
            shape = str(shapes.blank_nodes[_blank_node_number(shape)])
        found.append(
            Result(
                _restore_blank_node(result.focus_node, len(shapes.blank_nodes)),
                shape,
                shapes.components.get(result.component, _NS + result.component),
                severity_of(_without_brackets(result.severity_iri)),
                _restore_blank_node(result.value or "", len(shapes.blank_nodes)),
                result.message or "",
                constraints.get(number, ""),
            )
        )
    return found


def _validate(data: str | Path, shapes: Shapes, most: int) -> shacl.Report:
    import shacl  # needed by no other engine

    try:
        engine = shacl.Shapes.from_text(shapes.text, format="ntriples")
        if isinstance(data, Path):
            return engine.validate_file(str(data), max_results=most)
        return engine.validate_text(data, format="ntriples", max_results=most)
    except (ValueError, RuntimeError) as error:
        raise broken_shapes_error(error) from None


def _threads_allowed() -> bool:
    """Whether address space is unlimited, since threads need much of it; in workers it is not."""
    return resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def _bulk_results(data: str | Path, shapes: Shapes) -> Iterator[Result]:
    """The results of the constraints that are evaluated for all focus nodes at once."""
    queries = {
        constraint: query
        for constraint, query in shapes.bulk_constraints.items()
        if occurs(data, shapes.required_properties(shapes.shape_of(constraint)))
    }
    for constraint, focus, value in dict.fromkeys(solutions(data, queries)):
        rule, shape = shapes.rules[constraint], shapes.shape_of(constraint)
        yield Result(
            focus, shape, _SPARQL, rule.severity, value or focus,
            shapes.messages(ox.NamedNode(constraint))[0].value, constraint,
        )  # fmt: skip


def _constraint_iris(report: shacl.Report) -> dict[int, str]:
    """The IRIs of SPARQL-based constraints by result number, which only the RDF report contains."""
    if not any(_NS + result.component == _SPARQL for result in report.results):
        return {}
    return {
        int(quad.subject.value.removeprefix("r")): quad.object.value
        for quad in ox.parse(report.serialize("ntriples"), format=ox.RdfFormat.N_TRIPLES)
        if quad.predicate.value == _NS + "sourceConstraint"
        and isinstance(quad.object, ox.NamedNode)
        and isinstance(quad.subject, ox.BlankNode)
    }


def _without_brackets(iri: str) -> str:
    return iri.removeprefix("<").removesuffix(">")


def _restore_blank_node(term: str, before: int) -> str:
    """Convert a blank node of the engine to our label for it; other terms are unchanged."""
    if not term.startswith("_:"):
        return term
    return f"_:n{_blank_node_number(term) - before}"


def _blank_node_number(blank_node: str) -> int:
    """The number of blank nodes before it."""
    return int(blank_node.rpartition("b")[2])


def reference(data: str | Path, shapes: Shapes, most: int) -> list[Result]:
    """Validate with pySHACL, the reference implementation in Python. See `Engine`."""
    import pyshacl  # slow to import, and needed by no other work
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    # rdflib logs each literal that is invalid for its datatype, which the shapes check.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    _refuse_unsupported(shapes)
    try:
        with warnings.catch_warnings(action="ignore"):
            _, report, text = pyshacl.validate(
                _graph(data if isinstance(data, str) else data.read_text("utf-8")),
                shacl_graph=_with_inline_flags(_graph(shapes.text)),
                inference="none",
                advanced=False,
                js=False,
                do_owl_imports=False,
                inplace=True,
            )
    except (ReportableRuntimeError, ShapeLoadError) as error:
        raise broken_shapes_error(error) from None
    if not isinstance(report, Graph):
        raise broken_shapes_error(text)
    return list(_results(report, shapes))[:most]


def _refuse_unsupported(shapes: Shapes) -> None:
    """Refuse what the fast engine supports but pySHACL ignores or fails on."""
    for node in shapes.nodes:
        for name in _ADVANCED_PROPERTIES:
            if shapes.values(node, ox.NamedNode(_NS + name)):
                raise _unsupported(shapes.display_name(node), f"a sh:{name}", "")
        for pattern in shapes.values(node, ox.NamedNode(SH.pattern)):
            try:
                re.compile(pattern.value)
            except re.error as error:
                raise _unsupported(
                    shapes.display_name(node), "a sh:pattern", f": {error}"
                ) from None


def _unsupported(shape: str, what: str, why: str) -> EvaluationError:
    return EvaluationError(
        f"{shape} has {what} that the reference engine does not support{why}",
        "Validate without --engine pyshacl, or express it in another way",
    )


def _with_inline_flags(shapes: Graph) -> Graph:
    """Move regular expression flags that pySHACL does not support into the pattern."""
    for node, flags in list(shapes.subject_objects(SH.flags)):
        unknown = "".join(sorted(set(str(flags)) & set("sx")))
        for pattern in list(shapes.objects(node, SH.pattern)) if unknown else ():
            shapes.remove((node, SH.pattern, pattern))
            shapes.add((node, SH.pattern, Literal(f"(?{unknown}){pattern}")))
    return shapes


def _graph(text: str) -> Graph:
    """Parse N-Triples into an rdflib graph, keeping exact spelling and blank node labels."""
    graph = Graph(bind_namespaces="none")
    for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def _results(report: Graph, shapes: Shapes) -> Iterator[Result]:
    for result in report.objects(None, SH.result):  # without results nested as details

        def term(name: str, result: Node = result) -> Node | None:
            return report.value(result, SH[name])

        shape, constraint = term("sourceShape"), term("sourceConstraint")
        value, severity = term("value"), term("resultSeverity")
        component = str(term("sourceConstraintComponent"))
        name = f"_:{shape}" if isinstance(shape, BNode) else str(shape or "")
        message = term("resultMessage")
        custom = not component.startswith(_NS)
        message_sources = (
            shapes.validators(component) if custom else [node_of(name)] if name else []
        )
        if component != _SPARQL and not any(map(shapes.messages, message_sources)):
            message = None  # generated by pySHACL
        yield Result(
            _to_ntriples(term("focusNode")),
            name,
            component,
            severity_of(str(severity)),
            _to_ntriples(value),
            str(message or ""),
            str(constraint) if isinstance(constraint, URIRef) else "",
        )


def _to_ntriples(term: Node | None) -> str:
    """A term in N-Triples; "" for None."""
    return "" if term is None else str(to_engine(term))


ENGINES: Final[dict[str, Engine]] = {"fast": fast, "pyshacl": reference}
