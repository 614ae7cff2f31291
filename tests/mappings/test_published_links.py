"""The published links: whole, true to the dictionary, and valid by the standard's own software."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox
import pytest
from jsonschema import ValidationError
from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from competency_graph import Dictionary
from competency_graph.mappings import NO_TERM, PREDICATES, Mapping, MappingSet, frameworks, read
from competency_graph.rdf.vocabulary import CG, GRAPH_LINKS, KINDS, PREFIXES
from conftest import ROOT
from sssom_py import rows, rows_taken

FILES = {path.name.partition(".")[0]: path for path in (ROOT / "data/links").glob("*.sssom.tsv")}
MAPPED = {
    "esco": ("role", "title", "area", "cluster", "competency", "action", "knowledge", "ability", "output"),
    "onet": ("role", "title", "area", "cluster", "competency", "action", "knowledge", "ability"),
}  # fmt: skip
"""The kinds of entries that are linked to each framework."""
OCCUPATIONS = {"occupation", "ISCO group"}
Cells = dict[str, str]


@pytest.fixture(params=sorted(FILES))
def framework(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def links(framework: str) -> MappingSet:
    return read(FILES[framework])


def test_there_is_a_file_for_each_framework() -> None:
    assert set(FILES) == set(frameworks.FRAMEWORKS) == {"esco", "onet"}


def test_the_head_says_of_what_it_is_and_whose(framework: str, links: MappingSet) -> None:
    version = {"esco": "v1.1.1", "onet": "29.2"}[framework]
    assert links.iri == f"https://w3id.org/competency-graph/sales/links/{framework}"
    assert links.texts("sssom_version") == ["1.1"]
    assert links.texts("object_source_version") == [version]
    assert links.expand(links.texts("object_source")[0]) == PREFIXES["graph"] + framework
    assert links.texts("license") == ["https://creativecommons.org/licenses/by/4.0/"]
    owner = {"esco": "European Commission", "onet": "U.S. Department of Labor"}[framework]
    assert owner in links.texts("comment")[0]
    assert links.texts("mapping_set_title")
    for prefix, iri in links.prefixes.items():
        assert PREFIXES.get(prefix, iri) == iri


def entry(links: MappingSet, mapping: Mapping) -> URIRef:
    return URIRef(links.expand(mapping.subject_id))


def test_every_entry_has_been_considered(
    framework: str, links: MappingSet, sales: Dictionary
) -> None:
    considered = {entry(links, mapping) for mapping in links.mappings}
    kinds = MAPPED[framework]
    entries = {each for kind in kinds for each in sales.asserted.subjects(RDF.type, KINDS[kind])}
    assert considered <= entries
    if len(links.mappings) < 100:
        pytest.skip("these files hold examples alone")
    assert considered == entries
    # 6 roles, 31 titles, 13 areas, 4 clusters, 29 competencies, 162 key actions, 189 knowledge entries,
    # 95 abilities; 166 outputs
    assert len(entries) == {"esco": 695, "onet": 529}[framework]


def test_what_is_said_of_an_entry_is_as_the_dictionary_has_it(
    links: MappingSet, sales: Dictionary
) -> None:
    for mapping in links.mappings:
        subject = entry(links, mapping)
        assert mapping.subject_label == str(sales.asserted.value(subject, SKOS.prefLabel))
        kind = sales.asserted.value(subject, RDF.type)
        assert mapping.subject_category == f"cg:{str(kind).removeprefix(str(CG))}"


def test_each_row_says_what_decided_when_and_how_surely(links: MappingSet) -> None:
    for mapping in links.mappings:
        assert mapping.predicate_id in PREDICATES
        assert mapping.mapping_justification == "semapv:CompositeMatching"
        assert "Claude" in mapping.mapping_tool
        assert 0.5 <= float(mapping.confidence) <= 1
        assert date(2026, 1, 1) <= date.fromisoformat(mapping.mapping_date) <= date(2027, 1, 1)
        assert mapping.comment.strip() == mapping.comment != ""
        if mapping.reviewer_agreement:
            assert mapping.reviewer_label
            assert 0 <= float(mapping.reviewer_agreement) <= 1


def test_each_target_has_the_label_and_the_kind_of_its_framework(
    framework: str, links: MappingSet
) -> None:
    labels: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for mapping in links.mappings:
        if mapping.object_id == NO_TERM:
            assert (mapping.object_label, mapping.object_category) == ("", "")
            assert mapping.predicate_id == "skos:exactMatch"
            continue
        iri = links.expand(mapping.object_id)
        found = frameworks.framework_of(iri)
        assert found is not None
        assert found.name == framework
        assert mapping.object_category in {kind.name for kind in frameworks.kinds_of(iri)}
        people = mapping.subject_category in ("cg:Role", "cg:JobTitle")
        assert people == (mapping.object_category in OCCUPATIONS)
        labels[iri].add((mapping.object_label, mapping.object_category))
    assert {iri: said for iri, said in labels.items() if len(said) != 1} == {}


def test_no_entry_is_mapped_twice_to_a_thing_or_to_something_and_nothing(
    links: MappingSet,
) -> None:
    pairs = Counter((mapping.subject_id, mapping.object_id) for mapping in links.mappings)
    assert [pair for pair, number in pairs.items() if number > 1] == []
    nothing = {mapping.subject_id for mapping in links.mappings if mapping.object_id == NO_TERM}
    something = {
        mapping.subject_id
        for mapping in links.mappings
        if mapping.object_id != NO_TERM and not mapping.negated
    }
    assert nothing & something == set()


def test_the_rows_of_an_entry_stand_together(links: MappingSet) -> None:
    runs = [entry for entry, _ in groupby(mapping.subject_id for mapping in links.mappings)]
    assert [entry for entry, number in Counter(runs).items() if number > 1] == []


# The standard's own software


def test_sssom_py_finds_no_fault(framework: str) -> None:
    assert rows_taken(FILES[framework]) == len(rows(FILES[framework])) > 600


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"\t0\.\d+\t2026", "\t7\t2026"),
        (r"esco-skill:7954861c", "esco-skill:7954861c|"),
        (r"#   role: .*\n", ""),
        (r"\t2026-11-24\t", "\tlast week\t"),
        (r"\tsemapv:CompositeMatching\t", "\tcomposite\t"),
    ],
    ids=["confidence", "curie", "prefix", "date", "justification"],
)
def test_sssom_py_finds_fault_with_what_is_broken(tmp_path: Path, old: str, new: str) -> None:
    content = "".join(FILES["esco"].read_text("utf-8").splitlines(keepends=True)[:150])
    broken, number = re.subn(old, new, content, count=1)
    assert number == 1
    path = tmp_path / "broken.sssom.tsv"
    path.write_text(broken, "utf-8")
    with pytest.raises((ValidationError, ValueError)):
        rows_taken(path)


# In the graph


def test_the_links_are_in_a_graph_of_their_own(sales: Dictionary) -> None:
    found = list(sales.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_LINKS)))
    said = {quad.triple for quad in found}
    for links in map(read, FILES.values()):
        for mapping in links.mappings:
            triple = ox.Triple(
                *(
                    ox.NamedNode(links.expand(curie))
                    for curie in (mapping.subject_id, mapping.predicate_id, mapping.object_id)
                )
            )
            assert (triple in said) == (mapping.object_id != NO_TERM and not mapping.negated)
    axioms = [quad for quad in found if quad.object == ox.NamedNode(PREFIXES["owl"] + "Axiom")]
    assert len(axioms) == sum(len(read(path).mappings) for path in FILES.values())
    elsewhere = [quad for quad in sales.store if quad.graph_name != ox.NamedNode(GRAPH_LINKS)]
    assert not [q for q in elsewhere if q.predicate.value.startswith(PREFIXES["sssom"])]
    assert len(elsewhere) == 8_257


def said(dictionary: Dictionary) -> set[str]:
    """All that is not of links, but for what has no name."""
    return {
        str(quad)
        for quad in dictionary.store
        if quad.graph_name != ox.NamedNode(GRAPH_LINKS) and "_:" not in str(quad)
    }


def test_nothing_follows_from_links(tmp_path: Path) -> None:
    """They change the version, and not what is inferred, nor what it is kept by."""
    area = tmp_path / "area.ttl"
    area.write_text("<https://example.org/a> a <https://w3id.org/competency-graph/ontology#Role> .")
    alone = Dictionary([area], base="none")
    linked = Dictionary([area, FILES["esco"]], base="none")
    assert alone.version != linked.version
    assert alone.version == Dictionary([area], base="none").version
    assert said(alone) == said(linked)
    assert linked.links == [read(FILES["esco"])]
    assert [linked.files, linked.link_files] == [[area], [FILES["esco"]]]


def test_a_link_that_the_dictionary_states_itself_is_not_said_twice(tmp_path: Path) -> None:
    links = read(FILES["esco"])
    mapping = links.mappings[0]
    subject, predicate, value = (
        links.expand(curie)
        for curie in (mapping.subject_id, mapping.predicate_id, mapping.object_id)
    )
    stated = tmp_path / "stated.ttl"
    stated.write_text(f"<{subject}> <{predicate}> <{value}> .")
    store = Dictionary([stated, FILES["esco"]]).store
    found = store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), None)
    assert [q.graph_name.value for q in found if q.subject.value == subject] == [
        PREFIXES["graph"] + "asserted"
    ]
