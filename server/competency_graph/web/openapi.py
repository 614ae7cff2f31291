"""``/openapi.json``: the addresses of this service in OpenAPI 3.1."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, request

from competency_graph import exporting, reports
from competency_graph.rdf.formats import FORMATS
from competency_graph.rdf.short_names import shorten
from competency_graph.sparql import parameters, query_text
from competency_graph.sparql.saved_queries import Parameter, SavedQuery
from competency_graph.validation import rule_pages
from competency_graph.web.export import TRUTHS
from competency_graph.web.links import CHOICES
from competency_graph.web.pages import credited
from competency_graph.web.response_cache import CACHEABLE
from competency_graph.web.responses import asker, formats, rows
from competency_graph.web.saved_queries import catalogue_served
from competency_graph.web.validate import BASES, FORMS, TAKEN

blueprint = Blueprint("openapi", __name__)
_Json = dict[str, Any]
_PAGE = {"text/html": {"schema": {"type": "string"}}}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe the service."""
    paths: _Json = {
        "/sparql": _sparql(),
        "/graphs": _graphs(),
        "/queries": _listing(),
        "/validate": _validate(),
        "/rules": _rules(),
        "/rules/{code}": _rule(),
        "/links": _links(),
        "/export": _exports(),
        "/export/{name}": _export(),
        "/health": {
            "get": {
                "summary": "Whether the service answers",
                "responses": {
                    "200": _json("It answers"),
                    "503": _json("The server behind it does not answer"),
                },
            }
        },
    }
    for query in catalogue_served().values():
        paths[f"/queries/{query.name}"] = {"get": _saved(query)}
    body = {
        "openapi": "3.1.0",
        "info": {
            "title": "Competency graph",
            "version": version("competency-graph"),
            **_licence(),
        },
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    return Response(json.dumps(body), mimetype="application/json")


def _licence() -> _Json:
    """The licence that all of the data is under, if there is one."""
    given = credited()
    if not given.shared:
        return {}
    (licence,) = given.licences
    address = {"url": licence.address} if licence.address else {}
    return {"license": {"name": licence.name, **address}}


_PROBLEM: _Json = {
    "type": "object",
    "description": "What went wrong, and what to do (RFC 9457).",
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


def _json(description: str) -> _Json:
    return {"description": description, "content": {"application/json": {"schema": {}}}}


def _problem(description: str) -> _Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}, **_PAGE},
    }


def _answers(*kinds: str) -> _Json:
    types: _Json = {
        media_type: {"schema": {}}
        for kind in kinds
        for form in FORMATS[kind]
        for media_type in form.media_types
    }
    return {"description": "The answer", "content": types | _PAGE}


def _responses(*kinds: str, wrong: str) -> _Json:
    return {
        "200": _answers(*kinds),
        "304": {"description": "The answer is the one that the client has"},
        "400": _problem(wrong),
        "406": _problem("The answer cannot be had in what the request asks for"),
        "429": _problem("The client asks too much at once"),
        "503": _problem("The query costs more than is spent on one"),
    }


def _format(*kinds: str) -> _Json:
    return {
        "name": "format",
        "in": "query",
        "description": "The answer's format, by name or media type, instead of the Accept header.",
        "schema": {"type": "string", "enum": ["", *formats(*kinds)]},
    }


