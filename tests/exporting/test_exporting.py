"""Each export keeps what it must, and is what its format's specification asks for."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import jsonschema
import networkx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from competency_graph import Dictionary, mappings
from competency_graph.exporting import FORMATS, SHEETS, outline, source_of_files
from competency_graph.exporting.outline import Outline
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.vocabulary import CG
from conftest import ROOT, Run

HERE = Path(__file__).parent
SALES = "https://w3id.org/competency-graph/sales"
AREA = "creating-and-closing-opportunities"
ESCO = "http://data.europa.eu/esco/"
LINKS = mappings.parse(
    "\n".join(
        (
            "# mapping_set_id: https://example.org/links",
            "# license: https://creativecommons.org/licenses/by/4.0/",
            "# curie_map:",
            f"#   s: {SALES}/",
            "#   esco-skill: http://data.europa.eu/esco/skill/",
            "#   onet-occupation: https://w3id.org/competency-graph/onet/occupation/",
            "#   other: https://example.org/",
            "subject_id\tpredicate_id\tobject_id\tobject_label\tobject_category\tmapping_justification",
            "s:knowledge/cold-calling-sales-techniques\tskos:closeMatch\tesco-skill:16132f2b-cf61-4c53-ae8d-9023a8bab90b\ttelemarketing\tknowledge\tsemapv:CompositeMatching",
            "s:competency/building-a-business-case\tskos:exactMatch\tother:business-case\t\t\tsemapv:CompositeMatching",
            "s:role/manager\tskos:narrowMatch\tonet-occupation:11-2022.00\tSales Managers\toccupation\tsemapv:CompositeMatching",
            "s:role/analyst\tskos:exactMatch\tsssom:NoTermFound\t\t\tsemapv:CompositeMatching",
            "other:nobody\tskos:exactMatch\tother:nothing\t\t\tsemapv:CompositeMatching",
            "",
        )
    ).encode(),
    "links.sssom.tsv",
)
LABELS = re.compile(r'skos:prefLabel "((?:[^"\\]|\\.)*)"@en')
NOTATIONS = re.compile(r'skos:notation "([^"]+)"')
TEXT = "\n".join(path.read_text() for path in sorted((ROOT / "data").rglob("*.ttl")))
CODES = sorted(NOTATIONS.findall(TEXT))
"""The codes of the published files, found without a parser."""
CHILDREN = sorted(re.findall(rf"area:{AREA}\n(.*?)\n    \.\n", TEXT, re.DOTALL)[0].count(name) for name in ("cg:hasKeyAction", "cg:requiresKnowledge", "cg:requiresAbility", "cg:producesOutput"))  # fmt: skip


@pytest.fixture(scope="module")
def whole(sales: Dictionary) -> Outline:
    return outline(sales.asserted, [LINKS])


def written(form: str, of: Outline) -> bytes:
    return format_named(form, FORMATS).engine(of)


def graph(form: str, of: Outline) -> Graph:
    """What another RDF library reads; it may fetch nothing."""
    syntax = "turtle" if form == "skos" else "json-ld"
    return Graph().parse(data=written(form, of).decode(), format=syntax)


@pytest.fixture(scope="module")
def read_twice() -> list[Outline]:
    return [outline(Dictionary().asserted) for _ in range(2)]


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_the_same_dictionary_gives_the_same_bytes(form: str, read_twice: list[Outline]) -> None:
    first, second = (written(form, each) for each in read_twice)
    assert first == second


# 1EdTech CASE


@pytest.mark.parametrize("version", ["1.0", "1.1"])
class TestCase:
    def package(self, version: str, of: Outline) -> dict:
        return json.loads(written("case" if version == "1.1" else "case-1.0", of))

    def schema(self, version: str) -> jsonschema.Draft202012Validator:
        text = (HERE / f"case-{version}.schema.json").read_text()
        return jsonschema.Draft202012Validator(json.loads(text))

    def test_it_keeps_the_rules_of_its_version(self, version: str, whole: Outline) -> None:
        assert list(self.schema(version).iter_errors(self.package(version, whole))) == []

    def test_the_rules_see_a_fault(self, version: str, whole: Outline) -> None:
        package = self.package(version, whole)
        del package["CFItems"][3]["fullStatement"]
        package["CFAssociations"][0]["associationType"] = "broadMatchOf"
        package["CFDocument"]["identifier"] = "sales"
        assert len(list(self.schema(version).iter_errors(package))) == 3

    def test_newer_properties_are_in_the_newer_version_alone(
        self, version: str, whole: Outline
    ) -> None:
        other = "1.0" if version == "1.1" else "1.1"
        errors = list(self.schema(other).iter_errors(self.package(version, whole)))
        assert bool(errors) == (version == "1.1")

    def test_every_entry_is_an_item_with_its_code(self, version: str, whole: Outline) -> None:
        items = self.package(version, whole)["CFItems"]
        assert sorted(item["humanCodingScheme"] for item in items) == CODES
        assert len({item["identifier"] for item in items}) == len(items) == 695

    def test_the_tree_is_whole(self, version: str, whole: Outline) -> None:
        package = self.package(version, whole)
        known = {item["uri"] for item in package["CFItems"]} | {SALES}
        tree = [a for a in package["CFAssociations"] if a["associationType"] == "isChildOf"]
        assert {a["originNodeURI"]["uri"] for a in tree} == known - {SALES}
        assert {a["destinationNodeURI"]["uri"] for a in tree} <= known
        below = [a for a in tree if a["destinationNodeURI"]["uri"].endswith(f"area/{AREA}")]
        kinds = Counter(a["originNodeURI"]["uri"].split("/")[-2] for a in below)
        assert sorted(kinds.values()) == CHILDREN
        assert [a["sequenceNumber"] for a in below] == list(range(1, len(below) + 1))

    def test_links_are_associations(self, version: str, whole: Outline) -> None:
        found = {
            (a["associationType"], a["destinationNodeURI"]["title"])
            for a in self.package(version, whole)["CFAssociations"]
            if not a["destinationNodeURI"]["uri"].startswith(SALES)
        }
        assert found == {
            ("isRelatedTo", "telemarketing"),
            ("isRelatedTo", "Sales Managers"),
            ("exactMatchOf", "https://example.org/business-case"),
        }


# CTDL-ASN and schema.org

CEASN = "https://purl.org/ctdlasn/terms/"
CETERMS = "https://purl.org/ctdl/terms/"


def test_ctdl_keeps_the_rules_of_the_registry(whole: Outline) -> None:
    """Of a competency, the registry requires text, language, framework and CTID."""
    found = graph("ctdl-asn", whole)
    framework = URIRef(SALES)
    assert set(found.subjects(RDF.type, URIRef(CEASN + "CompetencyFramework"))) == {framework}
    competencies = set(found.subjects(RDF.type, URIRef(CEASN + "Competency")))
    assert len(competencies) == 13 + 4 + 29 + 162 + 189 + 95
    needed = [CEASN + name for name in ("competencyText", "inLanguage", "isPartOf")] + [
        CETERMS + "ctid"
    ]
    for competency in competencies:
        for name in needed:
            assert len(set(found.objects(competency, URIRef(name)))) == 1, (competency, name)
    ctids = [str(o) for o in found.objects(None, URIRef(CETERMS + "ctid"))]
    assert len(set(ctids)) == len(ctids)
    assert all(re.fullmatch(r"ce-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", c) for c in ctids)
    assert [str(o) for o in found.objects(framework, URIRef(CEASN + "name"))] == [
        "Sales competency dictionary"
    ]


def test_the_hierarchy_of_ctdl_is_told_from_both_ends(whole: Outline) -> None:
    found = graph("ctdl-asn", whole)
    for down, up in (("hasChild", "isChildOf"), ("hasTopChild", "isTopChildOf")):
        pairs = set(found.subject_objects(URIRef(CEASN + down)))
        assert pairs == {(o, s) for s, o in found.subject_objects(URIRef(CEASN + up))}
        assert pairs
    tops = set(found.objects(URIRef(SALES), URIRef(CEASN + "hasTopChild")))
    assert len(tops) == 13 + 4


def test_ctdl_aligns_and_its_roles_call_for_areas(whole: Outline) -> None:
    found = graph("ctdl-asn", whole)
    close = list(found.subject_objects(URIRef(CEASN + "majorAlignment")))
    assert close == [
        (
            URIRef(f"{SALES}/knowledge/cold-calling-sales-techniques"),
            URIRef(f"{ESCO}skill/16132f2b-cf61-4c53-ae8d-9023a8bab90b"),
        )
    ]
    roles = set(found.subjects(RDF.type, URIRef(CETERMS + "WorkRole")))
    assert len(roles) == 6
    assert len(list(found.triples((None, URIRef(CEASN + "skillEmbodied"), None)))) == 31
    nodes = list(found.objects(None, URIRef(CETERMS + "targetNode")))
    assert nodes == [URIRef("https://www.onetonline.org/link/summary/11-2022.00")]


def test_schema_org_has_each_entry_once(whole: Outline) -> None:
    found = graph("schema-org", whole)
    schema = "http://schema.org/"
    terms = set(found.subjects(RDF.type, URIRef(schema + "DefinedTerm")))
    assert len(terms) == 695 - 6
    assert set(found.objects(URIRef(SALES), URIRef(schema + "hasDefinedTerm"))) == terms
    assert sorted(map(str, found.objects(None, URIRef(schema + "termCode")))) == [
        c for c in CODES if not re.fullmatch(r"R\d", c)
    ]
    assert len(set(found.subjects(RDF.type, URIRef(schema + "Occupation")))) == 6
    assert {str(o) for o in found.objects(None, URIRef(schema + "codeValue"))} == {"11-2022.00"}
    assert {str(o) for o in found.objects(None, URIRef(schema + "sameAs"))} == {
        "https://example.org/business-case"
    }
    names = {str(o) for o in found.objects(None, URIRef(schema + "name"))}
    assert {label.replace('\\"', '"') for label in LABELS.findall(TEXT)} <= names


# SKOS

BROKEN = {
    "S9: nothing is both scheme and concept": "?x a skos:ConceptScheme, skos:Concept",
    "S13: no label is of two kinds": "?x skos:prefLabel ?l ; skos:altLabel ?l",
    "S14: one preferred label per language": "?x skos:prefLabel ?l, ?m FILTER(?l != ?m && lang(?l) = lang(?m))",
    "S27: related is not broader": "?x skos:related ?y . ?x skos:broader+ ?y",
    "S37: nothing is both concept and collection": "?x a skos:Collection, skos:Concept",
    "S46: exact is neither broad nor related": "?x skos:exactMatch ?y ; skos:broadMatch|skos:narrowMatch|skos:relatedMatch ?y",
    "broader has its inverse": "?x skos:broader ?y FILTER NOT EXISTS { ?y skos:narrower ?x }",
    "narrower has its inverse": "?x skos:narrower ?y FILTER NOT EXISTS { ?y skos:broader ?x }",
    "related is told from both ends": "?x skos:related ?y FILTER NOT EXISTS { ?y skos:related ?x }",
    "a top concept is told from both ends": "?x skos:topConceptOf ?y FILTER NOT EXISTS { ?y skos:hasTopConcept ?x }",
    "a concept is in the scheme": "?x a skos:Concept FILTER NOT EXISTS { ?x skos:inScheme ?s }",
    "a concept is at the top or below another": "?x a skos:Concept FILTER NOT EXISTS { ?x skos:topConceptOf|skos:broader ?y }",
    "nothing of our ontology is needed": "?x ?p ?y FILTER(CONTAINS(STR(?p), 'competency-graph/ontology'))",
}  # fmt: skip
PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"


@pytest.fixture(scope="module")
def skos(whole: Outline) -> Graph:
    return graph("skos", whole)


@pytest.mark.parametrize("rule", BROKEN)
def test_skos_needs_no_reasoner(rule: str, skos: Graph) -> None:
    assert list(skos.query(f"{PREFIX}SELECT * {{ {BROKEN[rule]} }} LIMIT 3")) == []


def test_those_rules_see_faults() -> None:
    bad = Graph().parse(format="turtle", data="""
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <x:> .
        :a a skos:Concept, skos:ConceptScheme, skos:Collection ; skos:prefLabel "a"@en, "b"@en ; skos:altLabel "a"@en ;
          skos:related :b ; skos:broader :b ; skos:exactMatch :c ; skos:broadMatch :c .
        :d skos:narrower :e ; skos:topConceptOf :s ; <https://w3id.org/competency-graph/ontology#requires> :e . :f a skos:Concept .
    """)  # fmt: skip
    for rule, pattern in BROKEN.items():
        assert list(bad.query(f"{PREFIX}SELECT * {{ {pattern} }}")), rule


def test_skos_keeps_every_text(whole: Outline, sales: Dictionary) -> None:
    found = graph("skos", whole)
    for name in ("prefLabel", "altLabel", "definition", "example", "notation"):
        entries = set(sales.asserted.subjects(SKOS.notation))
        said = {(s, o) for s, o in sales.asserted.subject_objects(SKOS[name]) if s in entries}
        assert {(s, o) for s, o in found.subject_objects(SKOS[name]) if s in entries} == said
    assert len(set(found.subjects(RDF.type, SKOS.Collection))) == 9
    assert set(found.subject_objects(SKOS.closeMatch)) == {
        (
            URIRef(f"{SALES}/knowledge/cold-calling-sales-techniques"),
            URIRef(f"{ESCO}skill/16132f2b-cf61-4c53-ae8d-9023a8bab90b"),
        )
    }
    assert (
        URIRef(SALES),
        DCTERMS.license,
        URIRef("https://creativecommons.org/licenses/by/4.0/"),
    ) in found


# Tables and networks


def esco_files(of: Outline) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(written("esco-csv", of))) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
        }


def test_esco_files_have_escos_columns_and_our_entries(whole: Outline) -> None:
    files = esco_files(whole)
    assert sorted(files) == [
        "broaderRelationsOccPillar.csv", "broaderRelationsSkillPillar.csv",
        "occupationSkillRelations.csv", "occupations_en.csv", "skillGroups_en.csv", "skills_en.csv",
    ]  # fmt: skip
    heads = {name: ",".join(rows[0]) for name, rows in files.items()}
    assert (
        heads["skills_en.csv"]
        == "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,definition,inScheme,description"
    )
    assert heads["occupationSkillRelations.csv"] == "occupationUri,relationType,skillType,skillUri"
    assert heads["broaderRelationsOccPillar.csv"] == "conceptType,conceptUri,broaderType,broaderUri"
    assert {name: len(rows) for name, rows in files.items() if "_en" in name} == {
        "occupations_en.csv": 6 + 31, "skills_en.csv": 29 + 189 + 95, "skillGroups_en.csv": 13 + 4,
    }  # fmt: skip
    known = {row["conceptUri"] for name in files for row in files[name] if "preferredLabel" in row}
    for row in files["broaderRelationsSkillPillar.csv"] + files["broaderRelationsOccPillar.csv"]:
        assert {row["conceptUri"], row["broaderUri"]} <= known
    required = files["occupationSkillRelations.csv"]
    assert {row["occupationUri"] for row in required} == {
        e.iri for e in whole.entries if e.kind == "role"
    }
    assert {row["skillUri"] for row in required} <= known


def test_a_role_needs_what_its_areas_require(whole: Outline, sales: Dictionary) -> None:
    """Held against what the reasoner finds."""
    role = f"{SALES}/role/analyst"
    wanted = sales.store.query(
        f"SELECT ?x {{ <{role}> <https://w3id.org/competency-graph/ontology#requires> ?x . ?x a ?c FILTER(?c IN (<https://w3id.org/competency-graph/ontology#Knowledge>, <https://w3id.org/competency-graph/ontology#Ability>)) }}",
        use_default_graph_as_union=True,
    )
    rows = esco_files(whole)["occupationSkillRelations.csv"]
    assert {r["skillUri"] for r in rows if r["occupationUri"] == role} == {
        s["x"].value for s in wanted
    }


def test_csv_is_one_row_for_each_entry(whole: Outline) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", whole).decode(), newline="")))
    assert sorted(row["Code"] for row in rows) == CODES
    by_code = {row["Code"]: row for row in rows}
    assert (
        by_code["A01.A1"]["Key action of: Area of expertise"]
        == "Creating and Closing Opportunities"
    )
    assert by_code["CL1"]["Other labels (en)"] == "Partnering competencies"
    assert [row["Kind"] for row in rows].count("Output") == 166
    matched = {row["Code"]: row["Matches"] for row in rows if row["Matches"]}
    assert list(matched.values()).count("exactMatch https://example.org/business-case") == 1
    assert len(matched) == 3


def test_no_text_becomes_a_formula(sales: Dictionary) -> None:
    evil = Graph().parse(
        format="turtle",
        data=f'@prefix cg: <https://w3id.org/competency-graph/ontology#> . <{SALES}> a cg:CompetencyDictionary . <{SALES}/role/x> a cg:Role ; <http://www.w3.org/2004/02/skos/core#prefLabel> "=1+1"@en .',
    )
    assert "'=1+1" in written("csv", outline(evil)).decode()
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", outline(evil))))["Role"]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")


@pytest.fixture(scope="module")
def book(whole: Outline) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written("xlsx", whole)))


def found(sales: Dictionary, pattern: str, what: str = "?code") -> set:
    """What rdflib finds in the files."""
    rows = sales.asserted.query(
        f"PREFIX role: <{SALES}/role/> SELECT {what} {{ {pattern} }}",
        initNs={"cg": CG, "skos": SKOS},
    )
    return {tuple(map(str, row)) if len(row) > 1 else str(row[0]) for row in rows}


def column(sheet: Worksheet, heading: str) -> list:
    """The cells below a heading."""
    place = [cell.value for cell in sheet[1]].index(heading)
    return [row[place] for row in sheet.iter_rows(min_row=2)]


KINDS = [
    "Role", "Job title", "Area of expertise", "Competency cluster", "Competency", "Key action",
    "Knowledge", "Ability", "Output",
]  # fmt: skip


def test_a_workbook_has_a_sheet_for_each_kind(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "Notes",
        "Competency dictionary",
        *KINDS,
        "Matrix",
        "Links",
        "Exported",
    ]
    assert book["Exported"].sheet_state == "hidden"
    codes = [cell.value for kind in KINDS for cell in column(book[kind], "Code")]
    assert sorted(codes) == CODES
    assert (
        column(book["Competency dictionary"], "Title (en)")[0].value
        == "Sales competency dictionary"
    )
    assert len(list(book["Links"].values)) == 1 + 3


def test_a_workbook_has_the_matrix_of_roles_and_areas(
    book: openpyxl.Workbook, sales: Dictionary
) -> None:
    head, *rows = book["Matrix"].iter_rows(values_only=True)
    covered = {(head[n], row[0]) for row in rows for n, tick in enumerate(row) if tick == "✓"}
    asked = "?role cg:coversArea ?area ; skos:prefLabel ?r . ?area skos:prefLabel ?a"
    assert covered == found(sales, asked, "?r ?a")


def test_a_column_names_what_an_entry_belongs_to(
    book: openpyxl.Workbook, sales: Dictionary
) -> None:
    sheet, heading = book["Knowledge"], "Area of expertise that requires knowledge"
    headings = [cell.value for cell in sheet[1]]
    repeated = [text for text in headings if text and text.startswith(heading)]
    assert repeated == [heading, f"{heading} (2)", f"{heading} (3)"]  # as many as needed, and one
    pairs = {
        (code.value, cell.value)
        for name in repeated
        for code, cell in zip(column(sheet, "Code"), column(sheet, name), strict=True)
        if cell.value
    }
    asked = "?area cg:requiresKnowledge ?k ; skos:prefLabel ?a . ?k skos:notation ?code"
    assert pairs == found(sales, asked, "?code ?a")


def test_references_are_chosen_from_lists(book: openpyxl.Workbook) -> None:
    """The list of the areas is the column of their labels, with room for new ones."""
    sheet = book["Key action"]
    place = [cell.value for cell in sheet[1]].index("Key action of: Area of expertise") + 1
    first = sheet.cell(2, place).coordinate
    lists = [each for each in sheet.data_validations.dataValidation if first in each.sqref]
    assert [each.formula1 for each in lists] == ["'Area of expertise'!$C$2:$C$1014"]
    assert book["Area of expertise"]["C1"].value == "Label (en)"
    yes_or_no = [
        each.formula1 for each in sheet.data_validations.dataValidation if "yes" in each.formula1
    ]
    assert yes_or_no == ['"yes,no"']


def test_identifiers_are_protected_and_texts_are_not(book: openpyxl.Workbook) -> None:
    for kind in KINDS:
        sheet = book[kind]
        assert sheet.protection.sheet
        assert sheet["A1"].protection.locked
        assert sheet["A2"].protection.locked
        assert not sheet["C2"].protection.locked
        assert sheet["C2"].number_format == "@"
        assert sheet.freeze_panes == "D2"
    new = book["Role"].max_row + 1
    assert not book["Role"].column_dimensions["C"].protection.locked, new


def test_each_heading_has_a_note(book: openpyxl.Workbook) -> None:
    """The definitions are those of the ontology; what the shapes demand is marked."""
    notes = {cell.value: cell.comment.text for kind in KINDS for cell in book[kind][1]}
    assert all(notes.values())
    assert notes["In cluster"] == "Says which one cluster a competency belongs to. (Required.)"
    assert "(Required.)" not in notes["Other labels (en)"]


def test_a_workbook_is_legible(book: openpyxl.Workbook, whole: Outline) -> None:
    for sheet in (book[kind] for kind in KINDS):
        assert all(5 < each.width <= 61 for each in sheet.column_dimensions.values() if each.width)
        assert sheet["C2"].alignment.wrap_text
    areas = book["Area of expertise"]
    definition = max(column(areas, "Definition (en)"), key=lambda cell: len(cell.value or ""))
    lines = len(definition.value) / 70  # characters of the column, at most
    assert lines > 4
    assert areas.row_dimensions[definition.row].height >= 15 * lines
    told = book.properties
    assert (told.title, told.creator) == ("Sales competency dictionary", whole.facts["creator"])
    assert told.created.date().isoformat() == whole.facts["modified"]


def test_a_part_of_a_dictionary_has_only_its_rows(sales: Dictionary) -> None:
    part = openpyxl.load_workbook(io.BytesIO(written("xlsx", outline(sales.asserted, area=AREA))))
    assert [cell.value for cell in column(part["Area of expertise"], "Code")] == ["A01"]
    actions = {cell.value for cell in column(part["Key action"], "Code")}
    assert actions == {code for code in CODES if code.startswith("A01.")}


def test_sheets_are_the_same_with_and_without_an_outline(sales: Dictionary) -> None:
    for name, write in SHEETS.items():
        assert write(source_of_files(sales)) == written(name, outline(sales.asserted))


def test_network_tools_read_graphml(whole: Outline, tmp_path: Path) -> None:
    (tmp_path / "sales.graphml").write_bytes(written("graphml", whole))
    network = networkx.read_graphml(tmp_path / "sales.graphml")
    assert network.is_directed()
    codes = [
        data["code"]
        for _, data in network.nodes(data=True)
        if "code" in data and data["kind"] != "elsewhere"
    ]
    assert sorted(codes) == CODES
    areas = [
        t
        for _, t, d in network.out_edges(f"{SALES}/role/manager", data=True)
        if d["relation"] == "coversArea"
    ]
    assert len(areas) == len(re.findall(r"role:manager[^.]*?cg:coversArea", TEXT)) or areas
    assert networkx.is_weakly_connected(network.subgraph(n for n in network if n.startswith(SALES)))


# One area, faults, and the command


def test_one_area_has_what_belongs_to_it(sales: Dictionary) -> None:
    one = outline(sales.asserted, area=AREA)
    kinds = Counter(entry.kind for entry in one.entries)
    assert kinds.pop("area") == 1
    assert sorted(kinds.values()) == CHILDREN
    for form in FORMATS:
        assert form.engine(one)


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_a_dictionary_with_nothing_but_a_name_can_be_exported(form: str) -> None:
    text = f"<{SALES}> a <https://w3id.org/competency-graph/ontology#CompetencyDictionary> ."
    assert written(form, outline(Graph().parse(data=text, format="turtle")))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["pdf"], "there is no format “pdf”"),
        (["case", "--area", "nowhere"], "there is no area “nowhere”"),
        (["case", "--data", "none.ttl"], "none.ttl"),
        (["case", "--base", "none", "--data", "empty.ttl"], "the files describe no dictionary"),
        (["case", "-o", "."], "the export cannot be written"),
        ([], "Missing argument"),
    ],
)
def test_wrong_use_is_told(
    arguments: list[str], told: str, competency: Run, tmp_path: Path
) -> None:
    (tmp_path / "empty.ttl").write_text("")
    done = competency("export", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_command_writes_a_file_and_links_when_asked(competency: Run, tmp_path: Path) -> None:
    assert competency("export", "skos", "-o", "sales.ttl").returncode == 0
    without = Graph().parse(tmp_path / "sales.ttl")
    assert list(without.subject_objects(SKOS.closeMatch)) == []
    assert competency("export", "skos", "--with-links", "-o", "sales.ttl").returncode == 0
    assert list(Graph().parse(tmp_path / "sales.ttl").subject_objects(SKOS.closeMatch))


def test_what_has_no_class_of_entries_is_named(competency: Run, tmp_path: Path) -> None:
    """It is in no export, which nobody would see; what is exported is as it would be without."""
    text = (ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl").read_text()
    (tmp_path / "right.ttl").write_text(text)
    more = """
        <https://e.example/rye> a <https://w3id.org/competency-graph/ontology#Outputt> ;
            <http://www.w3.org/2004/02/skos/core#notation> "O9" .
    """
    (tmp_path / "wrong.ttl").write_text(text + more)
    right = competency("export", "csv", "--data", "right.ttl")
    wrong = competency("export", "csv", "--data", "wrong.ttl")
    assert (right.returncode, right.stderr) == (0, "")
    assert wrong.returncode == 0
    assert "left out" in wrong.stderr
    assert "https://e.example/rye" in wrong.stderr
    assert wrong.stdout == right.stdout
