"""What a person edits in a workbook becomes the same change of the dictionary's files."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from sheets import BAKERY, Edit, bakery, codes, edited, exported, imported, said, triples

from competency_graph.importing.spreadsheet.new_entries import slug
from competency_graph.validation import validate


def row_after(sheet, **cells: str) -> int:
    """Fill a new row, given texts by heading, and return its number."""
    number = sheet.max_row + 1
    heads = [cell.value for cell in sheet[1]]
    for heading, text in cells.items():
        sheet.cell(number, heads.index(heading) + 1).value = text
    return number


def rename(book) -> None:
    book["Role"]["C2"] = "Master baker"


def untranslate(book) -> None:
    assert book["Role"]["D1"].value == "Label (de)"
    book["Role"]["D2"] = None


def translate(book) -> None:
    book["Role"]["D3"] = "Verkäufer"


def add_example(book) -> None:
    heads = [cell.value for cell in book["Area of expertise"][1]]
    book["Area of expertise"].cell(2, heads.index("Examples (en)") + 1).value = "loaves\nbuns"


def tick(book) -> None:
    assert [cell.value for cell in book["Matrix"][1]] == ["Area of expertise", "Baker", "Seller"]
    book["Matrix"]["B2"], book["Matrix"]["C2"] = None, "✓"


def add_knowledge(book) -> None:
    row_after(book["Knowledge"], **{
        "Label (en)": "Sourdough, rye & more", "Area of expertise that requires knowledge": "Baking",
    })  # fmt: skip


def add_area_with_action(book) -> None:
    row_after(book["Area of expertise"], **{"Label (en)": "Selling", "Definition (en)": "Sells."})
    row_after(book["Key action"], **{
        "Label (en)": "Greets", "Definition (en)": "Says hello.",
        "Key action of: Area of expertise": "Selling",
    })  # fmt: skip


def remove(book) -> None:
    book["Role"].delete_rows(3)


@pytest.mark.parametrize(
    ("edit", "added", "removed"),
    [
        (rename, {'role/baker prefLabel "Master baker"@en': "Role!C2"},
         {'role/baker prefLabel "Baker"@en': "Role!C2"}),
        (untranslate, {}, {'role/baker prefLabel "Bäckerin"@de': "Role!D2"}),
        (translate, {'role/seller prefLabel "Verkäufer"@de': "Role!D3"}, {}),
        (add_example, {'area/baking example "buns"@en': "Area of expertise!F2"},
         {'area/baking example "rolls"@en': "Area of expertise!F2"}),
        (tick, {"role/seller coversArea area/baking": "Matrix!C2"},
         {"role/baker coversArea area/baking": "Matrix!B2"}),
        (add_knowledge, {
            "knowledge/sourdough-rye-more type Knowledge": "Knowledge!3",
            "knowledge/sourdough-rye-more inScheme dictionary": "Knowledge!3",
            'knowledge/sourdough-rye-more notation "K002"': "Knowledge!3",
            'knowledge/sourdough-rye-more prefLabel "Sourdough, rye & more"@en': "Knowledge!C3",
            "area/baking requiresKnowledge knowledge/sourdough-rye-more": "Knowledge!G3",
        }, {}),
        (add_area_with_action, {
            "area/selling type AreaOfExpertise": "Area of expertise!3",
            "area/selling inScheme dictionary": "Area of expertise!3",
            'area/selling notation "A02"': "Area of expertise!3",
            'area/selling prefLabel "Selling"@en': "Area of expertise!C3",
            'area/selling definition "Sells."@en': "Area of expertise!E3",
            "area/selling areaOf dictionary": "Area of expertise!G3",
            "action/greets type KeyAction": "Key action!2",
            "action/greets inScheme dictionary": "Key action!2",
            'action/greets notation "A02.A1"': "Key action!2",
            'action/greets prefLabel "Greets"@en': "Key action!C2",
            'action/greets definition "Says hello."@en': "Key action!E2",
            "area/selling hasKeyAction action/greets": "Key action!G2",
        }, {}),
        (remove, {'role/seller deprecated "true"': "Role"}, {}),
    ],
)  # fmt: skip
def test_an_edit_is_a_change_of_statements(
    edit: Edit, added: dict[str, str], removed: dict[str, str], tmp_path: Path
) -> None:
    data = bakery(tmp_path)
    before = triples(data)
    path = edited(exported(data), edit, tmp_path / "edited.xlsx")
    found = imported(path, data)
    assert (said(found.changes.added), said(found.changes.removed)) == (added, removed)
    found.write()
    assert triples(data) == before - set(found.changes.removed) | set(found.changes.added)
    again = imported(path, data)  # the same workbook once more
    assert not again.changes, said(again.changes.added) | said(again.changes.removed)


def test_a_removed_row_is_reported_and_can_be_deleted(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    file = data / "bakery.ttl"
    file.write_text(file.read_text() + "role:seller my:tills [ my:number ( 1 2 ) ] .\n")
    path = edited(exported(data), remove, tmp_path / "edited.xlsx")
    kept = imported(path, data)
    assert codes(kept) == [("CG713", "Role")]
    assert "“Seller”" in kept.found[0].message
    gone = imported(path, data, deleting=True)
    gone.write()
    assert not gone.changes.added
    text = (data / "bakery.ttl").read_text()
    assert "seller" not in text
    assert "# as everyone knows" in text


def test_a_sheet_that_is_missing_removes_nothing(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    path = edited(exported(data), lambda book: book.remove(book["Knowledge"]), tmp_path / "e.xlsx")
    assert not imported(path, data).changes


def test_an_entry_that_was_added_since_the_export_is_not_a_removed_row(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    path = edited(exported(data), rename, tmp_path / "edited.xlsx")
    (data / "more.ttl").write_text(
        BAKERY.split("my:area")[0].partition("role:baker")[0]
        + 'role:cleaner a cg:Role ; skos:prefLabel "Cleaner"@en .\n'
    )
    assert len(imported(path, data).changes.added) == 1


def test_new_entries_go_to_the_file_of_what_they_belong_to(tmp_path: Path) -> None:
    """A role's links are in a file of their own; knowledge is where its area is."""
    data = bakery(tmp_path)
    head, _, rest = BAKERY.partition("role:baker")
    roles, _, areas = rest.partition("area:baking\n")
    (data / "bakery.ttl").write_text(head)
    (data / "roles.ttl").write_text(
        head.partition("<https://bakery.example/dictionary>")[0]
        + "role:baker"
        + roles.replace("    cg:coversArea area:baking ;\n", "")
    )
    (data / "links.ttl").write_text(
        head.partition("<https://bakery.example/dictionary>")[0]
        + "role:baker cg:coversArea area:baking .\n"
    )
    (data / "areas.ttl").write_text(
        head.partition("<https://bakery.example/dictionary>")[0] + "area:baking\n" + areas
    )

    def edit(book) -> None:
        add_knowledge(book)
        book["Matrix"]["C2"] = "✓"
        row_after(book["Job title"], **{"Label (en)": "Shop clerk", "Title of role": "Seller"})

    found = imported(edited(exported(data), edit, tmp_path / "edited.xlsx"), data)
    assert sorted(path.name for path in found.new) == ["areas.ttl", "links.ttl", "roles.ttl"]
    new = {path.name: content.decode() for path, content in found.new.items()}
    assert "knowledge:sourdough-rye-more\n" in new["areas.ttl"]
    assert "role:seller\n    cg:coversArea area:baking ;" in new["links.ttl"]
    assert "<https://bakery.example/title/shop-clerk>\n    a cg:JobTitle ;" in new["roles.ttl"]


