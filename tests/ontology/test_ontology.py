"""The ontology's quality: pitfalls, metadata, description logic and rules, each with a known-bad case."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import owlready2
import owlrl
import pytest
from pitfalls import NS, ONTOLOGY, PITFALLS, PROPERTIES, members, own
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD

from competency_graph import Dictionary
from conftest import ROOT

CG = Namespace(NS)
E = Namespace("https://example.org/")
BIBO_STATUS = URIRef("http://purl.org/ontology/bibo/status")
BAD = sorted(Path(__file__).with_name("bad").glob("*.ttl"))
ASKED = {
    "P04", "P06", "P08", "P10", "P11", "P13", "P19", "P22", "P25", "P26", "P32", "P33", "P34", "P35", "P36", "P38",
    "P39", "P40", "P41",
}  # fmt: skip


def copy(graph: Graph) -> Graph:
    return Graph() + graph


# --- pitfalls ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(PITFALLS))
def test_the_ontology_is_free_of_the_pitfall(sales: Dictionary, code: str) -> None:
    assert PITFALLS[code](sales.ontology) == set()


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_the_pitfall_is_seen_where_it_is(sales: Dictionary, path: Path) -> None:
    """A file is a change of the ontology: `# without: S P` leaves statements out, `# expect:` names terms."""
    text = path.read_text()
    graph = copy(sales.ontology)
    for subject, predicate in re.findall(r"^# without: (\S+) (\S+)$", text, re.MULTILINE):
        s = None if subject == "*" else URIRef(subject)
        graph.remove((s, URIRef(predicate), None))
    for subject, predicate, value in re.findall(
        r"^# without: (\S+) (\S+) (\S+)$", text, re.MULTILINE
    ):
        graph.remove(
            (None if subject == "*" else URIRef(subject), URIRef(predicate), URIRef(value))
        )
    graph.parse(path, format="turtle")
    expected = {URIRef(iri) for iri in re.findall(r"^# expect: (\S+)$", text, re.MULTILINE)}
    assert expected
    assert PITFALLS[path.stem[:3]](graph) == expected


def test_every_pitfall_asked_for_is_checked_and_has_a_bad_case() -> None:
    assert set(PITFALLS) == ASKED
    assert {path.stem[:3] for path in BAD} == ASKED


# --- metadata (the checks of FOOPS! that need no network) -------------------------------------

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIRED = [
    DCTERMS.title, DCTERMS.description, DCTERMS.abstract, DCTERMS.creator, DCTERMS.contributor, DCTERMS.publisher,
    DCTERMS.created, DCTERMS.modified, DCTERMS.issued, DCTERMS.license, DCTERMS.source, DCTERMS.bibliographicCitation,
    OWL.versionIRI, OWL.versionInfo, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri, BIBO_STATUS,
]  # fmt: skip


def metadata_faults(graph: Graph) -> set[str]:
    """What the ontology's description lacks or gets wrong, one word each."""

    def one(predicate: URIRef) -> str:
        return str(graph.value(ONTOLOGY, predicate) or "")

    faults = {str(p) for p in REQUIRED if len(set(graph.objects(ONTOLOGY, p))) != 1}
    if one(OWL.versionIRI) == str(ONTOLOGY) or not one(OWL.versionIRI).startswith(f"{ONTOLOGY}/"):
        faults.add("versionIRI")
    if one(OWL.versionInfo) != PROJECT["version"] or not one(OWL.versionIRI).endswith(
        PROJECT["version"]
    ):
        faults.add("versionInfo")
    if one(VANN.preferredNamespacePrefix) != "cg":
        faults.add("prefix")
    if one(VANN.preferredNamespaceUri) != NS:
        faults.add("namespace")
    if not re.match(r"https://creativecommons\.org/licenses/", one(DCTERMS.license)):
        faults.add("licence")
    for date in (DCTERMS.created, DCTERMS.modified, DCTERMS.issued):
        value = graph.value(ONTOLOGY, date)
        if not (isinstance(value, Literal) and value.datatype == XSD.date and value.value):
            faults.add("date")
    if one(DCTERMS.modified) < one(DCTERMS.created):
        faults.add("order of dates")
    for text in (DCTERMS.title, DCTERMS.description):
        value = graph.value(ONTOLOGY, text)
        if not (isinstance(value, Literal) and value.language):
            faults.add("language")
    for term in own(graph):
        if (term, RDFS.isDefinedBy, ONTOLOGY) not in graph:
            faults.add(f"isDefinedBy {term}")
        for text in (RDFS.label, SKOS.definition):
            if not any(
                isinstance(v, Literal) and v.language == "en" for v in graph.objects(term, text)
            ):
                faults.add(f"text {term}")
    if not any(not str(o).startswith((NS, str(OWL))) for o in graph.objects(None, RDFS.subClassOf)):
        faults.add("reuse")
    return faults


def test_metadata_is_complete(sales: Dictionary) -> None:
    assert metadata_faults(sales.ontology) == set()


