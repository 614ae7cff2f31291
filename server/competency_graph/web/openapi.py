"""``/openapi.json``: the description of this service in OpenAPI 3.1."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, request

from competency_graph import exporting, reports
from competency_graph.exporting.outline import MATCHES
from competency_graph.rdf.formats import FORMATS
from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sparql import parameters, query_text
from competency_graph.sparql.saved_queries import Parameter, SavedQuery
from competency_graph.validation import rule_pages
from competency_graph.web.browse import why
from competency_graph.web.browse.links import framework_titles
from competency_graph.web.browse.matrix import ORDERS
from competency_graph.web.http.negotiation import format_values
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import backend, query_rows
from competency_graph.web.pages import dataset_credits
from competency_graph.web.publication.export import BOOLEAN_VALUES
from competency_graph.web.querying.saved_queries import served_catalogue
from competency_graph.web.search.operations import description_operations, search_operations
from competency_graph.web.validating.validate import (
    BASE_DESCRIPTIONS,
    DOWNLOADS,
    EXAMPLES,
    FORM_MEDIA_TYPES,
    INPUT_FORMATS,
    SYNTAX_LABELS,
)

blueprint = Blueprint("openapi", __name__)
_Json = dict[str, Any]
_ATOM_CONTENT = {"application/atom+xml": {"schema": {"type": "string"}}}
_HTML_CONTENT = {"text/html": {"schema": {"type": "string"}}}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe the service."""
    paths: _Json = {
        "/sparql": _sparql_operations(),
        "/graphs": _graphs_operations(),
        "/queries": _queries_operations(),
        "/queries/{name}.rq": _query_text_operations(),
        "/validate": _validate_operations(),
        "/rules": _rules_operations(),
        "/rules/{code}": _rule_operations(),
        "/entries": _kinds_operations(),
        "/entries/{kind}": _entries_operations(),
        "/compare": _compare_operations(),
        "/graph": _graph_operations(),
        "/matrix": _matrix_operations(),
        "/links": _links_operations(),
        "/why": _why_operations(),
        "/search": search_operations(_problem_response("")["content"], format_values("list")),
        "/opensearch.xml": description_operations(),
        "/export": _exports_operations(),
        "/export/{name}": _export_operations(),
        "/about": _list_operation(
            "What is published here", "The dictionaries, ontologies and sets of links"
        ),
        "/data": _list_operation(
            "The forms of the data", "The addresses where the data can be downloaded"
        ),
        "/changes": _changes_operations(),
        "/changes.atom": _feed_operations(),
        "/versions/{document}": _version_operations(),
        "/sitemap.xml": _sitemap_operation(),
        "/health": {
            "get": {
                "summary": "Whether the service answers queries",
                "responses": {
                    "200": _json_response("It answers queries"),
                    "503": _json_response("The server that holds the data does not answer"),
                },
            }
        },
        "/ready": {
            "get": {
                "summary": "Whether to send requests to the service",
                "responses": {
                    "200": _json_response("It answers queries"),
                    "503": _json_response("It is about to stop, or as for /health"),
                },
            }
        },
    }
    for query in served_catalogue().values():
        paths[f"/queries/{query.name}"] = {"get": _saved_query_operation(query)}
    body = {
        "openapi": "3.1.0",
        "info": {
            "title": "Competency graph",
            "version": version("competency-graph"),
            **_licence_info(),
        },
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM_SCHEMA, "Explanation": _EXPLANATION_SCHEMA}},
    }
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    return Response(json.dumps(body), mimetype="application/json")


def _licence_info() -> _Json:
    """The licence of the data, if all of it has the same one."""
    data_credits = dataset_credits()
    if not data_credits.shared:
        return {}
    (licence,) = data_credits.licences
    address = {"url": licence.address} if licence.address else {}
    return {"license": {"name": licence.name, **address}}


_PROBLEM_SCHEMA: _Json = {
    "type": "object",
    "description": "What is wrong and how to fix it (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "remedy": {"type": "string"},
        "limit": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
    },
}

