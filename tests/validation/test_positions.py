"""Where findings stand: at the value, at the link, or at the entry that misses something."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from authoring import DEFINITION, EXTENSION, HEAD, changed, marked, told, write

from competency_graph.validation import validate
from competency_graph.validation.sources import author_files

CASES: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {
    "what is missing stands at the entry": (
        [(DEFINITION, "")],
        [("CG209 7:1", "mine:ecologist")],
    ),
    "a value at the value": (
        [('"Ecologist"@en', '"Ecologist"')],
        [("CG108 8:20", '"Ecologist"')],
    ),
    "the second of two values, where there may be one": (
        [('"ACME-R1"', '"ACME-R1" , "ACME-R2"')],
        [("CG114 9:31", '"ACME-R2"')],
    ),
    "a link that leads nowhere at the link": (
        [('"ACME-R1" ;', '"ACME-R1" ; cg:coversArea mine:nosuch ;')],
        [("CG302 9:45", "mine:nosuch")],
    ),
    "the second of two links of a list": (
        [("coveredByRole mine:ecologist .", "coveredByRole mine:ecologist, mine:nobody .")],
        [("CG304 5:104", "mine:nobody")],
    ),
    "a property that there is not at that property": (
        [('"ACME-R1" ;', '"ACME-R1" ; cg:coversAria mine:ecologist ;')],
        [("CG011 9:31", "cg:coversAria")],
    ),
    "a class that there is not at that class": (
        [('"ACME-R1" ;', '"ACME-R1" ; a cg:Rolle ;')],
        [("CG011 9:33", "cg:Rolle")],
    ),
    "a tag that is none at the text": (
        [('"Green lead"@en', '"Green lead"@en, "Grün"@xx')],
        [("CG021 15:37", '"Grün"@xx')],
    ),
    "a text that a named entry of the base has otherwise": (
        [("cg:coveredByRole mine:ecologist .", 'cg:coveredByRole mine:ecologist ; skos:prefLabel "Plan"@en .')],
        [("CG014 5:120", '"Plan"@en')],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_finding_stands_where_a_person_looks_for_it(tmp_path: Path, name: str) -> None:
    pairs, expected = CASES[name]
    findings = validate([write(tmp_path, "mine.ttl", changed(*pairs))]).findings
    assert [
        (f"{f.rule.code} {f.place.line}:{f.place.column}", marked(f)) for f in findings
    ] == expected


def test_an_entry_of_two_files_is_placed_at_its_class(tmp_path: Path) -> None:
    """What is missing is missing in both; it belongs where the entry is said to be something."""
    head, _, body = EXTENSION.partition("mine:ecologist a cg:Role ;")
    label = '    skos:prefLabel "Ecologist"@en ;\n'
    one = HEAD + '\nmine:ecologist skos:prefLabel "Ecologist"@en .\n'
    other = head + "mine:ecologist a cg:Role ;" + body.replace(label, "").replace(DEFINITION, "")
    paths = [write(tmp_path, "a.ttl", one), write(tmp_path, "b.ttl", other)]
    assert told(validate(paths)) == ["b.ttl:7:1 CG209"]
    assert told(validate(paths[::-1])) == ["b.ttl:7:1 CG209"]


def test_a_value_is_found_in_whichever_file_it_stands(tmp_path: Path) -> None:
    second = HEAD + '\nmine:ecologist skos:notation "ACME-R9" .\n'
    paths = [write(tmp_path, "a.ttl"), write(tmp_path, "b.ttl", second)]
    (finding,) = validate(paths).findings
    assert finding.rule.code == "CG114"
    assert (finding.place.file, finding.place.line) == (str(paths[1]), 5)


def test_a_blank_node_stands_at_its_brackets(tmp_path: Path) -> None:
    text = changed(
        (
            "cg:exampleTitle mine:green-lead .",
            "cg:exampleTitle mine:green-lead ;\n    cg:coversArea [ a cg:AreaOfExpertise ] .",
        )
    )
    findings = validate([write(tmp_path, "mine.ttl", text)]).findings
    assert findings
    assert {(f.place.line, f.place.column) for f in findings} == {(13, 19)}
    assert {f.focus[:2] for f in findings} == {"_:"}


def test_blank_nodes_of_one_name_in_two_files_stay_apart(tmp_path: Path) -> None:
    text = HEAD + '\n_:x a cg:Knowledge ; skos:prefLabel "Thing {}"@en .\n'
    paths = [write(tmp_path, f"{name}.ttl", text.format(name)) for name in ("a", "b")]
    findings = validate(paths).findings
    for path in paths:
        about = [f for f in findings if f.place.file == str(path)]
        assert about
        assert {(f.place.line, f.label) for f in about} == {(5, f"Thing {path.stem}")}


def test_a_text_in_a_list_before_it_moves_no_place(tmp_path: Path) -> None:
    """The engine gives a collection's texts later than its other members."""
    text = changed(
        ("a cg:Role ;", 'a cg:Role ; mine:steps ("one" "two" [ mine:is "three" ]) ;'),
        ('"Ecologist"@en', '"Ecologist"'),
    )
    unfamiliar, finding = validate([write(tmp_path, "mine.ttl", text)]).findings
    assert (unfamiliar.rule.code, marked(unfamiliar)) == ("CG017", "mine:steps")
    assert (finding.rule.code, finding.place.line, marked(finding)) == ("CG108", 8, '"Ecologist"')


