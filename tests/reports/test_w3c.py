"""The report as a SHACL validation report, held against pySHACL's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import graph_diff, to_isomorphic
from rdflib.namespace import RDF, SH
from reporting import BARE_ROLE, LANGUAGE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph import Dictionary, resources
from competency_graph.reports.w3c import write_w3c
from competency_graph.validation import read_shapes
from competency_graph.validation.findings import Report
from validation.test_dictionaries import DICTIONARIES, judged, read_case

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "json-ld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
}
PARTS = {
    SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceShape,
    SH.sourceConstraintComponent, SH.sourceConstraint, SH.resultMessage, RDF.type,
}  # fmt: skip


@cache
def shapes() -> list[ox.Triple]:
    return [
        quad.triple
        for path in resources.turtle_files(resources.SHAPES)
        for quad in ox.parse(path=path, rename_blank_nodes=True)
    ]


def read(given: Report, name: str = "turtle", shapes: Iterable[ox.Triple] = ()) -> Graph:
    text = write_w3c(given, FORMATS[name], shapes)
    return Graph(bind_namespaces="none").parse(data=text, format=name)


def only_results(whole: Graph) -> Graph:
    """What a report must hold: pySHACL adds to it what it knows of the nodes it names.

    A message of SPARQL loses its language in pySHACL; it has it back here.
    """
    kept = Graph()
    (root,) = whole.subjects(RDF.type, SH.ValidationReport)
    kept += whole.triples((root, None, None))
    for result in whole.objects(root, SH.result):
        kept += (t for t in whole.triples((result, None, None)) if t[1] in PARTS)
        waiting = list(whole.objects(result, SH.resultPath))
        for node in waiting:
            if isinstance(node, BNode):
                kept += whole.triples((node, None, None))
                waiting += whole.objects(node)
    for result, _, message in list(kept.triples((None, SH.resultMessage, None))):
        kept.set((result, SH.resultMessage, Literal(str(message), lang="en")))
    return kept


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "case",
    [
        "role-definition",  # a property
        "role-title",  # an alternative of a property and an inverse
        "notation-twice",  # a sequence
        "key-action-of-another",  # in SPARQL
        "label-without-language",  # values, of two constraints
        "entry-without-iri",  # a blank node
    ],
)
def test_it_is_what_pyshacl_reports(sales: Dictionary, case: str, name: str) -> None:
    data, _ = read_case(DICTIONARIES / "fail" / f"{case}.ttl")
    theirs = pyshacl_report(data, sales.ontology, case)
    found = [finding for finding in judged(data).findings if finding.component]
    assert found
    ours = read(report(*found), name, read_shapes().triples)
    _, missing, added = graph_diff(to_isomorphic(only_results(theirs)), to_isomorphic(ours))
    assert (missing.serialize(format="nt").strip(), added.serialize(format="nt").strip()) == (
        "",
        "",
    )


reports: dict[str, Graph] = {}


def pyshacl_report(data: Graph, ontology: Graph, case: str) -> Graph:
    if case not in reports:
        _, whole, _ = pyshacl.validate(
            data + ontology, shacl_graph=Graph().parse(data=read_shapes().text, format="nt")
        )
        assert isinstance(whole, Graph)
        reports[case] = whole
    return reports[case]


def test_nothing_found_conforms() -> None:
    graph = read(report())
    assert set(graph.predicate_objects()) == {
        (RDF.type, SH.ValidationReport),
        (SH.conforms, Literal(True)),
    }


@pytest.mark.parametrize(
    "given", [report(BARE_ROLE), report(NO_LANGUAGE), report(WHOLE), report(partial="out of time")]
)
def test_any_result_and_any_doubt_does_not_conform(given: Report) -> None:
    assert list(read(given).objects(None, SH.conforms)) == [Literal(False)]


def test_a_finding_that_is_not_of_shacl_names_its_rule() -> None:
    graph = read(report(NO_LANGUAGE))
    rule = URIRef("https://w3id.org/competency-graph/rules/CG302")
    assert list(graph.objects(None, SH.sourceConstraintComponent)) == [rule]
    assert list(graph.objects(None, SH.sourceShape)) == []
    assert list(graph.objects(None, SH.value)) == [Literal("Bäcker")]


def test_a_finding_about_no_entry_has_a_focus_node_all_the_same() -> None:
    (focus,) = read(report(WHOLE)).objects(None, SH.focusNode)
    assert isinstance(focus, BNode)


def test_one_blank_node_stays_one() -> None:
    pair = replace(NO_LANGUAGE, value="_:b0"), NO_LANGUAGE
    graph = read(report(*pair))
    nodes = {*graph.objects(None, SH.focusNode)}
    assert len(nodes) == 1
    assert nodes < {*graph.objects(None, SH.value)}
    assert nodes & {*graph.subjects()} == set()


def test_a_blank_node_of_the_data_is_not_one_of_the_shapes() -> None:
    node, shape = ox.BlankNode("b0"), ox.NamedNode("https://example.org/shape")
    inverse = ox.Triple(node, ox.NamedNode(str(SH.inversePath)), ox.NamedNode(str(RDF.type)))
    path = [ox.Triple(shape, ox.NamedNode(str(SH.path)), node), inverse]
    graph = read(report(replace(WHOLE, shape=shape.value, focus="_:b0")), shapes=path)
    (focus,), (copy,) = graph.objects(None, SH.focusNode), graph.objects(None, SH.resultPath)
    assert focus != copy
    assert graph.value(copy, SH.inversePath) == RDF.type


def test_a_path_in_a_circle_comes_to_an_end() -> None:
    node, shape = ox.BlankNode("p"), ox.NamedNode("https://example.org/shape")
    path = ox.NamedNode(str(SH.inversePath))
    circle = [ox.Triple(shape, ox.NamedNode(str(SH.path)), node), ox.Triple(node, path, node)]
    graph = read(report(replace(WHOLE, shape=shape.value)), shapes=circle)
    ((subject, copy),) = graph.subject_objects(SH.inversePath)
    assert subject == copy


def test_a_report_is_the_same_each_time() -> None:
    given = report(BARE_ROLE, NO_LANGUAGE, WHOLE)
    assert len({write_w3c(given, ox.RdfFormat.TURTLE) for _ in range(3)}) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_stay_texts(name: str) -> None:
    (message,) = read(report(replace(hostile(), rule=LANGUAGE)), name).objects(
        None, SH.resultMessage
    )
    assert "a\"b'c\r\n<script>alert(1)</script> & \x1b[31m%0A, d: é麵\u202e\x00" in message
    assert message.language == "en"
