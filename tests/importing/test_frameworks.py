"""`competency import skos`, `case`, `ctdl`, `schema` and `hropen`, on extracts of public files.

What is expected was worked out by hand from the extracts and the standards.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from downloads import GRAPH, HERE, Statement, about, graph_in
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from conftest import Run

FILES = HERE / "frameworks"
PREFIXES = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/competency-graph/graph/>
PREFIX onet: <https://w3id.org/competency-graph/onet/occupation/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def turtle(text: str) -> set[Statement]:
    """The statements of a text with the usual prefixes."""
    return set(Graph().parse(data=PREFIXES + text, format="turtle"))


def imported(
    competency: Run, folder: Path, form: str, source: Path, *options: str
) -> tuple[set[Statement], str]:
    """The statements of an import, and what it printed."""
    done = competency("import", form, source, *options)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    name = options[options.index("--name") + 1] if "--name" in options else source.stem
    return graph_in(folder / f"{name}.nq", name), done.stdout


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def values(found: Iterable[Statement], predicate: URIRef) -> set[tuple[str, str]]:
    """The subjects and values of a property, without the folders of IRIs."""
    return {
        (str(s).rsplit("/", 1)[-1], str(o).rsplit("/", 1)[-1])
        for s, p, o in found
        if p == predicate
    }


def test_skos_becomes_uniform(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(competency, tmp_path, "skos", FILES / "stw.ttl")

    assert found == turtle("""\
PREFIX d: <http://zbw.eu/stw/descriptor/>
graph:stw a void:Dataset ; dcterms:title "stw" .
<http://zbw.eu/stw> a skos:ConceptScheme ;
    skos:prefLabel "STW Thesaurus for Economics"@en, "Standard-Thesaurus Wirtschaft"@de ;
    owl:versionInfo "9.10" .
d:19040-0 a skos:Concept ;
    skos:prefLabel "Cooperation"@en, "Kooperation"@de ; skos:altLabel "Zusammenarbeit"@de ;
    skos:narrower d:12036-5 ; skos:inScheme <http://zbw.eu/stw> ;
    skos:exactMatch <http://d-nb.info/gnd/4120700-7> .
d:12036-5 a skos:Concept ;
    skos:prefLabel "Inter-firm cooperation"@en, "Unternehmenskooperation"@de ;
    skos:broader d:19040-0 ; skos:inScheme <http://zbw.eu/stw> .
""")
    assert (
        printed
        == """\
SKOS 9.10, in de, en
 2  concepts
 1  concept schemes
 1  links to what is broader
 7  labels
 1  links to other frameworks
18  statements in stw.nq
"""
    )


def test_only_the_languages_asked_for_and_their_regions(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(
        competency, tmp_path, "skos", FILES / "skosmos-groups.ttl", "--language", "en"
    )

    assert values(found, SKOS.prefLabel) == {
        ("fresh", "Freshwater fish"), ("fish", "Fish"), ("ta111", "Tuna"), ("ta112", "Carp"),
        ("ta1", "Grouped fish"), ("ta114", "Guppy"),
        ("conceptscheme", "Test conceptscheme with groups"),
    }  # fmt: skip
    assert " 1  texts in other languages\n" in printed


def test_collections_deprecated_concepts_and_what_is_missing(
    competency: Run, tmp_path: Path
) -> None:
    found, printed = imported(competency, tmp_path, "skos", FILES / "skosmos-groups.ttl")

    assert values(found, SKOS.member) == {("fresh", "ta112")}
    assert values(found, SKOS.broader) == {("ta111", "ta1"), ("ta112", "ta1"), ("ta114", "ta1")}
    assert values(found, OWL.deprecated) == {("ta111", "true")}
    assert printed.endswith("""\
Left out:
 1  broader and narrower concepts that the files do not describe, as http://www.skosmos.skos/groups/ta113
 1  statements with <http://www.skosmos.skos/testprop>, which SKOS lacks
""")  # fmt: skip


def test_labels_and_notes_that_are_nodes_become_texts(competency: Run, tmp_path: Path) -> None:
    found, _ = imported(competency, tmp_path, "skos", FILES / "skosmos-xl.ttl")

    concept = URIRef("http://www.skosmos.skos/xl/c1")
    assert about(found, {concept}) == turtle("""\
<http://www.skosmos.skos/xl/c1> a skos:Concept ; skos:inScheme graph:skosmos-xl ;
    skos:prefLabel "Concept"@en ; skos:altLabel "Conceptual entity"@en ;
    skos:definition "Unit of thought"@en .