def _sparql() -> _Json:
    longest = f"SPARQL 1.1, of at most {asker().limits.query:,} characters"
    query = {"type": "string", "minLength": 1, "description": longest}
    graph = {"type": "array", "items": _graph_name()}
    members = {"query": query, "default-graph-uri": graph, "named-graph-uri": graph}
    described = [
        {"name": name, "in": "query", "schema": schema} for name, schema in members.items()
    ]
    form = {"type": "object", "required": ["query"], "properties": members}
    kinds = ("table", "boolean", "graph")
    responses = _responses(*kinds, wrong="The query does not follow the grammar, or is missing")
    responses |= {
        "403": _problem("The request asks for what is not done here"),
        "413": _problem("The query, or the request, is longer than is taken"),
        "415": _problem("A query is not sent in this media type"),
        "431": _problem("The address or the head of the request is too long: send it by POST"),
    }
    return {
        "get": {
            "summary": "Ask a query; without one, the service's description",
            "parameters": [*described, _format(*kinds)],
            "responses": responses,
        },
        "post": {
            "summary": "Ask a query",
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


def _graph_name() -> _Json:
    return {"type": "string", "enum": list(current_app.extensions["graphs"])}


def _graphs() -> _Json:
    schema = _graph_name()
    return {
        "get": {
            "summary": "A whole graph (SPARQL 1.1 Graph Store HTTP Protocol)",
            "parameters": [
                {"name": "graph", "in": "query", "schema": schema},
                {"name": "default", "in": "query", "schema": {"type": "string", "maxLength": 0}},
                _format("graph"),
            ],
            "responses": _responses("graph", wrong="No graph is named, or more than one")
            | {"404": _problem("There is no such graph")},
        }
    }


def _validate() -> _Json:
    text = {"type": "string", "minLength": 1, "description": "In Turtle; a file, as its name ends"}
    choices = {
        "base": {"type": "string", "enum": ["", *BASES]},
        "format": {"type": "string", "enum": ["", *formats("report")]},
    }
    form = {"type": "object", "required": ["data"], "properties": {"data": text} | choices}
    described = _json("What may be sent")
    described["content"] |= _PAGE
    types = (t for each in reports.FORMATS for t in each.media_types)
    return {
        "get": {"summary": "What a text may be, to be validated", "responses": {"200": described}},
        "post": {
            "summary": "What is missing or wrong in a text; one that is no RDF has a report too",
            "parameters": [
                {"name": name, "in": "query", "schema": schema} for name, schema in choices.items()
            ],
            "requestBody": {
                "required": True,
                "content": {each.media_type: {"schema": {}} for each in TAKEN}
                | {kind: {"schema": form} for kind in FORMS},
            },
            "responses": {
                "200": {"description": "The report", "content": {t: {"schema": {}} for t in types}},
                "400": _problem("A form has no text, or a parameter has no such value"),
                "406": _problem("The report cannot be had in what the request asks for"),
                "413": _problem("The text is longer than is taken"),
                "415": _problem("A text is not sent in this media type"),
                "429": _problem("The client asks too much at once"),
                "503": _problem("The validation costs more than is spent on one"),
            },
        },
    }


def _rules() -> _Json:
    answer = _json("Each rule's code, name, severity, title and page")
    answer["content"] |= _PAGE
    return {"get": {"summary": "The rules of /validate", "responses": {"200": answer}}}


def _rule() -> _Json:
    answer = _json("What it asks for and why, a wrong and a right example, and the remedy")
    answer["content"] |= _PAGE
    code = {"type": "string", "enum": list(rule_pages.pages())}
    return {
        "get": {
            "summary": "The page of a rule",
            "parameters": [{"name": "code", "in": "path", "required": True, "schema": code}],
            "responses": {"200": answer, "404": _problem("There is no such rule")},
        }
    }


def _links() -> _Json:
    return {
        "get": {
            "summary": "The links to other frameworks",
            "parameters": [
                *(
                    {"name": name, "in": "query", "schema": {"type": "string", "enum": ["", *of]}}
                    for name, of in CHOICES.items()
                ),
                _format("table"),
            ],
            "responses": _responses("table", wrong="A parameter has no such value"),
        }
    }


def _exports() -> _Json:
    return _list("The formats of exports", "The formats that the dictionary can be exported in")


def _export() -> _Json:
    types: _Json = {form.media_type: {"schema": {}} for form in exporting.FORMATS}
    return {
        "get": {
            "summary": "The dictionary for another system",
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
                    "description": "The last part of the IRI of one area, to have that alone",
                    "schema": {"type": "string"},
                },
                {
                    "name": "links",
                    "in": "query",
                    "description": "Whether links to other frameworks are in it",
                    "schema": {"type": "string", "enum": list(TRUTHS)},
                },
                {
                    "name": "own",
                    "in": "query",
                    "description": "Whether the entries of the dictionary that it extends are left "
                    "out",
                    "schema": {"type": "string", "enum": list(TRUTHS)},
                },
            ],
            "responses": {
                "200": {"description": "The export", "content": types},
                "400": _problem("A parameter has no such value"),
                "404": _problem("There is no such format or area"),
                "503": _problem("The dictionary is not in files of this service"),
            },
        }
    }


def _listing() -> _Json:
    return _list("The saved queries", "The saved queries")


def _list(summary: str, described: str) -> _Json:
    answer = _json(described)
    answer["content"] |= _PAGE
    responses = {"200": answer, "400": _problem("There is no such format")}
    return {"get": {"summary": summary, "parameters": [_format("list")], "responses": responses}}


def _saved(query: SavedQuery) -> _Json:
    kind = query_text.kind(query.text) or "table"
    return {
        "summary": query.title,
        "description": query.question,
        "operationId": query.name,
        "parameters": [*map(_parameter, query.parameters), _format(kind)],
        "responses": _responses(kind, wrong="A value is not of its parameter's type"),
    }


def _parameter(parameter: Parameter) -> _Json:
    """A parameter; that of an entry takes labels and codes as well."""
    schema: _Json = {"type": "string", "default": parameters.default(parameter, rows)}
    match parameter.type:
        case "integer":
            schema["pattern"] = "^[+-]?[0-9]{1,18}$"
        case "language":
            schema["pattern"] = "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
        case "text":
            schema["pattern"] = r"\S"
        case _:
            listed = [shorten(entry) for entry, _ in parameters.choices(parameter, rows)]
            if len(listed) < parameters.MAX_CHOICES:
                schema["enum"] = listed
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.description} ({parameter.type})",
        "schema": schema,
    }