@pytest.mark.parametrize("predicate", REQUIRED, ids=lambda p: str(p).split("/")[-1])
def test_missing_metadata_is_seen(sales: Dictionary, predicate: URIRef) -> None:
    graph = copy(sales.ontology)
    graph.remove((ONTOLOGY, predicate, None))
    assert str(predicate) in metadata_faults(graph)


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "fault"),
    [
        (ONTOLOGY, OWL.versionIRI, ONTOLOGY, "versionIRI"),
        (ONTOLOGY, OWL.versionInfo, Literal("9.9.9"), "versionInfo"),
        (ONTOLOGY, VANN.preferredNamespacePrefix, Literal("x"), "prefix"),
        (ONTOLOGY, VANN.preferredNamespaceUri, Literal("https://example.org/"), "namespace"),
        (ONTOLOGY, DCTERMS.license, Literal("CC BY"), "licence"),
        (ONTOLOGY, DCTERMS.created, Literal("2026"), "date"),
        (ONTOLOGY, DCTERMS.modified, Literal("1999-01-01", datatype=XSD.date), "order of dates"),
        (ONTOLOGY, DCTERMS.title, Literal("Untagged"), "language"),
        (CG.Role, RDFS.isDefinedBy, E.elsewhere, f"isDefinedBy {CG.Role}"),
        (CG.Role, RDFS.label, Literal("Rolle", lang="de"), f"text {CG.Role}"),
    ],
)
def test_wrong_metadata_is_seen(
    sales: Dictionary, subject: URIRef, predicate: URIRef, value: URIRef | Literal, fault: str
) -> None:
    graph = copy(sales.ontology)
    graph.set((subject, predicate, value))
    assert fault in metadata_faults(graph)


# --- description logic ------------------------------------------------------------------------


def reason(graph: Graph, folder: Path) -> set[str]:
    """The unsatisfiable classes that HermiT finds; raises where the whole is inconsistent."""
    assert shutil.which("java"), "HermiT needs Java: install a JRE (Debian: default-jre-headless)"
    path = folder / "graph.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    owlready2.sync_reasoner_hermit(world, debug=0)
    return {cls.iri for cls in world.inconsistent_classes()} - {str(OWL.Nothing)}


def with_triples(graph: Graph, *triples: tuple[URIRef, URIRef, URIRef]) -> Graph:
    changed = copy(graph)
    for triple in triples:
        changed.add(triple)
    return changed


def test_it_is_consistent_and_every_class_satisfiable(sales: Dictionary, tmp_path: Path) -> None:
    assert reason(sales.ontology + sales.asserted, tmp_path) == set()


def test_an_unsatisfiable_class_is_seen(sales: Dictionary, tmp_path: Path) -> None:
    bad = with_triples(
        sales.ontology,
        (CG.Chimera, RDF.type, OWL.Class),
        (CG.Chimera, RDFS.subClassOf, CG.Role),
        (CG.Chimera, RDFS.subClassOf, CG.Output),
    )
    assert reason(bad, tmp_path) == {str(CG.Chimera)}


def test_an_inconsistency_is_seen(sales: Dictionary, tmp_path: Path) -> None:
    bad = with_triples(sales.ontology, (E.x, RDF.type, CG.Role), (E.x, RDF.type, CG.Output))
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reason(bad, tmp_path)


def dl_faults(graph: Graph) -> set[URIRef]:
    """Properties used against the structure that OWL 2 DL asks for (section 11 of its syntax)."""
    faults = set()
    kinds = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for prop in {s for kind in kinds for s in graph.subjects(RDF.type, kind)}:
        if len(kinds & set(graph.objects(prop, RDF.type))) > 1:
            faults.add(prop)
    complex_ = set(graph.subjects(OWL.propertyChainAxiom))
    complex_ |= set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    while grown := {
        q for p in complex_ for q in [*graph.objects(p, RDFS.subPropertyOf), *graph.objects(p, OWL.inverseOf), *graph.subjects(OWL.inverseOf, p)]
    } - complex_:  # fmt: skip
        complex_ |= grown
    simple_only = {
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
    }
    faults |= {p for p in complex_ if simple_only & set(graph.objects(p, RDF.type))}
    faults |= {p for p in complex_ if (p, OWL.propertyDisjointWith, None) in graph}
    return {fault for fault in faults if isinstance(fault, URIRef)}


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ([], set()),
        ([(CG.requires, RDF.type, OWL.FunctionalProperty)], {CG.requires}),
        ([(CG.requiresCompetency, RDF.type, OWL.AsymmetricProperty)], {CG.requiresCompetency}),
        ([(CG.coversArea, RDF.type, OWL.DatatypeProperty)], {CG.coversArea}),
    ],
)
def test_properties_stay_in_owl_2_dl(
    sales: Dictionary, extra: list[tuple[URIRef, URIRef, URIRef]], expected: set[URIRef]
) -> None:
    assert dl_faults(with_triples(sales.ontology, *extra)) == expected


