"""Which files are judged, in which formats and encodings, and what is told of those that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from authoring import DEFINITION, EXTENSION, HEAD, changed, marked, told, write

from competency_graph.errors import UnknownNameError, UnreadableInputError
from competency_graph.validation import validate
from competency_graph.validation.findings import Finding
from conftest import Run

FAULTY = changed((DEFINITION, ""))
"""The role on line 7 misses its definition."""


def judged(
    folder: Path, text: str | bytes, name: str = "mine.ttl", form: str = ""
) -> list[Finding]:
    return list(validate([write(folder, name, text)], form=form).findings)


def test_a_complete_extension_has_no_finding(tmp_path: Path) -> None:
    report = validate([write(tmp_path, "mine.ttl")])
    assert report.findings == ()
    assert (report.files, report.statements) == ((str(tmp_path / "mine.ttl"),), 11)


# ---------------------------------------------------------------------------
# Which files
# ---------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of some kinds, in which the author stands."""
    role, title = EXTENSION.split("\n\nmine:green-lead")
    write(tmp_path, "mine/role.ttl", f"{role}\n")
    write(tmp_path, "mine/titles/title.TTL", f"{HEAD}mine:green-lead{title}")
    write(tmp_path, "mine/.git/old.ttl", "no turtle")
    write(tmp_path, "mine/titles/.draft.ttl", "no turtle")
    write(tmp_path, "mine/.hidden/deep/old.nt", "no triples")
    write(tmp_path, "mine/pom.xml", "<project/>")
    write(tmp_path, "mine/notes.md", "# No RDF")
    (tmp_path / "mine/folder.ttl").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["mine"], ["mine/role.ttl", "mine/titles/title.TTL"]),
        (["mine/"], ["mine/role.ttl", "mine/titles/title.TTL"]),
        (["mine/titles", "mine/role.ttl"], ["mine/titles/title.TTL", "mine/role.ttl"]),
        (["mine/r*.ttl", "mine/titles"], ["mine/role.ttl", "mine/titles/title.TTL"]),
        (["mine/**/[rt]*.[tT][tT][lL]"], ["mine/role.ttl", "mine/titles/title.TTL"]),
        (["mine/t*"], ["mine/titles/title.TTL"]),
        (["mine", "mine/role.ttl", "mine"], ["mine/role.ttl", "mine/titles/title.TTL"]),
    ],
)  # fmt: skip
def test_files_folders_and_patterns(tree: Path, names: list[str], files: list[str]) -> None:
    report = validate(names)
    assert list(report.files) == files
    assert bool(report.findings) == (len(files) == 1)  # the one needs the other


def test_a_folder_that_is_hidden_itself_is_read_where_it_is_named(tree: Path) -> None:
    write(tree, ".mine/all.ttl")
    assert list(validate([".mine"]).files) == [".mine/all.ttl"]


def test_the_folder_one_stands_in(tree: Path) -> None:
    assert list(validate(["."]).files) == ["mine/role.ttl", "mine/titles/title.TTL"]


def test_an_absolute_pattern(tree: Path) -> None:
    assert list(validate([f"{tree}/mine/r*.ttl"]).files) == [f"{tree}/mine/role.ttl"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path) -> None:
    write(tree, "a[b]*.ttl")
    assert list(validate(["a[b]*.ttl"]).files) == ["a[b]*.ttl"]


def test_standard_input_is_turtle_unless_told_otherwise(competency: Run) -> None:
    done = competency("validate", "-", stdin=FAULTY)
    assert done.returncode == 1
    assert done.stdout.startswith("-:7:1: violation CG209 The role has no definition.\n")
    lines = ox.serialize(
        [quad.triple for quad in ox.parse(FAULTY, format=ox.RdfFormat.TURTLE)],
        format=ox.RdfFormat.JSON_LD,
    )
    assert lines is not None
    asked = competency("validate", "-", "--input-format", "jsonld", stdin=lines)
    assert asked.returncode == 1
    assert "-:1:" in asked.stdout
    assert "CG209" in asked.stdout


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("nosuch.ttl", "there is no such file"),
        ("nosuch/", "there is no such file"),
        ("*.nosuch", "there is no such file"),
        ("mine/folder.ttl", "the folder contains no RDF file"),
        ("mine/.git/hooks", "the folder contains no RDF file"),
    ],
)
def test_what_is_not_there_is_told(tree: Path, name: str, what: str) -> None:
    (tree / "mine/.git/hooks").mkdir()
    with pytest.raises(UnreadableInputError, match=what) as caught:
        validate([name])
    assert caught.value.where == name
    assert caught.value.remedy


