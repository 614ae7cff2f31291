"""``--fix``: what it mends, and that all the rest stays byte for byte."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from authoring import EXTENSION, HEAD, write

from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.validation import gather, validate
from competency_graph.validation.findings import Edit, Finding, Place, Rule
from competency_graph.validation.remedies.fixes import fix
from conftest import COMMAND, Run

SALES = "https://w3id.org/competency-graph/sales"
AREA = f"""{HEAD}
mine:greening a cg:AreaOfExpertise ; skos:prefLabel "Greening"@en ; skos:notation "ACME-A01" ; # new
  skos:definition "Makes selling green."@en ;
  cg:outputsOpenEnded true ;
  cg:areaOf <{SALES}> ;
  skos:inScheme <{SALES}> ;
  cg:coveredByRole <{SALES}/role/analyst> ;
  cg:requiresKnowledge <{SALES}/knowledge/sales-culture> ;
  cg:requiresAbility <{SALES}/ability/assess-performance-objectively> ;
  cg:producesOutput <{SALES}/output/capture-plan> ;
  cg:hasKeyAction mine:plants-trees .
mine:plants-trees a cg:KeyAction ; skos:prefLabel "Plants trees"@en ; skos:notation "ACME-A01.A1" ;
  skos:definition "Plants a tree for each sale."@en ; skos:inScheme <{SALES}> .
"""
"""An area of expertise without a finding."""
OWL = "http://www.w3.org/2002/07/owl#"

LABEL, CODE = '"Ecologist"@en', '"ACME-R1" ;'
EXAMPLE = "cg:exampleTitle"
# What to change of a text that is right, the part of that that is at stake, and it with a fault.
MENDED: dict[str, tuple[str, tuple[str, str], str, str]] = {
    "a label without language": (EXTENSION, (LABEL, LABEL), LABEL, '"Ecologist"'),
    "a label with white space around it": (EXTENSION, (LABEL, LABEL), LABEL, '"  Ecologist\t"@en'),
    "a label with both faults": (EXTENSION, (LABEL, "'Ecologist'@en"), "'Ecologist'@en", "' Ecologist '"),
    "a label that ends with a backslash": (EXTENSION, (LABEL, r'"Eco\\"@en'), r'"Eco\\"@en', r'"Eco\\ "'),
    "a variant": (EXTENSION, (CODE, f'{CODE} skos:altLabel "Green"@en ;'), '"Green"@en', '"Green"'),
    "a definition of two lines": (
        EXTENSION,
        ('"Keeps selling green."@en', '"""Keeps selling\n# green."""@en'),
        '# green."""@en', '# green. """',
    ),
    "an example": (EXTENSION, (CODE, f'{CODE} skos:example "So."@en ;'), '"So."@en', '"So."'),
    "a misspelt property": (EXTENSION, (EXAMPLE, EXAMPLE), EXAMPLE, "cg:exampleTitel"),
    "a misspelt property in full": (
        EXTENSION,
        (EXAMPLE, "<https://w3id.org/competency-graph/ontology#exampleTitle>"),
        "#exampleTitle>", "#exampleTitel>",
    ),
    "a misspelt class": (EXTENSION, (CODE, CODE), "a cg:JobTitle ;", "a cg:JobTitles ;"),
    "a link that leads to nothing": (
        EXTENSION, (CODE, f"{CODE} skos:related mine:green-lead ;"),
        "related mine:green-lead", "related mine:green-leed",
    ),
    "a truth value as a text": (
        EXTENSION, (CODE, f"{CODE} <http://www.w3.org/2002/07/owl#deprecated> false ;"),
        " false ", ' "false" ',
    ),
    "another truth value as a text": (AREA, ("Makes", "Makes"), "outputsOpenEnded true", "outputsOpenEnded 'true'"),
    "a number as a text": (EXTENSION, (CODE, f"{CODE} cg:sourcePage 12 ;"), "Page 12", 'Page "12"'),
    "a prefix that is not declared": (
        EXTENSION, (CODE, CODE), "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n", "",
    ),
}  # fmt: skip


