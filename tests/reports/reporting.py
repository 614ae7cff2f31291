"""Findings to report on, ordinary ones and ones made to hurt."""

from __future__ import annotations

from dataclasses import replace

from competency_graph.validation.findings import Edit, Finding, Place, Report, Rule

DEFINITION = Rule("CG201", "role-definition", "violation", "A role has a definition")
LANGUAGE = Rule("CG302", "text-language", "warning", "A text says its language")
BAKER = "https://example.org/bakery/role/baker"

BARE_ROLE = Finding(
    rule=DEFINITION,
    severity="violation",
    message="The role has no definition.",
    remedy="Say what people in it do.",
    place=Place("bakery.ttl", 12, 1, 12, 11, "role:baker a cg:Role ;"),
    focus=BAKER,
    label="Baker",
    path="http://www.w3.org/2004/02/skos/core#definition",
    shape="https://w3id.org/competency-graph/shapes#role-definition",
    component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
    patch='role:baker skos:definition "…"@en .',
    edits=(Edit("bakery.ttl", 340, 341, ' ;\n    skos:definition "…"@en .'),),
)
NO_LANGUAGE = Finding(
    rule=LANGUAGE,
    severity="warning",
    message="The text has no language.",
    remedy="Write it as “Bäcker”@de.",
    place=Place("my files/b: ä.ttl", 3, 5, 3, 13, '\t麵包 "Bäcker" .'),
    focus="_:b0",
    value='"Bäcker"',
)
WHOLE = Finding(
    rule=DEFINITION, severity="info", message="There are few roles.", remedy="", place=Place()
)

HOSTILE = (
    "a\"b'c\r\n<script>alert(1)</script> & \x1b[31m%0A, d: é麵\u202e\x00\x9b ]]> {{ 7*7 }} \udce9"
)


def report(*findings: Finding, partial: str = "", files: tuple[str, ...] = ()) -> Report:
    rules = {rule.code: rule for rule in (DEFINITION, LANGUAGE)}
    return Report(findings, files, 55, partial, rules)


def hostile() -> Finding:
    """A finding all of whose texts were written by an adversary."""
    place = Place(HOSTILE, 1, 3, 1, 6, HOSTILE)
    return replace(
        BARE_ROLE,
        message=HOSTILE,
        remedy=HOSTILE,
        place=place,
        label=HOSTILE,
        patch=HOSTILE,
        edits=(Edit(HOSTILE, 0, 1, HOSTILE),),
    )
