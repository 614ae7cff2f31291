"""The first reading of a file: which of its things are concepts, and how they are connected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from competency_graph.importing.frameworks import skos_terms as terms

Wanted = Callable[[ox.Literal], bool]
"""Whether the language of a text is to be imported."""
_LABELLING = frozenset((terms.PREFERRED, terms.XL + "prefLabel"))
_CHANGES = frozenset((terms.SUBCLASS, terms.SUBPROPERTY))


@dataclass
class Survey:
    """What the statements of a file say about its structure; things are named by their IRIs."""

    kinds: dict[str, str] = field(default_factory=dict)
    """The concepts, concept schemes and collections, with their class in SKOS."""
    labelled: set[str] = field(default_factory=set)
    """What has a preferred label in a wanted language."""
    named: set[str] = field(default_factory=set)
    """What has another text that can be its label."""
    deprecated: set[str] = field(default_factory=set)
    broader: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    related: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    schemes: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """The schemes that a concept is in."""
    tops: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """The schemes that a concept is at the top of."""
    members: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """The members of a collection."""
    texts: dict[str, list[ox.Literal]] = field(default_factory=lambda: defaultdict(list))
    """The texts of nodes that stand for one."""
    uses: list[tuple[str, str, str]] = field(default_factory=list)
    """Where such nodes are used: subject, property and node."""
    properties: dict[str, str] = field(default_factory=lambda: dict(terms.PROPERTIES))
    """The properties that say the same as one of SKOS."""
    unnamed_concepts: int = 0
    """The concepts that are blank nodes."""

    def property_of(self, predicate: str) -> str:
        """The property of SKOS that says the same, or the property itself."""
        found = self.properties.get(predicate)
        if found is None:
            found = self.properties[predicate] = terms.sfia_term(predicate) or predicate
        return found


def survey(quads: Callable[[], Iterable[ox.Quad]], wanted: Wanted) -> Survey:
    """Read statements once.

    Args:
        quads: returns the statements; they are read a second time if they declare properties of
            their own as narrower than those of SKOS, after the statements that use them.
        wanted: which texts count as labels.
    """
    found = _Reader(wanted)
    late = found.read(quads())
    if late:
        again = _Reader(wanted)
        again.found.properties |= {
            name: term for name, term in found.found.properties.items() if term != name
        }
        again.read(quads())
        found = again
    return found.finished()


class _Reader:
    def __init__(self, wanted: Wanted) -> None:
        self.found = Survey()
        self._wanted = wanted
        self._instances: dict[str, list[str]] = defaultdict(list)
        self._subclasses: dict[str, set[str]] = defaultdict(set)
        self._lists: dict[str, tuple[list[str], list[str]]] = {}
        self._ordered: list[tuple[str, str]] = []
        self._relating: set[str] = set()

    def read(self, quads: Iterable[ox.Quad]) -> bool:
        """Read statements; returns whether a property was declared after it had been used."""
        found, late = self.found, False
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                continue
            name, declared = node_name(subject), quad.predicate.value
            if declared in _CHANGES:
                if declared == terms.SUBPROPERTY and isinstance(value, ox.NamedNode):
                    target = found.property_of(value.value)
                    if target.startswith(terms.SKOS) and not name.startswith(terms.SKOS):
                        late = late or found.properties.get(name) == name
                        found.properties[name] = target
                elif isinstance(value, ox.NamedNode):
                    self._subclasses[value.value].add(name)
                continue
            predicate = found.property_of(declared)
            if isinstance(value, ox.Literal):
                self._text(name, predicate, value)
            else:
                self._link(name, predicate, node_name(value))
        return late

    def _text(self, name: str, predicate: str, value: ox.Literal) -> None:
        found = self.found
        if predicate in _LABELLING:
            if self._wanted(value):
                found.labelled.add(name)
        elif predicate in (terms.NAME, terms.STATEMENT):
            if self._wanted(value):
                found.named.add(name)
        elif predicate in terms.TEXT_OF_NODE:
            if self._wanted(value):
                found.texts[name].append(value)
        elif (predicate == terms.DEPRECATED or terms.is_status(predicate)) and (
            terms.is_out_of_use(value.value) or value.value == "1"
        ):
            found.deprecated.add(name)

    def _link(self, name: str, predicate: str, other: str) -> None:
        found = self.found
        if predicate == terms.TYPE:
            if other not in terms.IGNORED_CLASSES:
                self._instances[other].append(name)
        elif predicate == terms.BROADER:
            found.broader[name][other] = None
        elif predicate == terms.NARROWER:
            found.broader[other][name] = None
        elif predicate == terms.RELATED:
            found.related[name][other] = None
        elif predicate == terms.IN_SCHEME:
            found.schemes[name][other] = None
        elif predicate == terms.TOP_OF:
            found.tops[name][other] = None
        elif predicate == terms.HAS_TOP:
            found.tops[other][name] = None
        elif predicate == terms.MEMBER:
            found.members[name][other] = None
        elif predicate == terms.MEMBER_LIST:
            self._ordered.append((name, other))
        elif predicate in (terms.FIRST, terms.REST):
            cells = self._lists.setdefault(name, ([], []))
            cells[predicate == terms.REST].append(other)
        elif predicate in terms.XL_LABELS or predicate in terms.NOTES:
            found.uses.append((name, terms.XL_LABELS.get(predicate, predicate), other))
        elif predicate == terms.REPLACED_BY or (
            terms.is_status(predicate) and terms.is_out_of_use(other)
        ):
            found.deprecated.add(name)

    def finished(self) -> Survey:
        """Draw the conclusions that need all statements."""
        found = self.found
        for class_, meant in self._meanings():
            for name in self._instances.get(class_, ()):
                if not name.startswith("_:"):
                    found.kinds.setdefault(name, meant)
                elif meant == terms.CONCEPT:
                    found.unnamed_concepts += 1
        self._untyped_concepts()
        self._tops()
        for collection, start in self._ordered:
            found.members[collection] |= dict.fromkeys(self._listed(start))
        found.uses = [use for use in found.uses if use[2] in found.texts]
        for name, predicate, _ in found.uses:
            if predicate == terms.PREFERRED:
                found.labelled.add(name)
        return found

    def _meanings(self) -> Iterator[tuple[str, str]]:
        """The classes whose instances count, with their class in SKOS, that itself first."""
        known = dict(terms.CLASSES)
        known |= {c: m for c in self._instances if (m := terms.sfia_term(c))}
        waiting = list(known)
        for class_ in waiting:  # grows while it is read
            for below in sorted(self._subclasses.get(class_, ())):
                if below not in known:
                    known[below] = known[class_]
                    waiting.append(below)
        return iter(known.items())

    def _untyped_concepts(self) -> None:
        """What has a broader, narrower or related concept is a concept (S19), as is a top (S5)."""
        found = self.found
        for name in (*found.broader, *found.related, *found.tops):
            if not name.startswith("_:") and (name in found.labelled or name in found.named):
                found.kinds.setdefault(name, terms.CONCEPT)
        for places in (*found.schemes.values(), *found.tops.values()):
            for scheme in places:
                if not scheme.startswith("_:"):
                    found.kinds.setdefault(scheme, terms.SCHEME)

    def _tops(self) -> None:
        """What is below a scheme is at its top."""
        found = self.found
        schemes = {name for name, kind in found.kinds.items() if kind == terms.SCHEME}
        for name, above in found.broader.items():
            for scheme in [each for each in above if each in schemes]:
                del above[scheme]
                found.tops[name][scheme] = None

    def _listed(self, start: str) -> Iterator[str]:
        seen: set[str] = set()
        while start in self._lists and start not in seen:
            seen.add(start)
            first, rest = self._lists[start]
            yield from first
            start = rest[0] if rest else ""


def node_name(node: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    """The IRI of a node, or the label of a blank one after ``_:``."""
    return node.value if isinstance(node, ox.NamedNode) else f"_:{node.value}"