def test_a_format_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="turtel") as caught:
        validate([write(tmp_path, "mine.ttl")], form="turtel")
    assert "turtle" in caught.value.remedy


def test_an_engine_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="slow") as caught:
        validate([write(tmp_path, "mine.ttl")], engine="slow")
    assert "pyshacl" in caught.value.remedy


# ---------------------------------------------------------------------------
# Formats
# ---------------------------------------------------------------------------


def written(form: ox.RdfFormat) -> bytes:
    quads = ox.parse(FAULTY, format=ox.RdfFormat.TURTLE)
    return ox.serialize([quad.triple for quad in quads], format=form) or b""


@pytest.mark.parametrize(
    ("name", "form", "asked"),
    [
        ("mine.nt", ox.RdfFormat.N_TRIPLES, ""),
        ("mine.rdf", ox.RdfFormat.RDF_XML, ""),
        ("mine.owl", ox.RdfFormat.RDF_XML, ""),
        ("mine.xml", ox.RdfFormat.RDF_XML, ""),
        ("mine.jsonld", ox.RdfFormat.JSON_LD, ""),
        ("mine.nq", ox.RdfFormat.N_QUADS, ""),
        ("mine.trig", ox.RdfFormat.TRIG, ""),
        ("mine.txt", ox.RdfFormat.TURTLE, "turtle"),
        ("mine", ox.RdfFormat.RDF_XML, "rdfxml"),
        ("mine.ttl", ox.RdfFormat.JSON_LD, "jsonld"),
        ("mine.json", ox.RdfFormat.N_TRIPLES, "ntriples"),
    ],
)  # fmt: skip
def test_every_format_is_judged(tmp_path: Path, name: str, form: ox.RdfFormat, asked: str) -> None:
    (finding,) = judged(tmp_path, written(form), name, asked)
    assert finding.rule.code == "CG209"
    assert finding.focus == "https://example.org/acme/ecologist"
    assert finding.place.file == str(tmp_path / name)
    assert finding.place.line > 0


def test_an_ending_that_tells_nothing_is_told_with_those_that_do(tmp_path: Path) -> None:
    (finding,) = judged(tmp_path, EXTENSION, "mine.txt")
    assert (finding.rule.code, finding.place.line) == ("CG002", 0)
    assert "“.txt”" in finding.message
    assert ".ttl" in finding.remedy


# ---------------------------------------------------------------------------
# Encodings
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [FAULTY, "\ufeff" + FAULTY, FAULTY.replace("\n", "\r\n"), FAULTY.replace("\n", "\r"),
     FAULTY.replace("PREFIX cg", "PREFIX é: <http://é/> PREFIX cg")],
    ids=["as it is", "byte order mark", "CR LF", "CR", "beyond ASCII"],
)  # fmt: skip
def test_places_do_not_depend_on_line_ends_and_marks(tmp_path: Path, text: str) -> None:
    (finding,) = judged(tmp_path, text)
    place = finding.place
    assert (place.line, place.column, place.end_line, place.end_column) == (7, 1, 7, 15)
    assert place.text == "mine:ecologist a cg:Role ;"