def test_an_extension_keeps_its_base_and_can_link_to_it(tmp_path: Path, competency) -> None:
    """The rows of the base are in the workbook; only links to them can be edited."""
    assert competency("new", "acme").returncode == 0
    data = tmp_path / "acme"
    content = exported(data)
    path = edited(content, lambda book: None, tmp_path / "same.xlsx")
    assert not imported(path, data).changes

    def link(book) -> None:
        heads = [cell.value for cell in book["Matrix"][1]]
        names = [row[0].value for row in book["Matrix"]]
        row, column = names.index("Selling Sustainably") + 1, heads.index("Analyst") + 1
        book["Matrix"].cell(row, column).value = "x"
        row_after(book["Knowledge"], **{
            "Label (en)": "Soil health", "Definition (en)": "How soil stays fertile.",
            "Area of expertise that requires knowledge": "Selling Sustainably",
        })  # fmt: skip

    found = imported(edited(content, link, tmp_path / "linked.xlsx"), data)
    assert codes(found) == []
    found.write()
    roles = (data / "roles.ttl").read_text()
    assert "role:analyst\n    cg:coversArea my:selling-sustainably ;" in roles
    area = (data / "areas" / "selling-sustainably.ttl").read_text()
    assert (
        'my:soil-health\n    a cg:Knowledge ;\n    skos:prefLabel "Soil health"@en ;\n    skos:notation "ACME-K'
        in area
    )
    assert validate([data]).findings == ()

    def break_base(book) -> None:
        book["Role"]["C3"] = "Advisor"

    assert openpyxl.load_workbook(tmp_path / "same.xlsx")["Role"]["B3"].value == "R1"
    refused = imported(edited(content, break_base, tmp_path / "broken.xlsx"), data)
    assert codes(refused) == [("CG714", "Role!C3")]
    assert refused.new == {}


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("Creating and Closing Opportunities", "creating-and-closing-opportunities"),
        ("R&D: cost/benefit (basics)", "r-d-cost-benefit-basics"),
        ("Éclair’s œuvre, über Größe", "eclairs-œuvre-uber-grosse"),
        ("営業 計画", "営業-計画"),
        ("Продажи", "продажи"),
        ("…", ""),
        ("word " * 30, "word-" * 15 + "word"),
    ],
)
def test_a_slug_is_readable(label: str, wanted: str) -> None:
    assert slug(label) == wanted


