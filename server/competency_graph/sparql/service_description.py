"""The SPARQL 1.1 Service Description, which states the actual features of the endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, VOID

from competency_graph.rdf.vocabulary import new_graph
from competency_graph.sparql.evaluator import GRAPHS

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "nquads": "N-Quads",
    "trig": "TriG",
}
"""The names of formats in the W3C's registry, http://www.w3.org/ns/formats/."""


def describe(
    endpoint: str,
    sizes: Mapping[str, int],
    graphs: Sequence[str] = GRAPHS,
    licences: Sequence[str] = (),
) -> Graph:
    """Describe the service at an endpoint.

    Args:
        endpoint: the address that accepts queries.
        sizes: the number of triples in each named graph, by IRI; empty if unknown.
        graphs: the IRIs of the named graphs.
        licences: the IRIs of the licences of the data.
    """
    graph = new_graph()
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    service, dataset, default = URIRef(endpoint), BNode(), BNode()
    for predicate, value in (
        (RDF.type, SD.Service),
        (SD.endpoint, URIRef(endpoint)),
        (SD.supportedLanguage, SD.SPARQL11Query),
        (SD.feature, SD.UnionDefaultGraph),
        (SD.defaultDataset, dataset),
        *((DCTERMS.license, URIRef(licence)) for licence in licences),
    ):
        graph.add((service, predicate, value))
    for name in _FORMAT_NAMES:
        form = URIRef("http://www.w3.org/ns/formats/" + _FORMAT_NAMES[name])
        graph.add((service, SD.resultFormat, form))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    if sizes:
        graph.add((default, VOID.triples, Literal(sum(sizes.values()))))
    for name in graphs:
        named, content = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, content))
        graph.add((content, RDF.type, SD.Graph))
        if name in sizes:
            graph.add((content, VOID.triples, Literal(sizes[name])))
    return graph