def test_every_property_of_the_data_is_declared(sales: Dictionary) -> None:
    declared = {s for kind in PROPERTIES for s in sales.ontology.subjects(RDF.type, kind)}
    used = set(sales.asserted.predicates()) - {RDF.type, OWL.versionInfo, OWL.deprecated}
    assert used - declared == set()


# --- rules ------------------------------------------------------------------------------------


def beyond_rl(graph: Graph) -> set[URIRef]:
    """Terms whose axioms OWL 2 RL has no rule for, but for a domain or range of several classes."""
    found = {s for s, o in graph.subject_objects(RDFS.subClassOf) if isinstance(o, BNode)}
    found |= set(graph.subjects(OWL.equivalentClass)) | set(graph.subjects(OWL.disjointUnionOf))
    found |= set(graph.subjects(RDF.type, OWL.ReflexiveProperty))
    return {s for s in found if isinstance(s, URIRef)}


def test_the_rules_stay_in_owl_2_rl(sales: Dictionary) -> None:
    assert beyond_rl(sales.ontology) == set()
    bad = copy(sales.ontology)
    bad.parse(data=f"<{CG.Role}> <{RDFS.subClassOf}> [ <{OWL.onProperty}> <{CG.coversArea}> ; <{OWL.someValuesFrom}> <{CG.AreaOfExpertise}> ] .", format="turtle")  # fmt: skip
    assert beyond_rl(bad) == {CG.Role}


def contradictions(graph: Graph) -> list[str]:
    """What the OWL RL closure of ``graph`` finds contradictory, as owlrl records it."""
    closed = copy(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False).expand(closed)
    error = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    return sorted(str(text) for text in closed.objects(None, error))


def test_the_closure_holds_no_contradiction(sales: Dictionary) -> None:
    assert contradictions(sales.ontology + sales.asserted) == []


@pytest.mark.parametrize(
    "triples",
    [
        [(E.x, RDF.type, CG.Role), (E.x, RDF.type, CG.Output)],
        [(E.x, RDF.type, CG.Role), (E.x, CG.outputOf, E.area)],
        [(E.x, RDF.type, CG.CompetencyDictionary), (E.x, RDF.type, CG.Role)],
    ],
)
def test_a_shared_member_of_disjoint_classes_is_seen(
    sales: Dictionary, triples: list[tuple[URIRef, URIRef, URIRef]]
) -> None:
    assert contradictions(with_triples(sales.ontology, *triples)) != []


# --- the design -------------------------------------------------------------------------------

ENTRY_CLASSES = [
    CG.Role, CG.JobTitle, CG.AreaOfExpertise, CG.CompetencyCluster, CG.Competency, CG.KeyAction, CG.Knowledge,
    CG.Ability, CG.Output,
]  # fmt: skip


def test_the_terms_are_the_designs(sales: Dictionary) -> None:
    assert own(sales.ontology, OWL.Class) == {*ENTRY_CLASSES, CG.CompetencyDictionary}
    assert {str(p).removeprefix(NS) for p in own(sales.ontology, *PROPERTIES)} == {
        "coversArea", "coveredByRole", "exampleTitle", "titleOfRole", "hasCompetency", "inCluster", "hasKeyAction",
        "keyActionOf", "requires", "requiresKnowledge", "requiresAbility", "requiresCompetency", "producesOutput",
        "outputOf", "areaOf", "hasArea", "foundationalCompetency", "outputsOpenEnded", "sourcePage",
    }  # fmt: skip


def test_classes_of_entries_are_pairwise_disjoint_concepts(sales: Dictionary) -> None:
    graph = sales.ontology
    (axiom,) = graph.subjects(RDF.type, OWL.AllDisjointClasses)
    (listed,) = graph.objects(axiom, OWL.members)
    assert set(members(graph, listed)) == set(ENTRY_CLASSES)
    assert all((cls, RDFS.subClassOf, SKOS.Concept) in graph for cls in ENTRY_CLASSES)


def test_each_class_is_also_what_the_design_says(sales: Dictionary) -> None:
    ceasn = Namespace("https://purl.org/ctdlasn/terms/")
    for cls, above in [
        (CG.CompetencyDictionary, SKOS.ConceptScheme),
        (CG.CompetencyDictionary, ceasn.CompetencyFramework),
        (CG.CompetencyDictionary, URIRef("https://schema.org/DefinedTermSet")),
        (CG.Role, URIRef("http://www.w3.org/ns/org#Role")),
        (CG.AreaOfExpertise, ceasn.Competency),
        (CG.Competency, ceasn.Competency),
    ]:
        assert (cls, RDFS.subClassOf, above) in sales.ontology


def test_escos_classes_are_no_superclasses(sales: Dictionary) -> None:
    assert not [o for o in sales.ontology.objects(None, RDFS.subClassOf) if "europa.eu" in str(o)]
