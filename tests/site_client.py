"""What tests ask of pages and data over HTTP, and the files' own statements to compare them with."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import SKOS

ROOT = Path(__file__).parents[1]
CG = Namespace("https://w3id.org/competency-graph/ontology#")
SALES = "https://w3id.org/competency-graph/sales/"
BAKERY = """
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <https://bakery.example/>

:d a cg:CompetencyDictionary ; dcterms:title "Backen"@de .
:Certificate a owl:Class ; rdfs:subClassOf cg:Knowledge ; rdfs:label "Certificate"@en .
:Role a owl:Class ; rdfs:label "Baking role"@en .
:issuedBy a owl:ObjectProperty ; rdfs:label "issued <by>"@en ;
    rdfs:domain :Certificate ; rdfs:range :Role .
:hygiene a :Certificate ; skos:prefLabel "Hygiene & safety"@en ; skos:inScheme :d ; :issuedBy :office .
:office a :Role .
:bread a cg:Output ; skos:inScheme :d .
"""
"""A dictionary without roles, with classes and a property of its own."""


class Reply(NamedTuple):
    """A response, redirections followed."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


def fetch(root: str, path: str, accept: str = "application/json") -> Reply:
    """The response to a request, whatever its status."""
    asked = urllib.request.Request(root + path, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(asked, timeout=30) as reply:
            return Reply(reply.status, reply.read().decode(), dict(reply.headers))
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read().decode(), dict(error.headers))


@cache
def published() -> Graph:
    """The published dictionary as its files state it: nothing inferred."""
    graph = Graph()
    for path in sorted((ROOT / "data").rglob("*.ttl")):
        graph.parse(path)
    return graph


def iri(name: str) -> URIRef:
    """The IRI of a published entry: ``role/analyst``."""
    return URIRef(SALES + name)


def label(entry: URIRef) -> str:
    """The label of a published entry."""
    return str(published().value(entry, SKOS.prefLabel))


def values(entry: URIRef, *names: str) -> set[URIRef]:
    """What the files state for some properties of an entry."""
    return {
        value
        for name in names
        for value in published().objects(entry, CG[name])
        if isinstance(value, URIRef)
    }