_TERM_SCHEMA: _Json = {
    "type": "object",
    "description": "A term: its IRI, or the value of a literal, and what it is called.",
    "required": ["label"],
    "properties": {name: {"type": "string"} for name in ("iri", "value", "label")},
}
_EXPLANATION_SCHEMA: _Json = {
    "type": "object",
    "description": "Why a statement holds: it is stated, or it follows from its premises.",
    "required": ["subject", "property", "object", "inferred", "text"],
    "properties": {
        "subject": _TERM_SCHEMA,
        "property": _TERM_SCHEMA,
        "object": _TERM_SCHEMA,
        "inferred": {"type": "boolean"},
        "text": {"type": "string", "description": "The last step as a sentence."},
        "axioms": {
            "type": "array",
            "description": "The axioms of the last step, if the statement is inferred.",
            "items": {
                "type": "object",
                "required": ["kind", "name", "notation", "statements"],
                "properties": {
                    "kind": {"type": "string"},
                    "name": {"type": "string", "description": "The axiom in words."},
                    "notation": {"type": "string"},
                    "statements": {
                        "type": "array",
                        "description": "The axiom in N-Triples, one statement to an item.",
                        "items": {"type": "string"},
                    },
                },
            },
        },
        "premises": {
            "type": "array",
            "description": "What it follows from, in reading order, if it is inferred.",
            "items": {"$ref": "#/components/schemas/Explanation"},
        },
    },
}


def _json_response(description: str) -> _Json:
    return {"description": description, "content": {"application/json": {"schema": {}}}}


def _problem_response(description: str) -> _Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}, **_HTML_CONTENT},
    }


def _answer_response(*kinds: str) -> _Json:
    types: _Json = {
        media_type: {"schema": {}}
        for kind in kinds
        for form in FORMATS[kind]
        for media_type in form.media_types
    }
    return {"description": "The answer", "content": types | _HTML_CONTENT}


def _query_responses(*kinds: str, bad_request: str) -> _Json:
    return {
        "200": _answer_response(*kinds),
        "304": {"description": "The answer that the client has cached is current"},
        "400": _problem_response(bad_request),
        "406": _problem_response(
            "The answer is not available in a format that the request accepts"
        ),
        "429": _problem_response("Earlier queries of the client take too long"),
        "503": _problem_response("The query exceeds a limit, or the service is busy"),
    }


def _format_parameter(*kinds: str) -> _Json:
    return {
        "name": "format",
        "in": "query",
        "description": "Name or media type of the answer's format; overrides the Accept header.",
        "schema": {"type": "string", "enum": ["", *format_values(*kinds)]},
    }


def _sparql_operations() -> _Json:
    description = f"A SPARQL 1.1 query of at most {backend().limits.query:,} characters"
    query = {"type": "string", "minLength": 1, "description": description}
    graph = {"type": "array", "items": _graph_name_schema()}
    members = {"query": query, "default-graph-uri": graph, "named-graph-uri": graph}
    query_parameters = [
        {"name": name, "in": "query", "schema": schema} for name, schema in members.items()
    ]
    form = {"type": "object", "required": ["query"], "properties": members}
    kinds = ("table", "boolean", "graph")
    responses = _query_responses(*kinds, bad_request="The query is missing or has a syntax error")
    responses |= {
        "403": _problem_response(
            "The request asks for an operation that this service does not allow"
        ),
        "413": _problem_response("The query or the request is too long"),
        "415": _problem_response("The media type of the query is not supported"),
        "431": _problem_response(
            "The URL or the header of the request is too long; send the query by POST"
        ),
    }
    return {
        "get": {
            "summary": "Run a query; without one, return the service description",
            "parameters": [*query_parameters, _format_parameter(*kinds)],
            "responses": responses,
        },
        "post": {
            "summary": "Run a query",
            "requestBody": {
                "required": True,
                "content": {
                    "application/x-www-form-urlencoded": {"schema": form},
                    "application/sparql-query": {"schema": query},
                },
            },
            "responses": responses,
        },
    }


def _graph_name_schema() -> _Json:
    return {"type": "string", "enum": list(current_app.extensions["graphs"])}


def _graphs_operations() -> _Json:
    schema = _graph_name_schema()
    return {
        "get": {
            "summary": "A whole graph (SPARQL 1.1 Graph Store HTTP Protocol)",
            "parameters": [
                {"name": "graph", "in": "query", "schema": schema},
                {"name": "default", "in": "query", "schema": {"type": "string", "maxLength": 0}},
                _format_parameter("graph"),
            ],
            "responses": _query_responses(
                "graph", bad_request="The request names no graph, or more than one"
            )
            | {"404": _problem_response("The graph does not exist")},
        }
    }


