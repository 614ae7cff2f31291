"""The description of the search in OpenAPI."""

from __future__ import annotations

from typing import Any, Final

from competency_graph.rdf.vocabulary import KINDS
from competency_graph.web.search.pages import SUGGESTIONS

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer"}


def _object(**members: object) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}


def _list(of: object) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _described(description: str, type_: str = "string") -> dict[str, Any]:
    return {"type": type_, "description": description}


RESULT_SCHEMA: Final = _object(
    query=_TEXT,
    corrected=_described("The words looked for, if typos were corrected; else empty"),
    unknown=_list(_TEXT) | {"description": "The words that occur nowhere"},
    hasAllWords=_described("Whether the entries have all words; else some of them", "boolean"),
    total=_described("How many entries of the listed kinds match", "integer"),
    warning=_described("Why entries may be missing, or empty"),
    facets=_object(
        kind=_list(_object(value=_TEXT, label=_TEXT, count=_COUNT)),
        **{"in": _list(_object(value=_TEXT, label=_TEXT, kind=_TEXT, count=_COUNT))},
    )
    | {"description": "Values of the parameters `kind` and `in`, with how many entries match"},
    hits=_list(
        _object(
            iri=_TEXT,
            path=_described("The address of its page on this service"),
            label=_TEXT,
            kind={"type": "string", "enum": list(KINDS)},
            code=_TEXT,
            score=_described("How well it matches, at most 100", "number"),
            property=_described("The property whose text matches best"),
            concept={
                "type": ["string", "null"],
                "description": "The linked concept that has this text as label",
            },
            excerpt=_described("The part of the text that matches: HTML with `mark`"),
        )
    ),
)
"""The JSON of a search result."""
SUGGESTIONS_SCHEMA: Final = {
    "type": "array",
    "description": "The text, then labels, kinds and addresses (OpenSearch Suggestions)",
    "prefixItems": [_TEXT, _list(_TEXT), _list(_TEXT), _list(_TEXT)],
}


def search_operations(problem: dict[str, Any], formats: tuple[str, ...]) -> dict[str, Any]:
    """The operations of ``/search``.

    Args:
        problem: the content of a response that reports an error.
        formats: the values of ``format`` for a page and for JSON.
    """
    parameters = {
        "q": {"type": "string", "description": "Words in any form, or a code"},
        "kind": {"type": "string", "enum": ["", *KINDS], "description": "List only this kind"},
        "in": {"type": "string", "description": "An area or cluster that the entries belong to"},
        "format": {
            "type": "string",
            "enum": ["", *formats, *SUGGESTIONS],
            "description": "Overrides the Accept header; “suggestions” completes the last word",
        },
    }
    answer = {
        "application/json": {"schema": RESULT_SCHEMA},
        SUGGESTIONS[1]: {"schema": SUGGESTIONS_SCHEMA},
        "text/html": {"schema": _TEXT},
    }
    return {
        "get": {
            "summary": "Find entries by words of their texts, despite typos",
            "parameters": [
                {"name": name, "in": "query", "schema": schema}
                for name, schema in parameters.items()
            ],
            "responses": {
                "200": {"description": "The entries found, best first", "content": answer},
                "400": {"description": "The value of a parameter is invalid", "content": problem},
                "503": {"description": "The index is still being built", "content": problem},
            },
        }
    }


def description_operations() -> dict[str, Any]:
    """The operations of ``/opensearch.xml``."""
    content = {"application/opensearchdescription+xml": {"schema": _TEXT}}
    answer = {"description": "An OpenSearch 1.1 description", "content": content}
    return {"get": {"summary": "How browsers search here", "responses": {"200": answer}}}