@pytest.mark.parametrize("ending", ["rdf", "jsonld", "trig", "nq"])
def test_other_formats_tell_the_first_mention(tmp_path: Path, ending: str) -> None:
    form = ox.RdfFormat.from_extension(ending)
    assert form is not None
    quads = ox.parse(changed((DEFINITION, "")), format=ox.RdfFormat.TURTLE)
    content = ox.serialize([quad.triple for quad in quads], format=form) or b""
    (finding,) = validate([write(tmp_path, f"mine.{ending}", content)]).findings
    lines = content.decode().split("\n")
    iri = "https://example.org/acme/ecologist"
    first = next(number for number, line in enumerate(lines, 1) if iri in line)
    assert (finding.place.line, finding.place.column) == (first, lines[first - 1].index(iri) + 1)
    assert marked(finding) == iri


def test_a_name_that_is_written_in_parts_is_found_by_its_last(tmp_path: Path) -> None:
    text = """{
  "@context": {"mine": "https://example.org/acme/", "cg": "https://w3id.org/competency-graph/ontology#"},
  "@id": "mine:dreamer",
  "@type": "cg:Role"
}"""
    findings = validate([write(tmp_path, "mine.jsonld", text)]).findings
    assert findings
    assert {(f.place.line, f.place.column, marked(f)) for f in findings} == {(3, 16, "dreamer")}


def test_findings_are_in_the_order_of_the_files(tmp_path: Path) -> None:
    text = changed((DEFINITION, ""), ('"Green lead"@en', '"Green lead"'), ('"ACME-T01"', '"T1"'))
    report = validate([write(tmp_path, "mine.ttl", text)])
    lines = [f.place.line for f in report.findings]
    assert lines == sorted(lines)
    assert len(set(lines)) == 3


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("large", [20_000_000, 0])
def test_a_large_file_has_the_same_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int, end: str
) -> None:
    """Up to its last line, whether that is ended or not."""
    monkeypatch.setattr(author_files, "_LARGE_FILE_BYTES", large)
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    lines = [f'<http://e.org/{n}> {label} "{n}"@xx .' for n in (1, 2)]
    path = write(tmp_path, "mine.nt", f"\n{lines[0]}\n# A note.\n\n{lines[1]}{end}")
    findings = [f for f in validate([path], base="none").findings if f.rule.code == "CG021"]
    assert [marked(f) for f in findings] == ['"1"@xx', '"2"@xx']
    places = [(f.place.line, f.place.column, f.place.text) for f in findings]
    assert places == [(2, 66, lines[0]), (5, 66, lines[1])]
