"""What a review records about links that somebody has asserted already, and who reviewed them."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from framework import SKILL
from hypothesis import given, settings
from hypothesis import strategies as st
from test_review import COLUMNS, HEAD, ROWS

from competency_graph.errors import BadValueError, ChangedError, UnreadableInputError
from competency_graph.linking import DECISIONS, Concept, Review
from competency_graph.linking.agreement.comparison import Comparison
from competency_graph.linking.agreement.settlement import merged
from competency_graph.linking.reviewing.records import decision_of
from competency_graph.linking.reviewing.reviewer import Reviewer
from competency_graph.mappings import Mapping, read
from competency_graph.resources import DATA
from sssom_py import rows_taken

LINK = {
    "subject_id": "mine:haggling", "subject_label": "Haggling", "subject_category": "cg:Ability",
    "predicate_id": "skos:closeMatch", "object_id": f"to:{SKILL[-34:]}01",
    "object_label": "negotiate contract", "object_category": "skill/competence",
    "mapping_justification": "semapv:CompositeMatching", "mapping_tool": "Matcher",
    "reviewer_label": "Zoe", "reviewer_agreement": "1.0", "confidence": "0.7",
    "mapping_date": "2025-01-02", "comment": "Both bargain.",
}  # fmt: skip
ANN = "orcid:0000-0002-1825-0097"


def link_file(folder: Path, **cells: str) -> Path:
    """A file with one published link."""
    row = LINK | cells
    path = folder / "links.sssom.tsv"
    path.write_text(f"{HEAD}{chr(9).join(row)}\n{chr(9).join(row.values())}\n")
    return path


def reviewed(
    folder: Path, decision: str, comment: str = "", sure: str = "", **cells: str
) -> Mapping:
    """The record of a decision of Ann's on a link."""
    output = folder / "ann.sssom.tsv"
    review = Review(link_file(folder, **cells), output, "Ann", ANN, lambda: date(2026, 2, 28))
    review.decide(review.candidates[0], decision, comment, sure)
    assert review.decision(review.candidates[0]) == decision
    assert review.note(review.candidates[0]) == comment
    assert rows_taken(output) == 1
    (recorded,) = read(output).mappings
    return recorded


def test_who_agrees_with_a_link_signs_it(tmp_path: Path) -> None:
    found = reviewed(tmp_path, "close")
    assert found.cells == LINK | {
        "reviewer_label": "Zoe|Ann", "reviewer_id": ANN, "reviewer_agreement": "1.0",
        "review_date": "2026-02-28", "similarity_measure": "cosine",
    }  # fmt: skip


def test_a_link_of_a_published_set_is_signed_even_if_nobody_reviewed_it_before(
    tmp_path: Path,
) -> None:
    """The creators of the set assert it, whatever tool they used."""
    path = link_file(tmp_path, reviewer_label="", reviewer_agreement="")
    path.write_text(
        path.read_text().replace("# curie_map", "# creator_label:\n# - Dee\n# curie_map")
    )
    review = Review(path, tmp_path / "ann.sssom.tsv", "Ann")
    review.decide(review.candidates[0], "close")
    (found,) = read(review.output).mappings
    assert (found.reviewer_label, found.comment) == ("Ann", "Both bargain.")
    assert (found.mapping_tool, found.mapping_justification) == (
        "Matcher", "semapv:CompositeMatching",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["esco", "onet"])
def test_every_row_of_the_published_links_can_be_reviewed(name: str, tmp_path: Path) -> None:
    path = DATA / "links" / f"{name}.sssom.tsv"
    review = Review(path, tmp_path / "ann.sssom.tsv", "Ann")
    assert len(review.candidates) == len(read(path).mappings)
    assert all(map(review.asserted, review.candidates))


def test_a_published_set_that_two_people_sign_keeps_every_row(tmp_path: Path) -> None:
    lines = (DATA / "links" / "esco.sssom.tsv").read_text().splitlines(keepends=True)
    rows = [line for line in lines if not line.startswith("#")]
    without = [row for row in rows if "NoTermFound" in row]
    path = tmp_path / "links.sssom.tsv"
    path.write_text("".join([*lines[: -len(rows)], *rows[:25], *without[:3]]))
    for name in ("Ann", "Ben"):
        review = Review(path, tmp_path / f"{name}.sssom.tsv", name)
        for each in review.candidates:
            review.decide(each, decision_of(each))
    one, other = (read(tmp_path / f"{name}.sssom.tsv") for name in ("Ann", "Ben"))
    signed, still_open = merged(Comparison.of(one, other), None)
    before = {(row.subject_id, row.object_id): row.comment for row in read(path).mappings}
    assert still_open == 0
    assert {(row.subject_id, row.object_id): row.comment for row in signed.mappings} == before
    assert all(row.reviewer_label.endswith("Ann|Ben") for row in signed.mappings)


def test_a_weaker_earlier_review_is_kept_in_words(tmp_path: Path) -> None:
    found = reviewed(tmp_path, "close", reviewer_agreement="0.5")
    assert (found.reviewer_label, found.reviewer_agreement) == ("Ann", "1.0")
    assert found.others["other"] == "earlier review by Zoe: 0.5"