def case(name: str) -> tuple[str, str]:
    """The text that is right, and the one with the fault."""
    text, change, right, wrong = MENDED[name]
    text = exchanged(text, [change])
    return text, exchanged(text, [(right, wrong)])


def exchanged(text: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def patches_parse(findings: tuple[Finding, ...]) -> int:
    """How many findings have a patch; each must be Turtle with the prefixes of the project."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    patched = [finding for finding in findings if finding.patch]
    for finding in patched:
        said = list(ox.parse(head + finding.patch, format=ox.RdfFormat.TURTLE))
        if finding.patch.startswith("PREFIX"):
            assert said == []
        else:
            assert [str(quad.subject).strip("<>") for quad in said] == [finding.focus]
    return len(patched)


@pytest.mark.parametrize("name", MENDED)
def test_what_is_mended_is_as_if_it_had_been_right(
    tmp_path: Path, competency: Run, name: str
) -> None:
    right, wrong = case(name)
    path = write(tmp_path, "mine.ttl", wrong)
    findings = validate([path]).findings
    assert findings
    assert patches_parse(findings)
    done = competency("validate", "--fix", "mine.ttl")
    assert path.read_text() == right
    assert done.returncode == 0
    assert done.stdout.endswith("; nothing is missing or wrong.\n")
    *changes, count = done.stderr.splitlines()
    assert count == "mine.ttl: 1 fixed"
    assert [re.match(r"mine\.ttl:\d+: CG\d{3} \S", line) is not None for line in changes] == [True]


BLOCK = f"    skos:inScheme <{SALES}> ;\n    cg:exampleTitle mine:green-lead .\n"
TITLE = f'    skos:notation "ACME-T01" ;\n    skos:inScheme <{SALES}> .\n'
ADDED: dict[str, tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = {
    "the dictionary of an entry": (
        EXTENSION,
        [(BLOCK, "    cg:exampleTitle mine:green-lead .\n")],
        [(BLOCK, f"    cg:exampleTitle mine:green-lead ;\n    skos:inScheme <{SALES}> .\n")],
    ),
    "the dictionary, before a semicolon, a comment and the dot": (
        EXTENSION,
        [(TITLE, '    skos:notation "ACME-T01" ; # the first\n    .\n')],
        [(TITLE, f'    skos:notation "ACME-T01" ;\n    skos:inScheme <{SALES}> ; # the first\n    .\n')],
    ),
    "the dictionary of an entry in one line": (
        EXTENSION,
        [("mine:green-lead a cg:JobTitle ;\n    ", "mine:green-lead a cg:JobTitle ; "), (TITLE, '  skos:notation "ACME-T01" .')],
        [("mine:green-lead a cg:JobTitle ;\n    ", "mine:green-lead a cg:JobTitle ; "), (TITLE, f'  skos:notation "ACME-T01" ;\n  skos:inScheme <{SALES}> .')],
    ),
    "the next free code": (
        EXTENSION,
        [('    skos:notation "ACME-T01" ;\n', "")],
        [(TITLE, f'    skos:inScheme <{SALES}> ;\n    skos:notation "ACME-T01" .\n')],
    ),
    "the dictionary of an area": (
        AREA,
        [(f"  cg:areaOf <{SALES}> ;\n", "")],
        [(f"  cg:areaOf <{SALES}> ;\n", ""), ("mine:plants-trees .", f"mine:plants-trees ;\n  cg:areaOf <{SALES}> .")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_what_is_missing_is_added_at_the_end_of_the_entry(
    tmp_path: Path, competency: Run, name: str
) -> None:
    text, wrong, right = ADDED[name]
    path = write(tmp_path, "mine.ttl", exchanged(text, wrong))
    assert patches_parse(validate([path]).findings) == 1
    done = competency("validate", "--fix", "mine.ttl")
    assert path.read_text() == exchanged(text, right)
    assert done.returncode == 0
    assert done.stdout.endswith("; nothing is missing or wrong.\n")


def mended(path: Path) -> tuple[bytes, dict[str, int]]:
    """A file with what is found in it mended once, and how often each file was changed."""
    made = fix(gather([str(path)]), validate([path]).findings)
    return path.read_bytes(), {Path(fixed.name).name: len(fixed.changes) for fixed in made}


def test_a_class_follows_from_the_folder_of_an_entry(tmp_path: Path) -> None:
    entry = '<https://example.org/acme/knowledge/moss> skos:prefLabel "Moss"@en'
    content, made = mended(write(tmp_path, "mine.ttl", f"{EXTENSION}\n{entry} .\n"))
    assert content.decode() == f"{EXTENSION}\n{entry} ;\n    a cg:Knowledge .\n"
    assert made == {"mine.ttl": 1}


@pytest.mark.parametrize(("name", "meant"), [("consultnt", "role:consultant"), ("gardener", None)])
def test_nothing_is_minted_in_the_published_namespace(
    tmp_path: Path, competency: Run, name: str, meant: str | None
) -> None:
    """A mistyped name of a published entry is told with the right one, and gets no class or code."""
    area = AREA.replace(f"<{SALES}/role/analyst>", "role:analyst")
    text = f"PREFIX role: <{SALES}/role/>\n{area}\nrole:{name} cg:coversArea mine:greening .\n"
    path = write(tmp_path, "mine.ttl", text)
    (finding,) = validate([path]).findings
    assert (finding.rule.code, finding.place.line) == ("CG012", text.count("\n"))
    assert f"role:{name}" in finding.message
    assert (f"Write {meant} " in finding.remedy) == (meant is not None)
    done = competency("validate", "--fix", "mine.ttl")
    assert path.read_text() == (text.replace(f"role:{name}", meant) if meant else text)
    assert done.returncode == (0 if meant else 1)


def test_a_link_to_what_was_replaced_goes_to_what_replaces_it(tmp_path: Path) -> None:
    old = f"""
mine:old a cg:JobTitle ; skos:prefLabel "Chief"@en ; skos:notation "ACME-T09" ; skos:inScheme <{SALES}> ;
    <http://www.w3.org/2002/07/owl#deprecated> true ; <http://purl.org/dc/terms/isReplacedBy> mine:green-lead .
"""
    text = EXTENSION.replace(CODE, f"{CODE} skos:related mine:old ;") + old
    content, made = mended(write(tmp_path, "mine.ttl", text))
    assert content.decode() == text.replace("related mine:old", "related mine:green-lead")
    assert made == {"mine.ttl": 1}


def test_every_prefix_that_is_known_is_declared_once(tmp_path: Path, competency: Run) -> None:
    body = EXTENSION.replace(HEAD, "PREFIX mine: <https://example.org/acme/>\n")
    path = write(tmp_path, "mine.ttl", body)
    assert competency("validate", "--fix", "mine.ttl").returncode == 0
    lines = path.read_text().removesuffix(body).splitlines(keepends=True)
    assert sorted(lines) == [line for line in HEAD.splitlines(keepends=True) if "mine:" not in line]


FAULTS = [(LABEL, '"Ecologist"'), ('"Green lead"@en', '" Green lead "'), (EXAMPLE, "cg:exampleTitel"),
          (TITLE, '    skos:notation "ACME-T01" .\n'), (CODE, CODE + " # the first")]  # fmt: skip
RIGHT = [(CODE, CODE + " # the first"),
         (TITLE, f'    skos:notation "ACME-T01" ;\n    skos:inScheme <{SALES}> .\n')]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "mark"])
def test_the_rest_is_kept_byte_for_byte(
    tmp_path: Path, competency: Run, mark: bytes, newline: str
) -> None:
    def content(pairs: list[tuple[str, str]]) -> bytes:
        text = exchanged(EXTENSION, pairs)
        text = f"#  Größe 😀\n\n\n{text}\n\t# end, without a line end \t"
        return mark + text.replace("\n", newline).encode()

    path = write(tmp_path, "mine.ttl", content(FAULTS))
    path.chmod(0o640)
    done = competency("validate", "--fix", "mine.ttl")
    assert path.read_bytes() == content(RIGHT)
    assert path.stat().st_mode & 0o777 == 0o640
    assert "mine.ttl: 4 fixed\n" in done.stderr
    again = competency("validate", "--fix", "mine.ttl")
    assert path.read_bytes() == content(RIGHT)
    assert "fixed" not in again.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine.ttl"]


LEFT: dict[str, list[tuple[str, str]]] = {
    "white space that is written as an escape": [(LABEL, r'"Ecologist\n"@en')],
    "a text that would then end with its quotes": [(LABEL, '"""Ecologist" """@en')],
    "a text of another datatype": [(LABEL, '"Ecologist"^^<http://e/t>')],
    "an entry that ends with a collection": [
        (f"    skos:inScheme <{SALES}> ;\n    cg:exampleTitle", "    cg:exampleTitle"),
        ("mine:green-lead .", "mine:green-lead ; mine:steps (1 2) ."),
    ],
    "a text that is no number": [(CODE, f'{CODE} cg:sourcePage "xii" ;')],
    "a prefix that is not known": [(LABEL, "nosuch:label")],
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_cannot_be_worked_out_is_left_and_told(
    tmp_path: Path, competency: Run, name: str
) -> None:
    text = exchanged(EXTENSION, LEFT[name])
    path = write(tmp_path, "mine.ttl", text)
    done = competency("validate", "--fix", "mine.ttl")
    assert path.read_text() == text
    assert done.returncode in (1, 2)
    assert done.stdout.startswith("mine.ttl:")
    assert done.stderr == ""


def test_a_known_prefix_is_declared_though_there_are_other_faults(
    tmp_path: Path, competency: Run
) -> None:
    line = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    text = exchanged(EXTENSION, [(line, "")]) + "\nmine:x a .\n"
    path = write(tmp_path, "mine.ttl", text)
    done = competency("validate", "--fix", "mine.ttl")
    assert path.read_text() == line + text
    assert done.returncode == 2
    assert done.stderr == f"mine.ttl:1: CG003 added {line}mine.ttl: 1 fixed\n"
    assert done.stdout.startswith("mine.ttl:19:10: violation CG001")


def test_other_formats_are_left(tmp_path: Path) -> None:
    quads = ox.parse(exchanged(EXTENSION, [(LABEL, '"Ecologist"')]), format=ox.RdfFormat.TURTLE)
    for form in (ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD):
        content = ox.serialize([quad.triple for quad in quads], format=form) or b""
        assert mended(write(tmp_path, f"mine.{form.file_extension}", content)) == (content, {})


def test_standard_input_is_left_and_its_report_still_has_the_patch(competency: Run) -> None:
    done = competency(
        "validate", "--fix", "-", stdin=exchanged(EXTENSION, [(LABEL, '"Ecologist"')])
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert 'skos:prefLabel "Ecologist"@en .' in done.stdout


# ---------------------------------------------------------------------------
# Edits as such
# ---------------------------------------------------------------------------

ANY = Rule("CG999", "any", "violation", "Any")
SIMPLE = "<http://e/a> <http://e/b> 12345 .\n"
DIGITS = SIMPLE.index("1")


def edited(path: Path, *edits: tuple[int, int, str]) -> dict[str, int]:
    findings = [
        Finding(ANY, "violation", "Any.", "Any.", Place(str(path)), edits=(Edit(str(path), *edit),))
        for edit in edits
    ]
    made = fix(gather([str(path)]), findings)
    return {fixed.name: len(fixed.changes) for fixed in made}


@pytest.mark.parametrize(
    ("edits", "number", "made"),
    [
        ([(0, 1, "9")], "92345", 1),
        ([(4, 5, "9"), (0, 1, "8")], "82349", 2),
        ([(0, 3, "9"), (2, 4, "8")], "945", 1),
        ([(2, 4, "8"), (0, 3, "9")], "945", 1),
        ([(0, 3, "9"), (3, 5, "8")], "98", 2),
        ([(0, 3, "9"), (1, 1, "8")], "945", 1),
        ([(1, 1, "8"), (1, 1, "9")], "1892345", 2),
        ([(1, 1, "8"), (1, 1, "8")], "182345", 1),
        ([(0, 0, "8"), (0, 2, "9")], "89345", 2),
    ],
)
def test_of_edits_that_overlap_the_first_is_made(
    tmp_path: Path, edits: list[tuple[int, int, str]], number: str, made: int
) -> None:
    path = write(tmp_path, "mine.ttl", SIMPLE)
    moved = [(DIGITS + start, DIGITS + end, text) for start, end, text in edits]
    assert edited(path, *moved) == {str(path): made}
    assert path.read_text() == SIMPLE.replace("12345", number)


def test_a_file_that_would_not_parse_is_left(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.ttl", SIMPLE)
    assert edited(path, (DIGITS, DIGITS + 1, '"')) == {}
    assert path.read_text() == SIMPLE


def refused(tmp_path: Path, line: str) -> str:
    """What the command says of a file that it may not write; the file must be as it was."""
    text = exchanged(EXTENSION, [(LABEL, '"Ecologist"')])
    path = write(tmp_path, "folder/mine.ttl", text)
    path.parent.chmod(0o555)
    done = subprocess.run(
        ["bash", "-c", line, "bash", COMMAND],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    path.parent.chmod(0o755)
    assert path.read_text() == text
    assert [file.name for file in path.parent.iterdir()] == ["mine.ttl"]
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_folder_that_may_not_be_written_in(tmp_path: Path) -> None:
    # Root may write anywhere, unless that is taken from it.
    drop = "setpriv --bounding-set -dac_override,-dac_read_search" if os.geteuid() == 0 else ""
    assert refused(tmp_path, f'{drop} "$1" validate --fix mine.ttl') == (
        "competency: mine.ttl: the file cannot be written (Permission denied). Free some disk space, or check its permissions.\n"
    )


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """No file may grow beyond a size of nothing."""
    unlock = "chmod 755 . && ulimit -f 0 && "
    assert "the file cannot be written (File too large)" in refused(
        tmp_path, f'{unlock}"$1" validate --fix mine.ttl'
    )


def test_what_was_changed_is_listed_by_file_and_line(tmp_path: Path, competency: Run) -> None:
    write(
        tmp_path,
        "mine.ttl",
        exchanged(
            EXTENSION,
            [
                (
                    "<https://w3id.org/competency-graph/ontology#>",
                    "<http://w3id.org/competency-graph/ontology#>",
                )
            ],
        ),
    )
    number = EXTENSION.split("<https://w3id.org/competency-graph/ontology#>")[0].count("\n") + 1
    done = competency("validate", "--fix", "mine.ttl")
    first = done.stderr.splitlines()[0]
    assert re.fullmatch(rf"mine\.ttl:{number}: CG004 http://w3id\S+ → https://w3id\S+", first)


def test_a_diff_shows_the_changes_and_writes_nothing(tmp_path: Path, competency: Run) -> None:
    text = exchanged(EXTENSION, [('"Green lead"@en', '" Green lead "@en')])
    path = write(tmp_path, "mine.ttl", text)
    done = competency("validate", "--fix", "--diff", "mine.ttl")
    assert path.read_text() == text
    assert done.returncode == 1
    changed = [line for line in done.stdout.splitlines() if line[:1] in "+-"]
    assert changed[:2] == ["--- mine.ttl", "+++ mine.ttl (fixed)"]
    assert [line[0] for line in changed[2:]] == ["-", "+"]
    assert "nothing is missing or wrong" in done.stderr
    (tmp_path / "patch").write_text(done.stdout)
    subprocess.run(["patch", "-s", "mine.ttl", "patch"], cwd=tmp_path, check=True)
    assert path.read_text() == EXTENSION
    again = competency("validate", "--fix", "--diff", "mine.ttl")
    assert (again.returncode, again.stdout) == (0, "")
