"""Each rule for sheets is shown one that breaks it; the finding names the cell, and nothing is lost."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sheets import Edit, bakery, codes, edited, exported, imported, said

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.spreadsheet.findings import SHEET_RULES, cell_name, cell_position


def cell(sheet: str, place: str, value: object) -> Edit:
    def edit(book) -> None:
        book[sheet][place] = value

    return edit


def copied_row(book) -> None:
    for column, each in enumerate(book["Role"][2], 1):
        book["Role"].cell(4, column).value = each.value


def same_label(book) -> None:
    book["Role"]["C4"] = "baker"


def namesakes(book) -> None:
    book["Area of expertise"]["C2"] = "Baking bread"
    book["Area of expertise"]["C3"] = "Baking"
    book["Key action"]["C2"] = "Kneads"
    book["Key action"]["G2"] = "Baking"


def merged(book) -> None:
    heads = [each.value for each in book["Knowledge"][1]]
    place = heads.index("Area of expertise that requires knowledge") + 1
    for row, label in ((3, "Rye"), (4, "Spelt")):
        book["Knowledge"].cell(row, 3).value = label
    book["Knowledge"].cell(3, place).value = "Baking"
    book["Knowledge"].merge_cells(start_row=3, end_row=4, start_column=place, end_column=place)


def hidden_column(book) -> None:
    book["Role"].cell(1, 20).value = "Salary"
    book["Role"].cell(2, 20).value = "5000"


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (hidden_column, [("CG701", "Role!T1")]),
        (cell("Role", "E4", "Has no label."), [("CG702", "Role!4")]),
        (cell("Matrix", "D2", "✓"), [("CG702", "Matrix!D2")]),
        (copied_row, [("CG703", "Role!4")]),
        (same_label, [("CG703", "Role!4")]),
        (cell("Role", "A2", "https://bakery.example/area/baking"), [("CG704", "Role!2"), ("CG713", "Role")]),
        (cell("Role", "A2", "not an IRI"), [("CG704", "Role!2"), ("CG713", "Role")]),
        (cell("Knowledge", "G2", "Backing"), [("CG705", "Knowledge!G2")]),
        (namesakes, [("CG706", "Key action!G2")]),
        (cell("Area of expertise", "H2", "perhaps"), [("CG707", "Area of expertise!H2")]),
        (cell("Area of expertise", "G2", "perhaps"), [("CG707", "Area of expertise!G2")]),
        (cell("Matrix", "C2", "perhaps"), [("CG707", "Matrix!C2")]),
        (cell("Role", "B2", date(2026, 4, 3)), [("CG708", "Role!B2")]),
        (cell("Role", "C3", 7), [("CG709", "Role!C3")]),
        (cell("Role", "C3", "=B3"), [("CG711", "Role!C3")]),
        (merged, [("CG712", "Knowledge!G3")]),
    ],
)  # fmt: skip
def test_a_finding_names_its_cell(edit: Edit, wanted: list, tmp_path: Path) -> None:
    data = bakery(tmp_path)
    found = imported(edited(exported(data), edit, tmp_path / "edited.xlsx"), data)
    assert sorted(codes(found)) == sorted(wanted)
    first = next(each for each in found.found if each.rule.code == wanted[0][0])
    assert (first.place.line, first.place.column) == cell_position(wanted[0][1])[1:]
    assert first.message.endswith(".")
    assert first.remedy.endswith(".")
    assert found.is_refused == any(f.severity == "violation" for f in found.found)
    assert not (found.is_refused and found.new)


def test_the_value_of_merged_cells_is_that_of_all_their_rows(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    found = imported(edited(exported(data), merged, tmp_path / "edited.xlsx"), data)
    links = [line for line in said(found.changes.added) if "requiresKnowledge" in line]
    assert links == [f"area/baking requiresKnowledge knowledge/{name}" for name in ("rye", "spelt")]


def with_formula(path: Path, place: str, value: str) -> Path:
    """A workbook in which a formula computes a cell, with its stored value, as Excel writes it."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Role")
        for column, text in enumerate(("IRI", "Code", "Label (en)", "Definition (en)")):
            sheet.write_string(0, column, text)
        sheet.write_string("A2", "https://bakery.example/role/baker")
        sheet.write_string("B2", "R1")
        sheet.write_formula(place, '="Baker"&"s"', None, value)
        sheet.write_formula("D2", '="Bakes"', None, "Bakes")
        sheet.write_formula("D3", '="Sells"', None, "Sells")
        sheet.write_string("A3", "https://bakery.example/role/seller")
        sheet.write_string("C3", "Seller")
        sheet.write_string("B3", "R2")
    return path


