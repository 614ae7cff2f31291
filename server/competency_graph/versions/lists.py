"""RDF lists as single nodes, which makes graphs with lists easier to compare."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.rdf.short_names import Term

_FIRST, _REST = ox.NamedNode(RDF.first), ox.NamedNode(RDF.rest)
_MEMBER: Final = "tag:w3id.org,2026:competency-graph/member/"
"""The start of a property for each place in a list; files do not contain it."""


def with_lists_as_nodes(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The statements, with each list as one node that has its members as numbered values.

    A node of a list is left out if it only has a member and a rest, and only the node before it
    leads to it. The results for two graphs are isomorphic if and only if the graphs are.
    """
    stated: dict[Term, list[ox.Quad]] = defaultdict(list)
    leading: dict[Term, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        stated[quad.subject].append(quad)
        leading[quad.object].append(quad)
    cells = {
        node
        for node, own in stated.items()
        if isinstance(node, ox.BlankNode)
        and Counter(quad.predicate for quad in own) == {_FIRST: 1, _REST: 1}
    }
    inner = {
        node
        for node in cells
        if len(leading[node]) == 1
        and leading[node][0].predicate == _REST
        and leading[node][0].subject in cells
    }
    found = [quad for quad in quads if quad.subject not in cells]
    done: set[Term] = set()
    for head in cells - inner:
        node: Term = head
        number = 0
        while node == head or node in inner:
            done.add(node)
            values = {quad.predicate: quad.object for quad in stated[node]}
            found.append(ox.Quad(head, ox.NamedNode(f"{_MEMBER}{number}"), values[_FIRST]))
            node, number = values[_REST], number + 1
            if node == head:
                break
        found.append(ox.Quad(head, _REST, node))
    return found + [quad for node in cells - done for quad in stated[node]]
