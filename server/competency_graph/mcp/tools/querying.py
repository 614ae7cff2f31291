"""The tool that runs a query."""

from __future__ import annotations

from typing import Final

from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting
from competency_graph.mcp.tools.tables import PAGING, TABLE, rows, table
from competency_graph.mcp.tools.tool import Arguments, Json, Tool


def _query(client: Client, arguments: Arguments) -> Json:
    limit, offset = arguments["limit"], arguments["offset"]
    found = rows(client, arguments["query"], offset + limit)
    return fitting(lambda limit: table(found, limit, offset), limit)


_EXAMPLE: Final = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?area ?label WHERE { ?area a cg:AreaOfExpertise ; skos:prefLabel ?label } ORDER BY ?label"""
QUERY: Final = Tool(
    "query",
    "Run a SPARQL query",
    "Run a read-only SPARQL 1.1 query (SELECT, ASK, CONSTRUCT or DESCRIBE) on the dictionary, its "
    "ontology, what is inferred, and its links. Declare prefixes. The resource "
    "competency://ontology has all classes and properties; DESCRIBE cg:requires gives one. Prefer "
    "ask_question where a question fits.",
    schemas.record(
        "query",
        query=schemas.text("The query, SPARQL 1.1", _EXAMPLE, minLength=1),
        **PAGING,
    ),
    schemas.record("columns rows", **TABLE),
    _query,
    "Select fewer columns, or cut texts with SUBSTR",
)
