"""Why: every inferred statement has an explanation, and the reasoner confirms each by itself.

The reasoner need not run 3,296 times, as it does the same for explanations that differ only in the
IRIs of entries: no rule of OWL 2 RL mentions one, so a derivation stays a derivation if entries are
replaced by others, different ones by different ones. Each that is then different is run by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_graph import Dictionary
from competency_graph.dictionary.explanations import (
    Explainer,
    Explanation,
    queried_axioms,
    statements,
)
from competency_graph.dictionary.explanations.justifications import justify
from competency_graph.dictionary.explanations.reasoner import (
    Shape,
    confirms,
    follows,
    minimal,
    shape,
)
from competency_graph.errors import (
    BadValueError,
    LimitError,
    UnavailableError,
    UnknownNameError,
)
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.vocabulary import GRAPH_INFERRED, PREFIXES
from competency_graph.sparql.evaluator import evaluate

Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]


def term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode((PREFIXES | {"e": "https://example.org/"})[prefix] + local)


def statement(text: str) -> Triple:
    subject, property_, value = map(term, text.split())
    return subject, property_, value


def inferred(dictionary: Dictionary) -> list[Triple]:
    quads = dictionary.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_INFERRED))
    return [(quad.subject, quad.predicate, quad.object) for quad in quads]


@pytest.fixture(scope="module")
def explanations(sales: Dictionary) -> dict[Triple, Explanation | None]:
    """The explanation of each inferred statement of the published dictionary."""
    explainer = Explainer.of_store(sales.store)
    return {triple: explainer.explain(triple) for triple in inferred(sales)}


@pytest.fixture(scope="module")
def shapes(explanations: dict[Triple, Explanation]) -> dict[Shape, Explanation]:
    """One explanation of each kind."""
    return {shape(explanation): explanation for explanation in explanations.values()}


def test_every_inferred_statement_has_an_explanation(
    explanations: dict[Triple, Explanation | None], sales: Dictionary
) -> None:
    assert len(explanations) > 3_000
    assert None not in explanations.values()
    statements = Explainer.of_store(sales.store).statements
    for triple, found in explanations.items():
        assert found is not None
        assert found.conclusion == triple
        assert all(map(statements.is_stated, found.facts))
        assert all(statements.is_stated(t) for a in found.all_axioms for t in a.statements)
        assert all(len(step.axioms) == 1 for step in found.steps() if not step.is_stated)


def test_the_reasoner_confirms_each_by_itself(
    explanations: dict[Triple, Explanation], shapes: dict[Shape, Explanation]
) -> None:
    assert all(map(confirms, explanations.values()))
    assert 10 < len(shapes) < 100
    for found in shapes.values():  # with its own names, and not from what was kept
        assert follows([tuple(triple) for triple in found.graph()], found.conclusion)


def test_it_needs_each_of_its_premises_and_axioms(shapes: dict[Shape, Explanation]) -> None:
    for found in shapes.values():
        axioms = found.all_axioms
        for fact in found.facts:
            left = [t for t in found.facts if t != fact]
            rest = [t for axiom in axioms for t in axiom.statements]
            assert not follows([*left, *rest], found.conclusion)
        for axiom in axioms:
            rest = [t for each in axioms if each != axiom for t in each.statements]
            assert not follows([*found.facts, *rest], found.conclusion)


def test_explanations_that_differ_in_entries_only_have_one_shape(
    explanations: dict[Triple, Explanation],
) -> None:
    first, second, other = (
        explanations[statement(text)]
        for text in (
            "area:setting-sales-strategy rdf:type skos:Concept",
            "area:designing-compensation rdf:type skos:Concept",
            "role:analyst rdf:type skos:Concept",
        )
    )
    assert shape(first) == shape(second) != shape(other)


@pytest.fixture
def requirement(explanations: dict[Triple, Explanation]) -> Explanation:
    """A role requires what its areas require."""
    return next(
        found
        for (subject, property_, _), found in explanations.items()
        if subject == term("role:analyst") and property_ == term("cg:requires")
    )


def test_one_without_a_premise_is_rejected(requirement: Explanation) -> None:
    assert confirms(requirement)
    for left in requirement.premises:
        assert not confirms(replace(requirement, premises=(left,)))


def test_one_of_another_statement_or_axiom_is_rejected(requirement: Explanation) -> None:
    subject, property_, value = requirement.conclusion
    assert not confirms(replace(requirement, conclusion=(value, property_, subject)))
    (last, *_) = requirement.premises[-1].axioms or requirement.axioms
    assert not confirms(replace(requirement, axioms=(replace(last, statements=()),)))
    assert not confirms(Explanation(requirement.conclusion))


OWN = """
@prefix cg: <https://w3id.org/competency-graph/ontology#> .
@prefix e: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:dictionary a cg:CompetencyDictionary .
e:Trade a owl:Class ; rdfs:subClassOf cg:Role .
e:Craft owl:equivalentClass e:Trade .
e:masters a owl:ObjectProperty ; rdfs:subPropertyOf cg:coversArea .
e:masteredBy owl:inverseOf e:masters .
e:partOf a owl:ObjectProperty , owl:TransitiveProperty ; owl:inverseOf e:hasPart .
e:besides a owl:SymmetricProperty .
e:knows owl:equivalentProperty cg:requiresKnowledge .
e:heads a owl:FunctionalProperty .
e:locatedIn owl:propertyChainAxiom ( e:worksIn e:partOf e:partOf ) .
e:Kneader owl:equivalentClass [ a owl:Restriction ; owl:onProperty e:does ; owl:hasValue e:kneading ] .
e:Baker owl:equivalentClass [ owl:intersectionOf ( e:Kneader e:Craft ) ] .
e:Owner owl:equivalentClass [ a owl:Restriction ; owl:onProperty e:heads ; owl:someValuesFrom e:Shop ] .
e:Shop rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:sells ; owl:allValuesFrom cg:Output ] .
e:Place owl:unionOf ( e:Shop e:Town ) .
e:Town owl:oneOf ( e:york ) .
e:Person owl:hasKey ( e:badge ) .
e:Single rdfs:subClassOf [ owl:onProperty e:likes ; owl:maxCardinality 1 ] .
e:Fan rdfs:subClassOf [
  owl:onProperty e:follows ; owl:maxQualifiedCardinality 1 ; owl:onClass e:Shop ] .