""")


def test_a_cycle_is_kept_and_reported(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(competency, tmp_path, "skos", FILES / "skosmos-cycle.ttl")

    assert values(found, SKOS.broader) == {
        ("ta2", "ta1"), ("ta3", "ta1"), ("ta3", "ta4"), ("ta4", "ta3"),
    }  # fmt: skip
    assert printed.endswith("""\
Left out:
 1  concepts that are broader than themselves, as http://www.skosmos.skos/cycle/ta2
Check:
 1  cycles of broader concepts, as ta3 < ta4 < ta3
""")


def test_sfia_is_a_scheme_of_skills(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(competency, tmp_path, "skos", FILES / "sfia.ttl")

    skill = URIRef("https://rdf.sfia-online.org/9/skills/HAGL")
    assert about(found, {skill}) == turtle("""\
PREFIX s: <https://rdf.sfia-online.org/9/>
<https://rdf.sfia-online.org/9/skills/HAGL> a skos:Concept ,
        <https://rdf.sfia-online.org/9/ontology/Skill> ;
    skos:prefLabel "Haggling"@en ; skos:notation "HAGL" ;
    skos:definition "Reaching a price that two sides accept."@en ;
    skos:scopeNote "Includes silence."@en ;
    skos:broader <https://rdf.sfia-online.org/9/categories/selling> ;
    skos:narrower <https://rdf.sfia-online.org/9/skilllevels/HAGL_4> ;
    skos:inScheme <https://rdf.sfia-online.org/9/ontology/CategoryScheme> .
""")
    assert ("4", "Enable") in values(found, SKOS.prefLabel)
    assert " 1  concepts without a label, as https://rdf.sfia-online.org/9/skilllevels/HAGL_4\n" in printed  # fmt: skip


ODD = """\
PREFIX c: <https://example.org/c/>
PREFIX own: <https://example.org/own#>
PREFIX adms: <http://www.w3.org/ns/adms#>
c:late own:under c:top ; skos:prefLabel "Late"@en .
own:under rdfs:subPropertyOf skos:broader .
own:Term rdfs:subClassOf own:Thing . own:Thing rdfs:subClassOf skos:Concept .
c:top a own:Term ; rdfs:label "Top"@en ; skos:prefLabel " "@en .
c:two a skos:Concept ; skos:prefLabel "One"@en, "Other"@en ; skos:related c:top, c:gone ;
    adms:status <http://purl.org/adms/status/Deprecated> ; skos:note [ own:x 1 ] .
