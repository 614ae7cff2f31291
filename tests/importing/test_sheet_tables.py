"""Tables from elsewhere, with whatever spreadsheet programs do to them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from sheets import bakery, codes, exported, imported, said, triples

from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing.spreadsheet.importer import Import
from conftest import ROOT

MAPPINGS = ROOT / "docs" / "spreadsheets"
SPACE = "https://bakery.example/"


def table(folder: Path, content: str | bytes, mapping: str = "", **options) -> Import:
    """The import of a CSV file as a new dictionary, by a mapping of skills."""
    path = folder / "skills.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    described = folder / "mapping.yaml"
    described.write_text(
        mapping or "entries: [{kind: knowledge, columns: {Skill: label, Meaning: definition}}]"
    )
    options = {"namespace": SPACE, "output": folder / "new"} | options
    return imported(path, mapping=described, **options)


def labels(found: Import) -> list[str]:
    """The labels of new entries, with their languages."""
    return [
        line.partition("prefLabel ")[2] for line in said(found.changes.added) if "prefLabel" in line
    ]


# Encodings, separators, blanks

ROWS = 'Skill;Meaning\r\nÜben;"Öfter\r\ntun"\r\n\r\nBacken ;  Brot\u00a0\r\n;;\r\n'


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (ROWS.encode(), []),
        (ROWS.encode("utf-8-sig"), []),
        (ROWS.encode("utf-16"), []),
        (ROWS.replace(";", "\t").encode(), []),
        (ROWS.replace(";", ",").encode(), []),
        (ROWS.encode("windows-1252"), [("CG716", "2")]),
    ],
    ids=["utf-8", "mark", "utf-16", "tab", "comma", "windows-1252"],
)
def test_a_table_is_read_as_programs_write_it(content: bytes, wanted: list, tmp_path: Path) -> None:
    found = table(tmp_path, content, language="de")
    assert codes(found) == wanted
    assert labels(found) == ['"Üben"@de', '"Backen"@de']
    assert 'knowledge/uben definition "Öfter\\r\\ntun"@de' in said(found.changes.added)
    assert 'knowledge/backen definition "Brot"@de' in said(found.changes.added)


def test_an_assumed_encoding_is_shown_and_can_be_given(tmp_path: Path) -> None:
    found = table(tmp_path, ROWS.encode("windows-1252"))
    assert '“Üben;"Öfter”' in found.found[0].message
    assert not found.is_refused
    assert codes(table(tmp_path, ROWS.encode("windows-1252"), encoding="windows-1252")) == []
    with pytest.raises(UnreadableInputError, match=r"skills\.csv:2: the file is not text in utf-8"):
        table(tmp_path, ROWS.encode("windows-1252"), encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="neither UTF-8 text nor Windows-1252"):
        table(tmp_path, b"Skill,Meaning\n\x81,\n")
    with pytest.raises(BadValueError, match="not an encoding"):
        table(tmp_path, ROWS, encoding="klingon")
    with pytest.raises(BadValueError, match="Use one of comma, semicolon, tab"):
        table(tmp_path, ROWS, separator=";")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('Skill,Meaning\n"open,\n', "skills.csv:2: this is not CSV"),
        ("Skil,Meaning\na,b\n", "the table has no column “Skill”. Name one of its columns in the mapping: Skil, Meaning"),
        ("", "the table has no column “Skill”"),
        ("Skill,Meaning\n" + "x" * 1_000_001 + ",\n", "this is not CSV"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_says_why(content: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        table(tmp_path, content)
    assert words in str(caught.value)


def test_a_table_without_mapping_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("Skill,Meaning\na,b\n")
    with pytest.raises(UnreadableInputError, match="--mapping"):
        imported(path, namespace=SPACE, output=tmp_path / "new")


def test_our_own_csv_can_be_edited(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    path = tmp_path / "bakery.csv"
    text = (
        exported(data, "csv")
        .decode()
        .replace("loaves | rolls", "loaves | buns | =rolls")
        .replace(",Baker,", ",Bakers,")
    )
    path.write_text(text.replace(",", ";").replace("\r\n", "\n"), encoding="utf-8-sig")
    found = imported(path, data)
    assert codes(found) == []
    assert set(said(found.changes.added)) == {
        'role/baker prefLabel "Bakers"@en', 'area/baking example "buns"@en', 'area/baking example "=rolls"@en',
    }  # fmt: skip
    assert set(said(found.changes.removed)) == {
        'role/baker prefLabel "Baker"@en',
        'area/baking example "rolls"@en',
    }


def test_rows_that_a_csv_file_lacks_leave_their_entries(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    path = tmp_path / "new.csv"
    path.write_text(
        "Kind,Code,Label (en),Area of expertise that requires knowledge\nKnowledge,,Rye,Baking\nOven,,x,\n"
    )
    found = imported(path, data)
    assert codes(found) == [("CG707", "A3")]
    path.write_text(path.read_text().partition("Oven")[0])
    found = imported(path, data)
    assert len(found.changes.added) == 5
    assert not found.changes.removed


# Mappings


def test_a_list_of_two_columns_becomes_a_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("Skill,Area\nFlour,Baking\nOvens,Baking\nFlour,Selling\nTills,Selling\n")
    found = imported(
        path, mapping=MAPPINGS / "two-columns.yaml", namespace=SPACE, output=tmp_path / "new"
    )
    assert codes(found) == []
    assert len(labels(found)) == 5
    lines = said(found.changes.added)
    assert [line for line in lines if "requiresKnowledge" in line] == [
        "area/baking requiresKnowledge knowledge/flour", "area/baking requiresKnowledge knowledge/ovens",
        "area/selling requiresKnowledge knowledge/flour", "area/selling requiresKnowledge knowledge/tills",
    ]  # fmt: skip
    assert {line.split('"')[1] for line in lines if "notation" in line} == {
        "K001",
        "K002",
        "K003",
        "A01",
        "A02",
    }
    found.write()
    again = imported(path, tmp_path / "new", mapping=MAPPINGS / "two-columns.yaml")
    assert not again.changes


def onet(path: Path) -> Path:
    """A table with the columns of O*NET's file “Knowledge”; its texts are our own."""
    book = openpyxl.Workbook()
    book.active.append(
        ["O*NET-SOC Code", "Title", "Element ID", "Element Name", "Scale ID", "Scale Name",
         "Data Value", "N", "Standard Error", "Lower CI Bound", "Upper CI Bound",
         "Recommend Suppress", "Not Relevant", "Date", "Domain Source"]
    )  # fmt: skip
    for code, title, element, name, scale, value in (
        ("99-0001.00", "Bread makers", "2.C.1", "Grain", "IM", 4.5),
        ("99-0001.00", "Bread makers", "2.C.1", "Grain", "LV", 4.0),
        ("99-0001.00", "Bread makers", "2.C.2", "Tills", "IM", 1.25),
        ("99-0002.00", "Shop keepers", "2.C.2", "Tills", "IM", 3),
        ("99-0002.00", "Shop keepers", "2.C.1", "Grain", "IM", 3.5),
    ):
        book.active.append(
            [
                code,
                title,
                element,
                name,
                scale,
                "",
                value,
                8,
                0.1,
                1,
                5,
                "N",
                "n/a",
                "08/2026",
                "us",
            ]
        )
    book.save(path)
    return path