def test_an_identifier_is_not_mixed_with_the_name_of_another_reviewer(tmp_path: Path) -> None:
    path, output = link_file(tmp_path), tmp_path / "ann.sssom.tsv"
    review = Review(path, output, ANN)
    review.decide(review.candidates[0], "close")
    (found,) = read(output).mappings
    assert (found.reviewer_label, found.others["reviewer_id"]) == ("", ANN)
    assert found.others["other"] == "earlier review by Zoe: 1.0"
    assert Review(path, output).author == ANN, "known again"


def test_a_reviewer_can_agree_in_part_and_say_why(tmp_path: Path) -> None:
    found = reviewed(tmp_path, "close", "Mostly.", "0.6")
    assert found.reviewer_agreement == "0.6"
    assert found.comment == "Both bargain. Review: Mostly."
    assert found.confidence == "0.7", "the author's"


@pytest.mark.parametrize(
    ("decision", "predicate", "modifier", "confidence"),
    [("broad", "skos:broadMatch", "", "0.7"), ("reject", "skos:closeMatch", "Not", "")],
)
def test_who_disagrees_with_a_link_makes_another_that_names_the_first(
    tmp_path: Path, decision: str, predicate: str, modifier: str, confidence: str
) -> None:
    found = reviewed(tmp_path, decision, "Wider.")
    cells = found.cells
    assert cells["predicate_id"] == predicate
    assert cells.get("predicate_modifier", "") == modifier
    assert cells["mapping_justification"] == "semapv:ManualMappingCuration"
    assert (cells["author_label"], cells["author_id"]) == ("Ann", ANN)
    assert (cells["mapping_date"], cells["comment"]) == ("2026-02-28", "Wider.")
    assert cells.get("confidence", "") == confidence
    assert "reviewer_label" not in cells
    assert cells["other"] == (
        "earlier claim: close, by Matcher, 2025-01-02, confidence 0.7: Both bargain."
    )


def test_a_denied_link_is_signed_when_it_is_rejected(tmp_path: Path) -> None:
    found = reviewed(tmp_path, "reject", predicate_modifier="Not")
    assert found.negated
    assert found.reviewer_label == "Zoe|Ann"


def test_values_of_the_whole_set_stay_with_a_signed_link(tmp_path: Path) -> None:
    path = link_file(tmp_path, mapping_tool="", mapping_date="")
    path.write_text(path.read_text().replace("competency-graph", "Their tool"))
    review = Review(path, tmp_path / "ann.sssom.tsv", "Ann")
    review.decide(review.candidates[0], "close")
    kept = read(tmp_path / "ann.sssom.tsv")
    assert kept.mappings[0].mapping_tool == "Their tool"
    assert "mapping_tool" not in kept.metadata


@pytest.mark.parametrize(
    ("name", "given", "label", "identifier"),
    [
        ("Ann", "https://orcid.org/0000-0002-1825-0097", "Ann", ANN),
        ("Ann", "https://example.org/people/ann", "Ann", "people:ann"),
        ("Ann", "mine:ann", "Ann", "mine:ann"),
        (ANN, "", "", ANN),
        ("Ann: the first", "", "Ann: the first", ""),
    ],
)
def test_a_reviewer_has_a_name_an_identifier_or_both(
    name: str, given: str, label: str, identifier: str
) -> None:
    found = Reviewer.named(name, given, {"mine": "https://example.org/acme/"})
    assert (found.name, found.id) == (label, identifier)


@pytest.mark.parametrize(
    "given", ["orcid:0000-0002-1825-0098", "orcid:0000-0002-1825", "ann@example.org", "http://",
              "https://example.org/a b", "no:prefix"]
)  # fmt: skip
def test_an_identifier_with_a_typing_error_is_refused(given: str) -> None:
    with pytest.raises(BadValueError):
        Reviewer.named("Ann", given, {})


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """A review of three candidates by Ann."""
    (tmp_path / "acme.sssom.tsv").write_text(
        HEAD + "".join("\t".join(row) + "\n" for row in (COLUMNS, *ROWS))
    )
    return Review(tmp_path / "acme.sssom.tsv", tmp_path / "ann.sssom.tsv", "Ann")


def test_decisions_can_be_taken_back_one_after_the_other(review: Review) -> None:
    first, second, _ = review.candidates
    review.decide(first, "exact")
    review.decide(second, "close")
    review.decide(first, "reject")
    assert review.undo() == review.key(first)
    assert [review.decision(each) for each in review.candidates] == ["exact", "close", ""]
    assert review.undo() == review.key(second)
    assert review.undo() == review.key(first)
    assert review.undo() is None
    assert read(review.output).mappings == ()