c:list a skos:OrderedCollection ; skos:memberList ( c:two c:top ) .
[] a skos:Concept ; skos:prefLabel "Nameless"@en .
"""


def test_what_files_say_in_unusual_ways(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(competency, tmp_path, "skos", written(tmp_path, "odd.ttl", PREFIXES + ODD))  # fmt: skip

    assert values(found, SKOS.broader) == {("late", "top")}
    assert values(found, SKOS.related) == {("two", "top"), ("top", "two")}
    assert values(found, SKOS.member) == {("list", "two"), ("list", "top")}
    assert values(found, OWL.deprecated) == {("two", "true")}
    assert len(values(found, SKOS.prefLabel) & {("two", "One"), ("two", "Other")}) == 1
    assert len(values(found, SKOS.altLabel)) == 1
    assert values(found, SKOS.inScheme) == {(name, "odd") for name in ("late", "top", "two")}
    for line in (
        "concepts without an IRI",
        "related concepts that the files do not describe, as https://example.org/c/gone",
        "texts that are empty, as https://example.org/c/top",
        "second preferred labels in a language, now other labels, as ",
        "3  concepts in no scheme; now in one that is named as the graph",
    ):
        assert line in printed


def test_properties_that_are_left_out_are_listed_up_to_a_dozen(
    competency: Run, tmp_path: Path
) -> None:
    own = " ; ".join(f"<urn:p:{number:02}> 1" for number in range(15))
    text = f"{PREFIXES}<urn:x:a> a skos:Concept ; skos:prefLabel 'A' ; {own} ."

    _, printed = imported(competency, tmp_path, "skos", written(tmp_path, "many.ttl", text))

    assert printed.count(", which SKOS lacks\n") == 12
    assert "3  statements with other properties that SKOS lacks, as urn:p:" in printed


@pytest.mark.parametrize("ending", ["rdf", "jsonld", "nt", "nq", "trig", "zip"])
def test_every_format_of_rdf_gives_the_same(ending: str, competency: Run, tmp_path: Path) -> None:
    source = FILES / "skosmos-groups.ttl"
    expected, _ = imported(competency, tmp_path, "skos", source, "--name", "fish")
    other = tmp_path / f"other.{ending}"
    if ending == "zip":
        with zipfile.ZipFile(other, "w") as archive:
            archive.write(source, "data/groups.ttl")
    else:
        triples = (quad.triple for quad in ox.parse(path=str(source)))
        ox.serialize(triples, str(other), format=ox.RdfFormat.from_extension(ending))

    found, _ = imported(competency, tmp_path, "skos", other, "--name", "fish")

    assert found == expected


def test_a_graph_in_json_ld_is_read_in_parts(competency: Run, tmp_path: Path) -> None:
    """More nodes than are converted at a time, with a blank node that two parts share."""
    nodes = [
        {"id": f"https://example.org/{number}", "type": "Concept", "label": {"en": f"c{number}"},
         "xl": {"id": "_:shared"}}
        for number in range(1200)
    ]  # fmt: skip
    nodes.append({"id": "_:shared", "form": {"@value": "same", "@language": "en"}})
    context = {
        "id": "@id", "type": "@type", "Concept": str(SKOS.Concept),
        "label": {"@id": str(SKOS.prefLabel), "@container": "@language"},
        "xl": "http://www.w3.org/2008/05/skos-xl#altLabel",
        "form": "http://www.w3.org/2008/05/skos-xl#literalForm",
    }  # fmt: skip
    source = written(tmp_path, "big.jsonld", json.dumps({"@context": context, "@graph": nodes}, indent=1))  # fmt: skip

    found, _ = imported(competency, tmp_path, "skos", source)

    assert len(values(found, SKOS.prefLabel)) == 1200
    assert values(found, SKOS.altLabel) == {(str(number), "same") for number in range(1200)}


def test_case(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(competency, tmp_path, "case", FILES / "opensalt.json")

    assert found == turtle("""\
PREFIX i: <https://server/ims/case/v1p0/CFItems/00000000-0000-0000-0000-00000000000>
PREFIX d: <https://server/ims/case/v1p0/CFDocuments/>
graph:opensalt a void:Dataset ; dcterms:title "opensalt" .
d:d0000000-0000-0000-0000-000000000000 a skos:ConceptScheme ;
    skos:prefLabel "UTF8 𝑑 Test" ; dcterms:title "UTF8 𝑑 Test" ;
    dcterms:creator "OpenSALT Testing" ; owl:versionInfo "2017-09-22" ;
    dcterms:identifier "d0000000-0000-0000-0000-000000000000" ;
    dcterms:modified "2017-09-22T23:13:54+00:00"^^xsd:dateTime ;
    skos:hasTopConcept i:1 .
i:1 a skos:Concept ; skos:prefLabel "Item 𝑑 1" ; skos:narrower i:3 ;
    skos:inScheme d:d0000000-0000-0000-0000-000000000000 ;
    skos:topConceptOf d:d0000000-0000-0000-0000-000000000000 ;
    dcterms:identifier "00000000-0000-0000-0000-000000000001" ;
    dcterms:modified "2017-09-22T23:15:13+00:00"^^xsd:dateTime .
i:3 a skos:Concept ; skos:prefLabel "Item 1.1"@en ; skos:broader i:1 ; skos:notation "1.1" ;
    skos:inScheme d:d0000000-0000-0000-0000-000000000000 ;
    dcterms:identifier "00000000-0000-0000-0000-000000000003" ;
    dcterms:modified "2017-09-22T23:15:01+00:00"^^xsd:dateTime .
