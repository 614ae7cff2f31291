"""Dictionaries that must pass, and for every single constraint one that must fail.

A file in ``fail/`` is a change of ``pass/smallest.ttl``: its comments name statements to leave out
(``# without: SUBJECT PREDICATE``), its Turtle adds others, and ``# expect: SEVERITY SHAPE
CONSTRAINT FOCUS`` names all the findings that the change must give.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SH

from competency_graph.rdf.rdflib_graphs import read_graph
from competency_graph.validation import Base, Source, read_base, read_shapes, validate_sources
from competency_graph.validation.engines.shacl_engines import ENGINES
from competency_graph.validation.findings import Finding, Report

DICTIONARIES = Path(__file__).parents[1] / "dictionaries"
PASS = sorted((DICTIONARIES / "pass").glob("*.ttl"))
FAIL = sorted((DICTIONARIES / "fail").glob("*.ttl"))
SHAPE = "https://w3id.org/competency-graph/shapes#"
BLANK = "_:"
Expected = tuple[str, str, str, str]

DICTIONARY = read_base()
ALONE = Base(DICTIONARY.ontology)
SHAPES = read_shapes()


@cache
def shapes() -> Graph:
    """The published shapes, as rdflib's graph."""
    return Graph().parse(data=SHAPES.text, format="nt")


def judged(graph: Graph, engine: str = "fast", base: Base = ALONE) -> Report:
    content = graph.serialize(format="nt", encoding="utf-8")
    return validate_sources([Source("case.nt", content)], base, SHAPES, engine)


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
        (
            f.severity,
            "shape:" + (f.constraint or f.shape).removeprefix(SHAPE),
            component.rpartition("#")[2].removesuffix("ConstraintComponent"),
            BLANK if f.focus[:2] == BLANK else f.focus,
        )
        for f in findings
        for component in (f.component, *f.also)
        if component
    }


@pytest.mark.parametrize("path", PASS, ids=lambda p: p.stem)
def test_it_passes(path: Path) -> None:
    assert judged(read_graph([path])).findings == ()


def test_the_published_dictionary_passes() -> None:
    data = read_graph(sorted((DICTIONARIES.parents[1] / "data").rglob("*.ttl")))
    assert judged(data).findings == ()


@pytest.mark.parametrize("path", FAIL, ids=lambda p: p.stem)
def test_it_fails_as_expected(path: Path) -> None:
    graph, expected = read_case(path)
    assert expected, "the file expects nothing"
    report = judged(graph)
    findings = (*report.findings, *report.held_back)
    assert summary(list(findings)) == expected
    for finding in findings:
        if finding.component:
            rule = URIRef(finding.constraint or finding.shape)
            message = str(shapes().value(rule, SH.message))
            assert message == finding.result_message
            assert finding.rule.code == str(shapes().value(rule, DCTERMS.identifier))


OUTPUTS = replace(
    ALONE, dictionary=tuple(q for q in DICTIONARY.dictionary if "/output/" in str(q.subject))
)
"""Some of the published entries, as the reference takes long for all of them."""


BAKERY = "https://example.org/bakery"
APART = -(-len(FAIL) // 3)
THREES = [FAIL[start::APART] for start in range(APART)]
"""Cases that are not neighbours in the alphabet, as those change the same statements."""


def all_in_one(paths: list[Path]) -> tuple[Graph, set[Expected]]:
    """The changes of several cases, made to one dictionary."""
    graph = smallest = read_graph([DICTIONARIES / "pass" / "smallest.ttl"])
    cases = [read_case(path) for path in paths]
    for case, _ in cases:
        graph = graph - (smallest - case)
    for case, _ in cases:
        graph = graph + (case - smallest)
    return graph, set().union(*(expected for _, expected in cases))


def side_by_side(batch: list[list[Path]]) -> tuple[str, set[Expected]]:
    """Several dictionaries as one file of N-Triples, each as a bakery of its own."""
    texts, expected = [], set()
    for paths in batch:
        graph, faults = all_in_one(paths)
        name = f"{BAKERY}-{paths[0].stem}"
        texts.append(graph.serialize(format="nt").replace(BAKERY, name))
        expected |= {(*fault, focus.replace(BAKERY, name)) for *fault, focus in faults}
    return "".join(texts), expected


BATCHES = [THREES[start : start + 7] for start in range(0, len(THREES), 7)]


@pytest.mark.parametrize(
    ("batch", "base"), [*((batch, ALONE) for batch in BATCHES), (THREES[:1], OUTPUTS)]
)
def test_the_engines_agree(batch: list[list[Path]], base: Base) -> None:
    """On all details of a finding: places, messages and remedies included."""
    text, expected = side_by_side(batch)
    fast, reference = (
        validate_sources([Source("case.nt", text.encode())], base, SHAPES, engine)
        for engine in ENGINES
    )
    assert fast.findings == reference.findings
    assert fast.held_back == reference.held_back
    found = summary([*fast.findings, *fast.held_back])
    assert len(expected - found) <= 1  # which the changes of another case undo


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
    SH.maxInclusive: "MaxInclusive",
    SH["not"]: "Not",
    SH.qualifiedMaxCount: "QualifiedMaxCount",
}
PARTS = {
    SH.path, SH.message, SH.severity, SH.property, SH.targetClass, SH.targetSubjectsOf,
    SH.targetObjectsOf, SH.qualifiedValueShape, SH.sparql, RDF.type, DCTERMS.identifier,
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
        assert ". " in str(message), f"{rule} has no remedy"
        assert shapes().value(node, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, rule


def test_no_two_rules_say_the_same() -> None:
    texts = Counter(str(message) for message in shapes().objects(None, SH.message))
    assert [text for text, number in texts.items() if number > 1] == []


def test_the_shapes_are_well_formed_shacl() -> None:
    import pyshacl

    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text