e:anna a e:Trade ; e:masters e:baking ; e:does e:kneading ; e:heads e:shop , e:store ; e:worksIn e:oven .
e:baking a cg:AreaOfExpertise ; cg:areaOf e:dictionary ; e:knows e:flour ; e:besides e:milling .
e:milling a cg:AreaOfExpertise .
e:shop a e:Shop ; e:sells e:bread .
e:oven e:partOf e:bakery . e:bakery e:partOf e:street . e:street e:partOf e:york .
e:tom a e:Person ; e:badge e:b7 . e:thomas a e:Person ; e:badge e:b7 .
e:eve a e:Single ; e:likes e:rye , e:wheat .
e:fred a e:Fan ; e:follows e:shop , e:corner . e:corner a e:Shop .
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Dictionary:
    """A dictionary with an ontology of its own, of many constructs."""
    path = tmp_path_factory.mktemp("own") / "own.ttl"
    path.write_text(OWN)
    return Dictionary([path])


def test_every_inferred_statement_of_an_own_ontology_is_explained(own: Dictionary) -> None:
    explainer = Explainer.of_store(own.store)
    unexplained, unsound, unknown_steps = [], [], []
    for triple in inferred(own):
        found = explainer.explain(triple)
        if found is None:
            unexplained.append(triple)
        elif not confirms(found):
            unsound.append(triple)
        elif any(axiom.kind == "axioms" for axiom in found.all_axioms):
            unknown_steps.append(triple)
    assert (unexplained, unsound) == ([], [])
    assert unknown_steps == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("e:anna rdf:type cg:Role", ["subclass"]),
        ("e:anna rdf:type e:Craft", ["equivalent classes"]),
        ("e:anna cg:coversArea e:baking", ["subproperty"]),
        ("e:baking e:masteredBy e:anna", ["inverse"]),
        ("e:baking cg:coveredByRole e:anna", ["inverse", "subproperty"]),
        ("e:milling e:besides e:baking", ["symmetric"]),
        ("e:oven e:partOf e:street", ["transitive"]),
        ("e:oven e:partOf e:york", ["transitive", "transitive"]),
        ("e:baking cg:requires e:flour", ["subproperty", "equivalent properties"]),
        ("e:anna cg:requires e:flour", ["chain", "subproperty", "subproperty", "equivalent properties"]),
        ("e:anna e:locatedIn e:street", ["chain"]),
        ("e:shop owl:sameAs e:store", ["functional"]),
        ("e:anna rdf:type e:Kneader", ["equivalent classes", "value"]),
        ("e:bread rdf:type cg:Output", ["all values", "subclass"]),
        ("e:shop rdf:type e:Place", ["union"]),
        ("e:york rdf:type e:Town", ["enumeration"]),
        ("e:tom owl:sameAs e:thomas", ["key"]),
        ("e:rye owl:sameAs e:wheat", ["at most one", "subclass"]),
        ("e:Trade rdfs:subClassOf skos:Concept", ["class hierarchy"]),
        ("e:masters rdfs:domain cg:Role", ["domain and range"]),
    ],
)  # fmt: skip
def test_the_shortest_explanation_is_found(own: Dictionary, text: str, kinds: list[str]) -> None:
    found = Explainer.of_store(own.store).explain(statement(text))
    assert found is not None
    assert [axiom.kind for step in found.steps() for axiom in step.axioms] == kinds


