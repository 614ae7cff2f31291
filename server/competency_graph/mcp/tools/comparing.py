"""The tool that compares entries."""

from __future__ import annotations

from typing import Any, Final

from competency_graph.errors import BadValueError
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting, left_out
from competency_graph.mcp.tools.tool import Arguments, Json, Tool, without_empty
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sparql.comparison import compare, parts_query
from competency_graph.sparql.comparison_document import document

_MAX_LISTED: Final = 200


def _compare(client: Client, arguments: Arguments) -> Json:
    found = [client.entry(name) for name in arguments["entries"]]
    if len({kind for _, kind in found}) > 1:
        raise BadValueError(
            "the entries are of different kinds: "
            + ", ".join(f"“{n}” is of the kind {k}" for n, (_, k) in zip(
                arguments["entries"], found, strict=True)),
            "Compare entries of one kind",
        )  # fmt: skip
    entries = list(dict.fromkeys(entry for entry, _ in found))
    if len(entries) < 2:
        raise BadValueError("these are names of the same entry", "Name two or three entries")
    compared = document(compare(found[0][1], entries, client.rows, arguments["language"]))
    for way in compared["ways"]:
        way["steps"] = [_step(step) for step in way["steps"]]
    totals = {section["kind"]: len(section["parts"]) for section in compared["sections"]}

    def result(limit: int) -> Json:
        sections = [each | {"parts": each["parts"][:limit]} for each in compared["sections"]]
        more = left_out(totals, limit, arguments["limit"], _MAX_LISTED)
        return without_empty(
            compared | {"sections": sections, "more": more, "query": parts_query(entries)}
        )

    return fitting(result, arguments["limit"])


def _step(step: dict[str, Any]) -> Json:
    """What to learn in an area, counted; the parts themselves are in the sections."""
    learn = {kind: len(parts) for kind, parts in step["learn"].items()}
    return without_empty({"area": step["area"]}) | {"newArea": step["newArea"], "learn": learn}


_ENTRY: Final = {"iri": schemas.text(), "label": schemas.text(), "code": schemas.text()}
COMPARE_ENTRIES: Final = Tool(
    "compare_entries",
    "Compare entries",
    "Compare two or three entries of one kind by everything they have: which parts they share, and "
    "which only one has. For roles, “ways” counts, by area, what someone in one role has to learn "
    "for another.",
    schemas.record(
        "entries",
        entries=schemas.items(
            schemas.given("Label, code, prefixed name or IRI", "Analyst", "Strategist"),
            "The entries, all of one kind",
            minItems=2,
            maxItems=3,
        ),
        limit=schemas.number(
            "How many parts of each kind to list", minimum=1, maximum=_MAX_LISTED, default=20
        ),
        language=schemas.LANGUAGE,
    ),
    schemas.record(
        "kind entries query",
        kind=schemas.text(enum=list(KINDS)),
        entries=schemas.items(schemas.record("iri label code", **_ENTRY)),
        sections=schemas.items(
            schemas.record(
                "kind shared only parts",
                kind=schemas.text(enum=list(KINDS)),
                shared=schemas.number("How many parts all entries have"),
                only=schemas.items(
                    schemas.number(), "How many parts each entry alone has, in their order"
                ),
                parts=schemas.items(
                    schemas.record(
                        "iri label code in",
                        **_ENTRY,
                        **{"in": schemas.items(schemas.boolean(), "Which of the entries have it")},
                    )
                ),
            ),
            "The parts by kind",
        ),
        ways=schemas.items(
            schemas.record(
                "from to steps",
                **{"from": schemas.text()},
                to=schemas.text(),
                steps=schemas.items(
                    schemas.record(
                        "newArea learn",
                        area=schemas.record("iri label code", **_ENTRY),
                        newArea=schemas.boolean("Whether the first role does not cover it"),
                        learn={
                            "type": "object",
                            "additionalProperties": schemas.number(),
                            "description": "How many parts to learn, by kind",
                        },
                    )
                ),
            )
        ),
        more=schemas.MORE,
        query=schemas.QUERY,
    ),
    _compare,
)
