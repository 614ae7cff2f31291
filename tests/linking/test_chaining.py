"""`competency link chain` and `crosswalk`: from one framework to another."""

from __future__ import annotations

from pathlib import Path

import pytest
from sssom.parsers import parse_sssom_table

from competency_graph.linking.chaining import COMPOSITION
from competency_graph.mappings import Mapping, read
from conftest import ROOT, Run

HEAD = """\
# mapping_set_id: https://example.org/{name}
# license: https://creativecommons.org/licenses/by/4.0/
# object_source: a:framework
# object_source_version: "{name}1"
# curie_map:
#   a: https://example.org/a/
#   b: https://example.org/b/
#   d: https://example.org/d/
#   skos: http://www.w3.org/2004/02/skos/core#
#   semapv: https://w3id.org/semapv/vocab/
"""
COLUMNS = (
    "subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id",
    "object_label", "mapping_justification", "confidence",
)  # fmt: skip
CROSSWALK = ROOT / "tests" / "importing" / "frameworks" / "crosswalk.csv"


def table(folder: Path, name: str, *rows: str) -> Path:
    """A file of mappings; a row is “d:x exact a:y 0.5”, and “not” before the relation denies it."""
    lines = ["\t".join(COLUMNS)]
    for row in rows:
        subject, *denied, kind, object_, confidence = row.split()
        cells = (
            subject, f"label of {subject}", "Not" if denied else "", f"skos:{kind}Match", object_,
            f"label of {object_}", "semapv:ManualMappingCuration", confidence.replace("-", ""),
        )  # fmt: skip
        lines.append("\t".join(cells))
    path = folder / f"{name}.sssom.tsv"
    path.write_text(HEAD.format(name=name) + "".join(f"{line}\n" for line in lines))
    return path


def short(mapping: Mapping) -> tuple[str, str, str, str]:
    kind = mapping.predicate_id.removeprefix("skos:").removesuffix("Match")
    return mapping.subject_id, kind, mapping.object_id, mapping.confidence


def test_two_frameworks_of_one_dictionary(competency: Run, tmp_path: Path) -> None:
    table(tmp_path, "first", "d:x narrow a:y 0.8", "d:z exact a:w 0.9", "d:q not close a:q 1")
    table(tmp_path, "second", "d:x broad b:1 0.5", "d:z close b:2 -", "d:q exact b:3 1")

    done = competency("link", "chain", "first.sssom.tsv", "second.sssom.tsv", "-o", "out.sssom.tsv")

    # What is narrower than the entry has a broader one in what is broader than the entry.
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "2 chains in out.sssom.tsv\nLeft out:\n1  mappings that deny a relation\n"
    )
    assert done.stderr == "first.sssom.tsv is followed from its objects to its subjects.\n"
    found = read(tmp_path / "out.sssom.tsv")
    assert sorted(map(short, found.mappings)) == [
        ("a:w", "close", "b:2", ""), ("a:y", "broad", "b:1", "0.4"),
    ]  # fmt: skip
    through = next(each for each in found.mappings if each.subject_id == "a:y")
    assert through.mapping_justification == "semapv:MappingChaining"
    assert (
        through.comment == "Through “label of d:x” (d:x): broadMatch (0.8), then broadMatch (0.5)."
    )
    assert (through.subject_label, through.object_label) == ("label of a:y", "label of b:1")
    assert through.others["subject_source_version"] == "first1"
    assert through.others["object_source_version"] == "second1"
    assert found.texts("mapping_set_source") == [
        "https://example.org/first", "https://example.org/second",
    ]  # fmt: skip


def test_other_tools_read_chains(competency: Run, tmp_path: Path) -> None:
    table(tmp_path, "first", "d:x exact a:y 0.8")
    table(tmp_path, "second", "d:x exact b:1 0.5")

    done = competency("link", "chain", "first.sssom.tsv", "second.sssom.tsv")

    (tmp_path / "out.sssom.tsv").write_text(done.stdout)
    row = parse_sssom_table(tmp_path / "out.sssom.tsv").df.iloc[0]
    assert (row["predicate_id"], row["confidence"]) == ("skos:exactMatch", 0.4)
    assert row["mapping_justification"] == "semapv:MappingChaining"


def test_files_that_follow_each_other_and_the_strongest_of_several(
    competency: Run, tmp_path: Path
) -> None:
    table(tmp_path, "first", "a:1 close d:x 1", "a:1 exact d:y 0.6", "a:1 exact d:z 0.5")
    table(
        tmp_path,
        "second",
        "d:x close b:1 1",
        "d:y close b:1 1",
        "d:z close b:1 1",
        "d:x exact a:1 1",
    )

    done = competency("link", "chain", "first.sssom.tsv", "second.sssom.tsv", "-o", "out.sssom.tsv")

    assert done.stderr == ""
    assert "2  chains between terms that a stronger one connects" in done.stdout
    assert "1  chains that lead back to where they begin" in done.stdout
    (found,) = read(tmp_path / "out.sssom.tsv").mappings
    assert short(found) == ("a:1", "close", "b:1", "0.6")
    assert found.comment.endswith(" 2 other chains connect them.")


