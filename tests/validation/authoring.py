"""Files as an author writes them, and what validation finds in them, in short."""

from __future__ import annotations

from pathlib import Path

from competency_graph.validation.findings import Finding, Report

EXTENSION = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX mine: <https://example.org/acme/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<https://w3id.org/competency-graph/sales/area/setting-sales-strategy> cg:coveredByRole mine:ecologist .

mine:ecologist a cg:Role ;
    skos:prefLabel "Ecologist"@en ;
    skos:notation "ACME-R1" ;
    skos:definition "Keeps selling green."@en ;
    skos:inScheme <https://w3id.org/competency-graph/sales> ;
    cg:exampleTitle mine:green-lead .

mine:green-lead a cg:JobTitle ;
    skos:prefLabel "Green lead"@en ;
    skos:notation "ACME-T01" ;
    skos:inScheme <https://w3id.org/competency-graph/sales> .
"""
"""An extension without a finding."""
HEAD = "".join(EXTENSION.splitlines(keepends=True)[:3])
DEFINITION = '    skos:definition "Keeps selling green."@en ;\n'
"""Its line that a role may not miss."""


def changed(*pairs: tuple[str, str]) -> str:
    """The extension with some of its texts exchanged."""
    text = EXTENSION
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def write(folder: Path, name: str, text: str | bytes = EXTENSION) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def told(report: Report) -> list[str]:
    """Each finding as place and code, without the folders of its file."""
    return [f"{Path(str(f.place)).name} {f.rule.code}" for f in report.findings]


def marked(finding: Finding) -> str:
    """The text that a finding's place marks, where it is on one line."""
    place = finding.place
    assert place.line == place.end_line
    return place.text[place.column - 1 : place.end_column - 1]
