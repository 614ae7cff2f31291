"""The tool that finds entries by words."""

from __future__ import annotations

from typing import Final

from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting
from competency_graph.mcp.tools.tool import Arguments, Json, Tool, without_empty
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sparql.search.excerpts import Places, excerpt
from competency_graph.sparql.search.index import MAX_HITS, Hit

_MAX_HITS: Final = 50
_MAX_OFFSET: Final = MAX_HITS - _MAX_HITS
_INDEX_PATIENCE: Final = 10.0
"""How many seconds a call waits for the index, which is built when a server starts."""


def _find(client: Client, arguments: Arguments) -> Json:
    kind, limit = arguments.get("kind", ""), arguments["limit"]
    container = client.entry(arguments["within"])[0].value if "within" in arguments else ""
    offset = arguments["offset"]
    index = client.served.index.get(_INDEX_PATIENCE)
    found = index.search(
        arguments["words"], kind, arguments["language"], container, per_kind=offset + limit
    )
    total = found.counts.get(kind, 0) if kind else found.total
    entries = [_entry(hit, found.places) for hit in found.hits[offset:]]

    def result(limit: int) -> Json:
        listed = entries[:limit]
        end = offset + len(listed)
        more = ""
        if total > end:
            more = f"entries {offset + 1} to {end} of {total} are listed: " if listed else ""
            more += f"ask again with offset {end}, " if listed and end <= _MAX_OFFSET else ""
            more += "add kind, within or words"
        return without_empty(
            {"corrected": found.corrected, "unknown": found.unknown, "more": more}
        ) | {"total": total, "hasAllWords": found.has_all, "entries": listed}

    return fitting(result, limit)


def _entry(hit: Hit, places: Places) -> Json:
    matching = "".join(part.text for part in excerpt(hit.value, places))
    return without_empty(
        {
            "iri": hit.entry,
            "label": str(hit.label) or local_name(hit.entry),
            "kind": hit.kind,
            "code": hit.code,
            "text": matching if matching != hit.label else "",
        }
    )


FIND_ENTRIES: Final = Tool(
    "find_entries",
    "Find entries",
    "Find entries of the dictionary (roles, areas of expertise, competencies, knowledge, …) by "
    "words of their texts, in any form and despite typos, or by a code. Best first. Use it to get "
    "the name or IRI that other tools take.",
    schemas.record(
        "words",
        words=schemas.given("Words, or a code", "pricing strategy", "A03"),
        kind=schemas.given("Find only entries of this kind", enum=list(KINDS)),
        within=schemas.given(
            "An area of expertise or cluster that the entries belong to: label, code or IRI",
            "Managing Sales Opportunities",
        ),
        limit=schemas.number("How many entries to list", minimum=1, maximum=_MAX_HITS, default=10),
        offset=schemas.number(
            "How many entries to skip", minimum=0, maximum=_MAX_OFFSET, default=0
        ),
        language=schemas.LANGUAGE,
    ),
    schemas.record(
        "total hasAllWords entries",
        total=schemas.number("How many entries match"),
        hasAllWords=schemas.boolean(
            "Whether the entries have all words; else each has some of them"
        ),
        corrected=schemas.text("The words looked for, if typos were corrected"),
        unknown=schemas.items(schemas.text(), "Words that occur nowhere"),
        entries=schemas.items(
            schemas.record(
                "iri label kind",
                iri=schemas.text(),
                label=schemas.text(),
                kind=schemas.text(enum=list(KINDS)),
                code=schemas.text(),
                text=schemas.text("The text that matches, if it is not the label"),
            )
        ),
        more=schemas.MORE,
    ),
    _find,
)
