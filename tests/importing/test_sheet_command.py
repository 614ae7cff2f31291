"""`competency import xlsx` and `csv`, as people run them; LibreOffice edits between the two."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from sheets import bakery, codes, edited, exported, imported, said

from competency_graph.rdf.several_files import JOURNAL
from competency_graph.validation import validate

MACRO = Path(__file__).with_name("edit-workbook.bas")


def rename(book) -> None:
    book["Role"]["C2"] = "Master baker"


def test_a_change_is_listed_and_written(tmp_path: Path, competency) -> None:
    data = bakery(tmp_path)
    edited(exported(data), rename, tmp_path / "b.xlsx")
    before = (data / "bakery.ttl").read_bytes()
    tried = competency("import", "xlsx", "b.xlsx", "--data", "bakery", "--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert (
        '-    skos:prefLabel "Baker"@en ;\n+    skos:prefLabel "Master baker"@en ;\n'
        in tried.stdout
    )
    assert (data / "bakery.ttl").read_bytes() == before
    done = competency("import", "xlsx", "b.xlsx", "--data", "bakery")
    assert done.stdout == (
        '- https://bakery.example/role/baker skos:prefLabel "Baker"@en  (Role!C2)\n'
        '+ https://bakery.example/role/baker skos:prefLabel "Master baker"@en  (Role!C2)\n'
        "1 statement added and 1 removed in bakery/bakery.ttl.\n"
    )
    assert (data / "bakery.ttl").read_text() == before.decode().replace('"Baker"', '"Master baker"')
    again = competency("import", "xlsx", "b.xlsx", "--data", "bakery")
    assert again.stdout == "Nothing changes: the dictionary already says this.\n"


def test_a_violation_prevents_all_changes(tmp_path: Path, competency) -> None:
    data = bakery(tmp_path)

    def edit(book) -> None:
        rename(book)
        book["Knowledge"]["G2"] = "Backing"

    edited(exported(data), edit, tmp_path / "b.xlsx")
    before = (data / "bakery.ttl").read_bytes()
    done = competency("import", "xlsx", "b.xlsx", "--data", "bakery")
    assert done.returncode == 1
    assert (
        "b.xlsx:Knowledge!G2: violation CG705 There is no entry “Backing” (Area of expertise)."
        in done.stdout
    )
    assert "= help: Write “Baking”, if that is meant" in done.stdout
    assert done.stdout.endswith("Nothing was changed, because of the violations above.\n")
    assert (data / "bakery.ttl").read_bytes() == before
    report = competency("import", "xlsx", "b.xlsx", "--data", "bakery", "-f", "json")
    place = json.loads(report.stdout)["findings"][0]["place"]
    assert (place["file"], place["cell"], place["line"], place["column"]) == (
        "b.xlsx",
        "Knowledge!G2",
        2,
        7,
    )
    for form in ("junit", "html"):
        shown = competency("import", "xlsx", "b.xlsx", "--data", "bakery", "-f", form).stdout
        assert "Knowledge!G2" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["xlsx", "missing.xlsx", "--data", "bakery"], "missing.xlsx: there is no such file"),
        (["xlsx", "bakery/bakery.ttl", "--data", "bakery"], "this is not an Excel workbook"),
        (["csv", "bakery/bakery.ttl", "--data", "bakery"], "--mapping"),
        (["xlsx", "b.xlsx", "--data", "nowhere"], "nowhere: there is no such file"),
        (["csv", "b.csv", "--data", "bakery", "--mapping", "m.yaml"], "m.yaml: there is no such file"),
        (["xlsx", "b.xlsx", "--format", "pdf"], "pdf"),
        (["xlsx", "b.xlsx", "-o", "no/such/folder"], "the folder to write this in does not exist"),
    ],
)  # fmt: skip
def test_wrong_use_is_explained(
    arguments: list[str], words: str, tmp_path: Path, competency
) -> None:
    data = bakery(tmp_path)
    edited(exported(data), rename, tmp_path / "b.xlsx")
    (tmp_path / "b.csv").write_text("Skill\nx\n")
    done = competency("import", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_interrupted_change_is_undone_before_the_next_import(tmp_path: Path, competency) -> None:
    data = bakery(tmp_path)
    old, hidden = (data / "bakery.ttl").read_bytes(), ".competency-0123456789abcdef.tmp"
    edited(exported(data), rename, tmp_path / "b.xlsx")
    (data / hidden).write_bytes(old)
    (data / "bakery.ttl").write_text("half of a cha")
    step = {"target": "bakery.ttl", "new": hidden.replace("f", "e"), "old": hidden}
    (data / JOURNAL).write_text(json.dumps([step]))
    done = competency("import", "xlsx", "b.xlsx", "--data", "bakery")
    assert (done.returncode, done.stderr) == (0, "A change that was interrupted has been undone.\n")
    assert (data / "bakery.ttl").read_bytes() != old
    assert [path.name for path in data.iterdir()] == ["bakery.ttl"]


def test_files_that_cannot_be_edited_are_named(tmp_path: Path, competency) -> None:
    import pyoxigraph as ox

    data = bakery(tmp_path)
    content = ox.serialize(
        (q.triple for q in ox.parse(path=data / "bakery.ttl")), format=ox.RdfFormat.RDF_XML
    )
    (data / "bakery.ttl").unlink()
    (data / "bakery.rdf").write_bytes(content or b"")
    edited(exported(data), rename, tmp_path / "b.xlsx")
    done = competency("import", "xlsx", "b.xlsx", "--data", "bakery")
    assert done.returncode == 2
    assert (
        "bakery.rdf: this file cannot be edited statement by statement. Convert it to Turtle"
        in " ".join(done.stderr.split())
    )


def complete(book) -> None:
    """Fill in what a new dictionary of two columns lacks."""

    def fill(title: str, row: int, **texts: str) -> None:
        heads = [cell.value for cell in book[title][1]]
        for heading, text in texts.items():
            book[title].cell(row, heads.index(heading) + 1).value = text

    fill("Competency dictionary", 2, **{
        "Description (en)": "What bakers know.", "Creator (en)": "The bakery",
        "Licence": "https://creativecommons.org/licenses/by/4.0/",
    })  # fmt: skip
    fill(
        "Area of expertise",
        2,
        **{"Definition (en)": "Turns dough into bread.", "Outputs open-ended": "yes"},
    )
    area = {
        "Definition (en)": "Kneads until the dough is smooth.",
        "Key action of: Area of expertise": "Baking",
    }
    fill("Key action", 2, **{"Label (en)": "Kneads dough"}, **area)
    fill(
        "Ability",
        2,
        **{"Label (en)": "Shape a loaf", "Area of expertise that requires ability": "Baking"},
    )
    fill("Output", 2, **{"Label (en)": "Bread", "Output of": "Baking"})
    fill("Role", 2, **{"Label (en)": "Baker", "Definition (en)": "Gets up early and bakes."})
    fill("Job title", 2, **{"Label (en)": "Master baker", "Title of role": "Baker"})
    fill(
        "Competency cluster",
        2,
        **{"Label (en)": "Care", "Definition (en)": "Working with attention."},
    )
    fill(
        "Competency",
        2,
        **{
            "Label (en)": "Keeping clean",
            "Definition (en)": "Leaves no flour behind.",
            "In cluster": "Care",
        },
    )
    fill("Key action", 3, **{"Label (en)": "Sweeps the floor", "Definition (en)": "Removes flour every evening.",
                             "Key action of: Competency": "Keeping clean"})  # fmt: skip


def test_from_two_columns_to_a_valid_dictionary(tmp_path: Path, competency) -> None:
    """List, dictionary, workbook, edit, dictionary: at the end, no rule is broken."""
    (tmp_path / "skills.csv").write_text(
        "Skill;Area\nKinds of flour;Baking\nOven temperatures;Baking\n"
    )
    shutil.copy(
        Path(__file__).parents[2] / "docs/spreadsheets/two-columns.yaml", tmp_path / "map.yaml"
    )
    first = competency(
        "import",
        "csv",
        "skills.csv",
        "--mapping",
        "map.yaml",
        "--namespace",
        "https://bakery.example/",
        "-o",
        "bakery",
    )
    assert first.returncode == 0, first.stderr
    assert {
        finding.rule.code for finding in validate([tmp_path / "bakery"], base="none").findings
    } >= {"CG202", "CG213"}
    assert competency("export", "xlsx", "--data", "bakery", "-o", "bakery.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "bakery.xlsx")
    complete(book)
    book.save(tmp_path / "bakery.xlsx")
    done = competency("import", "xlsx", "bakery.xlsx", "--data", "bakery")
    assert done.returncode == 0, done.stdout
    assert competency("export", "xlsx", "--data", "bakery", "-o", "bakery.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "bakery.xlsx")  # the matrix has both now
    assert [cell.value for cell in book["Matrix"]["A"]] == ["Area of expertise", "Baking"]
    book["Matrix"]["B2"] = "✓"
    book.save(tmp_path / "bakery.xlsx")
    assert competency("import", "xlsx", "bakery.xlsx", "--data", "bakery").returncode == 0
    assert [
        f"{f.rule.code} {f.message}" for f in validate([tmp_path / "bakery"], base="none").findings
    ] == []


# LibreOffice

PROFILE = {
    "script.xlc": '<library:libraries xmlns:library="http://openoffice.org/2000/library" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" '
    'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/></library:libraries>',
    "Standard/script.xlb": '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
    'library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>',
    "Standard/Module1.xba": '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{}</script:module>',
}  # fmt: skip
"""The files of a user's macros; LibreOffice replaces them when it makes a profile."""


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_edits_and_saves_a_workbook(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    (tmp_path / "out.xlsx").write_bytes(exported(data))
    office = [
        "soffice",
        "--headless",
        "--norestore",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
    ]

    def run(*arguments: str) -> None:
        subprocess.run([*office, *arguments], check=True, capture_output=True, timeout=120)

    run(
        "--convert-to", "csv", "--outdir", str(tmp_path), str(tmp_path / "out.xlsx")
    )  # makes the profile
    for name, text in PROFILE.items():
        path = tmp_path / "profile" / "user" / "basic" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + text.format(MACRO.read_text()))
    run(f'macro:///Standard.Module1.Main("{tmp_path / "out.xlsx"}","{tmp_path / "back.xlsx"}")')
    found = imported(tmp_path / "back.xlsx", data)
    assert codes(found) == []
    assert set(said(found.changes.removed)) == {'role/baker definition "Bakes bread."@en'}
    assert {line for line in said(found.changes.added) if not re.search("type|inScheme|notation", line)} == {
        'role/baker definition "Bakes bread\\nand rolls."@en',
        'knowledge/sauerteig-007 prefLabel "Sauerteig 007"@en',
        "area/baking requiresKnowledge knowledge/sauerteig-007",
        "role/seller coversArea area/baking",
    }  # fmt: skip
