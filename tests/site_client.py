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
