"""The drawing of an ontology: everything is in the picture, and nothing lies over anything else."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from competency_graph import Dictionary
from competency_graph.dictionary.ontology_terms import (
    CLASS,
    OBJECT_PROPERTY,
    Ontology,
    OntologyTerm,
    read_ontology,
)
from competency_graph.sparql.evaluator import evaluate
from competency_graph.web.ontology.diagram import WIDEST, Box, draw
from competency_graph.web.ontology.layered_layout import Size, lay_out

NODES = st.integers(1, 9).map(lambda n: [f"n{i}" for i in range(n)])


def overlap(a: Box, b: Box) -> bool:
    return (a.x < b.x + b.width and b.x < a.x + a.width) and (
        a.y < b.y + b.height and b.y < a.y + a.height
    )


def box(name: str, left: float, middle: float, size: Size) -> Box:
    return Box(name, name, left, middle - size.height / 2, *size, middle)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nodes_do_not_overlap_and_lines_lead_right(data: st.DataObject) -> None:
    nodes = data.draw(NODES)
    pair = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    edges = data.draw(st.lists(pair, max_size=14))
    sizes = {
        node: Size(data.draw(st.integers(20, 99)), data.draw(st.integers(9, 50))) for node in nodes
    }
    layout = lay_out(sizes, edges)
    boxes = [box(n, *layout.places[n], sizes[n]) for n in nodes]
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))
    for each in boxes:
        assert each.x >= -1e-6 and each.x + each.width <= layout.width + 1e-6
        assert each.y >= -1e-6 and each.y + each.height <= layout.height + 1e-6
    assert set(layout.lines) == {edge for edge in edges if edge[0] != edge[1]}
    for (start, end), points in layout.lines.items():
        first, last = (end, start) if (start, end) in layout.reversed else (start, end)
        assert points[0] == (
            layout.places[first].left + sizes[first].width,
            layout.places[first].middle,
        )
        assert points[-1] == tuple(layout.places[last])
        assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_the_published_ontology_fits_a_page(sales: Dictionary) -> None:
    ontology = read_ontology(lambda text, given: evaluate(sales.store, text, given).rows())
    diagram = draw(ontology)
    assert diagram.width <= WIDEST + 24
    assert {b.iri for b in diagram.classes} == {term.iri for term in ontology.classes}
    pictured = {b.iri for b in diagram.properties} | {
        line.iri for b in diagram.classes for line in b.attributes
    }
    for term in ontology.properties:
        assert term in diagram.left_out or {term.iri, *term.inverses} & pictured
    assert [term.label for term in diagram.left_out] == ["source page"]
    boxes = [*diagram.classes, *diagram.properties]
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))


def test_a_subclass_points_to_its_superclass() -> None:
    terms = {
        "k": OntologyTerm("k", CLASS, "Knowledge"),
        "c": OntologyTerm("c", CLASS, "Certificate", parents=("k",)),
    }
    diagram = draw(Ontology(terms))
    assert [b.label for b in diagram.properties] == ["is a kind of"]
    assert sorted(line.arrow for line in diagram.lines) == ["", "start"]


def test_a_property_from_a_class_to_itself_is_drawn() -> None:
    terms = {
        "k": OntologyTerm("k", CLASS, "Knowledge"),
        "p": OntologyTerm("p", OBJECT_PROPERTY, "builds on", domain=("k",), range=("k",)),
    }
    diagram = draw(Ontology(terms))
    assert len(diagram.lines) == 2
    assert sorted(line.arrow for line in diagram.lines) == ["", "start"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw(Ontology({})).classes == []
