"""Blank nodes of two versions are matched; the difference turns one version into the other."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from competency_graph.errors import LimitError
from competency_graph.rdf.rdflib_graphs import read_quads
from competency_graph.versions import compare, write
from competency_graph.versions.blank_nodes import difference
from versions.bakery import HEAD, version

RDFC = ox.CanonicalizationAlgorithm.RDFC_1_0
EX = "https://example.org/bakery/"
NAMED = [ox.NamedNode(EX + name) for name in "abc"]
PREDICATES = [ox.NamedNode(EX + name) for name in ("has", "of")]
LITERALS = [ox.Literal("rye"), ox.Literal("rye", language="en"), ox.Literal("1\n\\\"'é")]
NODES = [ox.BlankNode(f"x{number}") for number in range(5)]
STATEMENTS = st.builds(
    ox.Quad,
    st.sampled_from([*NAMED, *NODES, *NODES]),
    st.sampled_from(PREDICATES),
    st.sampled_from([*NAMED, *LITERALS, *NODES, *NODES, *NODES]),
)
GRAPHS = st.frozensets(STATEMENTS, max_size=14)


def relabelled(quads: Iterable[ox.Quad], seed: int) -> frozenset[ox.Quad]:
    """The same graph with other labels, in another order."""
    names = [ox.BlankNode(f"y{seed}-{number}") for number in range(len(NODES))]
    random.Random(seed).shuffle(names)
    new = dict(zip(NODES, names, strict=True))
    return frozenset(
        ox.Quad(new.get(q.subject, q.subject), q.predicate, new.get(q.object, q.object))
        for q in quads
    )


def canonical(quads: Iterable[ox.Quad]) -> ox.Dataset:
    found = ox.Dataset(quads)
    found.canonicalize(RDFC)
    return found


def patched(old: Iterable[ox.Quad], patch: str) -> list[ox.Quad]:
    """Apply an RDF Patch to a canonicalized graph, as its users do: line by line."""
    lines = patch.splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    graph = set(map(str, (quad.triple for quad in canonical(old))))
    for line in lines[1:-1]:
        sign, statement = re.fullmatch(r"([AD]) (.*) \.", line).groups()
        if sign == "D":
            graph.remove(statement)  # fails if the statement is not there
        else:
            assert statement not in graph
            graph.add(statement)
    return list(ox.parse("\n".join(f"{each} ." for each in graph), format=ox.RdfFormat.N_TRIPLES))


def as_rdflib(quads: Iterable[ox.Quad]) -> Graph:
    return read_quads(quads)


@settings(max_examples=150, deadline=None)
@given(GRAPHS, st.integers(0, 1000))
def test_a_graph_with_other_labels_does_not_differ(graph: frozenset[ox.Quad], seed: int) -> None:
    found = difference(graph, relabelled(graph, seed))
    assert (found.removed, found.added) == (frozenset(), frozenset())


@settings(max_examples=150, deadline=None)
@given(GRAPHS, GRAPHS)
def test_the_difference_turns_one_graph_into_the_other(
    old: frozenset[ox.Quad], new: frozenset[ox.Quad]
) -> None:
    found = difference(old, relabelled(new, 1))
    before = frozenset(canonical(old))
    assert found.canonical
    assert found.removed <= before
    assert not found.added & before
    assert canonical((before - found.removed) | found.added) == canonical(new)


@settings(max_examples=50, deadline=None)
@given(GRAPHS, GRAPHS)
def test_an_rdf_patch_gives_the_new_version(
    old: frozenset[ox.Quad], new: frozenset[ox.Quad]
) -> None:
    versions = [
        version(ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES).decode(),
                name, "nt")
        for name, quads in (("old", old), ("new", new))
    ]  # fmt: skip
    patch = write(compare(*versions), "rdf-patch")
    found = patched(old, patch)
    assert canonical(found) == canonical(new)
    assert isomorphic(as_rdflib(found), as_rdflib(new))


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        # A value in one of two shapes: only that value.
        (
            "bakery:s sh:property [ sh:path bakery:a ; sh:minCount 1 ] , [ sh:path bakery:b ] .",
            "bakery:s sh:property [ sh:path bakery:a ; sh:minCount 2 ] , [ sh:path bakery:b ] .",
            (1, 1),
        ),
        # A member in the middle of a list: its node, and the link to it.
        (
            "bakery:s bakery:list ( 1 2 3 4 5 ) .",
            "bakery:s bakery:list ( 1 2 9 3 4 5 ) .",
            (1, 3),
        ),
        # One of many equal descriptions, which cannot be distinguished.
        (
            "bakery:s bakery:has [ bakery:of 1 ] , [ bakery:of 1 ] , [ bakery:of 1 ] .",
            "bakery:s bakery:has [ bakery:of 1 ] , [ bakery:of 1 ] .",
            (2, 0),
        ),
        # What a confidence is about stays the same.
        (
            "[] a owl:Axiom ; owl:annotatedSource bakery:a ; bakery:confidence 0.5 .",
            "[] a owl:Axiom ; owl:annotatedSource bakery:a ; bakery:confidence 0.6 .",
            (1, 1),
        ),
    ],
)
def test_a_small_change_gives_a_short_difference(
    before: str, after: str, rows: tuple[int, int]
) -> None:
    found = compare(version(before, "old"), version(after, "new")).difference
    assert (len(found.removed), len(found.added)) == rows


def layers(depth: int, width: int) -> str:
    """Nodes in layers, each linked to all of the next: they cannot be distinguished."""
    return HEAD + "".join(
        f"_:n{layer}x{one} bakery:has _:n{layer + 1}x{other} .\n"
        for layer in range(depth)
        for one in range(width)
        for other in range(width)
    )


def test_a_graph_that_is_too_symmetric_to_canonicalize_is_compared_all_the_same() -> None:
    text = layers(12, 8)
    assert not compare(version(text, "old"), version(text, "new"))
    changed = compare(version(text, "old"), version(text + "_:n3x3 bakery:of 1 .", "new"))
    assert changed
    assert write(changed, "text").startswith("With other")
    with pytest.raises(LimitError, match="too many of them are alike"):
        write(changed, "rdf-patch")


def test_a_member_is_added_to_a_long_list() -> None:
    members = " ".join(map(str, range(2_000)))
    old = f"bakery:s bakery:list ( {members} ) ."
    new = f"bakery:s bakery:list ( {members} 7 ) ."
    found = compare(version(old, "old"), version(new, "new")).difference
    assert (len(found.removed), len(found.added)) == (1, 3)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"bakery:s bakery:list ( {'1 ' * 600} ) .", id="long, of equal members"),
        pytest.param(f"bakery:s bakery:list {'( 1 2 ( 3 [ bakery:of 4 ] ) ) , ' * 40} () .",
                     id="equal lists"),
        pytest.param(f"bakery:s bakery:list ( {'( 1 ) ' * 40} ) .", id="lists in a list"),
        pytest.param("_:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest _:a .",
                     id="without an end"),
        pytest.param("_:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest () ; a rdf:List ."
                     "bakery:s bakery:list _:a , _:b .", id="with a shared end"),
        pytest.param("_:a rdf:first 1 ; rdf:rest _:a .", id="that contains itself"),
    ],
)  # fmt: skip
def test_a_list_is_compared_as_a_whole(text: str) -> None:
    head = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    other = text.replace(" 1 ", " 5 ", 1)
    assert not compare(version(head + text, "old"), version(head + text, "new"))
    assert compare(version(head + text, "old"), version(head + other, "new"))
    assert compare(version(head + other, "old"), version(head + text, "new"))


CELLS = st.builds(
    ox.Quad,
    st.sampled_from(NODES),
    st.sampled_from(
        [ox.NamedNode(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{n}") for n in ("first", "rest")]
    ),
    st.sampled_from([*NODES, LITERALS[0], NAMED[0]]),
)


@settings(max_examples=200, deadline=None)
@given(st.frozensets(CELLS, max_size=8), st.frozensets(CELLS, max_size=8), st.integers(0, 99))
def test_malformed_lists_are_compared_like_any_graph(
    old: frozenset[ox.Quad], new: frozenset[ox.Quad], seed: int
) -> None:
    same = difference(old, relabelled(old, seed))
    assert (same.removed, same.added) == (frozenset(), frozenset())
    found = difference(old, relabelled(new, seed))
    assert bool(found.removed or found.added) == (canonical(old) != canonical(new))
