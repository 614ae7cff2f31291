"""The tools for saved questions: their list, and one that answers any of them.

One tool for all, with the names as an enumeration: with a tool for each of some forty questions,
their descriptions would take thousands of tokens of every conversation, and assistants choose less
reliably among so many. All parameters are typed members of one argument, since their names mean the
same in all questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import UnavailableError
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting
from competency_graph.mcp.tools.tables import PAGING, TABLE, Rows, rows, table
from competency_graph.mcp.tools.tool import Arguments, Json, Tool, without_empty
from competency_graph.rdf.short_names import shorten
from competency_graph.sparql.editable import editable_text
from competency_graph.sparql.parameters import bind, default, warnings
from competency_graph.sparql.saved_queries import OTHER_GROUP, Parameter, SavedQuery
from competency_graph.sparql.search.answers import answer_search

_TYPES: Final = {"language": "language tag", "integer": "whole number", "text": "text"}


def _list(client: Client, arguments: Arguments) -> Json:
    words = arguments.get("words", "").casefold().split()
    group = arguments.get("group", "")
    described = client.kept("questions", lambda: list(_described(client)))
    found = [
        each
        for each in described
        if group in ("", each["group"])
        and all(word in f"{each['question']} {each['name']}".casefold() for word in words)
    ]

    def result(limit: int) -> Json:
        more = f"{limit} of {len(found)} questions are listed: give words or a group"
        return {"questions": found[:limit]} | ({"more": more} if limit < len(found) else {})

    return fitting(result, len(found))


def _described(client: Client) -> Iterator[Json]:
    for group, queries in client.served.catalogue.groups().items():
        for query in queries:
            yield without_empty(
                {
                    "name": query.name,
                    "group": group or OTHER_GROUP,
                    "question": query.question or query.title,
                    "parameters": [
                        {
                            "name": parameter.name,
                            "type": _TYPES.get(parameter.type, parameter.type),
                            "default": default(parameter, client.rows),
                            "description": parameter.description,
                        }
                        for parameter in query.parameters
                    ],
                    "needs": client.served.missing(query),
                }
            )


def _ask(client: Client, arguments: Arguments) -> Json:
    query = client.served.catalogue[arguments["question"]]
    if missing := client.served.missing(query):
        raise UnavailableError(
            f"“{query.name}” needs {' and '.join(missing)}, which the server has not loaded",
            "Ask another question, or start the server with --with FILE, the RDF that “competency "
            "import” makes from the official download",
        )
    values = {name: str(value) for name, value in arguments["parameters"].items()}
    bound = bind(query, values, client.rows)
    limit, offset = arguments["limit"], arguments["offset"]
    if query.search:
        answer = answer_search(query, bound, client.served.index.get())
        every = list(answer.rows())
        found = Rows(answer.columns, every, answer.warnings, len(every))
    else:
        found = rows(client, query.text, offset + limit, bound, count=True)
    remarks = [*warnings(query, values, client.rows), *found.warnings]
    shown = {p.name: shorten(bound[ox.Variable(p.name)]) for p in query.parameters}
    around = {"parameters": shown, "query": editable_text(query, bound)}
    found = found._replace(warnings=remarks)
    return fitting(lambda limit: around | table(found, limit, offset), limit)


def _parameter_schemas(queries: Mapping[str, SavedQuery]) -> dict[str, Json]:
    """A schema for each name of a parameter of any of the queries."""
    found: dict[str, list[Parameter]] = {}
    for query in queries.values():
        for parameter in query.parameters:
            found.setdefault(parameter.name, []).append(parameter)
    return {name: _parameter_schema(each) for name, each in sorted(found.items())}


def _parameter_schema(parameters: list[Parameter]) -> Json:
    types = {parameter.type: parameter for parameter in parameters}
    if set(types) == {"integer"}:
        return {"type": "integer", "description": parameters[0].description}
    described = " or ".join(
        _TYPES.get(name, f"entry ({name}) by label, code or IRI") for name in types
    )
    return schemas.given(described, *dict.fromkeys(p.default for p in types.values()))


def question_tools(queries: Mapping[str, SavedQuery]) -> tuple[Tool, Tool]:
    """The tools for saved questions.

    Args:
        queries: the saved queries, by name.
    """
    groups = sorted({query.group or OTHER_GROUP for query in queries.values()})
    listing = Tool(
        "list_questions",
        "List the saved questions",
        "The questions that ask_question answers, with their typed parameters and defaults. Narrow "
        "the list by words or group.",
        schemas.record(
            words=schemas.given("Words that the question contains", "role knowledge"),
            group=schemas.given("A heading of the list", enum=groups),
        ),
        schemas.record(
            "questions",
            questions=schemas.items(
                schemas.record(
                    "name group question",
                    name=schemas.text(),
                    group=schemas.text(),
                    question=schemas.text(),
                    parameters=schemas.items(
                        schemas.record(
                            "name type default description",
                            name=schemas.text(),
                            type=schemas.text("A class of entries, or a simple type"),
                            default=schemas.text(),
                            description=schemas.text(),
                        )
                    ),
                    needs=schemas.items(
                        schemas.text(), "Frameworks that the server has not loaded"
                    ),
                )
            ),
            more=schemas.MORE,
        ),
        _list,
    )
    asking = Tool(
        "ask_question",
        "Ask a saved question",
        "Answer a saved question as a table. list_questions describes the questions and their "
        "parameters. A parameter that is not given has a default, such as some role: give those "
        "that you ask about.",
        schemas.record(
            "question",
            question=schemas.given("The name of the question", enum=list(queries)),
            parameters=schemas.record("", **_parameter_schemas(queries)) | {"default": {}},
            **PAGING,
        ),
        schemas.record(
            "parameters columns rows query",
            parameters={"type": "object", "additionalProperties": schemas.text()},
            query=schemas.QUERY,
            **TABLE,
        ),
        _ask,
    )
    return listing, asking
