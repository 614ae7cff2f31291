"""The tool that validates a text."""

from __future__ import annotations

import json
from typing import Any, Final

from competency_graph import reports
from competency_graph.dictionary.base import BASES
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting
from competency_graph.mcp.tools.tool import Arguments, Json, Tool, without_empty
from competency_graph.rdf.formats import GRAPH_FORMATS
from competency_graph.rdf.short_names import abridged
from competency_graph.sandbox.validation_request import ValidationRequest
from competency_graph.validation.findings import SEVERITIES
from competency_graph.validation.sources.author_files import MAPPINGS

_MAX_FINDINGS: Final = 100
_MAX_PATCH: Final = 2_000
"""The maximum length of a patch, in characters; a longer one cannot be cut, and is omitted."""


def _validate(client: Client, arguments: Arguments) -> Json:
    content = arguments["text"].encode(errors="replace")
    request = ValidationRequest(content, arguments["format"], reports.PART, arguments["base"])
    with client.ask(request) as reply:
        report = json.loads(b"".join(reply.chunks))
    findings = [_finding(finding) for finding in report["findings"][:_MAX_FINDINGS]]
    return fitting(lambda limit: _document(report, findings[:limit]), arguments["limit"])


def _document(report: dict[str, Any], findings: list[Json]) -> Json:
    total, more = sum(report["summary"].values()), ""
    if total > len(findings):
        more = (
            f"the first {len(findings)} of {total} findings are listed: fix them and validate "
            f"again, or raise limit (up to {_MAX_FINDINGS})"
        )
    elif report["held_back"]:
        more = (
            f"{report['held_back']} further findings follow from these: fix these and validate "
            "again"
        )
    return {
        "summary": report["sentence"],
        "counts": report["summary"],
        "findings": findings,
    } | without_empty({"partial": report["partial"], "more": more})


def _finding(finding: dict[str, Any]) -> Json:
    place = finding["place"]
    return without_empty(
        {
            "rule": finding["rule"]["code"],
            "severity": finding["severity"],
            "line": place["line"] or None,
            "column": place["column"] or None,
            "message": abridged(finding["message"]),
            "remedy": abridged(finding["remedy"]),
            "entry": finding["focus"] if not finding["focus"].startswith("_:") else "",
            "label": finding["label"],
            "patch": finding["patch"] if len(finding["patch"]) <= _MAX_PATCH else "",
        }
    )


VALIDATE: Final = Tool(
    "validate",
    "Validate a text",
    "Validate RDF that extends the dictionary, or that is a dictionary of its own: what is missing "
    "or wrong, by line, each with a remedy. The text is not stored. The resource "
    "competency://rules/CODE describes a rule.",
    schemas.record(
        "text",
        text=schemas.text("The whole text", minLength=1),
        format=schemas.given(
            f"Its format; {MAPPINGS} is a table of links in SSSOM/TSV",
            enum=[*(form.name for form in GRAPH_FORMATS), MAPPINGS],
            default="turtle",
        ),
        base=schemas.given(
            "sales: the text extends the published dictionary; none: it stands alone; auto: its "
            "content decides",
            enum=list(BASES),
            default="auto",
        ),
        limit=schemas.number(
            "How many findings to list", minimum=1, maximum=_MAX_FINDINGS, default=20
        ),
    ),
    schemas.record(
        "summary counts findings",
        summary=schemas.text(),
        counts={"type": "object", "additionalProperties": schemas.number()},
        findings=schemas.items(
            schemas.record(
                "rule severity message remedy",
                rule=schemas.text("The code of the rule"),
                severity=schemas.text(enum=list(SEVERITIES)),
                line=schemas.number(),
                column=schemas.number(),
                message=schemas.text(),
                remedy=schemas.text("What to do"),
                entry=schemas.text("The IRI of the entry concerned"),
                label=schemas.text("Its label"),
                patch=schemas.text("Statements in Turtle that would fix it"),
            )
        ),
        partial=schemas.text("Why the validation was cut short"),
        more=schemas.MORE,
    ),
    _validate,
)