def test_the_value_of_a_formula_is_taken_and_reported(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    found = imported(with_formula(tmp_path / "f.xlsx", "C2", "Bakers"), data)
    assert codes(found) == [("CG710", "Role!C2"), ("CG710", "Role!D2")]
    assert "from D3 on" in found.found[1].message
    assert 'role/baker prefLabel "Bakers"@en' in said(found.changes.added)


def test_an_entry_that_changed_in_both_places_is_not_overwritten(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    content = exported(data)
    file = data / "bakery.ttl"
    file.write_text(file.read_text().replace('"Bakes bread."', '"Bakes bread and rolls."'))
    unedited = imported(edited(content, lambda book: None, tmp_path / "a.xlsx"), data)
    assert (codes(unedited), bool(unedited.changes)) == ([], False)
    path = edited(content, cell("Role", "C2", "Master baker"), tmp_path / "b.xlsx")
    assert codes(imported(path, data)) == [("CG715", "Role!2")]
    forced = imported(path, data, overwriting=True)
    assert set(said(forced.changes.removed)) == {
        'role/baker prefLabel "Baker"@en', 'role/baker definition "Bakes bread and rolls."@en',
    }  # fmt: skip
    tick = edited(content, cell("Matrix", "C2", "✓"), tmp_path / "c.xlsx")
    file.write_text(file.read_text().replace("    cg:coversArea area:baking ;\n", ""))
    assert codes(imported(tick, data)) == [("CG715", "Matrix!2")]


def test_an_entry_that_is_gone_does_not_come_back(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    content = exported(data)
    file = data / "bakery.ttl"
    file.write_text(file.read_text().partition("knowledge:flour\n")[0].replace(
        "    cg:requiresKnowledge knowledge:flour ;\n", ""))  # fmt: skip
    assert not imported(edited(content, lambda book: None, tmp_path / "a.xlsx"), data).changes
    path = edited(content, cell("Knowledge", "C2", "Flours"), tmp_path / "b.xlsx")
    assert codes(imported(path, data)) == [("CG715", "Knowledge!2")]


def test_a_text_that_fills_its_cell_is_not_shortened(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    file = data / "bakery.ttl"
    file.write_text(file.read_text().replace("Bakes bread.", "x" * 40_000))
    content = exported(data)
    assert not imported(edited(content, lambda book: None, tmp_path / "a.xlsx"), data).changes
    path = edited(content, cell("Role", "E2", "y" * 32_767), tmp_path / "b.xlsx")
    assert codes(imported(path, data)) == [("CG717", "Role!E2")]


def test_each_rule_has_its_own_code_and_name() -> None:
    assert len({rule.code for rule in SHEET_RULES}) == len(SHEET_RULES)
    assert len({rule.name for rule in SHEET_RULES}) == len(SHEET_RULES)


@pytest.mark.parametrize(
    ("position", "name"),
    [(("Role", 5, 3), "Role!C5"), (("", 5, 28), "AB5"), (("Role", 5, 0), "Role!5"), (("Role", 0, 0), "Role")],
)  # fmt: skip
def test_cells_have_the_names_of_spreadsheets(position: tuple, name: str) -> None:
    assert cell_name(*position) == name
    assert cell_position(name) == position


# Files that are no workbooks


def changed_archive(content: bytes, part: str, change) -> bytes:
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return output.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
BAD = {
    "text": (lambda content: b"IRI,Code", "not an Excel workbook"),
    "empty": (lambda content: b"", "not an Excel workbook"),
    "truncated": (lambda content: content[:2000], "not an Excel workbook"),
    "password": (lambda content: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    "entities": (
        lambda content: changed_archive(
            content, "xl/sharedStrings.xml", lambda part: ENTITY + part.partition(b"?>")[2]
        ), "entities",
    ),
    "bomb": (
        lambda content: changed_archive(content, "xl/sharedStrings.xml", lambda part: b" " * 20_000_000),
        "unpacks to",
    ),
    "another archive": (
        lambda content: changed_archive(content, "xl/workbook.xml", lambda part: b"<x"), "not an Excel",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_a_reason(kind: str, tmp_path: Path) -> None:
    change, reason = BAD[kind]
    data = bakery(tmp_path)
    path = tmp_path / "bad.xlsx"
    path.write_bytes(change(exported(data)))
    with pytest.raises(UnreadableInputError) as caught:
        imported(path, data)
    assert reason in str(caught.value)
    assert str(path) in str(caught.value)
