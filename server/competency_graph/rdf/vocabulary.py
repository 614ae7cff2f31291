"""The prefix table, and the terms that the code uses.

The published files, query answers and exports all use these prefixes. The terms of rdflib are
imported on first use, as rdflib takes long to import and most queries do not need it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from competency_graph.rdf.rdflib_graphs import CG as CG
    from competency_graph.rdf.rdflib_graphs import KINDS as KINDS
    from competency_graph.rdf.rdflib_graphs import ONTOLOGY as ONTOLOGY
    from competency_graph.rdf.rdflib_graphs import bind as bind
    from competency_graph.rdf.rdflib_graphs import new_graph as new_graph

BASE: Final = "https://w3id.org/competency-graph/"
ONET: Final = BASE + "onet/"
"""O*NET publishes no IRIs, so this project mints those of its terms and entries."""

CLASS_OF_KIND: Final = {
    kind: f"{BASE}ontology#{name}"
    for kind, name in {
        "role": "Role",
        "title": "JobTitle",
        "area": "AreaOfExpertise",
        "cluster": "CompetencyCluster",
        "competency": "Competency",
        "action": "KeyAction",
        "knowledge": "Knowledge",
        "ability": "Ability",
        "output": "Output",
    }.items()
}
"""The kinds of entries: the prefix, which is also the folder in an entry's IRI, and the class."""
KIND_OF_CLASS: Final = {class_: kind for kind, class_ in CLASS_OF_KIND.items()}
"""The kind of the entries of a class, by the class's IRI."""


def kind_prefixes(dictionary: str) -> dict[str, str]:
    """The prefixes of a dictionary's entries.

    Args:
        dictionary: the dictionary's IRI, such as ``https://w3id.org/competency-graph/sales``.

    Returns:
        Prefix to namespace, one for each kind.
    """
    return {kind: f"{dictionary}/{kind}/" for kind in CLASS_OF_KIND}


PUBLISHED: Final = BASE + "sales"
"""The dictionary that this project publishes."""
PREFIXES: Final[dict[str, str]] = {
    "cg": BASE + "ontology#",
    "sales": PUBLISHED + "/",
    **kind_prefixes(PUBLISHED),
    "graph": BASE + "graph/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
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
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": BASE + "shapes#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

GRAPH_ONTOLOGY: Final = BASE + "graph/ontology"
GRAPH_ASSERTED: Final = BASE + "graph/asserted"
GRAPH_INFERRED: Final = BASE + "graph/inferred"
GRAPH_LINKS: Final = BASE + "graph/links"
GRAPH_ESCO: Final = BASE + "graph/esco"
GRAPH_ONET: Final = BASE + "graph/onet"

_OF_RDFLIB: Final = ("CG", "KINDS", "ONTOLOGY", "bind", "new_graph")
"""The names that `rdflib_graphs` defines."""


def __getattr__(name: str) -> object:
    """Import a name that needs rdflib on first use."""
    if name not in _OF_RDFLIB:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("competency_graph.rdf.rdflib_graphs"), name)
