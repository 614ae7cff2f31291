"""The engines that judge data by shapes, each a well-kept library, under one face.

The first is fast; pySHACL is the reference that it is held against.
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
from competency_graph.rdf.parsing import to_engine, to_rdflib
from competency_graph.validation.engines.sparql_constraints import occurs, solutions
from competency_graph.validation.shapes.shapes_graph import Shapes, broken, node_of, severity_of

if TYPE_CHECKING:
    import shacl

_NS: Final = str(SH)
_ADVANCED: Final = ("target", "expression")
"""Properties of the SHACL Advanced Features by which the fast engine judges."""
_SPARQL: Final = _NS + "SPARQLConstraintComponent"


@dataclass(frozen=True, order=True)
class Result:
    """What an engine found: a validation result (SHACL, section 3.6.2), its terms in N-Triples.

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
    """Judges data by shapes."""

    def __call__(self, data: str | Path, shapes: Shapes, most: int) -> list[Result]:
        """What ``shapes`` find in ``data``, at most ``most`` results.

        Args:
            data: N-Triples, or a file of them, whose blank nodes are ``_:n0``, ``_:n1``, … in the
                order in which they first stand there.
            shapes: the shapes graph.
            most: how many results are enough.

        Raises:
            EvaluationError: the shapes are broken.
        """


def fast(data: str | Path, shapes: Shapes, most: int) -> list[Result]:
    """The engine in Rust of PyPI's ``shacl``. As `Engine`.

    It names blank nodes anew, in the order in which they first stand in shapes and data.
    """
    whole, shapes = shapes, shapes.rest
    judge = partial(_judged, data, shapes, most)
    if isinstance(data, str) and _room_for_threads():
        with ThreadPoolExecutor(1) as beside:
            asked = beside.submit(judge)
            found = list(islice(_at_once(data, whole), most))
            report = asked.result()
    else:
        report = judge()
        found = list(islice(_at_once(data, whole), most))
    constraints = _constraints(report)
    for number, result in enumerate(report.results, 1):
        shape = _bare(result.source_shape or "")
        if shape.startswith("_:"):
            shape = str(shapes.blank_nodes[_number(shape)])
        found.append(
            Result(
                _own(result.focus_node, len(shapes.blank_nodes)),
                shape,
                shapes.components.get(result.component, _NS + result.component),
                severity_of(_bare(result.severity_iri)),
                _own(result.value or "", len(shapes.blank_nodes)),
                result.message or "",
                constraints.get(number, ""),
            )
        )
    return found


def _judged(data: str | Path, shapes: Shapes, most: int) -> shacl.Report:
    import shacl  # needed by no other engine

    try:
        engine = shacl.Shapes.from_text(shapes.text, format="ntriples")
        if isinstance(data, Path):
            return engine.validate_file(str(data), max_results=most)
        return engine.validate_text(data, format="ntriples", max_results=most)
    except (ValueError, RuntimeError) as error:
        raise broken(error) from None


def _room_for_threads() -> bool:
    """Whether the process may have as much address space as threads ask for; evaluators may not."""
    return resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def _at_once(data: str | Path, shapes: Shapes) -> Iterator[Result]:
    """What the constraints find that are asked once for all focus nodes."""
    queries = {
        constraint: query
        for constraint, query in shapes.bulk.items()
        if occurs(data, shapes.targeted(shapes.shape_of(constraint)))
    }
    for constraint, focus, value in dict.fromkeys(solutions(data, queries)):
        rule, shape = shapes.rules[constraint], shapes.shape_of(constraint)
        yield Result(
            focus, shape, _SPARQL, rule.severity, value or focus,
            shapes.messages(ox.NamedNode(constraint))[0].value, constraint,
        )  # fmt: skip


def _constraints(report: shacl.Report) -> dict[int, str]:
    """The IRIs of the SPARQL-based constraints by the results' numbers, which RDF alone tells."""
    if not any(_NS + result.component == _SPARQL for result in report.results):
        return {}
    return {
        int(quad.subject.value.removeprefix("r")): quad.object.value
        for quad in ox.parse(report.serialize("ntriples"), format=ox.RdfFormat.N_TRIPLES)
        if quad.predicate.value == _NS + "sourceConstraint"
        and isinstance(quad.object, ox.NamedNode)
        and isinstance(quad.subject, ox.BlankNode)
    }


