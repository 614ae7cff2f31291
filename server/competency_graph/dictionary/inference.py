"""OWL 2 RL: what follows from a dictionary, computed once for each version of it.

owlrl's closure takes seconds, so it is kept in the user's cache folder under the hash of all that
went into it: the files' contents and the versions of the code that reasons. What does not match is
never read, so nothing kept can be stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS

from competency_graph.dictionary import cache
from competency_graph.rdf.vocabulary import new_graph

_RULES = "2"
"""Raised whenever `entailed` keeps or drops other statements than before."""


def entailed(asserted: Graph, ontology: Graph) -> Graph:
    """The statements that follow from ``asserted`` under ``ontology``, and that neither states.

    The closure is that of OWL 2 RL/RDF (OWL 2 Profiles, section 4.3). Of it, what says something
    about an entry is kept; tautologies (``x owl:sameAs x``, ``x a owl:Thing``), statements about
    the ontology's own terms and about literals or blank nodes are not.
    """
    import owlrl  # slow to import, and needed once per version of the data

    closed = asserted + ontology
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False).expand(closed)
    entries = {s for s in asserted.subjects() if isinstance(s, URIRef)}
    entries |= {
        o for _, p, o in asserted if isinstance(o, URIRef) and p != RDF.type
    }  # an entry that is only pointed at
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
    """The hash, in hex, that names a version of a dictionary: its contents and its reasoner."""
    digest = hashlib.sha256(f"{_RULES} owlrl {version('owlrl')}".encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def kept(fingerprint: str, compute: Callable[[], Graph]) -> bytes:
    """The inferred statements of one version as N-Triples, from the cache or else from ``compute``.

    See `cache.kept`.
    """

    def lines() -> bytes:
        text = compute().serialize(format="ntriples")
        return "\n".join(sorted(filter(None, text.splitlines()))).encode() + b"\n"

    return cache.kept(f"inferred-{fingerprint}.nt", lines)
