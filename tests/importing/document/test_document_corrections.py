"""Corrections decide what a document leaves open, and wrong ones are reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_document_habits import LINKED, codes, imported

from competency_graph.errors import CompetencyError
from competency_graph.importing.document import Imported, read_corrections


def corrected(text: str, corrections: str, folder: Path) -> Imported:
    (folder / "corrections.yaml").write_text(corrections)
    return imported(text, read_corrections(folder / "corrections.yaml"))


def line_of(text: str, part: str) -> int:
    return text.count("\n", 0, text.index(part)) + 1


@pytest.mark.parametrize(
    ("old", "new", "correction", "before"),
    [
        ("dose: Compares", "dose Compares", "titles: {LINE: Checks the dose}", "CG601"),
        ("dose: Compares", "dose Compares", "accept: {LINE: CG601}", "CG601"),
        ("right dose", "right doSe", "text: {line: LINE, old: doSe, new: dose}", "CG602"),
        ("Medicine | x | x", "Tablets | x | x", "names: {Giving Tablets: Giving Medicine}", ""),
        ("Area | Shift", "Area | Ward", "", "CG605"),
        ("1) Read a chart", "A sentence.\n\n1) Read a chart", "ignore: [LINE]", "CG607"),
        ("1) Read a chart", "A sentence.\n\n1) Read a chart", "ignore: [LINE-LINE]", "CG607"),
        ("1) Read a chart", "Read a chart", "read-as: {LINE: item}", "CG606"),
        ("right time.\n", "right time.\n\nAlways.\n", "read-as: {LINE: continuation}", ""),
        ("Outputs\n", "What you see:\n", "labels: {What you see: outputs}", "CG606"),
        (": Lets patients describe their pain.", "", "definitions: {Asks open questions: So.}", "CG606"),
    ],
)  # fmt: skip
def test_a_correction_decides(
    old: str, new: str, correction: str, before: str, tmp_path: Path
) -> None:
    text = LINKED.replace(old, new)
    line = line_of(text, new.strip().split("\n")[-1 if "Always" in new else 0])
    if before:
        assert before in {code for code, _ in codes(imported(text))}
    if correction:
        assert codes(corrected(text, correction.replace("LINE", str(line)), tmp_path)) == []


def test_each_correction_has_its_result(tmp_path: Path) -> None:
    text = LINKED.replace("right time.\n", "right time.\nAlways.\n").replace(
        "dose: Compares", "dose Compares"
    )
    lines = {part: line_of(text, part) for part in ("Always.", "Checks the dose Comp", "2) Drug")}
    result = corrected(
        text,
        f"""\
dictionary: {{title: Our ward, description: What we do., version: 2.1, creator: "Us: all"}}
read-as: {{{lines["Always."]}: continuation}}
titles: {{{lines["Checks the dose Comp"]}: Checks the dose}}
text: [{{line: {lines["2) Drug"]}, old: Drug names, new: Medicine names}}]
definitions: {{listening well: Hears everything.}}
""",
        tmp_path,
    )
    area, competency = result.content.areas[0], result.content.clusters[0].competencies[0]
    assert area.definition.endswith("at the right time. Always.")
    assert (area.actions[0].label, area.actions[0].definition) == (
        "Checks the dose",
        "Compares chart and label.",
    )
    assert area.knowledge[1].label == "Medicine names"
    assert competency.definition == "Hears everything."
    assert result.content.about == {
        "title": "Our ward", "description": "What we do.", "version": "2.1", "creator": "Us: all",
        "licence": "https://example.org/licence",
    }  # fmt: skip
    assert codes(result) == []


@pytest.mark.parametrize(
    "correction",
    [
        "names: {Nothing: Giving Medicine}", "titles: {1: Ward}", "ignore: [999]", "accept: {3: CG601}",
        "text: {line: 1, old: Warden, new: Ward}", "definitions: {Nothing: Text}", "read-as: {999: item}",
    ],
)  # fmt: skip
def test_a_correction_without_effect_is_reported(correction: str, tmp_path: Path) -> None:
    assert codes(corrected(LINKED, correction, tmp_path)) == [("CG611", 0)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("names: [a", ":1: this is not YAML"),
        ("a: 1\nb: {\n", "this is not YAML"),
        ("- a", "“the file” is not a list of keys and values"),
        ("titel: {a: b}", "“titel” is not a kind of correction"),
        ("names: [a]", "“names” is not a list of keys and values"),
        ("names: {a: [b]}", "“names” has a value that is not a text"),
        ("dictionary: {licens: x}", "“licens” is not a key of “dictionary”"),
        ("read-as: {3: footnote}", "“footnote” is not a value of “read-as”"),
        ("titles: {three: x}", "“titles” has a key that is not a line number"),
        ("text: {line: 3}", "an item of “text” lacks line, old or new"),
        ("ignore: [3-]", "“ignore” has an item that is not a line or a range"),
        ("accept: {3: 601}", "“accept” has another form"),
        ("labels: {Tasks: actions}", "“actions” is not a value of “labels”"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nignore: [*b, *b]", "“a” is not a kind of correction"),
        ("!!python/object/apply:os.getcwd []", "this is not YAML"),
        ("\x00", "this is not YAML"),
    ],
)
def test_a_wrong_file_is_refused(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "corrections.yaml").write_text(content)
    with pytest.raises(CompetencyError) as raised:
        read_corrections(tmp_path / "corrections.yaml")
    assert message in str(raised.value)


def test_a_missing_file_and_one_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CompetencyError, match="cannot be read"):
        read_corrections(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"names: {\xe9: a}")
    with pytest.raises(CompetencyError, match="not YAML"):
        read_corrections(tmp_path / "latin.yaml")


def test_an_empty_file_corrects_nothing(tmp_path: Path) -> None:
    assert codes(corrected(LINKED, "# nothing yet\n", tmp_path)) == []