def _validate_operations() -> _Json:
    text = {
        "type": "string",
        "minLength": 1,
        "description": "A text in Turtle, or a file whose ending gives the format",
    }
    choices = {
        "base": {"type": "string", "enum": ["", *BASE_DESCRIPTIONS]},
        "format": {"type": "string", "enum": ["", *format_values("report")]},
    }
    form_fields = {
        "data": text,
        "syntax": {
            "type": "string",
            "enum": ["", *SYNTAX_LABELS],
            "description": "The format of the text, if it is not a file",
        },
        "download": {
            "type": "string",
            "enum": ["", *DOWNLOADS],
            "description": "What to return as a file: the text itself, or its report",
        },
    }
    form = {"type": "object", "required": ["data"], "properties": form_fields | choices}
    accepted_input = _json_response("What can be sent")
    accepted_input["content"] |= _HTML_CONTENT
    content_types = (t for each in (*reports.FORMATS, *INPUT_FORMATS) for t in each.media_types)
    example = {"type": "string", "enum": ["", *EXAMPLES]}
    return {
        "get": {
            "summary": "The accepted formats and limits; in a browser a form",
            "parameters": [
                {
                    "name": "example",
                    "in": "query",
                    "description": "A text to start from in the form",
                    "schema": example,
                }
            ],
            "responses": {
                "200": accepted_input,
                "400": _problem_response("The example does not exist"),
            },
        },
        "post": {
            "summary": "Report what is missing or wrong in a text, including syntax errors",
            "parameters": [
                {"name": name, "in": "query", "schema": schema} for name, schema in choices.items()
            ],
            "requestBody": {
                "required": True,
                "content": {each.media_type: {"schema": {}} for each in INPUT_FORMATS}
                | {kind: {"schema": form} for kind in FORM_MEDIA_TYPES},
            },
            "responses": {
                "200": {
                    "description": "The report, or the text",
                    "content": {t: {"schema": {}} for t in content_types},
                },
                "400": _problem_response(
                    "A form has no text, or the value of a parameter is invalid"
                ),
                "406": _problem_response(
                    "The report is not available in a format that the request accepts"
                ),
                "413": _problem_response("The text is too long"),
                "415": _problem_response("The media type of the text is not supported"),
                "429": _problem_response("Earlier queries of the client take too long"),
                "503": _problem_response("The validation exceeds a limit, or the service is busy"),
            },
        },
    }


def _rules_operations() -> _Json:
    answer = _json_response("Each rule's code, name, severity, title and page")
    answer["content"] |= _HTML_CONTENT
    return {"get": {"summary": "The rules of /validate", "responses": {"200": answer}}}


def _rule_operations() -> _Json:
    answer = _json_response(
        "The requirement and its reason, a wrong and a right example, and the remedy"
    )
    answer["content"] |= _HTML_CONTENT
    code = {"type": "string", "enum": list(rule_pages.pages())}
    return {
        "get": {
            "summary": "The page of a rule",
            "parameters": [{"name": "code", "in": "path", "required": True, "schema": code}],
            "responses": {"200": answer, "404": _problem_response("The rule does not exist")},
        }
    }


def _kinds_operations() -> _Json:
    return _list_operation("The kinds of entries", "Each kind and the number of its entries")


def _entries_operations() -> _Json:
    answer = _json_response("Each entry's IRI, label, code, definition, and what it belongs to")
    answer["content"] |= _HTML_CONTENT
    return {
        "get": {
            "summary": "The entries of a kind",
            "parameters": [
                {
                    "name": "kind",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "enum": list(KINDS)},
                },
                {
                    "name": "page",
                    "in": "query",
                    "description": "The page of a long list; the Link header leads to the next one",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 100_000},
                },
                _format_parameter("list"),
            ],
            "responses": {
                "200": answer,
                "400": _problem_response("The value of a parameter is invalid"),
                "404": _problem_response("The kind does not exist"),
            },
        }
    }


