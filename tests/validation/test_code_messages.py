"""Findings about codes name the code, the other entry, and where it stands."""

from __future__ import annotations

from pathlib import Path

from authoring import HEAD, changed, marked, write

from competency_graph.scaffold import create_extension
from competency_graph.validation import validate


def test_a_code_of_a_published_entry(tmp_path: Path) -> None:
    text = changed(('"ACME-R1"', '"R1"'))
    (finding,) = validate([write(tmp_path, "mine.ttl", text)]).findings
    assert (finding.rule.code, finding.place.line, marked(finding)) == ("CG401", 9, '"R1"')
    assert finding.message == (
        "The code “R1” is also the code of role:consultant, which is in the dictionary that this "
        "one extends."
    )


def test_a_code_of_an_entry_in_another_file(tmp_path: Path) -> None:
    one = write(tmp_path, "one.ttl")
    other = write(
        tmp_path,
        "other.ttl",
        HEAD + "mine:ecologist cg:exampleTitle mine:lead .\nmine:lead a cg:JobTitle ;\n"
        '    skos:prefLabel "Head of everything"@en ;\n    skos:notation "ACME-T01" ;\n'
        "    skos:inScheme <https://w3id.org/competency-graph/sales> .\n",
    )
    first, second = validate([tmp_path]).findings
    assert (first.rule.code, first.place.file, first.place.line) == ("CG401", str(one), 16)
    assert first.message == f"The code “ACME-T01” is also the code of mine:lead ({other}:7)."
    assert (second.rule.code, second.place.file, second.place.line) == ("CG401", str(other), 7)
    assert second.message == f"The code “ACME-T01” is also the code of mine:green-lead ({one}:16)."


def test_a_code_of_a_key_action(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    path = tmp_path / "acme" / "areas" / "selling-sustainably.ttl"
    path.write_text(path.read_text().replace("A01.A2", "A02.A2"))
    (finding,) = validate([tmp_path / "acme"]).findings
    assert (finding.rule.code, finding.place.line, marked(finding)) == (
        "CG411", 41, '"ACME-A02.A2"',
    )  # fmt: skip
    assert finding.message == (
        "The code “ACME-A02.A2” of the key action my:backs-claims-with-evidence does not begin "
        "with the code of its owner, my:selling-sustainably, “ACME-A01”."
    )