def test_the_relations_of_chains_are_those_of_sssom() -> None:
    """T1, RCE1 and RCE2 of SSSOM's chaining rules; what they do not chain is related at most."""
    kinds = ("exact", "close", "broad", "narrow", "related")
    ruled = {("exact", kind): kind for kind in kinds} | {(kind, "exact"): kind for kind in kinds}
    ruled |= {("broad", "broad"): "broad", ("narrow", "narrow"): "narrow"}
    assert {pair: kind for pair, kind in COMPOSITION.items() if pair in ruled} == ruled
    assert {kind for pair, kind in COMPOSITION.items() if pair not in ruled} == {"related"}
    assert not {("broad", "narrow"), ("related", "related"), ("related", "close")} & set(
        COMPOSITION
    )


def test_a_chain_is_the_same_in_both_directions() -> None:
    inverse = {"broad": "narrow", "narrow": "broad"}

    def turned(kind: str) -> str:
        return inverse.get(kind, kind)

    for (first, second), kind in COMPOSITION.items():
        assert COMPOSITION.get((turned(second), turned(first))) == turned(kind)


@pytest.mark.parametrize(
    ("rows", "options", "reported"),
    [
        (["q:x exact b:1 1"], (), "“q:x”"),
        (["b:x exact b:1 1"], (), "the two files of mappings share no term"),
        (["d:x exact b:1 1"], ("-o", "out.tsv"), "the name out.tsv does not end in .sssom.tsv"),
        (["d:x exact b:1 1"], ("-o", "first.sssom.tsv"), "would replace one of the files that are read"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_chained(
    rows: list[str], options: tuple[str, ...], reported: str, competency: Run, tmp_path: Path
) -> None:
    first = table(tmp_path, "first", "d:x exact a:y 0.8")
    before = first.read_bytes()
    table(tmp_path, "second", *rows)

    done = competency("link", "chain", "first.sssom.tsv", "second.sssom.tsv", *options)

    assert (done.returncode, done.stdout) == (2, "")
    assert reported in done.stderr
    assert first.read_bytes() == before


def test_the_published_crosswalk(competency: Run, tmp_path: Path) -> None:
    done = competency("link", "crosswalk", CROSSWALK, "-o", "walk.sssom.tsv")

    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
2 mappings in walk.sssom.tsv
Left out:
1  rows that repeat a pair
1  rows without a type of match
1  rows without a code of O*NET
1  rows without an occupation of ESCO or a group of ISCO
"""
    )
    found = read(tmp_path / "walk.sssom.tsv")
    assert [(*short(each)[:3], each.object_label, each.object_category) for each in found.mappings] == [
        ("onet-occupation:51-3011.00", "exact", "esco-occupation:00000000-0000-0000-0000-000000000001", "baker", "occupation"),
        ("onet-occupation:51-3011.00", "broad", "esco-isco:C7512", "Bakers, pastry-cooks", "ISCO group"),
    ]  # fmt: skip
    assert found.texts("subject_source_version") == ["28.0"]
    assert found.texts("object_source_version") == ["v1.1.0"]


def test_from_a_dictionary_through_the_published_crosswalk(competency: Run, tmp_path: Path) -> None:
    """What a dictionary is linked to in ESCO leads to O*NET."""
    competency("link", "crosswalk", CROSSWALK, "-o", "walk.sssom.tsv")
    mine = table(tmp_path, "mine", "d:baker broad e:00000000-0000-0000-0000-000000000001 0.7")
    mine.write_text(mine.read_text().replace(
        "#   a: https://example.org/a/", "#   a: https://example.org/a/\n#   e: http://data.europa.eu/esco/occupation/"
    ))  # fmt: skip

    done = competency("link", "chain", "mine.sssom.tsv", "walk.sssom.tsv", "-o", "out.sssom.tsv")

    assert done.returncode == 0, done.stderr
    assert [short(each) for each in read(tmp_path / "out.sssom.tsv").mappings] == [
        ("d:baker", "broad", "onet-occupation:51-3011.00", "")
    ]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("a,b\n1,2\n", "walk.csv: this table lacks the columns O*NET Id, O*NET Title"),
        ("", "walk.csv: this table lacks the columns"),
        (CROSSWALK.read_text() + 'x,"', "walk.csv:15: this is not CSV (unexpected end of data)"),
    ],
)
def test_what_is_no_crosswalk(text: str, reported: str, competency: Run, tmp_path: Path) -> None:
    (tmp_path / "walk.csv").write_text(text)

    done = competency("link", "crosswalk", "walk.csv", "-o", "out.sssom.tsv")

    assert (done.returncode, done.stdout) == (2, "")
    assert reported in done.stderr
    assert not (tmp_path / "out.sssom.tsv").exists()