def _compare_operations() -> _Json:
    answer = _json_response("What the entries share, and what only one of them has")
    answer["content"] |= {
        form.media_type: {"schema": {}} for form in FORMATS["table"]
    } | _HTML_CONTENT
    entry = {"type": "string", "minLength": 1}
    return {
        "get": {
            "summary": "Compare two or three entries of a kind",
            "parameters": [
                {
                    "name": "kind",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["", *KINDS]},
                },
                {
                    "name": "entry",
                    "in": "query",
                    "required": True,
                    "description": "An entry of the kind, by its IRI, label or code",
                    "schema": {"type": "array", "minItems": 2, "maxItems": 3, "items": entry},
                },
                _format_parameter("comparison"),
            ],
            "responses": {
                "200": answer,
                "400": _problem_response("A parameter is invalid, or fewer than two entries given"),
                "406": _problem_response(
                    "The comparison is not available in a format that the request accepts"
                ),
            },
        }
    }


def _graph_operations() -> _Json:
    answer = _json_response("The entry, its neighbours, and the statements that connect them")
    answer["content"] |= _HTML_CONTENT
    return {
        "get": {
            "summary": "The surroundings of an entry",
            "parameters": [
                {
                    "name": "entry",
                    "in": "query",
                    "description": "Its IRI, label or code; without it, the dictionary itself",
                    "schema": {"type": "string"},
                },
                _format_parameter("list"),
            ],
            "responses": {
                "200": answer,
                "400": _problem_response("The value names no entry, or several"),
                "404": _problem_response("Nothing is known about the IRI"),
            },
        }
    }


def _matrix_operations() -> _Json:
    page = {"type": "integer", "minimum": 1, "maximum": 100_000}
    return {
        "get": {
            "summary": "The page that shows which role covers which area",
            "parameters": [
                {
                    "name": "role",
                    "in": "query",
                    "description": "Only the areas of this role, given by its IRI, label or code",
                    "schema": {"type": "string"},
                },
                {
                    "name": "order",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["", *ORDERS]},
                },
                {"name": "page", "in": "query", "schema": page},
            ],
            "responses": {
                "200": {"description": "The page", "content": _HTML_CONTENT},
                "400": _problem_response("The value of a parameter is invalid"),
            },
        }
    }


def _links_operations() -> _Json:
    return {
        "get": {
            "summary": "The links to other frameworks",
            "parameters": [
                {
                    "name": "framework",
                    "in": "query",
                    "description": "A known framework, or the object_source of links to another",
                    "schema": {"type": "string", "enum": ["", *framework_titles()]},
                },
                {
                    "name": "match",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["", *MATCHES]},
                },
                {
                    "name": "page",
                    "in": "query",
                    "description": "The page of a long table; data formats contain all of it",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 100_000},
                },
                _format_parameter("table"),
            ],
            "responses": _query_responses(
                "table", bad_request="The value of a parameter is invalid"
            ),
        }
    }


def _why_operations() -> _Json:
    explanation = {"schema": {"$ref": "#/components/schemas/Explanation"}}
    answer = {
        "description": "The explanation",
        "content": {"application/json": explanation, **_HTML_CONTENT},
    }
    name = {"type": "string", "minLength": 1, "pattern": r"\S"}
    return {
        "get": {
            "summary": "Why a statement holds",
            "parameters": [
                *(
                    {
                        "name": part,
                        "in": "query",
                        "required": True,
                        "description": description,
                        "schema": name,
                    }
                    for part, description in why.PARAMETERS.items()
                ),
                _format_parameter("list"),
            ],
            "responses": {
                "200": answer,
                "400": _problem_response(
                    "A part of the statement is missing, or names several things"
                ),
                "404": _problem_response(
                    "A part of the statement names nothing, or the statement does not hold"
                ),
                "429": _problem_response("Earlier queries of the client take too long"),
                "503": _problem_response("A query exceeds a limit, or the service is busy"),
            },
        }
    }


def _sitemap_operation() -> _Json:
    content = {"application/xml": {"schema": {"type": "string"}}}
    return {
        "get": {
            "summary": "The pages of this service, for search engines",
            "responses": {"200": {"description": "A sitemap", "content": content}},
        }
    }


def _changes_operations() -> _Json:
    found = _list_operation("What changed from version to version", "The versions with changes")
    found["get"]["responses"]["200"]["content"] |= _ATOM_CONTENT
    return found


