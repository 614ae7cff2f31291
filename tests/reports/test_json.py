"""The report as JSON."""

from __future__ import annotations

import json

from reporting import BARE_ROLE, HOSTILE, NO_LANGUAGE, hostile, report

from competency_graph.reports.json_ import write_json


def test_every_field_is_there_in_a_stable_order() -> None:
    text = write_json(report(BARE_ROLE, NO_LANGUAGE, files=("bakery.ttl",)))
    whole = json.loads(text)
    assert [*whole] == [
        "version", "command", "partial", "statements", "entries", "focus", "left_out", "held_back",
        "files", "summary", "findings",
    ]  # fmt: skip
    first = whole.pop("findings")[0]
    assert whole == {
        "version": 1,
        "command": "competency validate",
        "partial": "",
        "statements": 55,
        "entries": 0,
        "focus": {},
        "left_out": [],
        "held_back": 0,
        "files": ["bakery.ttl"],
        "summary": {"violation": 1, "warning": 1, "info": 0},
    }
    assert [*first.items()] == [
        (
            "rule",
            {
                "code": "CG201",
                "name": "role-definition",
                "severity": "violation",
                "title": "A role has a definition",
                "page": "https://w3id.org/competency-graph/rules/CG201",
            },
        ),
        ("severity", "violation"),
        ("message", "The role has no definition."),
        ("remedy", "Say what people in it do."),
        (
            "place",
            {
                "file": "bakery.ttl",
                "line": 12,
                "column": 1,
                "end_line": 12,
                "end_column": 11,
                "text": "role:baker a cg:Role ;",
                "cell": "",
            },
        ),
        ("focus", "https://example.org/bakery/role/baker"),
        ("label", "Baker"),
        ("path", "http://www.w3.org/2004/02/skos/core#definition"),
        ("value", ""),
        ("shape", "https://w3id.org/competency-graph/shapes#role-definition"),
        ("component", "http://www.w3.org/ns/shacl#MinCountConstraintComponent"),
        ("constraint", ""),
        ("result_message", ""),
        ("also", []),
        ("meant", ""),
        ("patch", 'role:baker skos:definition "…"@en .'),
        (
            "edits",
            [
                {
                    "file": "bakery.ttl",
                    "start": 340,
                    "end": 341,
                    "text": ' ;\n    skos:definition "…"@en .',
                }
            ],
        ),
    ]


def test_hostile_texts_come_back_as_they_were() -> None:
    assert json.loads(write_json(report(hostile())))["findings"][0]["message"] == HOSTILE


def test_why_it_is_partial_is_told() -> None:
    assert json.loads(write_json(report(partial="out of time")))["partial"] == "out of time"
