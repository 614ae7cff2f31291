"""The project's Turtle layout, designed for readability and for `git diff`.

It writes one value per line, ends all lines alike and sorts everything: changing or adding a value
changes or adds exactly one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rdflib import BNode, Graph, Literal
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD
from rdflib.term import Node

from competency_graph.errors import BadValueError
from competency_graph.rdf.vocabulary import PREFIXES, new_graph

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
_RANKS = {str(predicate): rank for rank, predicate in enumerate(_LEADING_PREDICATES)}
_PREFIX = re.compile(r"(?<![\w<\"-])([a-z]+(?:-[a-z]+)*):(?=[\w-])")


def lay_out(graph: Graph, comments: Iterable[str] = ()) -> str:
    """Serialize ``graph`` as Turtle in the project's layout.

    Args:
        graph: triples without blank nodes.
        comments: lines for the head of the file, without ``#``.

    Returns:
        Turtle 1.1 text ending in a newline; only the prefixes it uses are declared.

    Raises:
        BadValueError: the graph contains a blank node, which has no stable place in a sorted file.
    """
    names = new_graph().namespace_manager

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
    declared = [f"PREFIX {p}: <{ns}>" for p, ns in sorted(PREFIXES.items()) if p in used]
    return "\n\n".join(filter(None, ["\n".join(head), "\n".join(declared), body])) + "\n"


def _pair_sort_key(pair: tuple[Node, Node]) -> tuple[int, str, str]:
    """Sort by predicate, then by value."""
    return *predicate_order(str(pair[0])), str(pair[1])


def predicate_order(predicate: str) -> tuple[int, str]:
    """The sort key of a predicate, given by its IRI: those of `_LEADING_PREDICATES` come first."""
    return _RANKS.get(predicate, len(_RANKS)), predicate


def _subject_sort_key(graph: Graph, subject: Node) -> tuple[list[tuple[str, int]], str]:
    """Sort by notation, parents before parts (A04, A04.A2, A04.A10), subjects without it first."""
    notation = str(graph.value(subject, SKOS.notation) or "")
    parts = re.findall(r"(\D+)(\d*)", notation)
    return ([(letters, int(digits or 0)) for letters, digits in parts], str(subject))
