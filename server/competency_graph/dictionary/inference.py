"""OWL 2 RL inference, computed once for each version of a dictionary.

owlrl takes seconds, so the result is kept in the user's cache folder, named by the hash of all its
inputs: the contents of the files and the versions of the reasoning code. Other files are never
read, so the result is never stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING

from competency_graph.dictionary import cache

if TYPE_CHECKING:
    from rdflib import Graph

_INFERENCE_VERSION = "2"
"""Increment whenever `entailed` selects other statements than before."""


def entailed(asserted: Graph, ontology: Graph) -> Graph:
    """The statements that follow from ``asserted`` under ``ontology`` but are in neither.

    This is the closure under OWL 2 RL/RDF (OWL 2 Profiles, section 4.3), reduced to statements
    about entries. Dropped are tautologies (``x owl:sameAs x``, ``x a owl:Thing``) and statements
    about the ontology's own terms, literals or blank nodes.
    """
    # Slow to import, and needed once per version of the data:
    import owlrl
    from rdflib import URIRef
    from rdflib.namespace import OWL, RDF, RDFS

    from competency_graph.rdf.rdflib_graphs import new_graph

    closed = asserted + ontology
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False).expand(closed)
    entries = {s for s in asserted.subjects() if isinstance(s, URIRef)}
    entries |= {
        o for _, p, o in asserted if isinstance(o, URIRef) and p != RDF.type
    }  # entries that are only referred to
    trivial = {OWL.Thing, RDFS.Resource, OWL.NamedIndividual}
    result = new_graph()
    for triple in closed:
        subject, predicate, value = triple
        if (
            subject in entries
            and isinstance(value, URIRef)
            and not (predicate == OWL.sameAs and subject == value)
            and not (predicate == RDF.type and value in trivial)
            and triple not in asserted
            and triple not in ontology
        ):
            result.add(triple)
    return result


def fingerprint(contents: list[bytes]) -> str:
    """The hash, in hex, that identifies a version of a dictionary and its reasoner."""
    digest = hashlib.sha256(f"{_INFERENCE_VERSION} owlrl {version('owlrl')}".encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def cached(fingerprint: str, compute: Callable[[], Graph]) -> bytes:
    """The inferred statements of a version as N-Triples, cached or newly computed.

    See `cache.cached`.
    """

    def lines() -> bytes:
        text = compute().serialize(format="ntriples")
        return "\n".join(sorted(filter(None, text.splitlines()))).encode() + b"\n"

    return cache.cached(f"inferred-{fingerprint}.nt", lines)
