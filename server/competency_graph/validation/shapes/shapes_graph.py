"""The SHACL shapes graph, and the rules that its shapes define."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, SH

from competency_graph.errors import EvaluationError
from competency_graph.rdf.short_names import local_name
from competency_graph.validation.engines.sparql_constraints import SPACE
from competency_graph.validation.findings import Rule

_MESSAGE, _SEVERITY, _PATH, _SPARQL = (
    ox.NamedNode(SH[name]) for name in ("message", "severity", "path", "sparql")
)
_CLASS = ox.NamedNode(SH["class"])
_SUBJECTS, _OBJECTS = (ox.NamedNode(SH[name]) for name in ("targetSubjectsOf", "targetObjectsOf"))
_OTHER_TARGETS = tuple(ox.NamedNode(SH[name]) for name in ("targetClass", "targetNode"))
_SELECT, _PREFIXES, _DECLARE, _PREFIX, _NAMESPACE = (
    ox.NamedNode(SH[name]) for name in ("select", "prefixes", "declare", "prefix", "namespace")
)
_TYPE, _COMPONENT = ox.NamedNode(RDF.type), ox.NamedNode(SH.ConstraintComponent)
_VALIDATORS = tuple(
    ox.NamedNode(SH[name]) for name in ("validator", "nodeValidator", "propertyValidator")
)
_MAX_DEPTH = 100
"""The maximum depth of nested parts searched for the name of a shape."""
_DEACTIVATED, _TRUE = ox.NamedNode(SH.deactivated), ox.Literal(True)
_INVERSE = ox.NamedNode(SH.inversePath)
_IMPORTS = ox.NamedNode(OWL.imports)
_IDENTIFIER = ox.NamedNode(DCTERMS.identifier)
_SEVERITIES = {
    ox.NamedNode(SH.Violation): "violation",
    ox.NamedNode(SH.Warning): "warning",
    ox.NamedNode(SH.Info): "info",
}
Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


def _node(term: Term) -> Node:
    """A term as a subject, which a literal cannot be."""
    return term if not isinstance(term, ox.Literal) else ox.BlankNode()


def node_of(name: str) -> Node:
    """The term for an IRI or a blank node label."""
    return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)


def severity_of(iri: str) -> str:
    """The name of a SHACL severity; an organisation's own severity counts as a violation."""
    return _SEVERITIES.get(ox.NamedNode(iri), "violation")


