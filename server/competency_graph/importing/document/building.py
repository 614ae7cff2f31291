"""Builds the graphs of a dictionary, one for each file, in the layout of the published one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS
from rdflib.term import Node

from competency_graph.importing.document.content import Content, EntryItem, Item
from competency_graph.importing.document.names import normal
from competency_graph.rdf.vocabulary import CG, KINDS

_CODES = {
    "role": ("R", 1), "title": ("T", 2), "cluster": ("CL", 1), "competency": ("C", 2),
    "area": ("A", 2), "knowledge": ("K", 3), "ability": ("B", 3), "output": ("O", 3),
}  # fmt: skip
"""The letters of codes, and the least number of their digits."""
_SHARED_FILES = {
    "knowledge": "shared-knowledge.ttl",
    "ability": "shared-abilities.ttl",
    "output": "shared-outputs.ttl",
}


Statements = set[tuple[Node, Node, Node]]


@dataclass
class File:
    """A file to write.

    Args:
        comments: the lines of its head.
        statements: its statements; graphs take several times their memory, so each is made late.
    """

    comments: list[str]
    statements: Statements = field(default_factory=set)

    @property
    def graph(self) -> Graph:
        """A new graph of its statements."""
        made = Graph(bind_namespaces="none")
        for statement in self.statements:
            made.add(statement)
        return made


@dataclass
class _Shared:
    """An entry that several areas may require."""

    item: Item
    iri: URIRef
    code: str
    owners: dict[int, int | None] = field(default_factory=dict)
    """The pages by the positions of the areas."""


def build(content: Content, namespace: str, language: str, source: str) -> dict[str, File]:
    """Build the files of a dictionary.

    Args:
        content: what it contains.
        namespace: the beginning of its IRIs, ending in ``/``.
        language: the language of its texts, a BCP 47 tag.
        source: the name of the document, for the statement of its source.

    Returns:
        The files by their paths in the folder of the dictionary.
    """
    return _Builder(content, namespace, language, source).files()


def slug(label: str) -> str:
    """A label as the end of an IRI: lower-case letters and digits, with hyphens; may be empty."""
    plain = normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class _Builder:
    def __init__(self, content: Content, namespace: str, language: str, source: str) -> None:
        self._content, self._language, self._source = content, language, source
        self._dictionary = URIRef(namespace.removesuffix("/"))
        self._files: dict[str, File] = {}
        self._taken: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self._numbers = dict.fromkeys(KINDS, 0)
        self._digits = {
            kind: max(least, len(str(count))) for kind, (_, least), count in
            ((kind, _CODES[kind], count) for kind, count in _counts(content).items())
        }  # fmt: skip

    def files(self) -> dict[str, File]:
        about = self._file("dictionary.ttl", "The dictionary itself.")
        self._about(about)
        self._roles()
        for cluster in self._content.clusters:
            self._cluster(cluster.label, cluster, cluster.competencies, about)
        self._areas(self._role_iris)
        return {name: file for name, file in self._files.items() if file.statements}

    def _file(self, name: str, *comments: str) -> Statements:
        return self._files.setdefault(name, File(list(comments))).statements

    def _about(self, graph: Statements) -> None:
        about, iri = self._content.about, self._dictionary
        graph.add((iri, RDF.type, CG.CompetencyDictionary))
        texts = {
            DCTERMS.title: "title",
            SKOS.prefLabel: "title",
            DCTERMS.description: "description",
            DCTERMS.creator: "creator",
        }
        for predicate, key in texts.items():
            if about.get(key):
                graph.add((iri, predicate, self._text(about[key])))
        if about.get("licence"):
            graph.add((iri, DCTERMS.license, URIRef(about["licence"])))
        graph.add((iri, DCTERMS.language, Literal(self._language)))
        graph.add((iri, DCTERMS.source, self._text(self._source)))
        graph.add((iri, OWL.versionInfo, Literal(about.get("version") or "0.1.0")))

    def _roles(self) -> None:
        graph = self._file("roles.ttl", "The roles, and example job titles of each.")
        titles: dict[str, URIRef] = {}
        self._role_iris = []
        for role in self._content.roles:
            iri = self._entry(graph, "role", role)
            self._role_iris.append(iri)
            for title in role.titles:
                key = normal(title.label) or title.label
                if key not in titles:
                    titles[key] = self._entry(graph, "title", title)
                graph.add((iri, CG.exampleTitle, titles[key]))

    def _cluster(
        self, label: str, cluster: Item, competencies: Sequence[EntryItem], about: Statements
    ) -> None:
        if label:
            iri = self._new_iri("cluster", label)
            name = f"competencies/{iri.rpartition('/')[2]}.ttl"
            comment = f"The {label} cluster: its foundational competencies and their key actions."
            graph = self._file(name, comment)
            self._describe(graph, iri, "cluster", cluster, self._code("cluster"))
        else:
            iri = None
            graph = self._file("competencies.ttl", "Foundational competencies without cluster.")
        for entry in competencies:
            competency = self._new_iri("competency", entry.label)
            code = self._code("competency")
            self._describe(graph, competency, "competency", entry, code)
            self._actions(graph, competency, code, entry)
            about.add((self._dictionary, CG.foundationalCompetency, competency))
            if iri is not None:
                graph.add((iri, CG.hasCompetency, competency))

    def _areas(self, roles: Sequence[URIRef]) -> None:
        properties = {
            "knowledge": CG.requiresKnowledge, "ability": CG.requiresAbility,
            "output": CG.producesOutput,
        }  # fmt: skip
        shared: dict[str, dict[str, _Shared]] = {kind: {} for kind in properties}
        graphs, iris = [], []
        for position, area in enumerate(self._content.areas):
            iri = self._new_iri("area", area.label)
            name = f"areas/{iri.rpartition('/')[2]}.ttl"
            graph = self._file(
                name,
                f"{area.label}: an area of expertise with its key actions, knowledge, abilities "
                "and outputs.",
            )
            graphs.append(graph)
            iris.append(iri)
            code = self._code("area")
            self._describe(graph, iri, "area", area, code)
            graph.add((iri, CG.areaOf, self._dictionary))
            if area.open_ended:
                graph.add((iri, CG.outputsOpenEnded, Literal(True)))
            self._actions(graph, iri, code, area)
            for kind, items in zip(
                properties, (area.knowledge, area.abilities, area.outputs), strict=True
            ):
                for item in items:
                    key = normal(item.label) or item.label
                    if key not in shared[kind]:
                        shared[kind][key] = _Shared(
                            item, self._new_iri(kind, item.label), self._code(kind)
                        )
                    shared[kind][key].owners[position] = area.page
                    graph.add((iri, properties[kind], shared[kind][key].iri))
        for kind, entries in shared.items():
            for each in entries.values():
                self._shared(kind, each, graphs)
        links = self._file(
            "role-areas.ttl",
            "Which role calls on which area of expertise.",
            "An organisation can replace this file by its own.",
        )
        for role, role_iri in zip(self._content.roles, roles, strict=True):
            for position in role.areas:
                links.add((role_iri, CG.coversArea, iris[position]))

    def _shared(self, kind: str, entry: _Shared, graphs: Sequence[Statements]) -> None:
        """Describe knowledge, an ability or an output: in the file of its area, or a shared one."""
        if len(entry.owners) == 1:
            graph = graphs[next(iter(entry.owners))]
        else:
            graph = self._file(
                _SHARED_FILES[kind], f"Entries of the kind “{kind}” that several areas share."
            )
        self._describe(graph, entry.iri, kind, entry.item, entry.code)
        for page in entry.owners.values():
            if page is not None:
                graph.add((entry.iri, CG.sourcePage, Literal(page)))

    def _actions(self, graph: Statements, owner: URIRef, code: str, entry: EntryItem) -> None:
        for number, action in enumerate(entry.actions, 1):
            iri = self._new_iri("action", action.label, owner.rpartition("/")[2])
            self._describe(graph, iri, "action", action, f"{code}.A{number}")
            graph.add((owner, CG.hasKeyAction, iri))

    # Single entries

    def _entry(self, graph: Statements, kind: str, item: Item) -> URIRef:
        iri = self._new_iri(kind, item.label)
        self._describe(graph, iri, kind, item, self._code(kind))
        return iri

    def _describe(self, graph: Statements, iri: URIRef, kind: str, item: Item, code: str) -> None:
        graph.add((iri, RDF.type, KINDS[kind]))
        graph.add((iri, SKOS.prefLabel, self._text(item.label)))
        graph.add((iri, SKOS.notation, Literal(code)))
        graph.add((iri, SKOS.inScheme, self._dictionary))
        if item.definition:
            graph.add((iri, SKOS.definition, self._text(item.definition)))
        for predicate, texts in ((SKOS.altLabel, item.variants), (SKOS.example, item.examples)):
            for text in texts:
                graph.add((iri, predicate, self._text(text)))
        if item.page is not None:
            graph.add((iri, CG.sourcePage, Literal(item.page)))

    def _text(self, text: str) -> Literal:
        return Literal(text, lang=self._language)

    def _code(self, kind: str) -> str:
        self._numbers[kind] += 1
        return f"{_CODES[kind][0]}{self._numbers[kind]:0{self._digits[kind]}}"

    def _new_iri(self, kind: str, label: str, owner: str = "") -> URIRef:
        """An IRI that no other entry has: with the owner, or else a number, if needed."""
        taken = self._taken[kind]
        name = base = slug(label) or kind
        if name in taken and owner:
            name = base = f"{base}-{owner}"
        number = 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        return URIRef(f"{self._dictionary}/{kind}/{name}")


def _counts(content: Content) -> Mapping[str, int]:
    """The number of entries of each kind that has a code of its own."""

    def distinct(items: Iterable[Item]) -> int:
        return len({normal(item.label) or item.label for item in items})

    return {
        "role": len(content.roles),
        "title": distinct(title for role in content.roles for title in role.titles),
        "cluster": len(content.clusters),
        "competency": sum(len(cluster.competencies) for cluster in content.clusters),
        "area": len(content.areas),
        "knowledge": distinct(item for area in content.areas for item in area.knowledge),
        "ability": distinct(item for area in content.areas for item in area.abilities),
        "output": distinct(item for area in content.areas for item in area.outputs),
    }
