"""``competency why``: a sentence, JSON and Turtle, and what holds instead of what does not."""

from __future__ import annotations

import json
from pathlib import Path

import owlrl
import pytest
from rdflib import Graph, URIRef

from competency_graph.rdf.vocabulary import CG, PUBLISHED
from conftest import Run

OWN = """\
@prefix cg: <https://w3id.org/competency-graph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix e: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

e:masters rdfs:subPropertyOf cg:coversArea ; rdfs:label "masters"@en .
e:baker
    a cg:Role ;
    skos:prefLabel "Baker"@en ;
    e:masters e:baking .
e:baking
    a cg:AreaOfExpertise ;
    skos:prefLabel "Baking"@en ;
    cg:requiresKnowledge e:flour .
e:flour a cg:Knowledge ; skos:prefLabel "Flour"@en .
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.ttl"
    path.write_text(OWN)
    return path


def test_a_sentence_with_its_steps_and_places(competency: Run, own: Path) -> None:
    done = competency("why", "baker", "requires", "flour", "--data", own, cwd=own.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
Baker covers area Baking, which requires Flour. Therefore Baker requires Flour (cg:coversArea ∘ cg:requires → cg:requires).
  Baker masters Baking. Therefore Baker covers area Baking (https://example.org/masters → cg:coversArea).
  Baking requires knowledge Flour. Therefore Baking requires Flour (cg:requiresKnowledge → cg:requires).

Stated in the files:
  Baker masters Baking (own.ttl:10)
  Baking requires knowledge Flour (own.ttl:14)
"""
    )


def test_what_is_stated(competency: Run, own: Path) -> None:
    done = competency("why", "Baker", "a", "cg:Role", "--data", own, cwd=own.parent)
    assert done.returncode == 0
    assert done.stdout.startswith("Baker is a Role: this is stated.\n")
    assert "(own.ttl:8)" in done.stdout


def test_json(competency: Run, own: Path) -> None:
    done = competency(
        "why", "Baker", "requires", "Flour", "--data", own, "-f", "json", cwd=own.parent
    )
    found = json.loads(done.stdout)
    assert found["subject"] == {"iri": "https://example.org/baker", "label": "Baker"}
    assert found["inferred"] is True
    (axiom,) = found["axioms"]
    assert axiom["kind"] == "chain"
    assert axiom["name"] == "“covers area” followed by “requires” implies “requires”"
    assert axiom["notation"] == "cg:coversArea ∘ cg:requires → cg:requires"
    assert len(axiom["statements"]) == 5
    first, second = found["premises"]
    assert first["premises"][0]["place"] == {"file": "own.ttl", "line": 10}
    assert "premises" not in second["premises"][0]


def test_turtle_is_enough_for_the_reasoner(competency: Run) -> None:
    done = competency("why", "R1", "cg:requires", "C05", "--format", "turtle")
    graph = Graph().parse(data=done.stdout, format="turtle")
    role, skill = (
        URIRef(f"{PUBLISHED}/{name}")
        for name in ("role/consultant", "competency/negotiating-positions")
    )
    assert (role, CG.requires, skill) not in graph
    assert len(graph) < 20
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    assert (role, CG.requires, skill) in graph


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (["Analyst", "covered by role", "Maintaining Accounts"], "the other direction"),
        (
            ["Analyst", "requires", "Maintaining Accounts"],
            "“Analyst covers area Maintaining Accounts”",
        ),
        (["Analyst", "requires", "Strategist"], "a value that the property has"),
        (["Analyst", "cg:hasCompetency", "CL2"], "a property that the subject has:"),
        (["https://example.org/nothing", "requires", "C05"], "Check the subject"),
    ],
)
def test_what_does_not_hold_exits_with_1(competency: Run, statement: list[str], said: str) -> None:
    done = competency("why", *statement)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not stated and does not follow" in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Analist", "requires", "C05"], "Use “Analyst”"),
        (["Analyst", "reqires", "C05"], "Use “requires”"),
        (["Analyst", "requires", "http://["], "no entry is named"),
        (["Analyst", "requires", " "], "the entry is empty"),
        (["Analyst", "requires"], "Missing argument"),
        (["Analyst", "requires", "C05", "--no-inference"], "nothing to explain"),
        (["Analyst", "requires", "C05", "-f", "pdf"], "pdf"),
    ],
)
def test_wrong_use_exits_with_2(competency: Run, arguments: list[str], said: str) -> None:
    done = competency("why", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_link_is_stated(competency: Run) -> None:
    links = competency("query", "entry-links", "-p", "entry=C05", "-f", "csv").stdout.splitlines()
    match, target = links[1].split(",")[:2]
    done = competency("why", "C05", match, target)
    assert done.returncode == 0
    assert "this is stated" in done.stdout
