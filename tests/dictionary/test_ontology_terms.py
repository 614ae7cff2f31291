"""The classes and properties of the data, with their axioms."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from competency_graph import Dictionary
from competency_graph.dictionary.ontology_terms import CLASS, Ontology, Restriction, read_ontology
from competency_graph.rdf.vocabulary import CG
from competency_graph.sparql.evaluator import evaluate
from conftest import ROOT

OWN = """
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <https://bakery.example/model#>

<https://bakery.example/d> a cg:CompetencyDictionary ; skos:prefLabel "Baking"@en .
skos:Concept a owl:Class .
:Certificate a owl:Class ; rdfs:subClassOf cg:Knowledge, :Paper,
        [ a owl:Restriction ; owl:onProperty :issuedBy ; owl:someValuesFrom :Office ],
        [ a owl:Restriction ; owl:onProperty :issuedBy ; owl:maxQualifiedCardinality 2 ; owl:onClass :Office ] ;
    rdfs:label "Zeugnis"@de , "Certificate"@en ; rdfs:comment "Nachweis"@de .
:Office a rdfs:Class ; owl:disjointWith :Certificate .
:Paper a owl:Class ; rdfs:label "Papier"@de .
:issuedBy a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:domain :Certificate ; rdfs:range :Office .
:issues owl:inverseOf :issuedBy ; a owl:ObjectProperty .
:list rdf:first :a ; rdf:rest :list .
:odd a owl:ObjectProperty ; owl:propertyChainAxiom :list ; rdfs:domain [ owl:unionOf :list ] .
"""
BAKERY = "https://bakery.example/model#"


def read(dictionary: Dictionary) -> Ontology:
    return read_ontology(lambda text, given: evaluate(dictionary.store, text, given).rows())


@pytest.fixture(scope="module")
def published(sales: Dictionary) -> Ontology:
    return read(sales)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    file = tmp_path_factory.mktemp("own") / "d.ttl"
    file.write_text(OWN)
    return read(Dictionary([file], inferring=False))


def files_of_the_ontology() -> Graph:
    graph = Graph()
    for file in (ROOT / "ontology").glob("*.ttl"):
        graph.parse(file)
    return graph


def test_every_term_of_the_files_is_there_with_its_axioms(published: Ontology) -> None:
    graph = files_of_the_ontology()
    types = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    expected = {s for t in types for s in graph.subjects(RDF.type, t) if str(s).startswith(str(CG))}
    assert set(published.terms) == {str(term) for term in expected}
    for iri, term in published.terms.items():
        parent = RDFS.subClassOf if term.kind == CLASS else RDFS.subPropertyOf
        assert term.label == str(graph.value(URIRef(iri), RDFS.label))
        assert set(term.parents) == {str(p) for p in graph.objects(URIRef(iri), parent)}
        for name, found in (("domain", term.domain), ("range", term.range)):
            (expression,) = graph.objects(URIRef(iri), RDFS[name]) if term.kind != CLASS else [None]
            if isinstance(expression, URIRef):
                assert found == (str(expression),)
            else:
                assert (len(found) > 1) == (expression is not None)


def test_disjointness_inverses_and_chains_are_read(published: Ontology) -> None:
    role = published.terms[str(CG.Role)]
    assert len(role.disjoint) == 8
    assert published.terms[str(CG.CompetencyDictionary)].disjoint == ()
    assert published.terms[str(CG.coversArea)].inverses == (str(CG.coveredByRole),)
    assert published.terms[str(CG.inCluster)].characteristics == ("owl:FunctionalProperty",)
    assert published.terms[str(CG.requires)].chains == ((str(CG.coversArea), str(CG.requires)),)
    assert [t.label for t in published.children(str(CG.requires))] == [
        "requires ability", "requires competency", "requires knowledge",
    ]  # fmt: skip


def test_an_own_ontology_is_read_too(own: Ontology) -> None:
    certificate = own.terms[BAKERY + "Certificate"]
    assert (certificate.label, certificate.definition) == ("Certificate", "Nachweis")
    assert set(certificate.parents) == {str(CG.Knowledge), BAKERY + "Paper"}
    assert set(certificate.restrictions) == {
        Restriction(BAKERY + "issuedBy", "at least one", (BAKERY + "Office",)),
        Restriction(BAKERY + "issuedBy", "at most 2", (BAKERY + "Office",)),
    }
    assert own.terms[BAKERY + "Office"].disjoint == (BAKERY + "Certificate",)
    assert own.terms[BAKERY + "issuedBy"].inverses == (BAKERY + "issues",)
    assert own.label(BAKERY + "Paper") == "Papier"
    assert "http://www.w3.org/2004/02/skos/core#Concept" not in own.terms


def test_a_list_that_loops_ends(own: Ontology) -> None:
    assert own.terms[BAKERY + "odd"].chains == ((BAKERY + "a",),)


def test_published_terms_are_there_for_an_own_dictionary(
    own: Ontology, published: Ontology
) -> None:
    assert set(published.terms) < set(own.terms)