""")
    assert "Left out" not in printed


def test_what_case_says_of_items_and_between_them(competency: Run, tmp_path: Path) -> None:
    def end(name: str) -> dict[str, str]:
        return {"title": name, "identifier": name, "uri": f"https://example.org/{name}"}

    def linked(kind: str, origin: str, destination: str, **more: str) -> dict[str, object]:
        ends = {"originNodeURI": end(origin), "destinationNodeURI": end(destination)}
        return {"identifier": "x", "associationType": kind, **ends, **more}

    package = {
        "CFDocument": {"identifier": "doc", "title": "Doc", "language": "en"},
        "CFItems": [
            {"identifier": "a", "abbreviatedStatement": "A", "fullStatement": "The first.",
             "alternativeLabel": "Alpha", "CFItemType": "Skill", "educationLevel": ["9"]},
            {"identifier": "b", "fullStatement": "B", "language": "de", "statusEndDate": "2019-12-31"},
            {"identifier": "c", "fullStatement": "C", "statusEndDate": "2999-12-31"},
            "no object",
            {"fullStatement": "nameless"},
        ],
        "CFAssociations": [
            linked("isPartOf", "b", "a"),
            linked("isPeerOf", "a", "c"),
            linked("replacedBy", "c", "a"),
            linked("exactMatchOf", "a", "elsewhere"),
            linked("isRelatedTo", "a", "elsewhere2", notes="skos:broadMatch"),
            linked("precedes", "a", "b"),
            {"associationType": "isChildOf", "originNodeURI": end("a")},
        ],
        "CFRubrics": [{"title": "Rubric"}],
    }  # fmt: skip
    source = written(tmp_path, "own.json", json.dumps({"CFPackage": package}))

    found, printed = imported(competency, tmp_path, "case", source)

    items = {URIRef(f"urn:uuid:{name}") for name in "abc"}
    assert about(found, items) == turtle("""\
PREFIX u: <urn:uuid:>
u:a a skos:Concept ; skos:inScheme u:doc ; skos:prefLabel "A"@en ; skos:altLabel "Alpha"@en ;
    skos:definition "The first."@en ; dcterms:type "Skill"@en ; dcterms:identifier "a" ;
    skos:narrower u:b ; skos:related u:c ; skos:exactMatch <https://example.org/elsewhere> ;
    skos:broadMatch <https://example.org/elsewhere2> .
u:b a skos:Concept ; skos:inScheme u:doc ; skos:prefLabel "B"@de ; skos:broader u:a ;
    dcterms:identifier "b" ; owl:deprecated true .
u:c a skos:Concept ; skos:inScheme u:doc ; skos:prefLabel "C"@en ; skos:related u:a ;
    dcterms:identifier "c" ; dcterms:isReplacedBy u:a ; owl:deprecated true .
""")
    assert printed.endswith("""\
Left out:
 1  things without an address or identifier, as CFItems[3]
 1  elements of CFItems that are not objects, as [3]
 1  values of educationLevel
 1  associations of the type precedes
 1  associations without an origin or a destination, as CFAssociations[6]
 1  rubrics, as Rubric
""")


def test_ctdl_from_the_registry(competency: Run, tmp_path: Path) -> None:
    found, printed = imported(competency, tmp_path, "ctdl", FILES / "registry.json")

    base = "https://credentialengineregistry.org/resources/ce-00000000-0000-4000-8000-00000000000"
    assert about(found, {URIRef(f"{base}2"), URIRef(f"{base}3")}) == turtle(f"""\
PREFIX r: <{base}>
PREFIX ceasn: <https://purl.org/ctdlasn/terms/>
r:2 a skos:Concept, ceasn:Competency ; skos:inScheme r:1 ; skos:topConceptOf r:1 ;
    skos:prefLabel "Kneading"@en-us, "Amasado"@es ; skos:notation "B1" ;
    skos:definition "Knead dough until it is smooth."@en-us ; skos:narrower r:3 ;
    skos:exactMatch <https://skills.example/kneading> ;
    dcterms:identifier "ce-00000000-0000-4000-8000-000000000002" .
r:3 a skos:Concept, ceasn:Competency ; skos:inScheme r:1 ; skos:broader r:2 ;
    skos:prefLabel "Stop kneading in time."@en-us .
""")
    assert printed.endswith(
        "Left out:\n 2  statements with <https://purl.org/ctdlasn/terms/conceptKeyword>, which SKOS lacks\n"
    )


def test_ctdl_of_a_single_graph_and_of_a_single_competency(competency: Run, tmp_path: Path) -> None:
    envelope = json.loads((FILES / "registry.json").read_text())[0]["decoded_resource"]
    expected, _ = imported(competency, tmp_path, "ctdl", FILES / "registry.json", "--name", "bread")
    graph = written(tmp_path, "graph.jsonld", json.dumps(envelope))
    single = written(tmp_path, "single.jsonld", json.dumps(envelope["@graph"][2]))

    assert imported(competency, tmp_path, "ctdl", graph, "--name", "bread")[0] == expected
    alone, _ = imported(competency, tmp_path, "ctdl", single)
    assert {label for _, label in values(alone, SKOS.prefLabel)} == {"Stop kneading in time."}


def test_schema_org_occupations_wherever_they_are(competency: Run, tmp_path: Path) -> None:
    found, _ = imported(competency, tmp_path, "schema", FILES / "schema-org.jsonld")

    own = {s for s, p, _ in found if p == SKOS.prefLabel}
    assert about(found, own) == turtle("""\