def _bare(iri: str) -> str:
    return iri.removeprefix("<").removesuffix(">")


def _own(term: str, before: int) -> str:
    """A blank node by our own name for it; any other term as it is."""
    if not term.startswith("_:"):
        return term
    return f"_:n{_number(term) - before}"


def _number(blank_node: str) -> int:
    """How many blank nodes stood before it."""
    return int(blank_node.rpartition("b")[2])


def reference(data: str | Path, shapes: Shapes, most: int) -> list[Result]:
    """PySHACL, the reference implementation in Python. As `Engine`."""
    import pyshacl  # slow to import, and needed by no other work
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    # It tells of each literal that is none of its datatype, which is the shapes' to judge.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    _refuse_unknown(shapes)
    try:
        with warnings.catch_warnings(action="ignore"):
            _, report, text = pyshacl.validate(
                _graph(data if isinstance(data, str) else data.read_text("utf-8")),
                shacl_graph=_with_all_flags(_graph(shapes.text)),
                inference="none",
                advanced=False,
                js=False,
                do_owl_imports=False,
                inplace=True,
            )
    except (ReportableRuntimeError, ShapeLoadError) as error:
        raise broken(error) from None
    if not isinstance(report, Graph):
        raise broken(text)
    return list(_results(report, shapes))[:most]


def _refuse_unknown(shapes: Shapes) -> None:
    """Refuse what the fast engine judges by, and pySHACL passes over or breaks off at."""
    for node in shapes.nodes:
        for name in _ADVANCED:
            if shapes.values(node, ox.NamedNode(_NS + name)):
                raise _unknown(shapes.called(node), f"a sh:{name}", "")
        for pattern in shapes.values(node, ox.NamedNode(SH.pattern)):
            try:
                re.compile(pattern.value)
            except re.error as error:
                raise _unknown(shapes.called(node), "a sh:pattern", f": {error}") from None


def _unknown(shape: str, what: str, why: str) -> EvaluationError:
    return EvaluationError(
        f"{shape} has {what} that the reference engine does not know{why}",
        "Judge it without --engine pyshacl, or write it in another way",
    )


def _with_all_flags(shapes: Graph) -> Graph:
    """The same shapes with those flags in the pattern that pySHACL does not know."""
    for node, flags in list(shapes.subject_objects(SH.flags)):
        unknown = "".join(sorted(set(str(flags)) & set("sx")))
        for pattern in list(shapes.objects(node, SH.pattern)) if unknown else ():
            shapes.remove((node, SH.pattern, pattern))
            shapes.add((node, SH.pattern, Literal(f"(?{unknown}){pattern}")))
    return shapes


def _graph(text: str) -> Graph:
    """N-Triples as rdflib's graph, terms exactly as spelled, blank nodes by their names."""
    graph = Graph(bind_namespaces="none")
    for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def _results(report: Graph, shapes: Shapes) -> Iterator[Result]:
    for result in report.objects(None, SH.result):  # not those that are a detail of another

        def term(name: str, result: Node = result) -> Node | None:
            return report.value(result, SH[name])

        shape, constraint = term("sourceShape"), term("sourceConstraint")
        value, severity = term("value"), term("resultSeverity")
        component = str(term("sourceConstraintComponent"))
        name = f"_:{shape}" if isinstance(shape, BNode) else str(shape or "")
        message = term("resultMessage")
        custom = not component.startswith(_NS)
        telling = shapes.validators(component) if custom else [node_of(name)] if name else []
        if component != _SPARQL and not any(map(shapes.messages, telling)):
            message = None  # it made one up
        yield Result(
            _spelled(term("focusNode")),
            name,
            component,
            severity_of(str(severity)),
            _spelled(value),
            str(message or ""),
            str(constraint) if isinstance(constraint, URIRef) else "",
        )


def _spelled(term: Node | None) -> str:
    """A term in N-Triples; "" for none."""
    return "" if term is None else str(to_engine(term))


ENGINES: Final[dict[str, Engine]] = {"fast": fast, "pyshacl": reference}