def test_what_does_not_hold_has_no_explanation(own: Dictionary) -> None:
    explainer = Explainer.of_store(own.store)
    assert explainer.explain(statement("e:milling cg:requires e:flour")) is None
    assert explainer.explain(statement("e:flour cg:requires e:anna")) is None


def test_what_is_stated_is_its_own_explanation(own: Dictionary) -> None:
    found = Explainer.of_store(own.store).explain(statement("e:anna e:masters e:baking"))
    assert found is not None
    assert found.is_stated


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> Explainer:
    """A dictionary of a construct that no rule covers: classes of things with some value."""
    path = tmp_path_factory.mktemp("rest") / "rest.ttl"
    path.write_text("""
@prefix e: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Miller rdfs:subClassOf [ owl:onProperty e:grinds ; owl:someValuesFrom e:Rye ] .
[] rdfs:subClassOf e:Worker ; owl:onProperty e:grinds ; owl:someValuesFrom e:Grain .
e:Rye rdfs:subClassOf e:Grain .
e:anna a e:Miller ; e:likes e:rye .
""")
    return Explainer.of_store(Dictionary([path], base="none").store)


def test_the_reasoner_alone_finds_what_no_rule_covers(rest: Explainer) -> None:
    found = rest.explain(statement("e:Miller rdfs:subClassOf e:Worker"))
    assert found is not None
    assert [axiom.kind for axiom in found.all_axioms] == ["axioms"]
    premises = [tuple(triple) for triple in found.graph()]
    assert len(premises) == 7
    assert follows(premises, found.conclusion)
    assert not any(
        follows([t for t in premises if t != each], found.conclusion) for each in premises
    )


def test_the_reasoner_alone_finds_the_same_premises(rest: Explainer) -> None:
    goal = statement("e:anna rdf:type e:Worker")
    found = justify(goal, rest._axioms, rest.statements)
    assert found is not None
    assert found.facts == [statement("e:anna rdf:type e:Miller")]
    assert confirms(found)


def test_queries_give_the_same_explanations_as_the_store(own: Dictionary) -> None:
    def rows(text: str, bindings: Bindings) -> Iterator[Sequence[Term | None]]:
        return evaluate(own.store, text, bindings).rows()

    stored = Explainer.of_store(own.store)
    for triple in inferred(own):
        queried = Explainer.of_queries(rows, queried_axioms(rows))
        if stored.explain(triple).all_axioms[0].kind != "axioms":
            assert confirms(queried.explain(triple))
            assert len(list(queried.explain(triple).steps())) == len(
                list(stored.explain(triple).steps())
            )


def test_what_takes_too_long_for_a_service_is_left_to_the_command(rest: Explainer) -> None:
    goal = statement("e:Miller rdfs:subClassOf e:Worker")
    brief = Explainer(rest.statements, rest._axioms, thorough=False)
    assert brief.explain(goal) is None
    with pytest.raises(UnavailableError, match="competency why"):
        brief.why(goal)
    with pytest.raises(UnknownNameError, match="does not follow"):
        brief.why(statement("e:Worker rdfs:subClassOf e:Miller"))


def test_the_number_of_queries_is_limited(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(text: str, bindings: Bindings) -> Iterator[Sequence[Term | None]]:
        return evaluate(sales.store, text, bindings).rows()

    monkeypatch.setattr(statements, "_MAX_QUERIES", 1)
    explainer = Explainer.of_queries(rows, queried_axioms(rows))
    with pytest.raises(LimitError, match="more than 1 queries"):
        explainer.why(statement("role:analyst cg:requires competency:building-a-business-case"))


def test_without_inference_nothing_is_explained() -> None:
    with pytest.raises(BadValueError, match="without inference"):
        Dictionary(inferring=False).why("role:analyst", "rdf:type", "skos:Concept")


@given(st.sets(st.integers(0, 60), max_size=6))
def test_the_smallest_part_is_found(needed: set[int]) -> None:
    numbers = list(range(61))
    assert set(minimal(numbers, lambda part: needed <= set(part))) == needed


def test_an_entry_takes_one_query(sales: Dictionary) -> None:
    asked: list[str] = []

    def rows(text: str, bindings: Bindings) -> Iterator[Sequence[Term | None]]:
        asked.append(text)
        return evaluate(sales.store, text, bindings).rows()

    axioms = queried_axioms(rows)
    for name in (
        "role:consultant",
        "area:setting-sales-strategy",
        "competency:aligning-to-customers",
    ):
        asked.clear()
        explainer = Explainer.of_queries(rows, axioms)
        explainer.prepare(term(name))
        wanted = {t for t in inferred(sales) if t[0] == term(name)}
        found = [explainer.explain(triple) for triple in wanted]
        assert {each.conclusion for each in found if each} == wanted
        assert len(asked) == 1
