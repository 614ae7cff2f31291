"""The namespaces of a dictionary's entries."""

from __future__ import annotations

from typing import NamedTuple

from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.vocabulary import CLASS_OF_KIND, PREFIXES

_SPACES_QUERY = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX owl: <{PREFIXES["owl"]}>
SELECT DISTINCT ?iri ?whole WHERE {{
  ?thing a ?class
  FILTER(?class IN ({", ".join(f"<{kind}>" for kind in CLASS_OF_KIND.values())},
    cg:CompetencyDictionary, owl:Ontology))
  BIND(?class IN (cg:CompetencyDictionary, owl:Ontology) AS ?whole)
  BIND(IF(?whole, STR(?thing), REPLACE(STR(?thing), "[^/#]*$", "")) AS ?iri)
  FILTER(isIRI(?thing))
}}"""


class EntryNamespaces(NamedTuple):
    """The namespaces of entries.

    Args:
        entries: the namespaces of entries, each ending in ``/`` or ``#``.
        dictionaries: the IRIs of dictionaries and of their extensions.
    """

    entries: frozenset[str]
    dictionaries: frozenset[str]


def entry_namespaces(rows: Rows) -> EntryNamespaces:
    """Find the namespaces of all entries and the IRIs of their dictionaries."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for iri, whole in rows(_SPACES_QUERY, {}):
        if iri is not None:
            found[shorten(whole) == "true"].add(shorten(iri))
    return EntryNamespaces(frozenset(found[False]), frozenset(found[True]))
