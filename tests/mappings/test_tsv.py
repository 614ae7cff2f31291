"""Files of mappings: what is read is written again alike, and what is broken is told where."""

from __future__ import annotations

from pathlib import Path

import pytest
import rows
from hypothesis import given
from hypothesis import strategies as st
from rows import HEAD, NONE, ROW, SELL

from competency_graph.errors import UnreadableInputError
from competency_graph.mappings import Mapping, MappingSet, parse_leniently, read, text, write
from competency_graph.mappings.model import COLUMNS
from conftest import ROOT

LINKS = sorted((ROOT / "data" / "links").glob("*.sssom.tsv"))


def test_a_row_is_a_mapping() -> None:
    found = rows.read(rows.text(ROW, NONE))
    first, second = found.mappings
    assert first == Mapping(
        subject_id="mine:selling",
        subject_label="Selling",
        predicate_id="skos:closeMatch",
        object_id=SELL,
        object_label="carry out active selling",
        object_category="skill/competence",
        mapping_justification="semapv:ManualMappingCuration",
        confidence="0.9",
        mapping_date="2026-11-24",
        comment="Both sell.",
    )
    assert (first.line, second.line) == (15, 16)
    assert second.object_id == "sssom:NoTermFound"
    assert found.iri == "https://example.org/acme/links"
    assert found.texts("creator_label") == ["Ann", "Bob"]
    assert found.texts("sssom_version") == ["1.1"]
    assert found.expand("mine:selling") == "https://example.org/acme/selling"
    assert found.expand("skos:exactMatch") == "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert found.curie("https://example.org/acme/selling") == "mine:selling"
    assert found.curie("https://example.org/acme/") == "", "a CURIE has a part behind its colon"


@pytest.mark.parametrize("path", LINKS, ids=lambda path: path.name)
def test_the_published_files_are_written_as_they_are_read(path: Path) -> None:
    assert text(read(path)) == path.read_text("utf-8")


@pytest.mark.parametrize(
    "content",
    [
        rows.text(ROW, NONE),
        rows.text(NONE, ROW, ROW),
        rows.text(),
        rows.text(ROW, head=HEAD.replace("# ", "#")),
        rows.text(ROW, head=HEAD + "## competency: allow-file CG501\n"),
        rows.text(rows.row(comment='"a ""b""\tc\nd"')),
        rows.text((*ROW, "x"), columns=(*rows.COLUMNS, "other")),
        rows.text(("x", *ROW), columns=("other", *rows.COLUMNS)),
    ],
)
def test_order_layout_and_columns_are_kept(content: str) -> None:
    assert text(rows.read(content)) == content


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_of_other_systems_say_the_same(newline: str, mark: str) -> None:
    content = rows.text(ROW, NONE)
    assert rows.read(mark + content.replace("\n", newline)) == rows.read(content)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
MAPPINGS = st.builds(
    Mapping,
    subject_id=st.sampled_from(["mine:a", "mine:b"]),
    predicate_id=st.sampled_from(["skos:exactMatch", "skos:broadMatch"]),
    object_id=st.sampled_from([SELL, "sssom:NoTermFound"]),
    mapping_justification=st.just("semapv:ManualMappingCuration"),
    object_label=CELLS,
    confidence=CELLS,
    comment=CELLS,
    others=st.dictionaries(st.sampled_from(["other", "match_string"]), CELLS.filter(bool)),
)


@given(st.lists(MAPPINGS, max_size=5))
def test_what_is_written_is_read_again(mappings: list[Mapping]) -> None:
    """Whatever texts the cells hold: tabulators, quotation marks, ends of lines."""
    before = rows.read(rows.text()).with_mappings(mappings)
    content = text(before)
    assert rows.read(content) == before
    assert text(rows.read(content)) == content


