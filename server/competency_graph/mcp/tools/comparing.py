"""The tool that compares entries."""

from __future__ import annotations

from typing import Any, Final

from competency_graph.errors import BadValueError
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools.tool import (
    LANGUAGE,
    MORE,
    QUERY,
    Arguments,
    Json,
    Tool,
    boolean,
    given,
    items,
    number,
    record,
    text,
    without_empty,
)
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
    limit = arguments["limit"]
    cut = [section["kind"] for section in compared["sections"] if len(section["parts"]) > limit]
    for section in compared["sections"]:
        del section["parts"][limit:]
    for way in compared["ways"]:
        way["steps"] = [_step(step) for step in way["steps"]]
    return without_empty(
        compared
        | {
            "more": f"{', '.join(cut)}: at most {limit} parts of each kind are listed; raise limit "
            f"(up to {_MAX_LISTED}), or run the query"
            if cut
            else "",
            "query": parts_query(entries),
        }
    )


def _step(step: dict[str, Any]) -> Json:
    """What to learn in an area, counted; the parts themselves are in the sections."""
    learn = {kind: len(parts) for kind, parts in step["learn"].items()}
    return without_empty({"area": step["area"]}) | {"newArea": step["newArea"], "learn": learn}


_ENTRY: Final = {"iri": text(), "label": text(), "code": text()}
COMPARE_ENTRIES: Final = Tool(
    "compare_entries",
    "Compare entries",
    "Compare two or three entries of one kind by everything they have: shared parts, and parts of "
    "one alone. For two roles, ways count what a person in one learns to take on the other, by "
    "area.",
    record(
        "entries",
        entries=items(
            given("Label, code, prefixed name or IRI", "Analyst", "Strategist"),
            "The entries, all of one kind",
            minItems=2,
            maxItems=3,
        ),
        limit=number(
            "How many parts of each kind to list", minimum=1, maximum=_MAX_LISTED, default=20
        ),
        language=LANGUAGE,
    ),
    record(
        "kind entries query",
        kind=text(enum=list(KINDS)),
        entries=items(record("iri label code", **_ENTRY)),
        sections=items(
            record(
                "kind shared only parts",
                kind=text(enum=list(KINDS)),
                shared=number("How many parts all entries have"),
                only=items(number(), "How many parts each entry alone has, in their order"),
                parts=items(
                    record(
                        "iri label code in",
                        **_ENTRY,
                        **{"in": items(boolean(), "Which of the entries have it")},
                    )
                ),
            ),
            "The parts by kind",
        ),
        ways=items(
            record(
                "from to steps",
                **{"from": text()},
                to=text(),
                steps=items(
                    record(
                        "newArea learn",
                        area=record("iri label code", **_ENTRY),
                        newArea=boolean("Whether the first role does not cover it"),
                        learn={
                            "type": "object",
                            "additionalProperties": number(),
                            "description": "How many parts to learn, by kind",
                        },
                    )
                ),
            )
        ),
        more=MORE,
        query=QUERY,
    ),
    _compare,
)