PREFIX own: <https://w3id.org/competency-graph/graph/schema-org#>
own:patent-examiner a skos:Concept, schema:Occupation ; skos:prefLabel "Patent examiner" ;
    skos:broadMatch onet:23-2099.00 ; skos:inScheme graph:schema-org .
own:professor-of-physics a skos:Concept, schema:Occupation ; skos:note "PhD in Physics" ;
    skos:prefLabel "Professor of Physics" ; skos:inScheme graph:schema-org .
own:nurse-practioner a skos:Concept, schema:Occupation ; skos:prefLabel "Nurse Practioner" ;
    skos:note "Graduate degree in nursing", "Active listening", "Critical thinking",
        "Social awareness" ;
    skos:broadMatch onet:29-1171.00 ; skos:inScheme graph:schema-org .
""")


def test_hr_open_positions_and_their_competencies(competency: Run, tmp_path: Path) -> None:
    found, _ = imported(competency, tmp_path, "hropen", FILES / "positions.json")

    own = {s for s, p, _ in found if p == SKOS.prefLabel}
    assert about(found, own) == turtle("""\
PREFIX own: <https://w3id.org/competency-graph/graph/positions#>
own:baker a skos:Concept ; skos:prefLabel "Baker"@en-us ; skos:notation "31539" ;
    skos:definition "Bakes bread & cakes."@en-us ; dcterms:type "position", "Food" ;
    skos:broadMatch onet:51-3011.00 ; skos:related own:kneading, own:patience ;
    skos:inScheme graph:positions .
own:kneading a skos:Concept ; skos:prefLabel "Kneading" ; skos:notation "K1" ;
    skos:definition "Works dough." ; dcterms:type "competency" ; skos:related own:baker ;
    skos:inScheme graph:positions .
own:patience a skos:Concept ; skos:prefLabel "Patience" ; dcterms:type "competency" ;
    skos:related own:baker, own:pastry-cook ; skos:inScheme graph:positions .
own:pastry-cook a skos:Concept ; skos:prefLabel "Pastry cook" ; dcterms:type "position" ;
    skos:related own:patience ; skos:inScheme graph:positions .
""")


@pytest.mark.parametrize(
    ("export", "form", "concepts", "broader"),
    [("case", "case", 695, 677), ("case-1.0", "case", 695, 677), ("ctdl-asn", "ctdl", 498, 480)],
)
def test_own_exports_come_back(
    export: str, form: str, concepts: int, broader: int, competency: Run, tmp_path: Path
) -> None:
    """CASE has all entries but the dictionary itself; CTDL-ASN neither titles nor outputs."""
    done = competency("export", export)
    source = written(tmp_path, f"sales.{'json' if form == 'case' else 'jsonld'}", done.stdout)

    found, _ = imported(competency, tmp_path, form, source)

    assert sum(p == RDF.type and o == SKOS.Concept for _, p, o in found) == concepts
    assert sum(p == SKOS.broader for _, p, o in found) == broader
    area = URIRef("https://w3id.org/competency-graph/sales/area/setting-sales-strategy")
    assert (area, SKOS.prefLabel, Literal("Setting Sales Strategy", lang="en")) in found
    assert (area, SKOS.notation, Literal("A05")) in found


def test_several_files_are_one_framework(competency: Run, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    written(parts, "a.ttl", PREFIXES + "<urn:x:a> a skos:Concept ; skos:prefLabel 'A' .")
    written(parts, "b.ttl", PREFIXES + "<urn:x:b> a skos:Concept ; skos:broader <urn:x:a> .")

    found, printed = imported(competency, tmp_path, "skos", parts)

    assert (URIRef("urn:x:a"), SKOS.narrower, URIRef("urn:x:b")) in found
    assert (URIRef(GRAPH + "parts"), DCTERMS.title, Literal("parts")) in found
    assert " 1  concepts without a label, as urn:x:b\n" in printed
