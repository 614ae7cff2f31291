"""The prefix table, and the terms that the code uses.

The published files, query answers and exports all use these prefixes.
"""

from __future__ import annotations

from typing import Final

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

BASE: Final = "https://w3id.org/competency-graph/"
CG: Final = Namespace(BASE + "ontology#")
ONTOLOGY: Final = URIRef(BASE + "ontology")
ONET: Final = BASE + "onet/"
"""O*NET publishes no IRIs, so this project mints those of its terms and entries."""

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
"""The kinds of entries: the prefix, which is also the folder in an entry's IRI, and the class."""
KIND_OF_CLASS: Final = {str(class_): kind for kind, class_ in KINDS.items()}
"""The kind of the entries of a class, by the class's IRI."""


def kind_prefixes(dictionary: str) -> dict[str, str]:
    """The prefixes of a dictionary's entries.

    Args:
        dictionary: the dictionary's IRI, such as ``https://w3id.org/competency-graph/sales``.

    Returns:
        Prefix to namespace, one for each of `KINDS`.
    """
    return {kind: f"{dictionary}/{kind}/" for kind in KINDS}


PUBLISHED: Final = BASE + "sales"
"""The dictionary that this project publishes."""
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
    """Bind the table's prefixes to ``graph`` and return it."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def new_graph() -> Graph:
    """An empty graph that has the table's prefixes and no others."""
    return bind(Graph(bind_namespaces="none"))
