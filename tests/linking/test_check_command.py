"""``competency link check``: what is wrong with a file of links, row by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ROOT, Run

ONET = ROOT / "data" / "links" / "onet.sssom.tsv"


def test_the_published_links_are_as_they_should_be(competency: Run) -> None:
    done = competency("link", "check")
    assert done.returncode == 0
    assert done.stdout.endswith("; nothing is missing or wrong.\n")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("onet-element:2.C.1.d\tSales and Marketing\tknowledge", "onet-element:1.A.1.a.1\tOral Comprehension\tability"), "CG524"),
        (("\t0.75\t", "\t7\t"), "CG504"),
        (("2026-11-24", "yesterday"), "CG505"),
    ],
    ids=["kind", "confidence", "date"],
)  # fmt: skip
def test_a_fault_is_told_with_its_row(
    competency: Run, tmp_path: Path, change: tuple[str, str], rule: str
) -> None:
    lines = ONET.read_text().splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if line.startswith("knowledge:cold-calling") and change[0] in line)  # fmt: skip
    lines[number] = lines[number].replace(*change)
    path = tmp_path / "links.sssom.tsv"
    path.write_text("".join(lines))
    done = competency("link", "check", path, "-f", "json")
    found = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert [(f["rule"]["code"], f["place"]["line"]) for f in found] == [(rule, number + 1)]


@pytest.mark.parametrize("name", ["none.sssom.tsv", "."])
def test_what_cannot_be_read_is_told(competency: Run, name: str) -> None:
    done = competency("link", "check", name)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert name in done.stderr


def test_frameworks_are_checked_against_and_named_wrongly_are_told(
    competency: Run, tmp_path: Path
) -> None:
    """A baker's dictionary, whose links disagree with the hierarchy of a framework."""
    skos = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nPREFIX t: <https://example.org/trade/>\n"
    (tmp_path / "trade.ttl").write_text(
        f'{skos}t:1 a skos:Concept ; skos:prefLabel "bake rolls"@en ; skos:broader t:2 .\n'
        't:2 a skos:Concept ; skos:prefLabel "bake"@en .\n'
    )
    (tmp_path / "mine.ttl").write_text(
        f"{skos}PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        '<https://example.org/b/rolls> a cg:Ability ; skos:prefLabel "Bake rolls"@en ;\n'
        "    skos:broadMatch t:1 ;\n"
        "    skos:relatedMatch t:2 .\n"
    )
    command = ("link", "check", "mine.ttl", "--base", "none")
    assert competency(*command).returncode == 0
    done = competency(*command, "--with", "trade.ttl")
    assert done.returncode == 1
    assert "mine.ttl:6:23: violation CG542 “Bake rolls” and “bake” are related" in done.stdout
    (tmp_path / "trade.ttl").write_text("<a> <b>")
    broken = competency(*command, "--with", "trade.ttl")
    assert (broken.returncode, "trade.ttl" in broken.stderr) == (2, True)
    assert "Traceback" not in broken.stderr
