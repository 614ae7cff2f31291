"""A report as a SHACL validation report (SHACL, section 3.6)."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar, cast

import pyoxigraph as ox
from rdflib.namespace import RDF, SH

from competency_graph.rdf.short_names import Term, prefixes_of
from competency_graph.validation.findings import Finding, Report

Node = ox.NamedNode | ox.BlankNode
T = TypeVar("T", bound=Term | None)


def write_w3c(report: Report, form: ox.RdfFormat, shapes: Iterable[ox.Triple] = ()) -> str:
    """Write the validation report in an RDF format.

    Args:
        report: the report.
        form: the format.
        shapes: the shapes graph, from which complex paths are copied.
    """
    triples = list(_ReportGraph(shapes).report(report))
    body = io.BytesIO()
    ox.serialize(triples, body, format=form, prefixes=prefixes_of(triples))
    return body.getvalue().decode()


class _ReportGraph:
    """Builds the graph of a report.

    Blank nodes are numbered, so equal reports give equal texts, and blank nodes of the data are
    kept apart from those of the shapes.
    """

    def __init__(self, shapes: Iterable[ox.Triple]) -> None:
        self._numbered: dict[object, ox.BlankNode] = {}
        self._shapes: defaultdict[object, list[ox.Triple]] = defaultdict(list)
        for triple in shapes:
            self._shapes[triple.subject].append(triple)

    def report(self, report: Report) -> Iterator[ox.Triple]:
        """Yield the report. An incomplete validation does not count as conforming."""
        root = self._blank("report")
        conforms = not report.findings and not report.partial
        yield ox.Triple(root, ox.NamedNode(RDF.type), _sh("ValidationReport"))
        yield ox.Triple(root, _sh("conforms"), ox.Literal(conforms))
        each = [replace(f, component=c) for f in report.findings for c in (f.component, *f.also)]
        results = [(self._blank("result", n), f) for n, f in enumerate(each)]
        for node, _ in results:
            yield ox.Triple(root, _sh("result"), node)
        for node, finding in results:
            yield from self._result(node, finding)

    def _result(self, node: ox.BlankNode, finding: Finding) -> Iterator[ox.Triple]:
        text = " ".join(filter(None, (finding.message, finding.remedy)))
        path = _parse_node(finding.path) or self._path(finding)
        parts: dict[str, Term | None] = {
            # Every result needs a focus node (3.6.2.1); for a whole file it is a blank node.
            "focusNode": self._renumbered("data", finding.term)
            or self._blank("file", finding.place.file),
            "resultPath": self._renumbered("shapes", path),
            "value": self._renumbered("data", _parse_value(finding.value)),
            "resultSeverity": _sh(finding.severity.capitalize()),
            "sourceShape": self._renumbered("shapes", _parse_node(finding.shape)),
            "sourceConstraintComponent": ox.NamedNode(finding.component or finding.rule.iri),
            "sourceConstraint": self._renumbered("shapes", _parse_node(finding.constraint)),
            "resultMessage": ox.Literal(
                _without_surrogates(finding.result_message or text), language="en"
            ),
        }
        yield ox.Triple(node, ox.NamedNode(RDF.type), _sh("ValidationResult"))
        for name, term in parts.items():
            if term is not None:
                yield ox.Triple(node, _sh(name), term)
        yield from self._copied_path(path)

    def _path(self, finding: Finding) -> Node | None:
        """The path of the shape that produced the finding."""
        paths = [t for t in self._shapes[_parse_node(finding.shape)] if t.predicate == _sh("path")]
        return cast(Node, paths[0].object) if paths else None

    def _copied_path(self, start: Term | None) -> Iterator[ox.Triple]:
        """Copy the statements about a blank node of the shapes, recursively and only once."""
        pending = [start]
        for node in pending:
            if isinstance(node, ox.BlankNode):
                for _, predicate, value in self._shapes.pop(node, ()):
                    yield ox.Triple(
                        self._renumbered("shapes", node),
                        predicate,
                        self._renumbered("shapes", value),
                    )
                    pending.append(value)

    def _renumbered(self, owner: str, term: T) -> T | ox.BlankNode:
        return self._blank(owner, term) if isinstance(term, ox.BlankNode) else term

    def _blank(self, *key: object) -> ox.BlankNode:
        return self._numbered.setdefault(key, ox.BlankNode(f"b{len(self._numbered)}"))


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(SH) + name)


def _parse_node(name: str) -> Node | None:
    """The term for an IRI or a blank node label; None for ""."""
    if not name:
        return None
    return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)


def _parse_value(text: str) -> Term | None:
    """Parse a term in N-Triples syntax; None for ""."""
    if not text:
        return None
    line = f"<x:s> <x:p> {_without_surrogates(text)} ."
    term: Term = next(ox.parse(line, format=ox.RdfFormat.N_TRIPLES, lenient=True)).object
    return term


def _without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no graph can contain."""
    return text.encode(errors="replace").decode()