def test_the_layout_of_onet_is_mapped(tmp_path: Path) -> None:
    path = onet(tmp_path / "Knowledge.xlsx")
    found = imported(
        path, mapping=MAPPINGS / "onet.yaml", namespace=SPACE, output=tmp_path / "new.ttl"
    )
    assert (codes(found), found.left_out, found.rows) == ([], 2, 4)
    lines = said(found.changes.added)
    assert [line for line in lines if "requires" in line] == [
        "role/bread-makers requires knowledge/grain",
        "role/shop-keepers requires knowledge/tills",
        "role/shop-keepers requires knowledge/grain",
    ]
    found.write()
    assert len(triples(tmp_path / "new.ttl")) == len(lines) == 4 + 4 * 4 + 3


def test_a_table_adds_to_a_dictionary_and_takes_nothing_away(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    mapping = (
        "entries: [{kind: area, columns: {Skill: label, Meaning: definition, Such as: examples}}]"
    )
    path = tmp_path / "areas.csv"
    path.write_text("Skill,Meaning,Such as\nbaking,Makes bread.,buns\nSelling,,\n")
    described = tmp_path / "areas.yaml"
    described.write_text(mapping)
    found = imported(path, data, mapping=described)
    assert set(said(found.changes.removed)) == {
        'area/baking definition "Turns dough into bread."@en'
    }
    assert set(said(found.changes.added)) >= {
        'area/baking definition "Makes bread."@en', 'area/baking example "buns"@en', 'area/selling prefLabel "Selling"@en',
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "mapping.yaml: the file is empty"),
        ("entries: [", "mapping.yaml:1:11: this is not YAML"),
        ("- a", "keys with values are expected here"),
        ("columns: {}", "mapping.yaml:1:1: “columns” is not a key here. Use one of sheet, heading-row"),
        ("sheet: x", "the key “entries” is missing here"),
        ("entries: [{kind: skill, columns: {}}]", "mapping.yaml:1:18: “skill” is not a kind of entry. Use one of role"),
        ("entries: [{kind: role, columns: {Name: labl}}]", "“labl” is not a column of this kind of entry. Use one of code, label"),
        ("entries: [{kind: role, columns: {Name: code}}]", "no column is the label of the entry"),
        ("entries: [{kind: role, columns: {'': label}}]", "the heading is empty"),
        ("entries: [{kind: role, columns: {Name: [label]}}]", "a single text is expected here"),
        ("entries: [{kind: role, kind: area, columns: {Name: label}}]", "the key “kind” occurs twice"),
        ("language: 12\nentries: []", "“12” is not a language"),
        ("heading-row: x\nentries: [{kind: role, columns: {Skill: label}}]", "“x” is not the number of a row"),
        ("entries: [{kind: role, columns: {Skill: label}}]\nlinks: [{from: a, property: cg:requires, to: b}]",
         "“a” is not the name of an entry above"),
        ("entries: [{name: a, kind: role, columns: {Skill: label}}]\nlinks: [{from: a, property: needs, to: a}]",
         "“needs” is not a property"),
        ("entries: [{name: a, kind: role, columns: {Skill: label}}, {name: a, kind: area, columns: {Skill: label}}]",
         "two entries have the same name"),
        ("rows: {Skill: {at-least: many}}\nentries: [{kind: role, columns: {Skill: label}}]", "“many” is not a number"),
        ("rows: &a {Skill: x}\nlinks: *a\nentries: []", "aliases are not allowed"),
        ("sheet: Other\nentries: [{kind: role, columns: {Skill: label}}]", "there is no sheet “Other”"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_says_where_and_what(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("Skill,Meaning\na,b\n")
    (tmp_path / "mapping.yaml").write_text(text)
    with pytest.raises(UnreadableInputError) as caught:
        imported(path, mapping=tmp_path / "mapping.yaml", namespace=SPACE, output=tmp_path / "new")
    assert words in str(caught.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"namespace": ""}, "a new dictionary needs a namespace"),
        ({"namespace": "bakery"}, "“bakery” is not an absolute http"),
        ({"language": "12"}, "“12” is not a language"),
    ],
)
def test_a_new_dictionary_needs_valid_values(options: dict, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadValueError, match=words):
        table(tmp_path, "Skill,Meaning\na,b\n", **options)


def test_an_existing_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    table(tmp_path, "Skill,Meaning\na,b\n").write()
    with pytest.raises(BadValueError, match="exists already"):
        table(tmp_path, "Skill,Meaning\na,b\n")
