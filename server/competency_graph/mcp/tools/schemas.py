"""JSON Schemas (draft 2020-12) of what goes into tools and comes out of them."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]
_MAX_TEXT: Final = 500
"""The maximum length of names and search texts, in characters."""


def record(required: str = "", **members: Json) -> Json:
    """The schema of an object with these members only.

    Args:
        required: the names of those that are always there, separated by spaces.
        members: the schema of each.
    """
    return {
        "type": "object",
        "properties": members,
        "required": required.split(),
        "additionalProperties": False,
    }


def items(of: Json, description: str = "", **limits: int) -> Json:
    """The schema of an array.

    Args:
        of: the schema of its items.
        description: what it is.
        limits: further keywords, such as ``maxItems``.
    """
    return {"type": "array", "items": of} | _described(description) | limits


def text(description: str = "", *examples: str, **keywords: object) -> Json:
    """The schema of a text.

    Args:
        description: what it is.
        examples: values that are allowed.
        keywords: further keywords, such as ``enum``.
    """
    shown = {"examples": list(examples)} if examples else {}
    return {"type": "string"} | _described(description) | shown | keywords


def given(description: str, *examples: str, **keywords: object) -> Json:
    """The schema of a text that is an argument: neither empty nor very long."""
    limits = {} if "enum" in keywords else {"minLength": 1, "maxLength": _MAX_TEXT}
    return text(description, *examples, **limits, **keywords)


def number(description: str = "", **keywords: int) -> Json:
    """The schema of a whole number."""
    return {"type": "integer"} | _described(description) | keywords


def boolean(description: str = "") -> Json:
    """The schema of a truth value."""
    return {"type": "boolean"} | _described(description)


def _described(description: str) -> Json:
    return {"description": description} if description else {}


LANGUAGE: Final = given("Language of labels and texts, as BCP 47 tag", "en", "de", default="en")
"""The schema of the language that a client reads."""
MORE: Final = text("Only if the result is not complete: what is left out, and how to get it")
"""The schema of the remark on an incomplete result."""
QUERY: Final = text("SPARQL that gives this result with the tool query")
"""The schema of the query behind a result."""
