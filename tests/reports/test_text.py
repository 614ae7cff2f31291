"""The report on a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

from reporting import BARE_ROLE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph.reports.text import write_text
from competency_graph.validation.findings import Place


def test_a_finding_reads_like_a_compilers() -> None:
    assert (
        write_text(report(BARE_ROLE, NO_LANGUAGE))
        == """\
bakery.ttl:12:1: violation CG201 The role has no definition.
   |
12 | role:baker a cg:Role ;
   | ^^^^^^^^^^
   = help: Say what people in it do.
   = patch:
     role:baker skos:definition "…"@en .

my files/b: ä.ttl:3:5: warning CG302 The text has no language.
  |
3 |     麵包 "Bäcker" .
  |          ^^^^^^^^
  = help: Write it as “Bäcker”@de.

2 findings: 1 violation, 1 warning, in 2 files. 0 entries and 55 statements checked in 0 files.
"""
    )


def test_a_finding_without_a_line_names_its_entry() -> None:
    lost = replace(BARE_ROLE, place=Place("bakery.ttl"), patch="")
    assert (
        write_text(report(lost, WHOLE))
        == f"""\
bakery.ttl: violation CG201 The role has no definition.
  = entry: “Baker” {BARE_ROLE.focus}
  = help: Say what people in it do.

info CG201 There are few roles.

2 findings: 1 violation, 1 info, in 1 file. 0 entries and 55 statements checked in 0 files.
"""
    )


def test_nothing_found_is_said() -> None:
    assert (
        write_text(report())
        == "0 entries and 55 statements checked in 0 files; nothing is missing or wrong.\n"
    )


def test_a_place_at_the_end_of_a_line_has_a_caret_there() -> None:
    end = replace(BARE_ROLE, place=Place("f.ttl", 1, 4, 0, 0, "abc"))
    assert "1 | abc\n  |    ^\n" in write_text(report(end))


def test_colours_are_added_and_nothing_else() -> None:
    coloured = write_text(report(BARE_ROLE, NO_LANGUAGE), colour=True)
    assert "\x1b[1;31mviolation CG201\x1b[0m" in coloured
    assert "\x1b[1;33m^^^^^^^^\x1b[0m" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert plain == write_text(report(BARE_ROLE, NO_LANGUAGE))


def test_no_control_character_of_a_file_reaches_the_terminal() -> None:
    text = write_text(report(hostile(), partial="\x1b]0;title\x07"))
    assert not re.search(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]|\u202e", text)
    assert "␛[31m" in text
    assert "␛]0;title␇" in text
