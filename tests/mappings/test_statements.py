"""Mappings as RDF: as the standard's own software has it, and what comes beside."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rows
import sssom_schema
import yaml
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, SKOS, XSD
from rows import HEAD, NONE, ROW
from sssom.parsers import parse_sssom_table
from sssom.writers import write_rdf

from competency_graph.mappings import MappingSet, read, statements, triples, write
from competency_graph.mappings.slots import CHOICES, MAPPING_SLOTS, SET_SLOTS, STRUCTURED
from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.vocabulary import PREFIXES
from conftest import ROOT

LINKS = sorted((ROOT / "data" / "links").glob("*.sssom.tsv"))
SSSOM = PREFIXES["sssom"]
MAPPINGS = URIRef(SSSOM + "mappings")
SCHEMA = yaml.safe_load(
    (Path(sssom_schema.__file__).parent / "schema" / "sssom_schema.yaml").read_text("utf-8")
)
KINDS = {
    "EntityReference": "entity",
    "NonRelativeURI": "address",
    "string": "text",
    "mapping_cardinality_enum": "text",
    "date": "date",
    "double": "number",
}
RICH = (
    HEAD
    + """\
# see_also:
#   - https://example.org/a
#   - https://example.org/b
# mapping_provider: https://example.org/provider
# subject_type: skos concept
# mapping_set_version: "3"
# issue_tracker: https://example.org/tracker
#   orcid: https://orcid.org/
"""
)


def rich(tmp_path: Path) -> Path:
    """A file in which slots of every kind say something, some of them twice."""
    more = {
        "record_id": "mine:r1", "predicate_modifier": "Not", "author_id": "orcid:1|orcid:2",
        "author_label": "A|B", "match_string": "sell|active", "mapping_cardinality": "1:n",
        "publication_date": "2026-01-02", "similarity_score": "0.5", "mapping_source": "mine:s",
    }  # fmt: skip
    head = RICH.replace("#   orcid: https://orcid.org/\n", "")
    head = head.replace("# curie_map:\n", "# curie_map:\n#   orcid: https://orcid.org/\n")
    content = rows.text(
        (*ROW, *more.values()), (*NONE, "mine:r2", *[""] * 8),
        head=head, columns=(*rows.COLUMNS, *more),
    )  # fmt: skip
    path = tmp_path / "rich.sssom.tsv"
    path.write_text(content, "utf-8")
    return path


def ours(mappings: MappingSet) -> Graph:
    """What a set says as sssom-py has it: mappings are nameless where the file gives no name, what
    is said of each is not said of the set again, and the statements are not there themselves."""
    graph = Graph()
    said = [triple for triple, _ in statements(mappings)]
    named = {triple.object for triple in said if triple.predicate.value == SSSOM + "record_id"}
    nameless = {t.object for t in said if t.predicate.value == str(MAPPINGS)} - named
    common = {slot.property for slot in SET_SLOTS.values() if slot.common}
    for triple in said:
        of_set = triple.subject.value == mappings.iri and triple.predicate.value in common
        if of_set or triple.predicate.value.startswith(str(SKOS)):
            continue
        graph.add(
            tuple(
                BNode(term.value) if term in nameless else valued(to_rdflib(term))
                for term in (triple.subject, triple.predicate, triple.object)
            )
        )
    return graph


def theirs(path: Path, tmp_path: Path) -> Graph:
    """The same by sssom-py, which says of each mapping what the set says of all."""
    with (tmp_path / "theirs.ttl").open("w", encoding="utf-8") as file:
        write_rdf(parse_sssom_table(path), file)
    found = Graph().parse(tmp_path / "theirs.ttl")
    graph = Graph()
    for subject, predicate, value in found:
        graph.add((subject, predicate, valued(value)))
    return graph


def valued(term):
    """A number by its value; they spell 0.9 as 9e-01."""
    if isinstance(term, Literal) and term.datatype == XSD.double:
        return Literal(float(term), datatype=XSD.double)
    return term


@pytest.mark.parametrize("path", LINKS, ids=lambda path: path.name)
def test_the_published_files_say_what_sssom_py_says_they_do(path: Path, tmp_path: Path) -> None:
    """Of every fortieth row, as comparing takes time that grows with the square of the rows."""
    whole = read(path)
    some = tmp_path / path.name
    write(some, whole.with_mappings(whole.mappings[::40]))
    expected = theirs(some, tmp_path)
    assert len(expected) > 100
    assert isomorphic(ours(read(some)), expected)


def test_slots_of_every_kind_say_what_sssom_py_says_they_do(tmp_path: Path) -> None:
    path = rich(tmp_path)
    mine, expected = ours(read(path)), theirs(path, tmp_path)
    assert sorted(mine.predicates()) == sorted(expected.predicates())
    assert isomorphic(mine, expected)


@pytest.mark.parametrize(
    ("table", "name"), [(MAPPING_SLOTS, "mapping"), (SET_SLOTS, "mapping set")]
)
def test_the_slots_are_those_of_the_standard(table: dict, name: str) -> None:
    slots = SCHEMA["classes"][name]["slots"]
    assert set(table) == set(slots) - {"mappings", *STRUCTURED}
    for slot, ours in table.items():
        said = SCHEMA["slots"][slot]
        prefix, _, local = said.get("slot_uri", f"sssom:{slot}").partition(":")
        space = {"pav": "http://purl.org/pav/", **PREFIXES}[prefix]
        kind = said.get("range", "string")
        assert ours.property == space + local
        assert ours.many == bool(said.get("multivalued"))
        assert ours.kind == KINDS.get(kind, "choice")
        assert ours.common == ("sssom:Propagatable" in said.get("instantiates", ()))
        if ours.kind == "choice":
            for value, meaning in SCHEMA["enums"][kind]["permissible_values"].items():
                assert CHOICES[value] == meaning["meaning"]


def said(*cells: tuple[str, ...], head: str = HEAD, columns=rows.COLUMNS) -> set[tuple[str, ...]]:
    found = rows.read(rows.text(*cells, head=head, columns=columns))
    return {tuple(map(str, (t.subject, t.predicate, t.object))) for t in triples(found)}


SELLING, SELL = "<https://example.org/acme/selling>", (
    "<http://data.europa.eu/esco/skill/c81c9ea3-4689-4146-9076-24dd175c69bc>"
)  # fmt: skip
CLOSE = f"<{SKOS.closeMatch}>"


def test_the_statement_stands_beside_its_mapping() -> None:
    assert (SELLING, CLOSE, SELL) in said(ROW)


def test_where_no_term_was_found_nothing_is_stated() -> None:
    found = said(NONE)
    assert not {t for t in found if t[1].startswith(f"<{SKOS}")}
    assert [t[2] for t in found if t[1] == f"<{OWL.annotatedTarget}>"] == [f"<{SSSOM}NoTermFound>"]


def test_what_is_denied_is_not_stated() -> None:
    columns = (*rows.COLUMNS, "predicate_modifier")
    found = said((*ROW, "Not"), columns=columns)
    assert (SELLING, CLOSE, SELL) not in found
    assert [t for t in found if t[2] == f"<{SSSOM}NegatedPredicate>"]


@pytest.mark.parametrize(
    ("target", "category", "facts"),
    [
        (
            "esco-skill:c81c9ea3-4689-4146-9076-24dd175c69bc", "skill/competence",
            {"rdf:type esco:Skill",
             "esco:skillType http://data.europa.eu/esco/skill-type/skill"},
        ),
        (
            "esco-skill:e7219848-a27a-4bf4-8775-d367707be7c9", "knowledge",
            {"rdf:type esco:Skill",
             "esco:skillType http://data.europa.eu/esco/skill-type/knowledge"},
        ),
        (
            "esco-occupation:a7594892-ff23-4e2a-aedf-2f967ebca15c", "occupation",
            {"rdf:type esco:Occupation"},
        ),
        ("esco-isco:C2433", "ISCO group", {"rdf:type skos:Concept", "skos:notation 2433"}),
        ("esco-isced:0416", "skill group", {"rdf:type skos:Concept", "skos:notation 0416"}),
        ("esco-skill:S1.2", "skill group", {"rdf:type skos:Concept", "skos:notation S1.2"}),
        (
            "onet-occupation:41-4012.00", "occupation",
            {"rdf:type onet:Occupation", "skos:notation 41-4012.00",
             "foaf:page https://www.onetonline.org/link/summary/41-4012.00"},
        ),
        *(
            (
                f"onet-element:{code}", kind,
                {f"rdf:type onet:{name}", f"skos:notation {code}",
                 f"foaf:page https://www.onetonline.org/find/descriptor/result/{code}"},
            )
            for code, kind, name in [
                ("2.A.1.a", "skill", "Skill"), ("2.B.1.d", "skill", "Skill"),
                ("2.C.1.d", "knowledge", "Knowledge"), ("1.A.1.a.1", "ability", "Ability"),
                ("1.C.1.a", "work style", "WorkStyle"),
                ("4.A.4.a.6", "work activity", "WorkActivity"),
            ]
        ),
        (
            "onet-activity:4.A.2.a.4.I07", "intermediate work activity",
            {"rdf:type onet:IntermediateWorkActivity",
             "skos:notation 4.A.2.a.4.I07"},
        ),
        (
            "onet-activity:4.A.2.a.4.I07.D08", "detailed work activity",
            {"rdf:type onet:DetailedWorkActivity",
             "skos:notation 4.A.2.a.4.I07.D08"},
        ),
        ("onet-element:2.C.1.d", "skill", set()),
        ("mine:other", "skill", set()),
    ],
)  # fmt: skip
def test_a_page_can_show_what_is_linked_to(target: str, category: str, facts: set[str]) -> None:
    head = HEAD + "".join(
        f"#   {prefix}: {iri}\n"
        for prefix, iri in PREFIXES.items()
        if prefix.startswith(("esco-", "onet-")) and prefix != "esco-skill"
    )
    found = said(rows.row(object_id=target, object_label="x", object_category=category), head=head)
    prefix, _, local = target.partition(":")
    space = PREFIXES.get(prefix, "https://example.org/acme/")

    def full(name: str) -> str:
        prefix, _, rest = name.partition(":")
        if rest.startswith("//"):
            return f"<{name}>"
        return f"<{PREFIXES[prefix]}{rest}>" if prefix in PREFIXES else f'"{name}"'

    expected = {tuple(map(full, fact.split(" "))) for fact in facts}
    expected.add((f"<{SKOS.prefLabel}>", '"x"@en'))
    assert {t[1:] for t in found if t[0] == f"<{space}{local}>"} == expected


def test_a_mapping_keeps_its_name_wherever_it_stands() -> None:
    def names(*cells: tuple[str, ...]) -> list[str]:
        found = statements(rows.read(rows.text(*cells)))
        return [t.object.value for t, _ in found if t.predicate.value == str(MAPPINGS)]

    first, second = names(ROW, NONE)
    assert names(NONE, rows.row(comment="Another.", confidence="0.1")) == [second, first]
    assert first.startswith("https://example.org/acme/links#")
    assert len({*names(ROW, ROW, ROW)}) == 3, "what stands twice is told apart"


def test_each_statement_tells_where_it_stands() -> None:
    content = rows.text(NONE, ROW)
    for triple, where in statements(rows.read(content)):
        told = content[where.object : where.end]
        if triple.predicate == ox.NamedNode(SKOS.closeMatch):
            assert (told, content[where.predicate :].partition("\t")[0]) == (ROW[3], ROW[2])
            assert content[where.subject :].startswith("mine:selling\tSelling")
        elif isinstance(triple.object, ox.Literal):
            assert triple.object.value in told or told == "# creator_label:"
