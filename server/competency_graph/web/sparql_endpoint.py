"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (section 2.1)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from competency_graph.errors import BadValueError, RefusedError
from competency_graph.sparql.service_description import describe
from competency_graph.web.graph_responses import as_written, send_graph
from competency_graph.web.pages import credited
from competency_graph.web.responses import respond, wants_page

blueprint = Blueprint("endpoint", __name__)
Graphs = tuple[tuple[str, ...], tuple[str, ...]]


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, show a browser the editor and a machine the description."""
    if request.method != "POST" and not request.args:
        if wants_page():
            return Response(render_template("editor.html", query=EXAMPLE))
        return _description()
    text, graphs, form = _request()
    return respond(text, "editor.html", form, graphs=graphs, query=text)


def _description() -> Response:
    """What the service can do (SPARQL 1.1 Service Description, section 2)."""
    served = current_app.extensions
    licences = [licence.address for licence in credited().licences if licence.address]
    return send_graph(
        as_written(describe(request.base_url, served["sizes"], served["graphs"], licences))
    )


def _request() -> tuple[str, Graphs, str]:
    """The query, its dataset and format, sent in any of three ways (Protocol, 2.1.1 to 2.1.3)."""
    if request.method != "POST":
        return _from(_decoded(request.query_string))
    kind, options = parse_options_header(request.environ.get("CONTENT_TYPE"))
    if options.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise UnsupportedMediaType("a query is sent in UTF-8 (SPARQL 1.1 Protocol, section 2.1.3)")
    match kind:
        case "application/x-www-form-urlencoded":
            return _from(_decoded(request.get_data()))
        case "application/sparql-query":
            named = _decoded(request.query_string)
            return _text(request.get_data(cache=False)), _graphs(named), named.get("format", "")
        case "application/sparql-update":
            raise _update()
    sent = f"as “{kind}”" if kind else "without a Content-Type"
    raise UnsupportedMediaType(
        f"a query is not sent {sent}: send it as application/sparql-query, or as a form "
        "(application/x-www-form-urlencoded)"
    )


def _from(parameters: MultiDict[str, str]) -> tuple[str, Graphs, str]:
    """The query, its dataset and format from the parameters of an address or a form."""
    if "update" in parameters:
        raise _update()
    queries = parameters.getlist("query")
    if len(queries) != 1:
        raise BadValueError(
            f"the request has {len(queries)} parameters “query”, and must have exactly one",
            "Send one query in one request",
        )
    return queries[0], _graphs(parameters), parameters.get("format", "")


def _update() -> RefusedError:
    return RefusedError(
        "this is an update, but the dictionary is read-only here",
        "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE in the parameter “query”",
    )


def _decoded(encoded: bytes) -> MultiDict[str, str]:
    """The parameters of an address or a form, in UTF-8."""
    try:
        return MultiDict(parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _not_utf8() -> BadValueError:
    return BadValueError("the query is not UTF-8 text", "Send it as UTF-8")


def _graphs(parameters: MultiDict[str, str]) -> Graphs:
    """The dataset that the request asks for (Protocol, 2.1.4): default and named graphs."""
    default, named = "default-graph-uri", "named-graph-uri"
    return tuple(parameters.getlist(default)), tuple(parameters.getlist(named))


EXAMPLE = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?role ?area WHERE {
  ?r a cg:Role ; skos:prefLabel ?role ; cg:coversArea ?a .
  ?a skos:prefLabel ?area
}
ORDER BY ?role ?area
"""
