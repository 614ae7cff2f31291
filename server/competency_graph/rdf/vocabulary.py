"""The one prefix table, and the terms that the code itself names.

The prefixes are those a person meets in the published files, in query answers and in exports.
"""

from __future__ import annotations

from typing import Final

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

BASE: Final = "https://w3id.org/competency-graph/"
CG: Final = Namespace(BASE + "ontology#")
ONTOLOGY: Final = URIRef(BASE + "ontology")
ONET: Final = BASE + "onet/"
"""O*NET publishes no IRIs, so those of its terms and entries are given here."""

KINDS: Final = {
    "role": CG.Role,
    "title": CG.JobTitle,
    "area": CG.AreaOfExpertise,
    "cluster": CG.CompetencyCluster,
    "competency": CG.Competency,
    "action": CG.KeyAction,
    "knowledge": CG.Knowledge,
    "ability": CG.Ability,
    "output": CG.Output,
}
"""Each kind of entry: its prefix, which is also its folder in an entry's IRI, and its class."""


def kind_prefixes(dictionary: str) -> dict[str, str]:
    """The prefixes of one dictionary's entries.

    Args:
        dictionary: the dictionary's IRI, as ``https://w3id.org/competency-graph/sales``.

    Returns:
        Prefix to namespace, one for each of `KINDS`.
    """
    return {kind: f"{dictionary}/{kind}/" for kind in KINDS}


PUBLISHED: Final = BASE + "sales"
"""The dictionary that is published here."""
PREFIXES: Final[dict[str, str]] = {
    "cg": str(CG),
    "sales": PUBLISHED + "/",
    **kind_prefixes(PUBLISHED),
    "graph": BASE + "graph/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": str(DCTERMS),
    "esco": "http://data.europa.eu/esco/model#",
    "esco-isced": "http://data.europa.eu/esco/isced-f/",
    "esco-isco": "http://data.europa.eu/esco/isco/",
    "esco-occupation": "http://data.europa.eu/esco/occupation/",
    "esco-skill": "http://data.europa.eu/esco/skill/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "iso-thes": "http://purl.org/iso25964/skos-thes#",
    "onet": ONET,
    "onet-activity": ONET + "activity/",
    "onet-element": ONET + "element/",
    "onet-occupation": ONET + "occupation/",
    "onet-task": ONET + "task/",
    "org": "http://www.w3.org/ns/org#",
    "owl": str(OWL),
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": str(SH),
    "shape": BASE + "shapes#",
    "skos": str(SKOS),
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": str(XSD),
}

GRAPH_ONTOLOGY: Final = URIRef(BASE + "graph/ontology")
GRAPH_ASSERTED: Final = URIRef(BASE + "graph/asserted")
GRAPH_INFERRED: Final = URIRef(BASE + "graph/inferred")
GRAPH_LINKS: Final = URIRef(BASE + "graph/links")
GRAPH_ESCO: Final = URIRef(BASE + "graph/esco")
GRAPH_ONET: Final = URIRef(BASE + "graph/onet")


def bind(graph: Graph) -> Graph:
    """Give ``graph`` the table's prefixes and return it."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def new_graph() -> Graph:
    """An empty graph that knows the table's prefixes and no others."""
    return bind(Graph(bind_namespaces="none"))
