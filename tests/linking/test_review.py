"""Deciding on candidates in a terminal: what is asked, what is kept, and that nothing is lost."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from framework import SKILL, TARGET, dictionary, entry

from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.linking import Review
from competency_graph.mappings import Mapping, read
from conftest import COMMAND, Run, forking_command
from forking import Running
from sssom_py import rows_taken

HEAD = """\
# sssom_version: "1.1"
# mapping_set_id: https://example.org/acme/candidates
# license: https://creativecommons.org/licenses/by/4.0/
# mapping_tool: competency-graph
# similarity_measure: cosine
# curie_map:
#   mine: https://example.org/acme/entry/
#   to: http://data.europa.eu/esco/skill/
"""
COLUMNS = (
    "subject_id", "subject_label", "subject_category", "predicate_id", "object_id",
    "object_label", "mapping_justification", "confidence", "comment",
)  # fmt: skip
ROWS = [
    ("mine:haggling", "Haggling", "cg:Ability", "skos:relatedMatch", f"to:{SKILL[-34:]}01",
     "negotiate contract", "semapv:CompositeMatching", "0.42", "Words: none."),
    ("mine:haggling", "Haggling", "cg:Ability", "skos:closeMatch", f"to:{SKILL[-34:]}08",
     "forecast", "semapv:CompositeMatching", "0.12", ""),
    ("mine:turning", "Turning", "cg:Ability", "skos:relatedMatch", f"to:{SKILL[-34:]}02",
     "operate lathe", "semapv:CompositeMatching", "0.33", ""),
]  # fmt: skip
NAME = "acme.sssom.tsv"
KEPT = "acme.reviewed.sssom.tsv"


@pytest.fixture
def candidates(tmp_path: Path) -> Path:
    """A file with two candidates for one entry and one for another."""
    lines = "".join("\t".join(row) + "\n" for row in (COLUMNS, *ROWS))
    path = tmp_path / NAME
    path.write_text(HEAD + lines)
    (tmp_path / "mine.ttl").write_text(
        dictionary(
            entry("haggling", "Ability", "Haggling", '; skos:definition "Bargains hard."@en '),
            entry("turning", "Ability", "Turning"),
            entry("trade", "AreaOfExpertise", "Trade", "; cg:requiresAbility mine:haggling "),
        )
    )
    (tmp_path / "esco.ttl").write_text(TARGET)
    return path


class Terminal:
    """A person at a terminal."""

    def __init__(self, screen: int, process: Running) -> None:
        self.screen, self.process = screen, process
        self.code: int | None = None

    def sees(self, wanted: str) -> str:
        """What is shown until it has ``wanted``; fails when a minute brings nothing new."""
        text = ""
        while wanted not in text:
            ready, _, _ = select.select([self.screen], [], [], 60)
            assert ready, f"{wanted} is not in {text!r}"
            try:
                read = os.read(self.screen, 4096).decode(errors="replace")
            except OSError:
                read = ""
            assert read, f"{wanted} is not in {text!r}"
            text += read
        return text.replace("\r\n", "\n")

    def types(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def leaves(self) -> int:
        self.code = self.process.wait(60)
        return self.code


@contextmanager
def reviewing(folder: Path, *options: str, **variables: str) -> Iterator[Terminal]:
    """A review that was started, by Ann where nobody else is named."""
    screen, line = pty.openpty()
    given = options if any(o == "--author" for o in options) else (*options, "--author", "Ann")
    process = forking_command().start(
        ["link", "review", NAME, "--data", "mine.ttl", *(o for o in given if o != "-")],
        (line, line, line),
        folder,
        os.environ | {"COLUMNS": "100"} | variables,
        terminal=True,
    )
    os.close(line)
    person = Terminal(screen, process)
    try:
        yield person
    finally:
        if person.code is None:
            process.signal(signal.SIGKILL)
            process.wait(60)
        os.close(screen)


def decided(folder: Path) -> list[tuple[str, str, str, str]]:
    """The decisions that are kept: entry, predicate, thing, whether denied."""
    return [
        (m.subject_id, m.predicate_id, m.object_id[-2:], m.others.get("predicate_modifier", ""))
        for m in read(folder / KEPT).mappings
    ]


def test_entry_and_candidate_are_shown_side_by_side(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path, "--to", "esco.ttl") as person:
        shown = person.sees("? help")
        person.types("q")
        person.sees("0 of 3 candidates decided.")
        assert person.leaves() == 0
    plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", shown)
    assert "1 of 3" in plain
    assert (
        "Entry      Haggling (cg:Ability)\n           Bargains hard.\n           in: Trade" in plain
    )
    assert "Candidate  negotiate contract\n           Reach terms that two parties sign.\n" in plain
    assert "within: negotiating" in plain
    assert "Proposed   related, confidence 0.42\n" in plain
    assert "“negotiate contract” and “Haggling” are related: neither covers the other.\n" in plain
    assert "           Words: none." in plain
    assert not (tmp_path / KEPT).exists()


@pytest.mark.parametrize(
    ("key", "predicate", "modifier"),
    [("a", "related", ""), ("\r", "related", ""), ("e", "exact", ""), ("c", "close", ""), ("b", "broad", ""), ("n", "narrow", ""),
     ("r", "related", ""), ("x", "related", "Not")],
)  # fmt: skip
def test_a_key_decides(
    candidates: Path, tmp_path: Path, key: str, predicate: str, modifier: str
) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types(key)
        person.sees("2 of 3")
        person.types("q")
        person.sees(f"1 of 3 candidates decided. The decisions are in {KEPT}.")
    assert decided(tmp_path) == [("mine:haggling", f"skos:{predicate}Match", "01", modifier)]
    (made,) = read(tmp_path / KEPT).mappings
    assert made.mapping_justification == "semapv:ManualMappingCuration"
    assert made.others["author_label"] == "Ann"
    assert made.mapping_date == date.today().isoformat()
    proposed = read(tmp_path / NAME).mappings[0].confidence
    assert made.confidence == ("" if modifier else proposed)
    assert (made.mapping_tool, made.comment) == ("", "")
    head = read(tmp_path / KEPT).metadata
    assert "mapping_tool" not in head
    assert "similarity_measure" not in head


def test_it_goes_on_where_it_was_left(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("s")
        person.sees("2 of 3")
        person.types("c")
        person.sees("3 of 3")
        person.types("q")
        person.leaves()
    with reviewing(tmp_path, "-", "--author", "") as person:
        assert "Reviewing as Ann" in person.sees("1 of 3")
        person.types("r")
        assert "2 of 3" not in person.sees("3 of 3")
        person.types("b")
        person.sees("3 of 3 candidates decided.")
        assert person.leaves() == 0
    assert {(e, p) for e, p, *_ in decided(tmp_path)} == {
        ("mine:haggling", "skos:relatedMatch"), ("mine:haggling", "skos:closeMatch"),
        ("mine:turning", "skos:broadMatch"),
    }  # fmt: skip


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_no_decision_is_lost_when_it_is_killed(
    candidates: Path, tmp_path: Path, end: signal.Signals
) -> None:
    with reviewing(tmp_path) as person:
        for number, key in ((1, "e"), (2, "x")):
            person.sees(f"{number} of 3")
            person.types(key)
        person.sees("3 of 3")
        person.process.signal(end)
        assert person.leaves() != 0
    assert [row[1:] for row in decided(tmp_path)] == [
        ("skos:exactMatch", "01", ""), ("skos:closeMatch", "08", "Not"),
    ]  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {NAME, KEPT, "mine.ttl", "esco.ttl"}


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_end_it_like_q(candidates: Path, tmp_path: Path, key: str) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("e")
        person.sees("2 of 3")
        person.types(key)
        assert "Traceback" not in person.sees("1 of 3 candidates decided.")
        assert person.leaves() == 0


def test_one_can_go_back_and_decide_otherwise(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("e")
        person.sees("2 of 3")
        person.types("u")
        person.sees("Decided    exact")
        person.types("n")
        person.sees("2 of 3")
        person.types("q")
        person.leaves()
    assert decided(tmp_path) == [("mine:haggling", "skos:narrowMatch", "01", "")]


def test_a_comment_goes_with_the_decision(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("t")
        person.sees("Comment")
        person.types('Both “haggle”\tand "sign".\r')
        person.types("c")
        person.sees("2 of 3")
        person.types("cq")
        person.leaves()
    assert [m.comment for m in read(tmp_path / KEPT).mappings] == ['Both “haggle”\tand "sign".', ""]


@pytest.mark.parametrize(("answer", "rows"), [("y", 3), ("n", 2)])
def test_where_all_is_rejected_one_can_say_that_there_is_nothing(
    candidates: Path, tmp_path: Path, answer: str, rows: int
) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("x")
        person.sees("2 of 3")
        person.types("x")
        person.sees("are rejected.")
        person.types(answer)
        if answer == "y":
            person.sees("What was tried")
            person.types("Haggling, bargaining.\r")
        person.sees("3 of 3")
        person.types("q")
        person.leaves()
    found = read(tmp_path / KEPT).mappings
    assert len(found) == rows
    if answer == "y":
        nothing = found[-1]
        assert nothing.object_id == "sssom:NoTermFound"
        assert (nothing.predicate_id, nothing.negated) == ("skos:exactMatch", False)
        assert nothing.comment == "Haggling, bargaining."
        assert nothing.others["author_label"] == "Ann"


def test_the_name_is_asked_once(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path, "--author", "") as person:
        person.sees("Your name, or orcid:")
        person.types("orcid:0000-0002-1825-0097\r")
        person.sees("1 of 3")
        person.types("c")
        person.sees("2 of 3")
        person.types("q")
        person.leaves()
    found = read(tmp_path / KEPT)
    assert found.mappings[0].others["author_id"] == "orcid:0000-0002-1825-0097"
    assert found.expand("orcid:0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"
    with reviewing(tmp_path, "--author", "") as person:
        assert "Reviewing as orcid:0000-0002-1825-0097" in person.sees("2 of 3")


def test_without_colour_nothing_is_coloured(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        assert "\x1b[1m" in person.sees("? help")
    with reviewing(tmp_path, NO_COLOR="1") as person:
        assert not re.search(r"\x1b\[\d+m", person.sees("? help"))


def test_what_is_typed_ahead_counts_and_arrows_do_not(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("\x1b[B")  # an arrow, which ends in a letter that decides
        person.types("é")
        person.types("ec")
        person.sees("3 of 3")
        person.types("q")
        person.leaves()
    assert [row[1] for row in decided(tmp_path)] == ["skos:exactMatch", "skos:closeMatch"]


def test_the_terminal_is_as_it_was(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        before = termios.tcgetattr(person.screen)
        person.sees("? help")
        person.types("q")
        person.leaves()
        assert termios.tcgetattr(person.screen) == before


def test_what_files_say_does_not_steer_the_terminal(candidates: Path, tmp_path: Path) -> None:
    candidates.write_text(
        candidates.read_text().replace("Words: none.", "\x1b]0;owned\x07 \x1b[2J")
    )
    with reviewing(tmp_path) as person:
        shown = person.sees("? help")
    assert "owned" in shown
    assert "\x1b]" not in shown
    assert "\x1b[2J" not in shown


def test_help_tells_what_the_keys_mean(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("?")
        shown = person.sees("q  quit     continue another time")
    assert "b  broad    the candidate is broader than the entry" in shown


def test_sssom_py_finds_nothing_wrong_with_the_decisions(candidates: Path, tmp_path: Path) -> None:
    found = Review(candidates, tmp_path / KEPT, "Ann")
    for candidate, decision in zip(found.candidates, ("reject", "reject", "exact"), strict=True):
        found.decide(candidate, decision, "Because.")
    found.record_no_match(found.candidates[0], "Tried haggling.")
    assert rows_taken(tmp_path / KEPT) == len(read(tmp_path / KEPT).mappings) == 4


# ---------------------------------------------------------------------------
# What is kept


def test_an_entry_that_is_linked_after_all_is_none_without_a_term(
    candidates: Path, tmp_path: Path
) -> None:
    found = Review(candidates, tmp_path / KEPT, "Ann")
    first, second, _ = found.candidates
    found.decide(first, "reject")
    found.decide(second, "reject")
    found.record_no_match(first)
    assert "NoTermFound" in (tmp_path / KEPT).read_text()
    found.decide(second, "broad")
    assert "NoTermFound" not in (tmp_path / KEPT).read_text()


def test_decisions_made_elsewhere_stay(candidates: Path, tmp_path: Path) -> None:
    """The file of decisions can hold more, under other names of the same prefixes."""
    other = HEAD.replace("mine:", "to:", 1).replace("#   to: http://data", "#   x: http://data")
    (tmp_path / KEPT).write_text(
        other
        + "subject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment\n"
        + f"to:haggling\tskos:exactMatch\tx:{SKILL[-34:]}01\tsemapv:ManualMappingCuration\tMine.\n"
        + f"to:juggling\tskos:broadMatch\tx:{SKILL[-34:]}02\tsemapv:ManualMappingCuration\tToo.\n"
    )
    found = Review(candidates, tmp_path / KEPT, "Ann")
    assert [found.decision(each) for each in found.candidates] == ["exact", "", ""]
    found.decide(found.candidates[2], "close")
    kept = read(tmp_path / KEPT)
    assert [(kept.expand(m.subject_id)[-8:], m.comment) for m in kept.mappings] == [
        ("haggling", "Mine."), ("juggling", "Too."), ("/turning", ""),
    ]  # fmt: skip
    assert kept.expand(kept.mappings[2].object_id) == f"{SKILL}02"


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_thought_decided(
    candidates: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    found = Review(candidates, tmp_path / "file" / KEPT, "Ann")
    with pytest.raises(UnavailableError, match="the decision cannot be written"):
        found.decide(found.candidates[0], "exact")
    assert found.decision(found.candidates[0]) == ""


def test_decisions_never_take_the_place_of_the_candidates(candidates: Path) -> None:
    with pytest.raises(BadValueError, match="overwrite the candidates"):
        Review(candidates, candidates)


def test_what_is_decided_is_of_the_day(candidates: Path, tmp_path: Path) -> None:
    found = Review(candidates, tmp_path / KEPT, "A|B", today=lambda: date(2026, 2, 28))
    found.decide(found.candidates[0], "exact")
    (made,) = read(tmp_path / KEPT).mappings
    assert isinstance(made, Mapping)
    assert (made.mapping_date, made.others["author_label"]) == ("2026-02-28", r"A\|B")


def test_a_link_that_has_an_author_is_signed(candidates: Path, tmp_path: Path) -> None:
    rows = candidates.read_text().splitlines()
    first = next(n for n, row in enumerate(rows) if row.startswith("mine:"))
    rows[first - 1] += "\tauthor_label\tmapping_date"
    rows[first] += "\tZoe\t2025-01-02"
    rows[first + 1 :] = [f"{row}\t\t" for row in rows[first + 1 :]]
    candidates.write_text("\n".join(rows) + "\n")
    with reviewing(tmp_path, "--reviewer-id", "https://orcid.org/0000-0002-1825-0097") as person:
        assert "Claim      related, by Zoe, 2025-01-02, confidence 0.42" in person.sees("? help")
        person.types("a")
        person.sees("2 of 3")
        person.types("q")
        person.leaves()
    (row,) = read(tmp_path / KEPT).mappings
    assert (row.others["author_label"], row.reviewer_label) == ("Zoe", "Ann")
    assert row.others["reviewer_id"] == "orcid:0000-0002-1825-0097"
    assert (row.mapping_date, row.reviewer_agreement) == ("2025-01-02", "1.0")
    assert row.others["review_date"] == date.today().isoformat()


def test_a_change_by_another_program_is_shown(candidates: Path, tmp_path: Path) -> None:
    with reviewing(tmp_path) as person:
        person.sees("1 of 3")
        person.types("e")
        person.sees("2 of 3")
        (tmp_path / KEPT).write_text((tmp_path / KEPT).read_text().replace("exact", "narrow"))
        person.types("c")
        person.sees("decide again.")
        person.types("c")
        person.sees("3 of 3")
        person.types("q")
        person.leaves()
    assert [row[1] for row in decided(tmp_path)] == ["skos:narrowMatch", "skos:closeMatch"]


def test_without_a_terminal_it_says_so(candidates: Path, competency: Run) -> None:
    done = competency("link", "review", NAME)
    assert done.returncode == 2
    assert "a review needs a terminal" in done.stderr


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    screen, line = pty.openpty()
    (tmp_path / NAME).write_text("nothing of the kind")
    done = subprocess.run(
        [COMMAND, "link", "review", NAME], stdin=line, capture_output=True, text=True,
        cwd=tmp_path, check=False,
    )  # fmt: skip
    os.close(line)
    os.close(screen)
    assert done.returncode == 2
    assert NAME in done.stderr
    assert "Traceback" not in done.stderr
