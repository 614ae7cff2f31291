"""Reads the query operation of the SPARQL 1.1 Protocol (section 2.1) from a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from competency_graph.errors import BadValueError, RefusedError
from competency_graph.web.http.form_parameters import form_parameters
from competency_graph.web.http.query_answers import Graphs

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_Parameters = dict[str, list[str]]
_FORM = "application/x-www-form-urlencoded"


class Operation(NamedTuple):
    """What a request asks.

    Args:
        text: the query.
        graphs: the default and the named graphs that it selects.
        format: the name or media type of the format, or "".
    """

    text: str
    graphs: Graphs
    format: str


def read(environ: WSGIEnvironment, body: Callable[[], bytes]) -> Operation:
    """Read a request of any of the three forms (Protocol, 2.1.1 to 2.1.3).

    Args:
        environ: the request (PEP 3333).
        body: returns its body; called if it is needed.

    Raises:
        BadValueError: it has no query, or several, or is not in UTF-8.
        RefusedError: it is an update.
        UnsupportedMediaType: its body is neither a form nor a query.
    """
    content_type = environ.get("CONTENT_TYPE")
    if environ["REQUEST_METHOD"] == "POST" and content_type == _FORM:  # as most clients send it
        return _from_parameters(_decode_parameters(body()))
    query_string = environ.get("QUERY_STRING", "").encode("latin-1")
    if environ["REQUEST_METHOD"] != "POST":
        return _from_parameters(_decode_parameters(query_string))
    media_type, options = parse_options_header(content_type)
    if options.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise UnsupportedMediaType(
            "the query must be in UTF-8 (SPARQL 1.1 Protocol, section 2.1.3)"
        )
    match media_type:
        case "application/x-www-form-urlencoded":
            return _from_parameters(_decode_parameters(body()))
        case "application/sparql-query":
            parameters = _decode_parameters(query_string)
            return Operation(
                _decode_text(body()), _requested_graphs(parameters), _format(parameters)
            )
        case "application/sparql-update":
            raise _update_error()
    problem = f"“{media_type}” is not supported" if media_type else "there is no Content-Type"
    raise UnsupportedMediaType(
        f"{problem}: send the query as application/sparql-query, or as a form "
        "(application/x-www-form-urlencoded)"
    )


def _from_parameters(parameters: _Parameters) -> Operation:
    """The query, dataset and format from the parameters of an address or a form."""
    if "update" in parameters:
        raise _update_error()
    queries = parameters.get("query", ())
    if len(queries) != 1:
        raise BadValueError(
            f"the request has {len(queries)} parameters “query”, and must have exactly one",
            "Send one query in one request",
        )
    return Operation(queries[0], _requested_graphs(parameters), _format(parameters))


def _update_error() -> RefusedError:
    return RefusedError(
        "this is an update, but the dictionary is read-only here",
        "Send a SELECT, ASK, CONSTRUCT or DESCRIBE query in the parameter “query”",
    )


def _decode_parameters(encoded: bytes) -> _Parameters:
    """The parameters of an address or a form, decoded from UTF-8."""
    parameters: _Parameters = {}
    try:
        for name, value in form_parameters(encoded):
            parameters.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        raise _encoding_error() from None
    return parameters


def _decode_text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _encoding_error() from None


def _encoding_error() -> BadValueError:
    return BadValueError("the query is not UTF-8 text", "Send it as UTF-8")


def _requested_graphs(parameters: _Parameters) -> Graphs:
    """The dataset of the request: default and named graphs (Protocol, section 2.1.4)."""
    default, named = "default-graph-uri", "named-graph-uri"
    return tuple(parameters.get(default, ())), tuple(parameters.get(named, ()))


def _format(parameters: _Parameters) -> str:
    return parameters["format"][0] if "format" in parameters else ""
