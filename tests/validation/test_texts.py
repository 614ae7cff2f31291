"""Texts in a broken encoding and versions that are numbers: found where they stand, and mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import EXTENSION, changed, marked, write

from competency_graph.validation import Source, read_base, read_shapes, validate_sources
from competency_graph.validation.findings import Finding
from competency_graph.validation.remedies.fixes import fix

BASE = read_base()
SHAPES = read_shapes()


def judged(text: str) -> tuple[Source, tuple[Finding, ...]]:
    source = Source("mine.ttl", text.encode())
    return source, validate_sources([source], BASE, SHAPES).findings


GARBLED = {
    "customerâ€™s": "customer’s",
    "clientÃ¨les": "clientèles",
    "ÃœberprÃ¼fung": "Überprüfung",
    "from Â£5": "from £5",
    "planâ€”and": "plan—and",
    "â€œgreenâ€\u009d": "“green”",
    "Å\u0081Ã³dÅº": "Łódź",
}


@pytest.mark.parametrize("wrong", GARBLED)
def test_a_garbled_text_is_found_and_mended(wrong: str) -> None:
    source, findings = judged(changed(("Keeps selling green.", f"Sees {wrong}, too.")))
    (finding,) = findings
    assert (finding.rule.code, finding.place.line) == ("CG022", 10)
    assert marked(finding) == f'"Sees {wrong}, too."@en'
    assert GARBLED[wrong].split()[-1] in finding.remedy
    (mended,) = fix([source], findings, writing=False)
    assert mended.content.decode() == changed(
        ("Keeps selling green.", f"Sees {GARBLED[wrong]}, too.")
    )


@pytest.mark.parametrize(
    "text",
    ["Café", "naïve façade", "“quoted” – dash", "Straße, Übergröße", "ÂREA", "L’Haÿ", "ÇA VA", "中文",
     "Žižek", "Þórr", "Łódź", "prêt-à-porter", "Ação", "São “Paulo”", "à la carte"],
)  # fmt: skip
def test_a_text_in_another_language_is_not(text: str) -> None:
    assert judged(changed(("Keeps selling green.", f"Sees {text}, too.")))[1] == ()


def test_a_lost_character_is_found_and_left_to_the_author() -> None:
    _, (finding,) = judged(changed(("Keeps selling green.", "Keeps the customer\ufffds promise.")))
    assert (finding.rule.code, finding.place.line, finding.edits) == ("CG022", 10, ())
    assert finding.remedy == "Write the characters that were lost."


VERSIONED = """
<https://example.org/acme> a <http://www.w3.org/2002/07/owl#Ontology> ;
    <http://www.w3.org/2002/07/owl#versionInfo> {} .
"""


@pytest.mark.parametrize("version", ["0.1", "1.10", "2", "1e1"])
def test_a_version_that_is_a_number_is_found_and_mended(tmp_path: Path, version: str) -> None:
    source, findings = judged(EXTENSION + VERSIONED.format(version))
    (finding,) = findings
    assert (finding.rule.code, finding.place.line, marked(finding)) == ("CG023", 20, version)
    write(tmp_path, "mine.ttl", source.content)
    (mended,) = fix([source], findings, writing=False)
    assert mended.content.decode() == EXTENSION + VERSIONED.format(f'"{version}"')


def test_a_version_that_is_a_text_is_not() -> None:
    assert judged(EXTENSION + VERSIONED.format('"0.1"'))[1] == ()