def test_a_new_set_gets_a_head(tmp_path: Path) -> None:
    metadata = {
        "sssom_version": "1.1",
        "mapping_set_id": "https://example.org/acme/links",
        "mapping_set_title": "Acme: “links” #1",
        "creator_label": ["Ann", "no"],
        "curie_map": {"mine": "https://example.org/acme/"},
    }
    made = MappingSet(metadata, (Mapping("mine:a", predicate_id="skos:exactMatch",
                      object_id="mine:b", mapping_justification="semapv:LexicalMatching"),))  # fmt: skip
    write(tmp_path / "new.sssom.tsv", made)
    assert read(tmp_path / "new.sssom.tsv") == made
    lines = (tmp_path / "new.sssom.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "# sssom_version: '1.1'"
    assert lines[-2] == "\t".join(COLUMNS)


def test_a_head_that_changes_is_written_anew() -> None:
    found = rows.read(rows.text(ROW))
    changed = MappingSet(
        {**found.metadata, "mapping_set_version": "2"}, found.mappings, found.columns, found.head
    )
    assert rows.read(text(changed)).texts("mapping_set_version") == ["2"]
    assert rows.read(text(changed)).mappings == found.mappings


def test_columns_that_rows_bring_are_the_last() -> None:
    found = rows.read(rows.text(ROW))
    more = found.with_mappings(
        [*found.mappings, Mapping.from_cells({"subject_id": "mine:a", "other": "x"})]
    )
    assert more.columns == (*rows.COLUMNS, "other")


BAD = [
    ("", 0, "", "does not begin with the head"),
    ("subject_id\n", 0, "", "does not begin with the head"),
    ("# a: b: c\n", 1, ": c", "is not YAML"),
    ("# - a\n", 0, "", "does not begin with the head"),
    ("# " + "[" * 99_000 + "\n", 0, "", "does not begin with the head"),
    ("#" * 200_000, 0, "", "more than 100,000 characters"),
    ("# a: &a [x]\n# b: [*a, *a]\n", 1, "# a", "“a” is not a key of SSSOM mapping sets"),
    (rows.text(head=HEAD.replace("mapping_set_id", "maping_set_id")), 2, "#", "Write mapping_set_id"),
    (rows.text(head="# license: https://e.org/\n"), 1, "#", "does not give the set an IRI"),
    (rows.text(head=HEAD.replace("v1.1.1", "[1, 2]")), 9, "#", "object_source_version"),
    (rows.text(head=HEAD.replace("license: https://creativecommons.org/licenses/by/4.0/",
                                 "license: by")), 4, "# license", "“by”, which is not an address"),
    (rows.text(head=HEAD.replace("graph:esco", "grph:esco")), 8, "# object_source", "or write graph:"),
    (rows.text(head=HEAD.replace('"1.1"', '"1.7"')), 1, "#", "“1.7”"),
    (rows.text(head=HEAD + "#   skos: https://example.org/\n"), 10, "# curie_map", "skos: is reserved"),
    (rows.text(head=HEAD + "#   x: not an iri\n"), 10, "# curie_map", "“x: not an iri”"),
    (rows.text(head=HEAD + "# see_also:\n#   - [a]\n"), 14, "# see_also", "does not have the expected form"),
    (rows.text(columns=(*rows.COLUMNS[:-1], "coment")), 14, "coment", "Write comment"),
    (rows.text(columns=("comment", *rows.COLUMNS)), 14, "comment\t", "the column comment twice"),
    (rows.text(columns=rows.COLUMNS[1:]), 14, "subject_label", "no column subject_id"),
    (HEAD, 14, "", "no column subject_id"),
    (rows.text(ROW[:-1]), 15, "mine:", "the row has 9 cells, but there are 10 columns"),
    (rows.text((*ROW, "")), 15, "mine:", "the row has 11 cells"),
    (rows.text(rows.row(subject_id="")), 15, "\tSelling", "the row has no subject_id"),
    (rows.text(rows.row(object_id="")), 15, "\tcarry", "the row has no object_id"),
    (rows.text(rows.row(object_id="esco-skil:x")), 15, "esco-skil:x", "or write esco-skill:"),
    (rows.text(rows.row(object_id="http://e.org/x")), 15, "http", "is not a CURIE"),
    (rows.text(rows.row(subject_id="mine:a b")), 15, "mine:a b", "does not expand to an IRI"),
    (rows.text(rows.row(predicate_id="broadMatch")), 15, "broadMatch", "is not a CURIE"),
    (rows.text(rows.row(comment='"open')), 15, '"open', "begins with a quotation mark"),
    (rows.text(rows.row(comment='"shut" in')), 15, '"shut', "begins with a quotation mark"),
    (rows.text(ROW, (*NONE[:3], "sssom:", *NONE[4:])), 16, "sssom:\t", "is not a CURIE"),
    (rows.text(rows.row(comment='"two\nlines"'), ROW[:-1]), 17, "mine:", "the row has 9 cells"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "line", "there", "say"), BAD)
def test_what_is_broken_is_told_where(content: str, line: int, there: str, say: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        rows.read(content)
    error = caught.value
    assert error.where == "mine.sssom.tsv"
    assert say in str(error)
    assert error.remedy
    assert (error.line or 0) == line
    if error.line and error.column:
        told = (content + "\n").split("\n")[error.line - 1]
        assert told[error.column - 1 :].startswith(there)


def test_a_choice_is_one_of_the_standards() -> None:
    content = rows.text((*ROW, "Nott"), columns=(*rows.COLUMNS, "predicate_modifier"))
    with pytest.raises(UnreadableInputError, match="Write Not"):
        rows.read(content)


@pytest.mark.parametrize(
    ("content", "say"),
    [(b"\xff\xfe# a", "UTF-16"), (HEAD.encode() + b"\xe9\n", "not UTF-8")],
)
def test_other_encodings_are_refused(content: bytes, say: str) -> None:
    with pytest.raises(UnreadableInputError, match=say):
        parse_leniently(content, "mine.sssom.tsv")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="no such file"):
        read(tmp_path / "none.sssom.tsv")


def test_the_rows_without_faults_are_read_all_the_same() -> None:
    content = rows.text(rows.row(object_id="x"), ROW, ROW[:-1], NONE)
    found, faults = parse_leniently(content.encode(), "mine.sssom.tsv")
    assert [mapping.line for mapping in found.mappings] == [16, 18]
    assert [fault.line for fault in faults] == [15, 17]


def test_no_more_than_a_hundred_faults_are_told() -> None:
    content = rows.text(*[rows.row(object_id="x")] * 5_000)
    _, faults = parse_leniently(content.encode(), "mine.sssom.tsv")
    assert len(faults) == 100


def test_an_extension_has_a_column_of_its_own() -> None:
    head = (
        HEAD + "# extension_definitions:\n#   - slot_name: ext_owner\n#     property: mine:owner\n"
    )
    content = rows.text((*ROW, "HR"), head=head, columns=(*rows.COLUMNS, "ext_owner"))
    found = rows.read(content)
    assert found.mappings[0].others == {"ext_owner": "HR"}
    assert text(found) == content


@pytest.mark.parametrize(
    "content",
    [
        HEAD + '"' * 1_000_001,
        HEAD + "\t" * 300_000,
        rows.text(rows.row(comment="x" * 5_000_000)),
        HEAD + '"a\n' * 300_000,
        "#" * 1_000_000,
        "#\n" * 300_000,
        "# " + "{" * 20_000,
    ],
    ids=["quotes", "tabs", "long", "open", "comment", "comments", "nested"],
)
def test_hostile_texts_come_to_an_end(content: str) -> None:
    try:
        rows.read(content)
    except UnreadableInputError as error:
        assert error.remedy