def test_utf_16_is_told(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        (finding,) = judged(tmp_path, ("\ufeff" + EXTENSION).encode(encoding))
        assert finding.rule.code == "CG002"
        assert "UTF-16" in finding.message
        assert finding.remedy == "Save it as UTF-8."


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_first_byte_that_is_no_utf_8_has_its_place(tmp_path: Path, newline: str) -> None:
    text = changed(('"Ecologist"@en', '"é Ecologist @"@en')).replace("\n", newline).encode()
    (finding,) = judged(tmp_path, text.replace(b'@"', b'\xe9"'))
    assert finding.rule.code == "CG002"
    # `    skos:prefLabel "é Ecologist ` is 32 characters, of which one takes two bytes.
    assert (finding.place.line, finding.place.column) == (8, 33)


# ---------------------------------------------------------------------------
# Faults of syntax
# ---------------------------------------------------------------------------


def test_all_faults_of_a_file_are_told_with_their_places(tmp_path: Path) -> None:
    text = EXTENSION + (
        "\n"
        "foo:x a cg:Role .\n"
        "mine:é 'é😀' cg:Role .\n"
        "mine:fine a cg:Role .\n"
        "mine:y a\n"
        "\tcg:Role ;; oops .\r\n"
        "mine:z a 'x\n"
    )
    findings = judged(tmp_path, text)
    assert [(f.place.line, f.place.column, f.rule.code) for f in findings] == [
        (19, 1, "CG003"),
        (20, 8, "CG001"),
        (23, 13, "CG001"),
        (24, 10, "CG001"),
    ]
    assert findings[2].place.text == "\tcg:Role ;; oops ."
    for finding in findings:
        assert finding.message.endswith(".")
        assert finding.remedy.endswith(".")


STRAY = {
    "after a dot that is missing": "mine:a mine:b mine:c oops\nmine:d mine:e mine:f .\n",
    "on the next line": "mine:a mine:b mine:c\noops mine:e mine:f .\n",
    "before the end": "mine:a mine:b mine:c oops .\n",
    "with a prefix that is not declared": "mine:a mine:b mine:c\noops:x mine:e mine:f .\n",
}


@pytest.mark.parametrize("case", STRAY)
def test_one_fault_is_told_of_one_place(tmp_path: Path, case: str) -> None:
    """The parser tells of a stray word, and of the dot that should stand there instead."""
    (finding,) = judged(tmp_path, f"{HEAD}{STRAY[case]}")
    assert marked(finding).removesuffix(":x") == "oops"


SPANS = {
    "a word": ("<http://e/a> a 'é😀' ; oops 1 .", "oops"),
    "a name": ("<http://e/a> a foo:bar .", "foo:bar"),
    "an IRI": ("<http://e/a> a <http://e/b c> .", "<http://e/b c>"),
    "a text that does not end": ('<http://e/a> a "b .', '"b .'),
}


@pytest.mark.parametrize("case", SPANS)
def test_a_fault_of_syntax_has_an_end(tmp_path: Path, case: str) -> None:
    text, wrong = SPANS[case]
    assert marked(judged(tmp_path, text)[0]) == wrong


def test_a_fault_may_end_on_another_line(tmp_path: Path) -> None:
    (finding,) = judged(tmp_path, '<http://e/a> a """b\nc\nd')
    place = finding.place
    assert (place.line, place.column, place.end_line, place.end_column) == (1, 16, 3, 2)


def test_faults_of_one_file_do_not_hide_those_of_the_next(tmp_path: Path) -> None:
    one = write(tmp_path, "one.ttl", "oops .\n")
    other = write(tmp_path, "two.ttl", FAULTY)
    third = write(tmp_path, "three.jsonld", '{"@id": ')
    found = validate([one, other, third])
    assert {line.partition(":")[0] for line in told(found)} == {"one.ttl", "three.jsonld"}


def test_a_known_prefix_that_is_not_declared_comes_with_its_declaration(tmp_path: Path) -> None:
    line = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    findings = judged(tmp_path, changed((line + "\n", "")))
    assert [(f.place.line, f.place.column, f.rule.code) for f in findings] == [(7, 5, "CG003")]
    assert findings[0].message == "The prefix skos: is not declared."
    assert findings[0].remedy == f"Declare it at the head of the file: {line}."
    assert findings[0].patch == line


@pytest.mark.parametrize("prefix", ["foo", "", "foo.bar", "é"])
def test_an_unknown_prefix_is_named(tmp_path: Path, prefix: str) -> None:
    findings = judged(tmp_path, f"<http://e/> a {prefix}:b .\n")
    assert [(f.rule.code, f.message) for f in findings] == [
        ("CG003", f"The prefix {prefix}: is not declared.")
    ]
    assert (findings[0].place.line, findings[0].place.column) == (1, 15)
    assert f"PREFIX {prefix}: <…>" in findings[0].remedy
    assert findings[0].patch == ""


def test_a_fault_in_json_has_its_line(tmp_path: Path) -> None:
    text = json.dumps({"@id": "http://e/", "http://e/p": [1, 2]}, indent=1).replace("2", "2,,")
    (finding,) = judged(tmp_path, text, "mine.jsonld")
    assert finding.rule.code == "CG001"
    assert finding.place.line == 5  # {, "@id", [, 1, 2
