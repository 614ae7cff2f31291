"""Makes concept schemes uniform: what linking, searching and pages expect of a framework.

Each concept has a class, a scheme, labels as plain literals, and its hierarchy in both directions;
what refers to nothing is left out. Importers of other formats make statements of SKOS, which are
read here as those of a file are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.frameworks import skos_terms as terms
from competency_graph.importing.frameworks.hierarchy import cycles
from competency_graph.importing.frameworks.languages import wanted_texts
from competency_graph.importing.frameworks.survey import Survey, node_name, survey
from competency_graph.importing.summary import Omission, Tally
from competency_graph.importing.terms import TYPE, statement_builder, term

_TRUE: Final = ox.Literal(True)
_KINDS: Final = {
    terms.CONCEPT: "concepts",
    terms.SCHEME: "concept schemes",
    terms.COLLECTION: "collections",
}
_STRUCTURE: Final = frozenset(
    (
        terms.BROADER, terms.NARROWER, terms.RELATED, terms.IN_SCHEME, terms.TOP_OF, terms.HAS_TOP,
        terms.MEMBER, terms.MEMBER_LIST, terms.DEPRECATED, terms.TYPE, terms.SUBCLASS,
        terms.SUBPROPERTY, terms.FIRST, terms.REST, *terms.XL_LABELS,
    )
)  # fmt: skip
"""The properties that the survey has read; they are written from it."""
_LABEL_SOURCES: Final = frozenset((terms.NAME, terms.STATEMENT))
_MAX_PROPERTIES: Final = 12
"""The properties that are left out by name; a file may have any number of others."""
_MAX_SHOWN: Final = 5
"""The concepts of a cycle that are shown."""
_MAX_CYCLES: Final = 1_000
"""The number of cycles that are counted."""


def uniform(
    quads: Callable[[], Iterable[ox.Quad]],
    graph: URIRef,
    languages: Collection[str],
    tally: Tally,
    where: str,
) -> Iterator[ox.Quad]:
    """The statements of concept schemes in their uniform form.

    Args:
        quads: returns the statements of files; they are read twice, so that they need not be kept.
        graph: the named graph to write to.
        languages: the languages of the texts to import; none means all. A tag stands for its
            regions as well: ``en`` for ``en-GB``.
        tally: receives the statistics.
        where: the names of the files, for error messages.

    Raises:
        UnreadableInputError: there is no concept.
    """
    say, name = statement_builder(graph), ox.NamedNode(graph)
    # What comes before the first reading, which takes long, makes the progress visible.
    yield say(name, TYPE, term("void:Dataset"))
    yield say(name, term("dcterms:title"), ox.Literal(graph.rsplit("/", 1)[1]))
    wanted = wanted_texts(languages)
    found = survey(quads, wanted)
    concepts = {name for name, kind in found.kinds.items() if kind == terms.CONCEPT}
    if not concepts:
        raise UnreadableInputError(
            "there is no concept in these files",
            "Check that they are of this kind; “competency import --help” lists the others",
            where,
        )
    for kind, plural in _KINDS.items():
        if number := sum(each == kind for each in found.kinds.values()):
            tally.counts[plural] = number
    for _ in range(found.unnamed_concepts):
        tally.leave_out("concepts without an IRI")
    writer = _Writer(found, concepts, graph, wanted, tally)
    yield from writer.classes()
    yield from writer.structure()
    for quad in quads():
        yield from writer.statement(quad)
    writer.remarks()


class _Writer:
    def __init__(
        self,
        found: Survey,
        concepts: set[str],
        graph: URIRef,
        wanted: Callable[[ox.Literal], bool],
        tally: Tally,
    ) -> None:
        self._found, self._concepts, self._wanted, self._tally = found, concepts, wanted, tally
        self._graph = ox.NamedNode(graph)
        self._say = statement_builder(graph)
        self._nodes: dict[str, ox.NamedNode] = {}
        self._scheme_names = [name for name, kind in found.kinds.items() if kind == terms.SCHEME]
        self._lacking: set[str] = set()
        self._labels: set[int] = set()
        self._first_labels: set[int] = set()

    def _node(self, name: str) -> ox.NamedNode:
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = ox.NamedNode(name)
        return node

    def _link(self, subject: str, predicate: str, value: str) -> ox.Quad:
        return self._say(self._node(subject), self._node(predicate), self._node(value))

    def classes(self) -> Iterator[ox.Quad]:
        """The classes of all things, and which of them are out of use."""
        for name, kind in self._found.kinds.items():
            yield self._link(name, terms.TYPE, kind)
            if name in self._found.deprecated:
                yield self._say(self._node(name), term("owl:deprecated"), _TRUE)
                if kind == terms.CONCEPT:
                    self._tally.counts["of them deprecated"] += 1

    def structure(self) -> Iterator[ox.Quad]:
        """Schemes, hierarchy, relations and collections."""
        yield from self._schemes()
        yield from self._hierarchy()
        for name, others in self._found.related.items():
            for other in others:
                if self._are_concepts("related concepts", name, other):
                    self._tally.counts["links to what is related"] += 1
                    yield self._link(name, terms.RELATED, other)
                    if name not in self._found.related.get(other, ()):
                        yield self._link(other, terms.RELATED, name)
        for name, members in self._found.members.items():
            if self._found.kinds.get(name) != terms.COLLECTION:
                continue
            for member in members:
                if member in self._found.kinds:
                    yield self._link(name, terms.MEMBER, member)
                else:
                    self._tally.leave_out("members that the files do not describe", member)
        for name, predicate, node in self._found.uses:
            if name in self._found.kinds:
                for text in self._found.texts[node]:
                    yield from self._text(name, predicate, text)

    def _schemes(self) -> Iterator[ox.Quad]:
        found = self._found
        known = self._scheme_names
        usual = known[0] if len(known) == 1 else self._graph.value
        homeless = 0
        for name in found.kinds:
            if found.kinds[name] != terms.CONCEPT:
                continue
            tops = [s for s in found.tops.get(name, ()) if found.kinds.get(s) == terms.SCHEME]
            own = [s for s in found.schemes.get(name, ()) if found.kinds.get(s) == terms.SCHEME]
            places = dict.fromkeys((*own, *tops))
            if not places:
                homeless += 1
                places = {usual: None}
            for scheme in places:
                yield self._link(name, terms.IN_SCHEME, scheme)
            for scheme in tops:
                yield self._link(name, terms.TOP_OF, scheme)
                yield self._link(scheme, terms.HAS_TOP, name)
        if homeless and usual == self._graph.value:
            yield self._say(self._graph, TYPE, self._node(terms.SCHEME))
            self._tally.remarks["concepts in no scheme; now in one that is named as the graph"] = (
                Omission(homeless)
            )

    def _hierarchy(self) -> Iterator[ox.Quad]:
        kept: dict[str, dict[str, None]] = {}
        for name, above in self._found.broader.items():
            for other in above:
                if name == other:
                    self._tally.leave_out("concepts that are broader than themselves", name)
                elif self._are_concepts("broader and narrower concepts", name, other):
                    self._tally.counts["links to what is broader"] += 1
                    kept.setdefault(name, {})[other] = None
                    yield self._link(name, terms.BROADER, other)
                    yield self._link(other, terms.NARROWER, name)
        for number, cycle in enumerate(cycles(kept)):
            if number == _MAX_CYCLES:
                break
            shown = [re.split(r"[/#:]", name)[-1] for name in cycle[:_MAX_SHOWN]]
            self._tally.remark("cycles of broader concepts", " < ".join(shown))

    def _are_concepts(self, what: str, *names: str) -> bool:
        for name in names:
            if name not in self._concepts:
                self._tally.leave_out(f"{what} that the files do not describe", name)
                return False
        return True

    def statement(self, quad: ox.Quad) -> Iterator[ox.Quad]:
        """A statement of the files, if it is about one of the things and is kept."""
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            self._tally.leave_out("statements about statements")
            return
        declared = quad.predicate.value
        predicate = self._found.property_of(declared)
        name = node_name(subject)
        kind = self._found.kinds.get(name)
        if predicate in _STRUCTURE:
            if predicate == terms.TYPE and kind == terms.CONCEPT:
                yield from self._class(name, value)
            return
        if kind is None:
            if predicate not in terms.TEXT_OF_NODE:
                example = "" if name.startswith("_:") else name
                self._tally.leave_out("statements about other things", example)
        elif isinstance(value, ox.Literal):
            if predicate == terms.VERSION and kind == terms.SCHEME and len(self._scheme_names) == 1:
                self._tally.versions.add(value.value)
            if predicate in _LABEL_SOURCES or predicate in terms.KEPT or _is_core(predicate):
                yield from self._text(name, predicate, value)
            elif not terms.is_status(predicate):
                self._leave_out_property(declared)
        elif predicate in terms.NOTES and node_name(value) in self._found.texts:
            pass  # a note that is a node, which the structure has written as a text
        elif isinstance(value, ox.NamedNode) and (predicate in terms.KEPT or _is_core(predicate)):
            if predicate in terms.MATCHES:
                self._tally.counts["links to other frameworks"] += 1
            yield self._say(subject, self._node(predicate), value)
        else:
            self._leave_out_property(declared)

    def _leave_out_property(self, declared: str) -> None:
        """Count a statement whose property SKOS lacks; the first properties by name."""
        if declared not in self._lacking and len(self._lacking) < _MAX_PROPERTIES:
            self._lacking.add(declared)
        if declared in self._lacking:
            self._tally.leave_out(f"statements with <{declared[:200]}>, which SKOS lacks")
        else:
            self._tally.leave_out("statements with other properties that SKOS lacks", declared)

    def _class(
        self, name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
    ) -> Iterator[ox.Quad]:
        """A class of its own, which a concept has in addition to that of SKOS."""
        if isinstance(value, ox.NamedNode) and value.value not in (
            terms.CONCEPT, *terms.IGNORED_CLASSES,
        ):  # fmt: skip
            yield self._say(self._node(name), TYPE, value)

    def _text(self, name: str, predicate: str, text: ox.Literal) -> Iterator[ox.Quad]:
        if not self._wanted(text):
            self._tally.leave_out("texts in other languages")
            return
        if not text.value.strip():
            self._tally.leave_out("texts that are empty", name)
            return
        labelled = name in self._found.labelled
        if predicate == terms.STATEMENT:
            predicate = terms.DEFINITION if labelled else terms.PREFERRED
        elif predicate == terms.NAME:
            if labelled:
                return  # a name in addition to the preferred label
            predicate = terms.PREFERRED
        if predicate in terms.LABELS:
            key = hash((name, text.language, text.value, predicate))
            if key in self._labels:
                return
            self._labels.add(key)
            if predicate == terms.PREFERRED:
                first = hash((name, text.language))
                if first in self._first_labels:
                    self._tally.remark(
                        "second preferred labels in a language, now other labels", text.value
                    )
                    predicate = terms.OTHER
                self._first_labels.add(first)
            self._tally.counts["labels"] += 1
        elif predicate in terms.NOTES:
            self._tally.counts["definitions and notes"] += 1
        if text.language:
            self._tally.languages.add(text.language)
        yield self._say(self._node(name), self._node(predicate), text)

    def remarks(self) -> None:
        """Report what looks wrong once everything is read."""
        for name in self._found.kinds:
            if name in self._concepts and not (
                name in self._found.labelled or name in self._found.named
            ):
                self._tally.remark("concepts without a label", name)


def _is_core(predicate: str) -> bool:
    return predicate.startswith(terms.KEPT_NAMESPACE)
