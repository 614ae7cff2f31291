"""The one way this project lays out Turtle, made for reading and for `git diff`.

One value to a line, every line ending alike, everything sorted: a changed value is one changed
line, an added value one added line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rdflib import BNode, Graph, Literal
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD
from rdflib.term import Node

from competency_graph.errors import BadValueError
from competency_graph.rdf.vocabulary import PREFIXES, new_graph

_FIRST = [
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
"""The predicates a reader looks for first; the others follow by their names."""
_PREFIX = re.compile(r"(?<![\w<\"-])([a-z]+(?:-[a-z]+)*):(?=[\w-])")


def lay_out(graph: Graph, comments: Iterable[str] = ()) -> str:
    """``graph`` as Turtle in the project's layout.

    Args:
        graph: triples without blank nodes.
        comments: lines for the head of the file, without their ``#``.

    Returns:
        Turtle 1.1 text ending in a newline; only the prefixes it uses are declared.

    Raises:
        BadValueError: the graph holds a blank node, which has no stable place in a sorted file.
    """
    names = new_graph().namespace_manager

    def term(node: Node) -> str:
        if isinstance(node, BNode):
            raise BadValueError("a blank node cannot be laid out", "Give the node an IRI")
        if isinstance(node, Literal) and node.datatype in (XSD.integer, XSD.boolean):
            return str(node)
        return node.n3(names)

    blocks = []
    for subject in sorted(set(graph.subjects()), key=lambda s: _subject_key(graph, s)):
        pairs = sorted(
            graph.predicate_objects(subject),
            key=lambda po: (_FIRST.index(po[0]) if po[0] in _FIRST else len(_FIRST), *map(str, po)),  # type: ignore[arg-type]
        )
        lines = [
            f"    {'a' if predicate == RDF.type else term(predicate)} {term(value)} ;"
            for predicate, value in pairs
        ]
        blocks.append("\n".join([term(subject), *lines, "    ."]))
    body = "\n\n".join(blocks)
    used = set(_PREFIX.findall(re.sub(r'"(\\.|[^"\\])*"', '""', body)))
    head = [f"# {line}".rstrip() for line in comments]
    declared = [f"PREFIX {p}: <{ns}>" for p, ns in sorted(PREFIXES.items()) if p in used]
    return "\n\n".join(filter(None, ["\n".join(head), "\n".join(declared), body])) + "\n"


def _subject_key(graph: Graph, subject: Node) -> tuple[list[tuple[str, int]], str]:
    """By notation, owners before their parts (A04, A04.A2, A04.A10); what has none comes first."""
    notation = str(graph.value(subject, SKOS.notation) or "")
    parts = re.findall(r"(\D+)(\d*)", notation)
    return ([(letters, int(digits or 0)) for letters, digits in parts], str(subject))