@dataclass(frozen=True)
class Shapes:
    """A SHACL shapes graph.

    Args:
        triples: its statements.
        own: the subjects of an organisation's files, each with the first file that mentions it.
    """

    triples: tuple[ox.Triple, ...]
    own: Mapping[Node, Path] = field(default_factory=dict, compare=False)

    @cached_property
    def _statements(self) -> Mapping[Node, Mapping[ox.NamedNode, list[Term]]]:
        properties: dict[Node, dict[ox.NamedNode, list[Term]]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
                continue  # SHACL does not use statements about statements (RDF 1.2)
            values = properties.setdefault(triple.subject, {}).setdefault(triple.predicate, [])
            values.append(triple.object)
        return properties

    @property
    def nodes(self) -> Iterable[Node]:
        """All subjects."""
        return self._statements

    @cached_property
    def terms(self) -> frozenset[str]:
        """The IRIs that it mentions as subject or object."""
        return frozenset(
            term.value
            for triple in self.triples
            for term in (triple.subject, triple.object)
            if isinstance(term, ox.NamedNode)
        )

    def values(self, node: Node, predicate: ox.NamedNode) -> list[Term]:
        """The objects of the statements with a subject and a predicate."""
        return self._statements.get(node, {}).get(predicate, [])

    def of(self, node: Node) -> Iterator[ox.Triple]:
        """The statements about a node."""
        for predicate, values in self._statements.get(node, {}).items():
            for value in values:
                yield ox.Triple(node, predicate, value)

    def owners(self, node: Node) -> Iterator[Node]:
        """Yield a node, and the nodes that contain it up to the first with an IRI."""
        for _ in range(_MAX_DEPTH):
            yield node
            owner = self._parent_of.get(node) if isinstance(node, ox.BlankNode) else None
            if owner is None:
                return
            node = owner

    def display_name(self, node: Node) -> str:
        """A readable name of a shape: its IRI, or that of the shape that it is a part of."""
        *parts, named = self.owners(node)
        if isinstance(named, ox.BlankNode):
            return "a shape without a name"
        path = self.path(str(node)) if parts else ""
        part = "a part of " if parts else ""
        return f"{part}the shape {named.value}" + (f", on {path}," if path else "")

    @cached_property
    def _parent_of(self) -> Mapping[ox.BlankNode, Node]:
        return {
            value: node
            for node in self._statements
            for triple in self.of(node)
            if isinstance(value := triple.object, ox.BlankNode)
        }

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """All shapes and constraints with a message, by IRI."""
        found = {}
        for node, properties in self._statements.items():
            if _MESSAGE in properties and isinstance(node, ox.NamedNode):
                found[node.value] = self._rule(node)
        return found

    def _rule(self, node: ox.NamedNode) -> Rule:
        name = local_name(node.value)
        codes = [term.value for term in self.values(node, _IDENTIFIER)]
        severities = [
            _SEVERITIES[term] for term in self.values(node, _SEVERITY)
            if isinstance(term, ox.NamedNode) and term in _SEVERITIES
        ]  # fmt: skip
        messages = self.messages(node)
        title, _ = split_message(messages[0].value if messages else "")
        code, name = (codes[0], _in_kebab_case(name)) if codes else (name, name)
        return Rule(code, name, severities[0] if severities else "violation", title)

    def rule(self, shape: str, constraint: str, severity: str, message: str) -> Rule:
        """The rule behind a result; a shape without name or message has one as well."""
        for iri in (constraint, shape):
            if iri in self.rules:
                return self.rules[iri]
        name = local_name(shape)
        if not name or shape.startswith("_:"):
            name = "shape"
        what = "its shape" if name == "shape" else f"the shape {name}"
        return Rule(
            name, name, severity, split_message(message)[0] or f"Each entry conforms to {what}"
        )

    def messages(self, node: Node) -> list[ox.Literal]:
        """The messages of a shape or constraint: English first, then by language."""
        found = [text for text in self.values(node, _MESSAGE) if isinstance(text, ox.Literal)]
        return sorted(found, key=_english_first)

    def path(self, shape: str) -> str:
        """The IRI of the property in a shape's path; "" if that is not a single property."""
        paths = self.values(node_of(shape), _PATH)
        return paths[0].value if paths and isinstance(paths[0], ox.NamedNode) else ""

    def path_properties(self, shape: str) -> set[str]:
        """The IRIs of all properties in a shape's path, however they are combined."""
        return {name for name, _ in self._steps(shape)}

    def inverse_path_properties(self, shape: str) -> set[str]:
        """The IRIs of the properties in a shape's path that are followed from object to subject."""
        return {name for name, back in self._steps(shape) if back}

    def _steps(self, shape: str) -> Iterator[tuple[str, bool]]:
        """The properties in a shape's path, and whether each is inverted."""
        pending = [(path, False) for path in self.values(node_of(shape), _PATH)] if shape else []
        seen: set[Term] = set()
        while pending:
            term, back = pending.pop()
            if isinstance(term, ox.NamedNode):
                yield term.value, back
            elif isinstance(term, ox.BlankNode) and term not in seen:
                pending += (
                    (triple.object, triple.predicate == _INVERSE)
                    for triple in self.of(term)
                    if not isinstance(triple.object, ox.Triple)
                )
            seen.add(term)

    def class_of(self, shape: str) -> str:
        """The IRI of the class that a shape requires; "" if that is not a single one."""
        classes = self.values(node_of(shape), _CLASS)
        return classes[0].value if len(classes) == 1 else ""

    @cached_property
    def components(self) -> Mapping[str, str]:
        """The IRIs of an organisation's own constraint components, by their last part."""
        return {
            local_name(node.value): node.value
            for node in self._statements
            if isinstance(node, ox.NamedNode) and _COMPONENT in self.values(node, _TYPE)
        }

    def validators(self, component: str) -> list[Node]:
        """The validators of an organisation's constraint component (SHACL, section 6.2.3)."""
        node = ox.NamedNode(component)
        return [_node(term) for name in _VALIDATORS for term in self.values(node, name)]

    @cached_property
    def bulk_constraints(self) -> Mapping[str, str]:
        """The SPARQL-based constraints that can be evaluated at once, by IRI, with prefixes."""
        found = {}
        for node in self._statements:
            selects = self.values(node, _SELECT)
            if isinstance(node, ox.NamedNode) and node.value.startswith(SPACE) and selects:
                found[node.value] = self.prefixes(node) + selects[0].value
        return found

    def prefixes(self, constraint: Node) -> str:
        """The prefixes of a constraint (SHACL, section 5.2.1), one declaration per line."""
        lines = []
        pending = dict.fromkeys(self.values(constraint, _PREFIXES))
        seen: set[Term] = set()
        while pending:
            declaring, _ = pending.popitem()
            seen.add(declaring)
            node = _node(declaring)
            pending |= dict.fromkeys(v for v in self.values(node, _IMPORTS) if v not in seen)
            for declaration in map(_node, self.values(node, _DECLARE)):
                names, spaces = (self.values(declaration, each) for each in (_PREFIX, _NAMESPACE))
                if names and spaces:
                    lines.append(f"PREFIX {names[0].value}: <{spaces[0].value}>\n")
        return "".join(lines)

    @cached_property
    def without_bulk_constraints(self) -> Shapes:
        """The shapes without the constraints in `bulk_constraints`."""
        return Shapes(
            tuple(
                triple
                for triple in self.triples
                if not (
                    triple.predicate == _SPARQL
                    and isinstance(triple.object, ox.NamedNode)
                    and triple.object.value in self.bulk_constraints
                )
            )
        )

    def shape_of(self, constraint: str) -> str:
        """The IRI of the shape that has a constraint."""
        node = ox.NamedNode(constraint)
        return next(
            shape.value for shape, properties in self._statements.items()
            if isinstance(shape, ox.NamedNode) and node in properties.get(_SPARQL, ())
        )  # fmt: skip

    def target_property(self, shape: str) -> str:
        """The IRI of the property whose subjects or objects a shape targets; "" for none."""
        if shape.startswith("_:"):
            return ""
        node = ox.NamedNode(shape)
        found = [*self.values(node, _SUBJECTS), *self.values(node, _OBJECTS)]
        return found[0].value if len(found) == 1 else ""

    def required_properties(self, shape: str) -> list[str]:
        """Properties of which the data must contain one for a shape to have focus nodes."""
        node = ox.NamedNode(shape)
        named = [*self.values(node, _SUBJECTS), *self.values(node, _OBJECTS)]
        others = any(self.values(node, target) for target in _OTHER_TARGETS)
        return [str(RDF.type)] if others else [term.value for term in named]

    @cached_property
    def relevant_triples(self) -> tuple[ox.Triple, ...]:
        """The statements for engines: one message per shape, and no deactivated SPARQL."""
        return tuple(triple for triple in self.triples if self._is_relevant(triple))

    def _is_relevant(self, triple: ox.Triple) -> bool:
        if triple.predicate == _MESSAGE and not isinstance(triple.subject, ox.Triple):
            return triple.object in self.messages(triple.subject)[:1]
        if triple.predicate == _SPARQL and isinstance(triple.object, ox.NamedNode | ox.BlankNode):
            return _TRUE not in self.values(triple.object, _DEACTIVATED)
        return True

    @cached_property
    def text(self) -> str:
        """`judging` as N-Triples."""
        content = ox.serialize(self.relevant_triples, format=ox.RdfFormat.N_TRIPLES)
        return (content or b"").decode()

    @cached_property
    def blank_nodes(self) -> list[ox.BlankNode]:
        """The blank nodes of `text`, in order of first occurrence."""
        terms = (t for triple in self.relevant_triples for t in (triple.subject, triple.object))
        return list(dict.fromkeys(term for term in terms if isinstance(term, ox.BlankNode)))


def _in_kebab_case(name: str) -> str:
    """Convert ``RoleNotation`` to ``role-notation``; names in lower case are unchanged."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower() if name[:1].isupper() else name


def _english_first(text: ox.Literal) -> tuple[bool, str, str]:
    language = text.language or ""
    return language.partition("-")[0] != "en", language, text.value


def split_message(message: str) -> tuple[str, str]:
    """Split a message into problem and remedy, which is its last sentence if it has several."""
    what, stop, remedy = message.rpartition(". ")
    return (what + stop.strip(), remedy) if stop else (message, "")


def broken_shapes_error(reason: object) -> EvaluationError:
    """The error for shapes that an engine rejects."""
    return EvaluationError(
        f"validation failed ({' '.join(str(reason).split())[:300]})",
        "Check your shapes",
    )
