"""The project's Turtle layout, designed for readability and for `git diff`.

It writes one value per line, ends all lines alike and sorts everything: changing or adding a value
changes or adds exactly one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rdflib import BNode, Graph, Literal
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD
from rdflib.term import Node

from competency_graph.errors import BadValueError
from competency_graph.rdf.vocabulary import PREFIXES, bind

_LEADING_PREDICATES = [
    RDF.type,
    DCTERMS.title,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.notation,
    DCTERMS.description,
    SKOS.definition,
    SKOS.example,
    SKOS.inScheme,
]
"""The predicates that come first; the others follow in alphabetical order."""
_PREFIX = re.compile(r"(?<![\w<\"-])([a-z]+(?:-[a-z]+)*):(?=[\w-])")


def lay_out(
    graph: Graph, comments: Iterable[str] = (), prefixes: Mapping[str, str] = PREFIXES
) -> str:
    """Serialize ``graph`` as Turtle in the project's layout.

    Args:
        graph: triples without blank nodes.
        comments: lines for the head of the file, without ``#``.
        prefixes: the prefixes to use, with their namespaces.

    Returns:
        Turtle 1.1 text ending in a newline; only the prefixes it uses are declared.

    Raises:
        BadValueError: the graph contains a blank node, which has no stable place in a sorted file.
    """
    names = bind(Graph(bind_namespaces="none"), prefixes).namespace_manager

    def term(node: Node) -> str:
        if isinstance(node, BNode):
            raise BadValueError("a blank node cannot be formatted", "Give the node an IRI")
        if isinstance(node, Literal) and node.datatype in (XSD.integer, XSD.boolean):
            return str(node)
        return node.n3(names)

    blocks = []
    for subject in sorted(set(graph.subjects()), key=lambda s: _subject_sort_key(graph, s)):
        pairs = sorted(graph.predicate_objects(subject), key=_pair_sort_key)
        lines = [
            f"    {'a' if predicate == RDF.type else term(predicate)} {term(value)} ;"
            for predicate, value in pairs
        ]
        blocks.append("\n".join([term(subject), *lines, "    ."]))
    body = "\n\n".join(blocks)
    used = set(_PREFIX.findall(re.sub(r'"(\\.|[^"\\])*"', '""', body)))
    head = [f"# {line}".rstrip() for line in comments]
    declared = [f"PREFIX {p}: <{ns}>" for p, ns in sorted(prefixes.items()) if p in used]
    return "\n\n".join(filter(None, ["\n".join(head), "\n".join(declared), body])) + "\n"


def _pair_sort_key(pair: tuple[Node, Node]) -> tuple[int, str, str]:
    """Sort by predicate, those of `_LEADING_PREDICATES` first, then by value."""
    predicate, value = pair
    leading = _LEADING_PREDICATES
    rank = leading.index(predicate) if predicate in leading else len(leading)  # type: ignore[arg-type]
    return rank, str(predicate), str(value)


def _subject_sort_key(graph: Graph, subject: Node) -> tuple[list[tuple[str, int]], str]:
    """Sort by notation, parents before parts (A04, A04.A2, A04.A10), subjects without it first."""
    notation = str(graph.value(subject, SKOS.notation) or "")
    parts = re.findall(r"(\D+)(\d*)", notation)
    return ([(letters, int(digits or 0)) for letters, digits in parts], str(subject))
