"""Answers of another server in a form that it does not give itself."""

from __future__ import annotations

import io
import json
from typing import Any

import pyoxigraph as ox

from competency_graph.errors import LimitError
from competency_graph.rdf.formats import Format
from competency_graph.sandbox.reply import Reply
from competency_graph.sparql.evaluator import Answer

_MAX_BYTES = 16 * 1024**2
"""The maximum size of an answer that is converted to another format locally, in bytes."""


def converted(reply: Reply, form: Format[Any], repeated: frozenset[str]) -> Reply:
    """Convert a JSON answer, to a format that servers lack or without columns of parameters.

    Args:
        reply: the answer, which the caller leaves.
        form: the format.
        repeated: columns to omit, as of `evaluator.Answer`.

    Raises:
        LimitError: the answer is too long.
        ValueError: it is not JSON; or another error of Python, if it is not a result.
    """
    content = bytearray()
    for chunk in reply.chunks:
        content += chunk
        if len(content) > _MAX_BYTES:
            raise LimitError(
                f"the answer is longer than the limit of {_MAX_BYTES:,} bytes for “{form.name}”",
                "Ask for less",
                limit="answer",
            )
    answer = Answer(
        ox.parse_query_results(bytes(content), format=ox.QueryResultsFormat.JSON), repeated
    )
    output = io.BytesIO()
    answer.write(form.name, output)
    return Reply(reply.kind, form.name, iter([output.getvalue()]))


def converted_boolean(reply: Reply, form: Format[Any]) -> Reply:
    """Convert a boolean to the standard form; Virtuoso 7 returns a table with or without a row.

    Args and errors are those of `converted`.
    """
    document = json.loads(b"".join(reply.chunks))
    if "boolean" not in document:
        document["boolean"] = bool(document["results"]["bindings"])
    output = io.BytesIO()
    plain = json.dumps({"head": {}, "boolean": document["boolean"]}).encode()
    answer = Answer(ox.parse_query_results(plain, format=ox.QueryResultsFormat.JSON))
    answer.write(form.name, output)
    return Reply(reply.kind, form.name, iter([output.getvalue()]), arrived=True)