def test_another_concept_can_be_chosen_and_is_known_again(review: Review) -> None:
    lathe = Concept(f"{SKILL}05", "bookkeeping", kind="skill/competence", source="urn:books")
    added = review.add(review.candidates[0], lathe)
    assert review.candidates[2] is added, "after the other candidates of its entry"
    assert review.add(review.candidates[0], lathe) is added
    assert not review.output.exists()
    review.decide(added, "narrow")
    resumed = Review(review.output.with_name("acme.sssom.tsv"), review.output)
    assert [resumed.decision(each) for each in resumed.candidates] == ["", "", "narrow", ""]
    (kept,) = read(review.output).mappings
    assert kept.object_label == "bookkeeping"
    assert read(review.output).expand(kept.others["object_source"]) == "urn:books"


def test_a_file_that_was_removed_is_written_again(review: Review) -> None:
    first, second, _ = review.candidates
    review.decide(first, "exact")
    review.output.unlink()
    review.decide(second, "close")
    assert len(read(review.output).mappings) == 2


def test_a_file_that_was_broken_meanwhile_is_left_alone(review: Review) -> None:
    first, second, _ = review.candidates
    review.decide(first, "exact")
    review.output.write_text("broken")
    for _ in range(2):
        with pytest.raises(UnreadableInputError):
            review.decide(second, "close")
    assert review.output.read_text() == "broken"
    assert review.decision(second) == ""


def test_a_second_review_of_the_same_file_overwrites_nothing(review: Review) -> None:
    other = Review(review.output.with_name("acme.sssom.tsv"), review.output, "Ben")
    first, second, _ = review.candidates
    review.decide(first, "exact")
    with pytest.raises(ChangedError, match="decide again"):
        other.decide(second, "close")
    assert other.decision(first) == "exact", "it is read again"
    other.decide(second, "close")
    assert [m.predicate_id for m in read(review.output).mappings] == [
        "skos:exactMatch", "skos:closeMatch",
    ]  # fmt: skip
    assert review.others() == []
    assert other.others() == ["Ann"]


NOTHING = {
    "predicate_id": "skos:exactMatch", "object_id": "sssom:NoTermFound", "object_label": "",
    "object_category": "", "confidence": "", "comment": "Tried bargaining.",
}  # fmt: skip


def test_that_nothing_was_found_is_signed_as_well(tmp_path: Path) -> None:
    found = reviewed(tmp_path, "none", **NOTHING)
    assert (found.object_id, found.reviewer_label) == ("sssom:NoTermFound", "Zoe|Ann")


def test_who_finds_something_links_the_entry_instead(tmp_path: Path) -> None:
    review = Review(link_file(tmp_path, **NOTHING), tmp_path / "ann.sssom.tsv", "Ann")
    (nothing,) = review.candidates
    with pytest.raises(BadValueError, match="not a decision on this"):
        review.decide(nothing, "broad")
    added = review.add(nothing, Concept(f"{SKILL}01", "negotiate contract"))
    review.decide(added, "close")
    assert review.decision(nothing) == "reject"
    assert review.open == []
    (row,) = read(tmp_path / "ann.sssom.tsv").mappings
    assert row.object_label == "negotiate contract"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 2), st.sampled_from([*DECISIONS])),
        st.tuples(st.integers(0, 2), st.just("nothing found")),
        st.tuples(st.just(0), st.sampled_from(["undo", "resume"])),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_the_file_has_what_was_decided_whatever_the_steps(steps: list[tuple[int, str]]) -> None:
    """A plain model: decisions by candidate, entries without a match, and a stack of both."""
    entries = [row[0] for row in ROWS]
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder) / "acme.sssom.tsv", Path(folder) / "ann.sssom.tsv"
        path.write_text(HEAD + "".join("\t".join(row) + "\n" for row in (COLUMNS, *ROWS)))
        review = Review(path, output, "Ann")
        decided: dict[int, str] = {}
        nothing: frozenset[str] = frozenset()
        before: list[tuple[dict[int, str], frozenset[str]]] = []
        for number, step in steps:
            candidate = review.candidates[number]
            if step == "undo":
                if before:
                    decided, nothing = before.pop()
                review.undo()
            elif step == "resume":
                review, before = Review(path, output, "Ann"), []
            else:
                before.append((decided, nothing))
                if step == "nothing found":
                    review.record_no_match(candidate)
                    nothing |= {entries[number]}
                else:
                    review.decide(candidate, step)
                    decided = decided | {number: step}
                    nothing -= frozenset() if step == "reject" else {entries[number]}
            assert {
                n: d for n, each in enumerate(review.candidates) if (d := review.decision(each))
            } == decided
            rows = read(output).mappings if output.exists() else ()
            found = {
                (m.subject_id, m.object_id[-2:]): m
                for m in rows
                if m.object_id != "sssom:NoTermFound"
            }
            assert {(ROWS[n][0], ROWS[n][4][-2:]) for n in decided} == found.keys()
            for n, decision in decided.items():
                row = found[ROWS[n][0], ROWS[n][4][-2:]]
                assert row.negated == (decision == "reject")
                assert row.negated or row.predicate_id == f"skos:{decision}Match"
            assert {m.subject_id for m in rows if m.object_id == "sssom:NoTermFound"} == nothing
