"""Two reviewers: Cohen's kappa, what they differ on, and the set that both stand for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from framework import SKILL
from test_review import COLUMNS, HEAD, ROWS

from competency_graph.linking import Review
from competency_graph.linking.agreement.kappa import Agreement
from competency_graph.mappings import Mapping, read
from conftest import Run
from sssom_py import rows_taken


def agreement(*rows: tuple[int, ...]) -> Agreement:
    """The agreement that a table of counts states: the first rater's categories in rows."""
    return Agreement(
        {
            (str(row), str(column)): number
            for row, numbers in enumerate(rows)
            for column, number in enumerate(numbers)
        }
    )


@pytest.mark.parametrize(
    ("rows", "kappa"),
    [
        # J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968), 200 patients: unweighted .492
        (((88, 10, 2), (14, 40, 6), (18, 10, 12)), 0.492),
        # J. L. Fleiss, Statistical Methods for Rates and Proportions, table 13.1: .68
        (((75, 1, 4), (5, 4, 1), (0, 0, 10)), 0.676),
        # 50 applications for a grant, each accepted or not: (.70 - .50) / (1 - .50)
        (((20, 5), (10, 15)), 0.4),
        # less than by chance: (.29 - .35) / (1 - .35)
        (((25, 13, 12), (12, 2, 16), (3, 15, 2)), -0.092),
        (((3, 0), (0, 4)), 1.0),
    ],
)
def test_kappa_is_that_of_the_literature(rows: tuple[tuple[int, ...], ...], kappa: float) -> None:
    """scikit-learn's `cohen_kappa_score` gives the same: .49153, .67647, .4, -.09231, 1."""
    assert agreement(*rows).kappa == pytest.approx(kappa, abs=0.0005)


def test_kappa_is_undefined_without_variation() -> None:
    assert agreement((7,)).kappa is None
    assert agreement((7,)).share == 1
    assert Agreement({}).kappa is None
    assert Agreement({}).share is None


def test_whether_to_link_at_all_is_compared_as_well() -> None:
    found = Agreement(
        {
            ("exact", "broad"): 3,
            ("close", "reject"): 1,
            ("reject", "reject"): 4,
            ("reject", "exact"): 2,
        }
    ).linked()
    assert found.counts == {
        ("link", "link"): 3, ("link", "reject"): 1, ("reject", "reject"): 4, ("reject", "link"): 2,
    }  # fmt: skip


ANN = ("close", "exact", "reject")
BEN = ("close", "broad", "reject")


