"""A report as the W3C has it: a SHACL validation report (SHACL, section 3.6)."""

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
    """The validation report in a format of graphs.

    Args:
        report: what was found.
        form: the format to write.
        shapes: the shapes graph, where paths that are more than one property are copied from.
    """
    triples = list(_Writing(shapes).report(report))
    body = io.BytesIO()
    ox.serialize(triples, body, format=form, prefixes=prefixes_of(triples))
    return body.getvalue().decode()


class _Writing:
    """The graph in the making.

    Blank nodes are numbered, so that the same report is the same text and one of the data is never
    one of the shapes.
    """

    def __init__(self, shapes: Iterable[ox.Triple]) -> None:
        self._numbered: dict[object, ox.BlankNode] = {}
        self._shapes: defaultdict[object, list[ox.Triple]] = defaultdict(list)
        for triple in shapes:
            self._shapes[triple.subject].append(triple)

    def report(self, report: Report) -> Iterator[ox.Triple]:
        """The whole. One that was not done has not shown that the data conforms."""
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
        told = " ".join(filter(None, (finding.message, finding.remedy)))
        path = _node(finding.path) or self._path(finding)
        parts: dict[str, Term | None] = {
            # Every result has one focus node (3.6.2.1); a file's is something without a name.
            "focusNode": self._own("data", finding.term) or self._blank("file", finding.place.file),
            "resultPath": self._own("shapes", path),
            "value": self._own("data", _value(finding.value)),
            "resultSeverity": _sh(finding.severity.capitalize()),
            "sourceShape": self._own("shapes", _node(finding.shape)),
            "sourceConstraintComponent": ox.NamedNode(finding.component or finding.rule.iri),
            "sourceConstraint": self._own("shapes", _node(finding.constraint)),
            "resultMessage": ox.Literal(_sound(finding.result_message or told), language="en"),
        }
        yield ox.Triple(node, ox.NamedNode(RDF.type), _sh("ValidationResult"))
        for name, term in parts.items():
            if term is not None:
                yield ox.Triple(node, _sh(name), term)
        yield from self._copied(path)

    def _path(self, finding: Finding) -> Node | None:
        """The path of the shape that found it."""
        paths = [t for t in self._shapes[_node(finding.shape)] if t.predicate == _sh("path")]
        return cast(Node, paths[0].object) if paths else None

    def _copied(self, start: Term | None) -> Iterator[ox.Triple]:
        """What the shapes say of a blank node, and of those that it leads to, once."""
        waiting = [start]
        for node in waiting:
            if isinstance(node, ox.BlankNode):
                for _, predicate, value in self._shapes.pop(node, ()):
                    yield ox.Triple(
                        self._own("shapes", node), predicate, self._own("shapes", value)
                    )
                    waiting.append(value)

    def _own(self, owner: str, term: T) -> T | ox.BlankNode:
        return self._blank(owner, term) if isinstance(term, ox.BlankNode) else term

    def _blank(self, *key: object) -> ox.BlankNode:
        return self._numbered.setdefault(key, ox.BlankNode(f"b{len(self._numbered)}"))


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(SH) + name)


def _node(name: str) -> Node | None:
    """The term of an IRI or of a blank node's label, None for ""."""
    if not name:
        return None
    return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)


def _value(text: str) -> Term | None:
    """The term that is written in N-Triples, None for ""."""
    if not text:
        return None
    line = f"<x:s> <x:p> {_sound(text)} ."
    term: Term = next(ox.parse(line, format=ox.RdfFormat.N_TRIPLES, lenient=True)).object
    return term


def _sound(text: str) -> str:
    """The text without halves of characters, which no graph holds."""
    return text.encode(errors="replace").decode()