def test_equal_slugs_get_numbers(tmp_path: Path) -> None:
    data = bakery(tmp_path)

    def edit(book) -> None:
        book["Knowledge"]["C2"] = "Flours of the world"
        row_after(book["Knowledge"], **{"Label (en)": "Flour"})
        row_after(book["Knowledge"], **{"Label (en)": "Flour!"})

    found = imported(edited(exported(data), edit, tmp_path / "edited.xlsx"), data)
    assert codes(found) == []
    new = {line.partition(" ")[0] for line in said(found.changes.added)}
    assert new == {"knowledge/flour", "knowledge/flour-2", "knowledge/flour-3"}


def test_own_properties_have_columns(tmp_path: Path) -> None:
    """A dictionary declares a number and a link; the rest of what it says is not shown, and stays."""
    data = bakery(tmp_path)
    (data / "ontology.ttl").write_text("""\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<https://bakery.example/hours> a owl:DatatypeProperty ; rdfs:domain cg:Role ; rdfs:range xsd:integer ;
    rdfs:label "hours a week"@en ; rdfs:comment "How long people in the role work."@en .
<https://bakery.example/reportsTo> a owl:ObjectProperty ; rdfs:domain cg:Role ; rdfs:range cg:Role ;
    rdfs:label "reports to"@en .
""")

    def edit(book) -> None:
        heads = [cell.value for cell in book["Role"][1]]
        assert (
            book["Role"].cell(1, heads.index("Hours a week") + 1).comment.text
            == "How long people in the role work."
        )
        book["Role"].cell(3, heads.index("Hours a week") + 1).value = 38
        book["Role"].cell(3, heads.index("Reports to") + 1).value = "Baker"

    found = imported(edited(exported(data), edit, tmp_path / "edited.xlsx"), data)
    assert (codes(found), found.changes.removed) == ([], {})
    assert {str(triple.predicate): str(triple.object) for triple in found.changes.added} == {
        "<https://bakery.example/hours>": '"38"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "<https://bakery.example/reportsTo>": "<https://bakery.example/role/baker>",
    }


def test_a_workbook_of_own_entries_alone_comes_back(tmp_path: Path, competency) -> None:
    assert competency("new", "acme").returncode == 0
    assert (
        competency("export", "xlsx", "--own", "--data", "acme", "-o", "acme.xlsx").returncode == 0
    )
    book = openpyxl.load_workbook(tmp_path / "acme.xlsx")
    assert [book["Role"].max_row, book["Area of expertise"].max_row] == [2, 2]
    assert competency(
        "import", "xlsx", "acme.xlsx", "--data", "acme", "--overwrite"
    ).stdout.startswith("Nothing changes")
    book["Knowledge"]["C2"] = "Renamed"
    book.save(tmp_path / "acme.xlsx")
    done = competency("import", "xlsx", "acme.xlsx", "--data", "acme")
    assert done.stdout.endswith(
        "1 statement added and 1 removed in acme/areas/selling-sustainably.ttl.\n"
    )
