"""What follows: the rules of the design, kept once per version and never stale."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, SKOS, Graph, Namespace, URIRef

from competency_graph import Dictionary
from competency_graph.dictionary import inference
from competency_graph.rdf.vocabulary import (
    GRAPH_ASSERTED,
    GRAPH_INFERRED,
    GRAPH_LINKS,
    GRAPH_ONTOLOGY,
)

CG = Namespace("https://w3id.org/competency-graph/ontology#")
E = Namespace("https://example.org/")
SMALL = """
@prefix cg: <https://w3id.org/competency-graph/ontology#> .
@prefix e: <https://example.org/> .
e:dictionary a cg:CompetencyDictionary ; cg:foundationalCompetency e:listening .
e:baking a cg:AreaOfExpertise ; cg:areaOf e:dictionary ;
  cg:requiresKnowledge e:flour ; cg:requiresAbility e:kneading ; cg:producesOutput e:bread ;
  cg:hasKeyAction e:bakes .
e:baker a cg:Role ; cg:coversArea e:baking ; cg:exampleTitle e:head-baker .
e:care a cg:CompetencyCluster ; cg:hasCompetency e:listening .
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dictionary of a few lines, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "small.ttl"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def following(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """What follows from these lines."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.ttl").write_text(SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        return inferred(Dictionary([folder / "small.ttl"]))


def inferred(dictionary: Dictionary) -> set[tuple[str, str, str]]:
    quads = dictionary.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_INFERRED))
    return {(q.subject.value, q.predicate.value, q.object.value) for q in quads}


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (E.listening, CG.inCluster, E.care),
        (E.baking, CG.coveredByRole, E.baker),
        (E["head-baker"], CG.titleOfRole, E.baker),
        (E.bakes, CG.keyActionOf, E.baking),
        (E.bread, CG.outputOf, E.baking),
        (E.dictionary, CG.hasArea, E.baking),
        (E.baking, CG.requires, E.flour),
        (E.baking, CG.requires, E.kneading),
        (E.baking, CG.requiresCompetency, E.listening),
        (E.baking, CG.requires, E.listening),
        (E.baker, CG.requires, E.flour),
        (E.baker, CG.requires, E.kneading),
        (E.baker, CG.requires, E.listening),
        (E.baker, RDF.type, SKOS.Concept),
        (E.baker, RDF.type, URIRef("http://www.w3.org/ns/org#Role")),
        (E.baking, RDF.type, URIRef("https://purl.org/ctdlasn/terms/Competency")),
        (E.dictionary, RDF.type, SKOS.ConceptScheme),
        (E.flour, RDF.type, CG.Knowledge),
        (E.bakes, RDF.type, CG.KeyAction),
    ],
)
def test_the_rules_of_the_design_hold(
    following: set[tuple[str, str, str]], subject: URIRef, predicate: URIRef, value: URIRef
) -> None:
    assert (str(subject), str(predicate), str(value)) in following


def test_nothing_follows_that_should_not(following: set[tuple[str, str, str]]) -> None:
    assert (str(E.baker), str(CG.requires), str(E.bread)) not in following
    assert not {
        t for t in following if t[1].endswith("#sameAs") or t[2].endswith(("#Thing", "#Resource"))
    }
    assert not {t for t in following if "example.org" not in t[0]}


def test_no_statement_is_in_two_graphs(sales: Dictionary) -> None:
    seen = Counter(quad.triple for quad in sales.store)
    assert [triple for triple, number in seen.items() if number > 1] == []
    names = {graph.value for graph in sales.store.named_graphs() if isinstance(graph, ox.NamedNode)}
    assert names == {
        str(GRAPH_ONTOLOGY),
        str(GRAPH_ASSERTED),
        str(GRAPH_INFERRED),
        str(GRAPH_LINKS),
    }


def test_it_is_worked_out_once_for_each_version(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = inference.entailed

    def counted(asserted: Graph, ontology: Graph) -> Graph:
        calls.append(len(asserted))
        return real(asserted, ontology)

    monkeypatch.setattr(inference, "entailed", counted)
    first = inferred(Dictionary([small]))
    assert inferred(Dictionary([small])) == first
    assert len(calls) == 1
    small.write_text(SMALL + "e:pastry a cg:Role ; cg:coversArea e:baking .")
    changed = inferred(Dictionary([small]))
    assert len(calls) == 2
    assert (str(E.pastry), str(CG.requires), str(E.flour)) in changed - first
    small.write_text(SMALL)
    assert inferred(Dictionary([small])) == first
    assert len(calls) == 2


def test_the_ontology_is_part_of_the_version(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.ttl"
    other.write_text("<https://example.org/x> a <http://www.w3.org/2002/07/owl#Class> .")
    assert Dictionary([small]).version != Dictionary([small], [other]).version


def test_a_damaged_cache_is_not_believed(small: Path, tmp_path: Path) -> None:
    first = inferred(Dictionary([small]))
    (kept,) = (tmp_path / "cache").rglob("*.nt*")
    kept.write_bytes(kept.read_bytes()[:-200])
    assert inferred(Dictionary([small])) == first


def test_a_cache_that_cannot_be_written_only_costs_time(small: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert inferred(Dictionary([small]))
