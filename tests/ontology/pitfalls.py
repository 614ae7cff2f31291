"""The pitfalls of OOPS! (OntOlogy Pitfall Scanner) that a graph alone decides.

Each function takes an ontology and gives the terms that fall into the pitfall. The catalogue is
that of Poveda-Villalón, Gómez-Pérez and Suárez-Figueroa (2014).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, XSD
from rdflib.term import Node

NS = "https://w3id.org/competency-graph/ontology#"
ONTOLOGY = URIRef(NS.removesuffix("#"))
CLASSES = {OWL.Class, RDFS.Class, RDFS.Datatype}
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property}
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))

# The design names no inverse for these: a requirement is asked from the side that requires, and
# the competencies of a dictionary from the dictionary.
WITHOUT_INVERSE = {
    URIRef(NS + name)
    for name in (
        "requires", "requiresKnowledge", "requiresAbility", "requiresCompetency", "foundationalCompetency",
    )
}  # fmt: skip
# Terms of vocabularies that rdflib does not know, looked up in their published documentation.
LOOKED_UP = {
    URIRef(f"https://purl.org/ctdlasn/terms/{name}")
    for name in ("Competency", "CompetencyFramework", "isPartOf")
} | {
    URIRef(iri)
    for iri in (
        "https://purl.org/ctdl/terms/Task",
        "https://purl.org/ctdl/terms/WorkRole",
        "http://purl.org/ontology/bibo/status",
        "http://purl.org/ontology/bibo/status/draft",
    )
}
KNOWN = {
    str(DCTERMS): DCTERMS, str(ORG): ORG, str(PROV): PROV, "https://schema.org/": SDO, str(SKOS): SKOS, str(VANN): VANN,
}  # fmt: skip


def own(graph: Graph, *types: Node) -> set[URIRef]:
    """Terms of the namespace that have one of ``types``, or any type where none is named."""
    return {
        s
        for s, t in graph.subject_objects(RDF.type)
        if isinstance(s, URIRef) and s.startswith(NS) and (not types or t in types)
    }


def members(graph: Graph, node: Node) -> list[Node]:
    return list(Collection(graph, node))


def class_positions(graph: Graph) -> Iterator[Node]:
    """Every node that stands where a class must, but for disjointness."""
    for s, o in graph.subject_objects(RDFS.subClassOf):
        yield from (s, o)
    for s, o in graph.subject_objects(OWL.equivalentClass):
        yield from (s, o)
    for p in (RDFS.domain, RDFS.range):
        yield from graph.objects(None, p)
    for p in (OWL.unionOf, OWL.intersectionOf):
        for o in graph.objects(None, p):
            yield from members(graph, o)


def property_positions(graph: Graph) -> Iterator[Node]:
    for p in (RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty):
        for s, o in graph.subject_objects(p):
            yield from (s, o)
    for p in (RDFS.domain, RDFS.range):
        yield from graph.subjects(p, None)
    for s, chain in graph.subject_objects(OWL.propertyChainAxiom):
        yield s
        yield from members(graph, chain)
    yield from graph.predicates()


def p04_unconnected(graph: Graph) -> set[URIRef]:
    used = set(class_positions(graph)) | set(property_positions(graph))
    trivial = {
        s for s in own(graph, OWL.Class) if set(graph.objects(s, RDFS.subClassOf)) == {OWL.Thing}
    }
    return (own(graph, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty) - used) | trivial


def p06_cycles(graph: Graph) -> set[URIRef]:
    def above(cls: Node) -> set[Node]:
        found: set[Node] = set()
        pending = list(graph.objects(cls, RDFS.subClassOf))
        while pending:
            node = pending.pop()
            if node not in found:
                found.add(node)
                pending.extend(graph.objects(node, RDFS.subClassOf))
        return found

    return {cls for cls in own(graph) if cls in above(cls)}


def p08_unexplained(graph: Graph) -> set[URIRef]:
    return {
        term
        for term in own(graph)
        if (term, RDFS.label, None) not in graph or (term, SKOS.definition, None) not in graph
    }


def p10_no_disjointness(graph: Graph) -> set[URIRef]:
    if (None, OWL.disjointWith, None) in graph or (None, RDF.type, OWL.AllDisjointClasses) in graph:
        return set()
    return {ONTOLOGY}


def p11_no_domain_or_range(graph: Graph) -> set[URIRef]:
    return {
        p
        for p in own(graph, OWL.ObjectProperty, OWL.DatatypeProperty)
        if (p, RDFS.domain, None) not in graph or (p, RDFS.range, None) not in graph
    }


def p13_no_inverse(graph: Graph) -> set[URIRef]:
    return {
        p
        for p in own(graph, OWL.ObjectProperty) - WITHOUT_INVERSE
        if (p, OWL.inverseOf, None) not in graph
        and (None, OWL.inverseOf, p) not in graph
        and (p, RDF.type, OWL.SymmetricProperty) not in graph
    }


def p19_many_domains_or_ranges(graph: Graph) -> set[URIRef]:
    return {
        p
        for p in own(graph)
        for q in (RDFS.domain, RDFS.range)
        if len(set(graph.objects(p, q))) > 1
    }


def p22_naming(graph: Graph) -> set[URIRef]:
    def wrong(term: URIRef, pattern: str) -> bool:
        return re.fullmatch(pattern, term.removeprefix(NS)) is None

    return {c for c in own(graph, OWL.Class) if wrong(c, r"([A-Z][a-z]+)+")} | {
        p for p in own(graph, *PROPERTIES) if wrong(p, r"[a-z]+([A-Z][a-z]+)*")
    }


def p25_inverse_to_itself(graph: Graph) -> set[URIRef]:
    return {s for s, o in graph.subject_objects(OWL.inverseOf) if s == o and isinstance(s, URIRef)}


def p26_inverse_of_symmetric(graph: Graph) -> set[URIRef]:
    return {
        p
        for p in own(graph, OWL.SymmetricProperty)
        if (p, OWL.inverseOf, None) in graph or (None, OWL.inverseOf, p) in graph
    }


def p32_same_label(graph: Graph) -> set[URIRef]:
    labels = defaultdict(set)
    for cls in own(graph, OWL.Class):
        for label in graph.objects(cls, RDFS.label):
            labels[label].add(cls)
    return {cls for group in labels.values() if len(group) > 1 for cls in group}


def p33_chain_of_one(graph: Graph) -> set[URIRef]:
    return {
        s
        for s, chain in graph.subject_objects(OWL.propertyChainAxiom)
        if len(members(graph, chain)) < 2 and isinstance(s, URIRef)
    }


def _untyped(graph: Graph, nodes: Iterator[Node], types: set[URIRef]) -> set[URIRef]:
    return {
        n
        for n in nodes
        if isinstance(n, URIRef)
        and not str(n).startswith(BUILT_IN)
        and not types & set(graph.objects(n, RDF.type))
    }


def p34_untyped_class(graph: Graph) -> set[URIRef]:
    return _untyped(graph, class_positions(graph), CLASSES)


def p35_untyped_property(graph: Graph) -> set[URIRef]:
    return _untyped(graph, property_positions(graph), PROPERTIES)


def p36_file_extension(graph: Graph) -> set[URIRef]:
    ontologies = graph.subjects(RDF.type, OWL.Ontology)
    return {
        o for o in ontologies if isinstance(o, URIRef) and re.search(r"\.(owl|rdf|ttl|n3|xml)$", o)
    }


def p38_no_ontology(graph: Graph) -> set[URIRef]:
    return set() if (None, RDF.type, OWL.Ontology) in graph else {ONTOLOGY}


def p39_ambiguous_namespace(graph: Graph) -> set[URIRef]:
    """An ontology without an IRI, or terms outside the namespace that the IRI makes."""
    bad = any(isinstance(o, BNode) for o in graph.subjects(RDF.type, OWL.Ontology))
    return {ONTOLOGY} if bad or (ONTOLOGY, RDF.type, OWL.Ontology) not in graph else set()


def p40_hijacking(graph: Graph) -> set[URIRef]:
    """Terms that a foreign namespace does not define, or whose namespace nobody has looked up."""
    found = set()
    for node in {*class_positions(graph), *property_positions(graph), *graph.subjects(RDF.type)}:
        if not isinstance(node, URIRef) or str(node).startswith(str(ONTOLOGY)) or node in LOOKED_UP:
            continue
        for namespace, terms in {
            **KNOWN,
            str(RDF): RDF,
            str(RDFS): RDFS,
            str(OWL): OWL,
            str(XSD): XSD,
        }.items():
            if node.startswith(namespace):
                if str(terms) + node.removeprefix(namespace) not in terms:
                    found.add(node)
                break
        else:
            found.add(node)
    return found


def p41_no_licence(graph: Graph) -> set[URIRef]:
    return set() if (ONTOLOGY, DCTERMS.license, None) in graph else {ONTOLOGY}


PITFALLS: dict[str, Callable[[Graph], set[URIRef]]] = {
    name[:3].upper(): function
    for name, function in list(globals().items())
    if re.match(r"p\d\d_", name)
}