def _feed_operations() -> _Json:
    return {
        "get": {
            "summary": "The released versions, as an Atom feed",
            "responses": {"200": {"description": "A feed", "content": _ATOM_CONTENT}},
        }
    }


def _version_operations() -> _Json:
    return {
        "get": {
            "summary": "A released version of a dictionary whose IRI has no path on this service",
            "parameters": [
                {
                    "name": "document",
                    "in": "path",
                    "required": True,
                    "description": "Its number, perhaps with the ending of a format",
                    "schema": {"type": "string"},
                    "example": "1.0.0.ttl",
                },
                _format_parameter("graph"),
            ],
            "responses": {
                "200": _answer_response("graph"),
                "303": {"description": "The document in the format that the client prefers"},
                "400": _problem_response("The format does not exist"),
                "404": _problem_response("There is no such version"),
                "406": _problem_response("The request accepts no format of a graph"),
            },
        }
    }


def _exports_operations() -> _Json:
    return _list_operation(
        "The formats of exports", "The formats that the dictionary can be exported in"
    )


def _export_operations() -> _Json:
    types: _Json = {form.media_type: {"schema": {}} for form in exporting.FORMATS}
    return {
        "get": {
            "summary": "Export the dictionary for another system",
            "parameters": [
                {
                    "name": "name",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "enum": list(exporting.ABOUT)},
                },
                {
                    "name": "area",
                    "in": "query",
                    "description": "The last part of the IRI of an area, to export only that area",
                    "schema": {"type": "string"},
                },
                {
                    "name": "links",
                    "in": "query",
                    "description": "Whether to include links to other frameworks",
                    "schema": {"type": "string", "enum": list(BOOLEAN_VALUES)},
                },
                {
                    "name": "own",
                    "in": "query",
                    "description": "Whether to leave out the entries of the extended dictionary",
                    "schema": {"type": "string", "enum": list(BOOLEAN_VALUES)},
                },
            ],
            "responses": {
                "200": {"description": "The export", "content": types},
                "400": _problem_response("The value of a parameter is invalid"),
                "404": _problem_response("The format or the area does not exist"),
                "503": _problem_response(
                    "This service does not load its dictionary from files, or they are too large "
                    "to export"
                ),
            },
        }
    }


def _queries_operations() -> _Json:
    return _list_operation("The saved queries", "The saved queries")


def _query_text_operations() -> _Json:
    names = {"type": "string", "enum": list(served_catalogue())}
    text = {"description": "The query", "content": {"application/sparql-query": {"schema": {}}}}
    return {
        "get": {
            "summary": "The text of a saved query, with the values of its parameters",
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": names}],
            "responses": {
                "200": text,
                "400": _problem_response("A parameter does not exist or its value is invalid"),
                "404": _problem_response("The query does not exist"),
            },
        }
    }


def _list_operation(summary: str, description: str) -> _Json:
    answer = _json_response(description)
    answer["content"] |= _HTML_CONTENT
    responses = {"200": answer, "400": _problem_response("The format does not exist")}
    return {
        "get": {
            "summary": summary,
            "parameters": [_format_parameter("list")],
            "responses": responses,
        }
    }


def _saved_query_operation(query: SavedQuery) -> _Json:
    kind = query_text.kind(query.text) or "table"
    return {
        "summary": query.title,
        "description": query.question,
        "operationId": query.name,
        "parameters": [*map(_query_parameter, query.parameters), _format_parameter(kind)],
        "responses": _query_responses(
            kind, bad_request="A value does not match the type of its parameter"
        ),
    }


def _query_parameter(parameter: Parameter) -> _Json:
    """A parameter of a saved query; one for an entry also accepts labels and codes."""
    schema: _Json = {"type": "string", "default": parameters.default(parameter, query_rows)}
    match parameter.type:
        case "integer":
            schema["pattern"] = "^[+-]?[0-9]{1,18}$"
        case "language":
            schema["pattern"] = "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
        case "text":
            schema["pattern"] = r"\S"
        case _:
            entries = [shorten(entry) for entry, _ in parameters.choices(parameter, query_rows)]
            if len(entries) < parameters.MAX_CHOICES:
                schema["enum"] = entries
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.description} ({parameter.type})",
        "schema": schema,
    }
