"""Validating: SHACL, the W3C recommendation, says what a dictionary lacks.

Shapes judge what files assert. What follows by inference is not added, so that a finding always
speaks of what an author wrote or did not write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH, SKOS
from rdflib.term import Node

from competency_graph import resources
from competency_graph.dictionary import Dictionary
from competency_graph.errors import EvaluationError
from competency_graph.reading import read_graph
from competency_graph.vocabulary import new_graph

_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_ORDER = {name: rank for rank, name in enumerate(_SEVERITIES.values())}


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong.

    Args:
        severity: ``violation`` (broken or incomplete), ``warning`` (will hamper users) or ``info``
            (worth a look).
        focus: the IRI of the entry concerned, or the label of a blank node.
        label: the entry's label, or "".
        path: the property concerned as prefixed name, or "" where it is not a single one.
        value: the value concerned, in N3, or "".
        message: what is wrong, and what to do.
        shape: the rule as prefixed name.
        constraint: the kind of SHACL constraint, as ``MinCount``.
    """

    severity: str
    focus: str
    label: str
    path: str
    value: str
    message: str
    shape: str
    constraint: str


def validate(data: Graph, ontology: Graph, shapes: Graph) -> list[Finding]:
    """What ``shapes`` find in ``data``: gravest first, then by entry.

    Args:
        data: what a dictionary's files assert.
        ontology: class hierarchy that targets and class constraints follow.
        shapes: a SHACL shapes graph.

    Raises:
        EvaluationError: the shapes themselves are broken, or validation failed.
    """
    import pyshacl  # slow to import, and needed by no other work
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    try:
        _, report, text = pyshacl.validate(
            data + ontology,
            shacl_graph=shapes,
            inference="none",
            advanced=False,
            js=False,
            do_owl_imports=False,
            inplace=True,
        )
    except (ReportableRuntimeError, ShapeLoadError) as error:
        raise _failed(str(error)) from None
    if not isinstance(report, Graph):
        raise _failed(str(text))
    names = new_graph()
    found = {
        _finding(report, result, data, names)
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    return sorted(found, key=lambda f: (_ORDER[f.severity], f.focus, f.shape, f.value))


def validate_files(files: Sequence[Path], base: bool = True) -> list[Finding]:
    """What is missing or wrong in ``files``.

    Args:
        files: files of a dictionary; none means the published dictionary alone.
        base: whether they extend the published dictionary, which is then read beside them. Only
            findings about entries that ``files`` describe or link to are given: a fault elsewhere
            in the published dictionary is not theirs.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
        EvaluationError: validation failed.
    """
    published = Dictionary()
    shapes = published_shapes()
    if not files:
        return validate(published.asserted, published.ontology, shapes)
    own = read_graph(files)
    data = published.asserted + own if base else own
    concerned = {str(node) for node in own.all_nodes()}
    return [f for f in validate(data, published.ontology, shapes) if f.focus in concerned]


def published_shapes() -> Graph:
    """The shapes that this project publishes."""
    return read_graph(resources.turtle_files(resources.SHAPES))


def _finding(report: Graph, result: Node, data: Graph, names: Graph) -> Finding:
    focus = report.value(result, SH.focusNode)
    path = report.value(result, SH.resultPath)
    value = report.value(result, SH.value)
    severity = report.value(result, SH.resultSeverity)
    shape = report.value(result, SH.sourceShape)
    component = report.value(result, SH.sourceConstraintComponent)
    rule = report.value(result, SH.sourceConstraint)
    return Finding(
        severity=_SEVERITIES.get(severity, "violation")
        if isinstance(severity, URIRef)
        else "violation",
        focus=str(focus),
        label=str(data.value(focus, SKOS.prefLabel) or ""),
        path=_name(path, names),
        value=value.n3() if value is not None and not isinstance(value, BNode) else "",
        message=str(report.value(result, SH.resultMessage) or ""),
        shape=_name(rule if isinstance(rule, URIRef) else shape, names),
        constraint=str(component).rpartition("#")[2].removesuffix("ConstraintComponent"),
    )


def _name(node: Node | None, names: Graph) -> str:
    """The prefixed name of an IRI, and "" for what has none."""
    return node.n3(names.namespace_manager) if isinstance(node, URIRef) else ""


def _failed(reason: str) -> EvaluationError:
    return EvaluationError(
        f"validation failed ({' '.join(reason.split())[:300]})", "Check the shapes that were used"
    )
