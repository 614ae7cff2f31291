"""What is missing or wrong in a dictionary, by the published shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, SKOS
from rdflib.term import Node

from competency_graph import resources
from competency_graph.errors import EvaluationError, UnreadableInputError
from competency_graph.naming import shorten
from competency_graph.reading import read_graph

SHAPE = "https://w3id.org/competency-graph/shapes#"
_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_RANK = {name: rank for rank, name in enumerate(_SEVERITIES.values())}
_NAMELESS = "[]"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is missing or wrong, told to a person.

    Args:
        severity: "violation" (broken or incomplete), "warning" (hampers users) or "info" (worth a
            look).
        focus: IRI of what it concerns, or "[]" for something without an IRI.
        label: its name, or "" where it has none.
        path: the property that it is about, as a prefixed name, or "". Of an inverse pair, the one
            that is named first in the shape.
        value: the value at fault as Turtle writes it, or "".
        message: what is the matter and what to do.
        shape: the shape that says so, as a prefixed name.
    """

    severity: str
    focus: str
    label: str
    path: str
    value: str
    message: str
    shape: str


def shapes() -> Graph:
    """The published shapes."""
    return read_graph(resources.turtle_files(resources.SHAPES))


def validate_files(files: Sequence[Path], base: bool = True) -> list[Finding]:
    """What is missing or wrong in ``files``.

    Args:
        files: files that extend the published dictionary; none means the published dictionary.
        base: whether they are read together with the published dictionary.

    Returns:
        What concerns the entries that the files describe, and what is wrong with others only
        because of what the files say. Faults that the published dictionary has without them are
        not among it.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
    """
    ontology = read_graph(resources.turtle_files(resources.ONTOLOGY))
    published = resources.turtle_files(resources.DATA) if base or not files else []
    rules = shapes()
    extension = read_graph(files)
    found = validate(read_graph([*published, *files]), ontology, rules)
    if not files:
        return found
    described = {_address(subject) for subject in extension.subjects()}
    if all(finding.focus in described for finding in found):
        return found
    before = set(validate(read_graph(published), ontology, rules))
    return [finding for finding in found if finding.focus in described or finding not in before]


def validate(data: Graph, ontology: Graph, shapes: Graph) -> list[Finding]:
    """What is missing or wrong in ``data``: the worst first, then by entry.

    A shape that surveys a whole dictionary by a SPARQL query names the entry at fault as the value.
    Its finding is about that entry.

    Raises:
        UnreadableInputError: a shape is malformed.
        EvaluationError: the validation failed while it ran.
    """
    results = report(data, ontology, shapes)
    findings = {_finding(results, result, data, shapes) for result in results.objects(None, SH.result)}
    return sorted(findings, key=lambda finding: (_RANK[finding.severity], finding))


def report(data: Graph, ontology: Graph, shapes: Graph) -> Graph:
    """The W3C validation report on ``data``.

    The data is judged as it is stated, without inference; of the ontology, only its hierarchy of
    classes counts. Nothing is fetched.

    Raises:
        UnreadableInputError: a shape is malformed.
        EvaluationError: the validation failed while it ran.
    """
    import pyshacl
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    try:
        _, results, text = pyshacl.validate(
            data,
            shacl_graph=shapes,
            ont_graph=ontology,
            inference="none",
            advanced=False,
            js=False,
            do_owl_imports=False,
        )
    except (ShapeLoadError, ConstraintLoadError) as error:
        raise UnreadableInputError(
            f"a shape is malformed: {error.message}", "Mend the shape, then run this again", "shapes"
        ) from None
    except ReportableRuntimeError as error:
        raise _failed(error.message) from None
    if not isinstance(results, Graph):
        raise _failed(text)
    return results


def _failed(reason: str) -> EvaluationError:
    what = " ".join(reason.split()).rstrip(".")
    return EvaluationError(
        f"the validation could not be finished: {what}",
        "Check that the files hold a dictionary, and report this if they do",
    )


def _finding(results: Graph, result: Node, data: Graph, shapes: Graph) -> Finding:
    focus, value = results.value(result, SH.focusNode), results.value(result, SH.resultValue)
    value = results.value(result, SH.value)
    surveyed = results.value(result, SH.sourceConstraint) is not None and isinstance(value, URIRef)
    if surveyed:
        focus, value = value, None
    severity = results.value(result, SH.resultSeverity)
    path = results.value(result, SH.resultPath)
    return Finding(
        severity=_SEVERITIES[URIRef(str(severity))],
        focus=_address(focus),
        label=_text(data.objects(focus, SKOS.prefLabel)),
        path=_name(_first_step(path, shapes)),
        value="" if value is None or value == focus else _turtle(value),
        message=_text(results.objects(result, SH.resultMessage)),
        shape=_name(results.value(result, SH.sourceShape)),
    )
