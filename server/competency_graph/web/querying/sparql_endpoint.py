"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (section 2.1)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from competency_graph.errors import BadValueError, RefusedError
from competency_graph.sparql.service_description import describe
from competency_graph.web.http.graph_responses import engine_triples, send_graph
from competency_graph.web.http.responses import respond, wants_page
from competency_graph.web.pages import dataset_credits

blueprint = Blueprint("endpoint", __name__)
Graphs = tuple[tuple[str, ...], tuple[str, ...]]


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, return the editor or the service description."""
    if request.method != "POST" and not request.args:
        if wants_page():
            return Response(render_template("editor.html", query=EXAMPLE_QUERY))
        return _service_description()
    text, graphs, form = _parse_request()
    return respond(text, "editor.html", form, graphs=graphs, query=text)


def _service_description() -> Response:
    """The description of the service (SPARQL 1.1 Service Description, section 2)."""
    served = current_app.extensions
    licences = [licence.address for licence in dataset_credits().licences if licence.address]
    return send_graph(
        engine_triples(describe(request.base_url, served["sizes"], served["graphs"], licences))
    )


def _parse_request() -> tuple[str, Graphs, str]:
    """The query, dataset and format of a request of any type (Protocol, 2.1.1 to 2.1.3)."""
    if request.method != "POST":
        return _parse_parameters(_decode_parameters(request.query_string))
    media_type, options = parse_options_header(request.environ.get("CONTENT_TYPE"))
    if options.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise UnsupportedMediaType(
            "the query must be in UTF-8 (SPARQL 1.1 Protocol, section 2.1.3)"
        )
    match media_type:
        case "application/x-www-form-urlencoded":
            return _parse_parameters(_decode_parameters(request.get_data()))
        case "application/sparql-query":
            parameters = _decode_parameters(request.query_string)
            return (
                _decode_text(request.get_data(cache=False)),
                _requested_graphs(parameters),
                parameters.get("format", ""),
            )
        case "application/sparql-update":
            raise _update_error()
    problem = f"“{media_type}” is not supported" if media_type else "there is no Content-Type"
    raise UnsupportedMediaType(
        f"{problem}: send the query as application/sparql-query, or as a form "
        "(application/x-www-form-urlencoded)"
    )


def _parse_parameters(parameters: MultiDict[str, str]) -> tuple[str, Graphs, str]:
    """The query, dataset and format from the parameters of an address or a form."""
    if "update" in parameters:
        raise _update_error()
    queries = parameters.getlist("query")
    if len(queries) != 1:
        raise BadValueError(
            f"the request has {len(queries)} parameters “query”, and must have exactly one",
            "Send one query in one request",
        )
    return queries[0], _requested_graphs(parameters), parameters.get("format", "")


def _update_error() -> RefusedError:
    return RefusedError(
        "this is an update, but the dictionary is read-only here",
        "Send a SELECT, ASK, CONSTRUCT or DESCRIBE query in the parameter “query”",
    )


def _decode_parameters(encoded: bytes) -> MultiDict[str, str]:
    """The parameters of an address or a form, decoded from UTF-8."""
    try:
        return MultiDict(parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise _encoding_error() from None


def _decode_text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _encoding_error() from None


def _encoding_error() -> BadValueError:
    return BadValueError("the query is not UTF-8 text", "Send it as UTF-8")


def _requested_graphs(parameters: MultiDict[str, str]) -> Graphs:
    """The dataset of the request: default and named graphs (Protocol, section 2.1.4)."""
    default, named = "default-graph-uri", "named-graph-uri"
    return tuple(parameters.getlist(default)), tuple(parameters.getlist(named))


EXAMPLE_QUERY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?role ?area WHERE {
  ?r a cg:Role ; skos:prefLabel ?role ; cg:coversArea ?a .
  ?a skos:prefLabel ?area
}
ORDER BY ?role ?area
"""
