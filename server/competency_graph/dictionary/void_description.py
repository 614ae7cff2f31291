"""A machine-readable description of the dataset in VoID and DCAT.

VoID (https://www.w3.org/TR/void/) describes its content and links, DCAT 3
(https://www.w3.org/TR/vocab-dcat-3/) the forms in which it is available.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, VOID

from competency_graph.rdf.formats import GRAPH_FORMATS
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term, local_name
from competency_graph.rdf.vocabulary import BASE, CG, GRAPH_LINKS, ONTOLOGY, PREFIXES, new_graph

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_VERSION: Final = URIRef(f"{DCAT}version")  # from DCAT 3, which rdflib lacks
_QUAD_FORMATS: Final = ("nquads", "trig")
_SUMMARY_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?dictionary ?property ?value WHERE {{
  ?dictionary a cg:CompetencyDictionary ; ?property ?value
  FILTER(?property IN (dcterms:title, dcterms:description, dcterms:created, dcterms:creator,
    dcterms:modified, dcterms:language, dcterms:license, dcterms:publisher, owl:versionInfo))
}} ORDER BY ?dictionary ?property ?value"""
_CLASSES_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
SELECT ?class (COUNT(DISTINCT ?entry) AS ?entries) WHERE {{
  ?entry a ?class FILTER(STRSTARTS(STR(?class), STR(cg:)))
}} GROUP BY ?class ORDER BY ?class"""
_EXAMPLE_QUERY: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?entry WHERE {{ ?entry skos:inScheme ?scheme ; skos:notation ?code }}
ORDER BY ?entry LIMIT 1"""
_LINKSETS_QUERY: Final = f"""\
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX sssom: <{PREFIXES["sssom"]}>
SELECT ?set ?source ?version ?predicate (COUNT(?mapping) AS ?links) WHERE {{
  GRAPH <{GRAPH_LINKS}> {{
    ?set sssom:mappings ?mapping .
    ?mapping owl:annotatedProperty ?predicate ; owl:annotatedTarget ?target .
    FILTER(?target != sssom:NoTermFound)
    FILTER NOT EXISTS {{ ?mapping sssom:predicate_modifier ?not }}
    OPTIONAL {{ ?mapping sssom:object_source ?source }}
    OPTIONAL {{ ?mapping sssom:object_source_version ?version }}
  }}
}} GROUP BY ?set ?source ?version ?predicate ORDER BY ?set ?predicate"""


@dataclass(frozen=True)
class Service:
    """The service that publishes the dataset.

    Args:
        root: its address, ending in ``/``.
        sizes: the number of statements in each named graph, by IRI; empty if unknown.
        exports: the names and media types of the available exports.
        has_endpoint: whether it answers queries in SPARQL.
    """

    root: str
    sizes: Mapping[str, int]
    exports: Sequence[tuple[str, str]] = ()
    has_endpoint: bool = True


def describe(service: Service, rows: Rows) -> Graph:
    """Describe the dataset of a service in VoID and DCAT.

    Args:
        service: the service.
        rows: queries the service.
    """
    graph = new_graph()
    document = URIRef(f"{service.root}.well-known/void")
    dataset, catalogue = URIRef(f"{document}#dataset"), URIRef(f"{document}#catalogue")
    for triple in (
        (document, RDF.type, VOID.DatasetDescription),
        (document, FOAF.primaryTopic, dataset),
        (catalogue, RDF.type, DCAT.Catalog),
        (catalogue, DCTERMS.title, Literal("What this service serves", lang="en")),
        (catalogue, DCAT.dataset, dataset),
        (dataset, RDF.type, VOID.Dataset),
        (dataset, RDF.type, DCAT.Dataset),
        (dataset, FOAF.homepage, URIRef(service.root)),
        (dataset, DCAT.landingPage, URIRef(service.root)),
        (dataset, VOID.uriSpace, Literal(BASE)),
        *(_endpoint(document, dataset, service) if service.has_endpoint else ()),
        *_summary(dataset, rows),
        *_contents(dataset, service, rows),
        *_linksets(document, dataset, rows),
        *_distributions(document, dataset, service),
    ):
        graph.add(triple)
    return graph


Triple = tuple[URIRef, URIRef, URIRef | Literal]


