"""Forty faults, each planted alone in a new extension, and what an author should be told of each.

The lines are those of the files that `competency new` writes, counted by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

AREA = "areas/selling-sustainably.ttl"
HEAD = "extension.ttl"
ROLES = "roles.ttl"


class Planted(NamedTuple):
    """A fault.

    Args:
        name: what the author did.
        code: the rule that tells it.
        file: where it is.
        line: the line that tells it.
        old: the text that is changed, which stands there once.
        new: what stands there instead.
        encoding: the encoding of the changed file.
    """

    name: str
    code: str
    file: str
    line: int
    old: str
    new: str
    encoding: str = "utf-8"


SCHEME = "    skos:inScheme <https://w3id.org/competency-graph/sales> ;\n"

PLANTED = (
    # What is called by a wrong name.
    Planted("class of a key action", "CG011", AREA, 31, "goals\n    a cg:KeyAction", "goals\n    a cg:KeyAktion"),
    Planted("class of an area", "CG011", AREA, 14, "a cg:AreaOfExpertise", "a cg:AreaOfExpertice"),
    Planted("class of a role", "CG011", ROLES, 17, "a cg:Role ", "a cg:Rolle "),
    Planted("class unlike any", "CG011", AREA, 56, "a cg:Knowledge", "a cg:Wisdom"),
    Planted("property of links", "CG011", ROLES, 22, "cg:coversArea my:selling-sustainably ;\n    cg:coversArea area", "cg:coversAria my:selling-sustainably ;\n    cg:coversArea area"),
    Planted("property that links once", "CG011", AREA, 24, "cg:requiresAbility", "cg:requireAbility"),
    Planted("property of SKOS", "CG011", ROLES, 18, 'skos:prefLabel "Sustainability', 'skos:preflabel "Sustainability'),
    Planted("property of Dublin Core", "CG011", HEAD, 11, "dcterms:creator", "dcterms:creater"),
    Planted("entry of one's own", "CG320", AREA, 25, "cg:requiresKnowledge my:environmental-reporting-rules", "cg:requiresKnowledge my:environmental-reporting-rule"),
    Planted("published entry", "CG302", ROLES, 23, "area:defining-and-positioning-solutions", "area:defining-and-positioning-solution"),
    Planted("namespace of the ontology", "CG004", AREA, 5, "<https://w3id.org/competency-graph/ontology#>", "<http://w3id.org/competency-graph/ontology#>"),
    Planted("namespace of SKOS", "CG004", ROLES, 8, "core#>", "core/>"),
    Planted("namespace of published areas", "CG004", ROLES, 4, "sales/area/>", "sales/areas/>"),
    Planted("dictionary that it builds on", "CG016", HEAD, 12, "competency-graph/sales>", "competency-graph/sales/>"),
    Planted("language", "CG021", AREA, 57, "reporting rules\"@en", "reporting rules\"@eng-UK"),
    Planted("own namespace in one file", "CG004", AREA, 7, "<https://example.org/acme/>", "<https://example.org/acmee/>"),
    Planted("text in another language than its tag", "CG021", AREA, 34, "Asks customers what they have promised, to whom and by when, so that the offer helps them keep it.", "Fragt Kunden, was sie wem und bis wann versprochen haben, damit das Angebot ihnen hilft."),
    # What is missing.
    Planted("no class of knowledge", "CG012", AREA, 55, "    a cg:Knowledge ;\n", ""),
    Planted("no class of a role", "CG012", ROLES, 16, "    a cg:Role ;\n", ""),
    Planted("no label", "CG106", AREA, 38, '    skos:prefLabel "Backs claims with evidence"@en ;\n', ""),
    Planted("no code", "CG114", AREA, 55, '    skos:notation "ACME-K001" ;\n', ""),
    Planted("no dictionary", "CG104", ROLES, 27, f'ACME-T01" ;\n{SCHEME}', 'ACME-T01" ;\n'),
    Planted("no definition of a role", "CG209", ROLES, 16, '    skos:definition "Helps customers choose what serves both their business and the environment, and stands behind the figures."@en ;\n', ""),
    Planted("no title of a role", "CG210", ROLES, 16, "    cg:exampleTitle my:sustainable-solutions-lead ;\n", ""),
    Planted("no ability of an area", "CG215", AREA, 13, "    cg:requiresAbility my:compare-the-footprints-of-offers ;\n", ""),
    Planted("no prefix", "CG003", ROLES, 11, "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n", ""),
    Planted("no semicolon", "CG001", AREA, 58, 'reporting rules"@en ;', 'reporting rules"@en'),
    # What is there and should not be, or not so.
    Planted("code of a published entry", "CG401", AREA, 58, '"ACME-K001"', '"K001"'),
    Planted("code of another form", "CG403", ROLES, 30, '"ACME-T01"', '"ACME-T1"'),
    Planted("code of another area", "CG411", AREA, 41, '"ACME-A01.A2"', '"ACME-A02.A2"'),
    Planted("label without language", "CG108", ROLES, 18, '"Sustainability Adviser"@en', '"Sustainability Adviser"'),
    Planted("second label", "CG107", AREA, 15, '"Selling Sustainably"@en', '"Selling Sustainably"@en, "Selling Green"@en'),
    Planted("label of a published entry", "CG031", AREA, 57, "Environmental reporting rules", "Supply Chains"),
    Planted("definition that says nothing", "CG033", AREA, 34, "Asks customers what they have promised, to whom and by when, so that the offer helps them keep it.", "TODO"),
    Planted("definition that repeats", "CG032", ROLES, 20, "Helps customers choose what serves both their business and the environment, and stands behind the figures.", "The sustainability adviser."),
    Planted("text in a broken encoding", "CG022", AREA, 17, "worth to a customer", "worth in a customerâ€™s eyes"),
    Planted("file in another encoding", "CG002", ROLES, 20, "Helps customers", "Helps clientèles", "latin-1"),
    Planted("version as a number", "CG023", HEAD, 13, '"0.1.0"', "0.1"),
    Planted("truth value as a text", "CG118", AREA, 22, "cg:outputsOpenEnded true", 'cg:outputsOpenEnded "true"'),
    Planted("link to an entry of another class", "CG306", ROLES, 24, "cg:exampleTitle my:sustainable-solutions-lead", "cg:exampleTitle my:selling-sustainably"),
)  # fmt: skip
"""The faults."""
MISSED = {
    "own namespace in one file": "reported at the link that leads nowhere, not at the PREFIX",
    "text in another language than its tag": "no check guesses the language of a text",
}
"""Those that are not found, or not at their line, and why."""


def plant(folder: Path, fault: Planted) -> None:
    """Change an extension called acme, so that it has one fault."""
    path = folder / fault.file
    before = path.read_text()
    assert before.count(fault.old) == 1, fault
    path.write_bytes(before.replace(fault.old, fault.new).encode(fault.encoding))
