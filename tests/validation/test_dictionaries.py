"""Dictionaries that must pass, and for every single constraint one that must fail.

A file in ``fail/`` is a change of ``pass/smallest.ttl``: its comments name statements to leave out
(``# without: SUBJECT PREDICATE``), its Turtle adds others, and ``# expect: SEVERITY SHAPE
CONSTRAINT FOCUS`` names all the findings that the change must give.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH

from competency_graph import Dictionary
from competency_graph.reading import read_graph
from competency_graph.validation import Finding, published_shapes, validate

DICTIONARIES = Path(__file__).parents[1] / "dictionaries"
PASS = sorted((DICTIONARIES / "pass").glob("*.ttl"))
FAIL = sorted((DICTIONARIES / "fail").glob("*.ttl"))
SHAPE = "https://w3id.org/competency-graph/shapes#"
BLANK = "_:"
Expected = tuple[str, str, str, str]

shapes = cache(published_shapes)


def expand(term: str, prefixes: dict[str, str]) -> str:
    """The IRI of a prefixed name or of an IRI in angle brackets."""
    if term.startswith("<"):
        return term[1:-1]
    prefix, _, local = term.partition(":")
    return term if prefix == "_" else prefixes[prefix] + local


def read_case(path: Path) -> tuple[Graph, set[Expected]]:
    text = path.read_text()
    prefixes = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", text, re.MULTILINE))
    smallest = read_graph([DICTIONARIES / "pass" / "smallest.ttl"])
    for subject, predicate in re.findall(r"^# without: (\S+) (\S+)$", text, re.MULTILINE):
        pattern = (URIRef(expand(subject, prefixes)), URIRef(expand(predicate, prefixes)), None)
        assert pattern in smallest, f"nothing to leave out: {subject} {predicate}"
        smallest.remove(pattern)
    expected = {
        (severity, shape, constraint, expand(focus, prefixes))
        for severity, shape, constraint, focus in re.findall(
            r"^# expect: (\w+) (shape:\S+) (\w+) (\S+)$", text, re.MULTILINE
        )
    }
    return smallest + read_graph([path]), expected


def summary(findings: list[Finding]) -> set[Expected]:
    return {
        (f.severity, f.shape, f.constraint, f.focus if ":" in f.focus else BLANK) for f in findings
    }


@pytest.mark.parametrize("path", PASS, ids=lambda p: p.stem)
def test_it_passes(sales: Dictionary, path: Path) -> None:
    assert validate(read_graph([path]), sales.ontology, shapes()) == []


def test_the_published_dictionary_passes(sales: Dictionary) -> None:
    assert validate(sales.asserted, sales.ontology, shapes()) == []


@pytest.mark.parametrize("path", FAIL, ids=lambda p: p.stem)
def test_it_fails_as_expected(sales: Dictionary, path: Path) -> None:
    graph, expected = read_case(path)
    assert expected, "the file expects nothing"
    findings = validate(graph, sales.ontology, shapes())
    assert summary(findings) == expected
    for finding in findings:
        rule = URIRef(SHAPE + finding.shape.removeprefix("shape:"))
        assert finding.message == str(shapes().value(rule, SH.message))


COMPONENTS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.datatype: "Datatype",
    SH.nodeKind: "NodeKind",
    SH["class"]: "Class",
    SH["or"]: "Or",
    SH["in"]: "In",
    SH.pattern: "Pattern",
    SH.disjoint: "Disjoint",
    SH.uniqueLang: "UniqueLang",
    SH.minInclusive: "MinInclusive",
    SH.qualifiedMaxCount: "QualifiedMaxCount",
}
PARTS = {
    SH.path, SH.message, SH.severity, SH.property, SH.targetClass, SH.targetSubjectsOf,
    SH.targetObjectsOf, SH.qualifiedValueShape, SH.sparql, RDF.type,
}  # fmt: skip


def constraints() -> set[tuple[str, str]]:
    """Every constraint of the published shapes: its shape and its kind."""
    found = set()
    for shape in {s for s in shapes().subjects(RDF.type) if str(s).startswith(SHAPE)}:
        name = "shape:" + str(shape).removeprefix(SHAPE)
        if (shape, RDF.type, SH.SPARQLConstraint) in shapes():
            found.add((name, "SPARQL"))
            continue
        for predicate in shapes().predicates(shape):
            assert predicate in COMPONENTS or predicate in PARTS, (
                f"{predicate} is new: name it here"
            )
            if predicate in COMPONENTS:
                found.add((name, COMPONENTS[predicate]))
    return found


def test_every_constraint_has_a_dictionary_that_fails_it() -> None:
    tripped = {
        (shape, constraint) for path in FAIL for _, shape, constraint, _ in read_case(path)[1]
    }
    assert constraints() - tripped == set()
    assert tripped - constraints() == set()
    assert len(constraints()) > 80


def test_every_rule_says_what_to_do_and_how_grave_it_is() -> None:
    for rule in {name for name, _ in constraints()}:
        node = URIRef(SHAPE + rule.removeprefix("shape:"))
        messages = list(shapes().objects(node, SH.message))
        assert len(messages) == 1, rule
        message = messages[0]
        assert isinstance(message, Literal)
        assert message.language == "en"
        assert len(re.findall(r"[.,] ", str(message))) >= 1, f"{rule} has no remedy"
        assert shapes().value(node, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, rule


def test_no_two_rules_say_the_same() -> None:
    texts = Counter(str(message) for message in shapes().objects(None, SH.message))
    assert [text for text, number in texts.items() if number > 1] == []


def test_the_shapes_are_well_formed_shacl() -> None:
    import pyshacl

    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text