def _endpoint(document: URIRef, dataset: URIRef, service: Service) -> Iterator[Triple]:
    endpoint, address = URIRef(f"{document}#sparql"), URIRef(f"{service.root}sparql")
    yield dataset, VOID.sparqlEndpoint, address
    yield URIRef(f"{document}#catalogue"), DCAT.service, endpoint
    yield endpoint, RDF.type, DCAT.DataService
    yield endpoint, DCTERMS.title, Literal("SPARQL 1.1 endpoint", lang="en")
    yield endpoint, DCAT.endpointURL, address
    yield endpoint, DCAT.endpointDescription, URIRef(f"{service.root}openapi.json")
    yield endpoint, DCAT.servesDataset, dataset
    yield endpoint, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")


def _summary(dataset: URIRef, rows: Rows) -> Iterator[Triple]:
    """Title, creators, licence, dates and version, taken from the dictionary."""
    dictionary = None
    for node, predicate, value in rows(_SUMMARY_QUERY, {}):
        dictionary = dictionary or node
        if node != dictionary or not isinstance(predicate, ox.NamedNode):
            continue
        name = URIRef(predicate.value)
        term = _term(value)
        if name == DCTERMS.created:
            name = DCTERMS.issued
        elif name == OWL.versionInfo:
            name = _VERSION
        yield dataset, name, term
    if isinstance(dictionary, ox.NamedNode):
        yield dataset, DCTERMS.subject, URIRef(dictionary.value)
        yield dataset, VOID.rootResource, URIRef(dictionary.value)


def _contents(dataset: URIRef, service: Service, rows: Rows) -> Iterator[Triple]:
    if service.sizes:
        yield dataset, VOID.triples, Literal(sum(service.sizes.values()))
    for vocabulary in (str(ONTOLOGY), str(SKOS), str(DCTERMS)):
        yield dataset, VOID.vocabulary, URIRef(vocabulary)
    for (entry,) in rows(_EXAMPLE_QUERY, {}):
        yield dataset, VOID.exampleResource, URIRef(_iri(entry))
    for cls, number in rows(_CLASSES_QUERY, {}):
        local = _iri(cls).removeprefix(str(CG))
        partition = URIRef(f"{dataset}-{local}")
        yield dataset, VOID.classPartition, partition
        yield partition, RDF.type, VOID.Dataset
        yield partition, VOID["class"], URIRef(_iri(cls))
        yield partition, VOID.entities, _term(number)


def _linksets(document: URIRef, dataset: URIRef, rows: Rows) -> Iterator[Triple]:
    """A linkset for each target and match predicate (VoID, section 5)."""
    for row in rows(_LINKSETS_QUERY, {}):
        whole, source, version, predicate, number = row
        target = URIRef(_iri(source) if source is not None else _iri(whole))
        name = local_name(_iri(whole))
        linkset = URIRef(f"{document}#links-{name}-{_iri(predicate).rpartition('#')[2]}")
        yield dataset, VOID.subset, linkset
        yield linkset, RDF.type, VOID.Linkset
        yield linkset, VOID.subjectsTarget, dataset
        yield linkset, VOID.objectsTarget, target
        yield linkset, VOID.linkPredicate, URIRef(_iri(predicate))
        yield linkset, VOID.triples, _term(number)
        yield linkset, DCTERMS.isPartOf, URIRef(_iri(whole))
        yield target, RDF.type, VOID.Dataset
        if version is not None:
            yield target, _VERSION, _term(version)


def _distributions(document: URIRef, dataset: URIRef, service: Service) -> Iterator[Triple]:
    whole = [
        (form.name, form.media_type, f"graphs?default&format={form.name}", "The whole as")
        for form in GRAPH_FORMATS
        if form.name not in _QUAD_FORMATS
    ]
    exports = [
        (name, media_type, f"export/{name}", "Exported as") for name, media_type in service.exports
    ]
    for name, media_type, path, title in [*whole, *exports]:
        kind = path.partition("?")[0].partition("/")[0]
        one, address = URIRef(f"{document}#{kind}-{name}"), URIRef(f"{service.root}{path}")
        yield dataset, DCAT.distribution, one
        yield one, RDF.type, DCAT.Distribution
        yield one, DCTERMS.title, Literal(f"{title} {name}", lang="en")
        yield one, DCAT.accessURL, address
        yield one, DCAT.downloadURL, address
        yield one, DCAT.mediaType, URIRef(_MEDIA_TYPES + media_type)
        if (name, media_type, path, title) in whole:
            yield dataset, VOID.dataDump, address


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _term(term: Term | None) -> URIRef | Literal:
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        return Literal(term.value, datatype=URIRef(term.datatype.value))
    return URIRef(_iri(term))