def decide(folder: Path, name: str, decisions: tuple[str, ...], of: str = "acme") -> Path:
    """Decide on the candidates of a file as a person, who comments on what is broad or exact."""
    output = folder / f"{name.lower()}.sssom.tsv"
    review = Review(folder / f"{of}.sssom.tsv", output, name)
    for candidate, decision in zip(review.candidates, decisions, strict=True):
        if decision:
            reason = f"{name}’s reason." if decision in ("broad", "exact") else ""
            review.decide(candidate, decision, reason)
    return output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three candidates, on which Ann and Ben have decided."""
    lines = "".join("\t".join(row) + "\n" for row in (COLUMNS, *ROWS))
    (tmp_path / "acme.sssom.tsv").write_text(HEAD + lines)
    decide(tmp_path, "Ann", ANN)
    decide(tmp_path, "Ben", BEN)
    return tmp_path


BOTH = ("link", "agreement", "ann.sssom.tsv", "ben.sssom.tsv")


def test_agreement_is_shown(folder: Path, competency: Run) -> None:
    done = competency(*BOTH)
    assert (done.returncode, done.stderr) == (1, "")
    # kappa: (2/3 - 2/9) / (1 - 2/9) = 4/7
    assert done.stdout == (
        "3 links reviewed by both Ann and Ben\n"
        "decision      2 alike (66.7%), kappa 0.571\n"
        "link or none  3 alike (100.0%), kappa 1.000\n"
        "\n"
        "Ann in rows, Ben in columns\n"
        "             exact    close    broad   reject\n"
        "    exact        0        0        1        0\n"
        "    close        0        1        0        0\n"
        "    broad        0        0        0        0\n"
        "   reject        0        0        0        1\n"
        "\n"
        "1 to settle\n"
    )
    found = json.loads(competency(*BOTH, "--format", "json").stdout)
    assert found["reviewers"] == ["Ann", "Ben"]
    assert found["decisions"]["kappa"] == pytest.approx(4 / 7)
    assert found["link_or_none"] == {"links": 3, "alike": 3, "agreement": 1.0, "kappa": 1.0}
    assert {"first": "exact", "second": "broad", "links": 1} in found["table"]
    assert (found["only_first"], found["only_second"], found["open"]) == (0, 0, 1)


def test_disagreements_are_settled_and_all_names_are_kept(folder: Path, competency: Run) -> None:
    first = competency(*BOTH, "--disagreements", "open.sssom.tsv", "-o", "final.sssom.tsv")
    assert first.returncode == 1
    agreed = read(folder / "final.sssom.tsv")
    assert len(agreed.mappings) == 2
    assert agreed.metadata["mapping_set_title"] == "Links that two people have reviewed"
    (row,) = read(folder / "open.sssom.tsv").mappings
    assert row.comment == "Ann: exact (Ann’s reason.); Ben: broad (Ben’s reason.)"
    assert rows_taken(folder / "open.sssom.tsv") == 1

    decide(folder, "Cleo", ("broad",), "open")
    last = competency(*BOTH, "--settled", "cleo.sssom.tsv", "-o", "final.sssom.tsv")
    assert last.returncode == 0
    assert last.stdout.endswith("nothing to settle\n")
    assert rows_taken(folder / "final.sssom.tsv") == 3
    by_thing = {m.object_id[-2:]: m for m in read(folder / "final.sssom.tsv").mappings}
    assert by_thing["01"].others["author_label"] == "Ann|Ben"
    assert by_thing["02"].negated
    assert by_thing["02"].others["author_label"] == "Ann|Ben"
    settled = by_thing["08"]
    assert (settled.predicate_id, settled.others["author_label"]) == ("skos:broadMatch", "Cleo")
    assert settled.others["other"] == row.comment


@pytest.mark.parametrize(
    ("notes", "together"),
    [
        (("Yes.", "Indeed."), "Words: none. Review: Yes. Indeed."),
        (("", "Indeed."), "Words: none. Review: Indeed."),
        (("Yes.", ""), "Words: none. Review: Yes."),
        (("Yes.", "Yes."), "Words: none. Review: Yes."),
        (("", ""), "Words: none."),
    ],
)
def test_signatures_of_both_come_together(
    tmp_path: Path, competency: Run, notes: tuple[str, str], together: str
) -> None:
    columns = (*COLUMNS, "author_label")
    lines = "".join("\t".join(row) + "\n" for row in (columns, (*ROWS[0], "Dora")))
    (tmp_path / "acme.sssom.tsv").write_text(HEAD + lines)
    for name, note in zip(("Ann", "Ben"), notes, strict=True):
        review = Review(tmp_path / "acme.sssom.tsv", tmp_path / f"{name.lower()}.sssom.tsv", name)
        review.decide(review.candidates[0], "related", note)
    assert competency(*BOTH, "-o", "final.sssom.tsv").returncode == 0
    (row,) = read(tmp_path / "final.sssom.tsv").mappings
    assert (row.others["author_label"], row.reviewer_label) == ("Dora", "Ann|Ben")
    assert (row.comment, row.reviewer_agreement) == (together, "1.0")


def test_the_comment_of_an_author_is_not_taken_for_a_reviewer_s(
    tmp_path: Path, competency: Run
) -> None:
    head = HEAD.replace("# license", "# mapping_set_title: Published links\n# license", 1)
    lines = "".join(
        "\t".join(row) + "\n" for row in ((*COLUMNS, "author_label"), (*ROWS[0], "Dora"))
    )
    (tmp_path / "acme.sssom.tsv").write_text(head + lines)
    for name, decision in (("Ann", "related"), ("Ben", "exact")):
        decide(tmp_path, name, (decision,))
    competency(*BOTH, "--disagreements", "open.sssom.tsv", "-o", "final.sssom.tsv")
    (row,) = read(tmp_path / "open.sssom.tsv").mappings
    assert row.comment == "Ann: related; Ben: exact (Ben’s reason.)"
    title = read(tmp_path / "final.sssom.tsv").metadata["mapping_set_title"]
    assert title == "Published links, reviewed"


def test_what_only_one_has_decided_is_to_settle(folder: Path, competency: Run) -> None:
    (folder / "ben.sssom.tsv").unlink()
    decide(folder, "Ben", ("close", "", ""))
    done = competency(*BOTH, "--disagreements", "open.csv")
    assert "2 only decided on by Ann\n\n2 to settle\n" in done.stdout
    assert "kappa undefined" in done.stdout
    rows = list(csv.DictReader((folder / "open.csv").open()))
    assert [(row["object_id"][-2:], row["first_decision"], row["second_decision"]) for row in rows] == [
        ("08", "exact", ""), ("02", "reject", ""),
    ]  # fmt: skip


def test_that_both_found_nothing_is_kept_with_both_names(folder: Path, competency: Run) -> None:
    for name in ("Ann", "Ben"):
        output = folder / f"{name.lower()}.sssom.tsv"
        output.unlink()
        decide(folder, name, ("reject", "reject", "close"))
        review = Review(folder / "acme.sssom.tsv", output, name)
        review.record_no_match(review.candidates[0], "Tried bargaining.")
    assert competency(*BOTH, "-o", "final.sssom.tsv").returncode == 0
    (nothing,) = (
        m for m in read(folder / "final.sssom.tsv").mappings if m.object_id == "sssom:NoTermFound"
    )
    assert (nothing.subject_id, nothing.others["author_label"]) == ("mine:haggling", "Ann|Ben")
    assert nothing.comment == "Tried bargaining."


def test_an_entry_with_a_link_is_not_without_a_match(folder: Path, competency: Run) -> None:
    """Who settles sees only what is open, and may find nothing for an entry that has a link."""
    competency(*BOTH, "--disagreements", "open.sssom.tsv")
    decide(folder, "Cleo", ("reject",), "open")
    settling = Review(folder / "open.sssom.tsv", folder / "cleo.sssom.tsv", "Cleo")
    settling.record_no_match(settling.candidates[0], "Nothing else.")
    competency(*BOTH, "--settled", "cleo.sssom.tsv", "-o", "final.sssom.tsv")
    found = [m.object_id[-2:] for m in read(folder / "final.sssom.tsv").mappings]
    assert found == ["01", "08", "02"]


def test_reviewers_can_share_the_work(folder: Path, competency: Run) -> None:
    """Both decide on a sample, of which kappa is computed, and one of them on each other link."""
    (folder / "ben.sssom.tsv").unlink()
    decide(folder, "Ben", ("close", "", ""))
    done = competency(
        *BOTH, "--single", "-o", "final.sssom.tsv", "--id", "https://example.org/final"
    )
    assert done.returncode == 0
    final = read(folder / "final.sssom.tsv")
    assert final.iri == "https://example.org/final"
    assert [(m.object_id[-2:], m.others["author_label"]) for m in final.mappings] == [
        ("01", "Ann|Ben"), ("08", "Ann"), ("02", "Ann"),
    ]  # fmt: skip


def test_other_prefixes_name_the_same_things(folder: Path, competency: Run) -> None:
    path = folder / "ben.sssom.tsv"
    path.write_text(path.read_text().replace("mine:", "x:").replace("to:", "mine:"))
    found = json.loads(competency(*BOTH, "--format", "json", "-o", "final.sssom.tsv").stdout)
    assert (found["decisions"]["links"], found["open"]) == (3, 1)
    final = read(folder / "final.sssom.tsv")
    assert {final.expand(m.object_id) for m in final.mappings} == {f"{SKILL}01", f"{SKILL}02"}


def test_a_formula_in_a_comment_stays_text(folder: Path, competency: Run) -> None:
    review = Review(folder / "acme.sssom.tsv", folder / "ann.sssom.tsv", "Ann")
    review.decide(review.candidates[1], "exact", "=1+1")
    competency(*BOTH, "--disagreements", "open.csv")
    (row,) = csv.DictReader((folder / "open.csv").open())
    assert row["first_comment"] == "'=1+1"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "ann.sssom.tsv"), "would overwrite another file"),
        (("--disagreements", "x.sssom.tsv", "-o", "x.sssom.tsv"), "would overwrite another file"),
        (("--disagreements", "open.xlsx"), "names no format"),
        (("--id", "no IRI", "-o", "final.sssom.tsv"), "is not an IRI"),
        (("--settled", "missing.sssom.tsv"), "missing.sssom.tsv"),
    ],
)
def test_wrong_use_is_reported_and_nothing_written(
    folder: Path, competency: Run, options: tuple[str, ...], said: str
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = competency(*BOTH, *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_confidence_is_the_lower_of_both(folder: Path, competency: Run) -> None:
    for name, confidence in (("ann", "0.9"), ("ben", "0.35")):
        review = Review(folder / "acme.sssom.tsv", folder / f"{name}.sssom.tsv")
        review.decide(review.candidates[0], "close", "", confidence)
    competency(*BOTH, "-o", "final.sssom.tsv")
    found: list[Mapping] = list(read(folder / "final.sssom.tsv").mappings)
    assert next(m.confidence for m in found if m.object_id.endswith("01")) == "0.35"
