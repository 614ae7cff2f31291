"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (section 2.1)."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.sparql.service_description import describe
from competency_graph.web.http.graph_responses import engine_triples, send_graph
from competency_graph.web.http.responses import respond, wants_page
from competency_graph.web.pages import dataset_credits
from competency_graph.web.querying import sparql_protocol

blueprint = Blueprint("endpoint", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, return the editor or the service description."""
    if request.method != "POST" and not request.args:
        if wants_page():
            return Response(render_template("editor.html", query=EXAMPLE_QUERY))
        return _service_description()
    asked = sparql_protocol.read(request.environ, request.get_data)
    return respond(asked.text, "editor.html", asked.format, graphs=asked.graphs, query=asked.text)


def _service_description() -> Response:
    """The description of the service (SPARQL 1.1 Service Description, section 2)."""
    served = current_app.extensions
    licences = [licence.address for licence in dataset_credits().licences if licence.address]
    return send_graph(
        engine_triples(describe(request.base_url, served["sizes"], served["graphs"], licences))
    )


EXAMPLE_QUERY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?role ?area WHERE {
  ?r a cg:Role ; skos:prefLabel ?role ; cg:coversArea ?a .
  ?a skos:prefLabel ?area
}
ORDER BY ?role ?area
"""
