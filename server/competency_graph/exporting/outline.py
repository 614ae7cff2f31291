"""A dictionary prepared for export: entries, their relations, and their matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, SKOS

from competency_graph.errors import UnknownNameError, UnreadableInputError
from competency_graph.mappings import NO_TERM, MappingSet, frameworks
from competency_graph.mappings import Mapping as SssomMapping
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import CG, KINDS

Texts = Mapping[str, str]
"""A text by language tag; "" is the key of a text without language."""

RELATIONS: Final = {
    "exampleTitle": "titleOfRole",
    "coversArea": "coveredByRole",
    "hasCompetency": "inCluster",
    "hasArea": "areaOf",
    "hasKeyAction": "keyActionOf",
    "requiresKnowledge": "",
    "requiresAbility": "",
    "producesOutput": "outputOf",
    "foundationalCompetency": "",
}
"""The relations from an entry to its parts or related entries, each with its inverse, if any."""
KIND_LABELS: Final = {
    "role": "Role", "title": "Job title", "area": "Area of expertise",
    "cluster": "Competency cluster", "competency": "Competency", "action": "Key action",
    "knowledge": "Knowledge", "ability": "Ability", "output": "Output",
}  # fmt: skip
"""The name of each kind of entry."""
MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The mapping properties of SKOS (section 10)."""
_NON_HIERARCHICAL: Final = ("coversArea", "foundationalCompetency")
"""Relations to entries that are not below the subject."""
AREA_RELATIONS: Final = ("hasKeyAction", "requiresKnowledge", "requiresAbility", "producesOutput")
"""The relations from an area to its parts."""


@dataclass(frozen=True)
class Entry:
    """An entry.

    Args:
        iri: its IRI.
        kind: its kind, one of `vocabulary.KINDS`.
        label: its label.
        definition: its definition, if any.
        notation: its code, or "".
        alt_labels: its other labels with their languages.
        examples: its examples with their languages.
        page: its page in the source; 0 for none.
        deprecated: whether it is deprecated.
    """

    iri: str
    kind: str
    label: Texts
    definition: Texts
    notation: str = ""
    alt_labels: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    page: int = 0
    deprecated: bool = False

    @property
    def name(self) -> str:
        """Its label in English, else in the first language."""
        return plain(self.label)

    @property
    def order(self) -> tuple[int, list[tuple[int, str]], str]:
        """The sort key: kind, code in natural order, IRI."""
        parts = re.findall(r"\d+|\D+", self.notation)
        code = [(int(part), "") if part.isdigit() else (0, part) for part in parts]
        return list(KINDS).index(self.kind), code, self.iri


@dataclass(frozen=True)
class Relation:
    """A relation between two entries.

    Args:
        subject: the IRI of the upper entry, which may be the dictionary.
        name: one of `RELATIONS`.
        object: the IRI of the other entry.
    """

    subject: str
    name: str
    object: str


@dataclass(frozen=True)
class Match:
    """A match of an entry with a concept of another framework.

    Args:
        subject: the entry's IRI.
        name: one of `MATCHES`.
        object: the IRI of the concept.
        label: the concept's label, or "".
        notation: the concept's code, or "".
        page: a page about the concept, or "".
    """

    subject: str
    name: str
    object: str
    label: str = ""
    notation: str = ""
    page: str = ""


@dataclass(frozen=True)
class Outline:
    """A dictionary, or one area of it.

    Args:
        iri: the dictionary's IRI.
        title: its title.
        description: its description.
        facts: its other metadata, by the local name of the property: created, creator, language,
            license, modified, publisher, source, versionInfo.
        entries: its entries, in order.
        relations: the relations between them.
        matches: their matches in other frameworks.
        links: the mapping sets of the matches that come from link files.
        left_out: the IRIs of resources that its own files assign to a dictionary but not to any
            class of entries.
        said: the statements of its files and of its base.
        own: the part of them from its own files.
    """

    iri: str
    title: Texts
    description: Texts
    facts: Mapping[str, str]
    entries: tuple[Entry, ...]
    relations: tuple[Relation, ...]
    matches: tuple[Match, ...] = ()
    links: tuple[MappingSet, ...] = ()
    left_out: tuple[str, ...] = ()
    said: Graph = field(default_factory=Graph, compare=False, repr=False)
    own: Graph = field(default_factory=Graph, compare=False, repr=False)

    @cached_property
    def by_iri(self) -> Mapping[str, Entry]:
        """Its entries by IRI."""
        return {entry.iri: entry for entry in self.entries}

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """For each entry, the IRIs of its parents; a top entry has the dictionary's IRI.

        A role covers areas, but is not their parent.
        """
        found: dict[str, list[str]] = {entry.iri: [] for entry in self.entries}
        for relation in self.relations:
            if relation.object in found and relation.name not in _NON_HIERARCHICAL:
                found[relation.object].append(relation.subject)
        return {entry: tuple(above or [self.iri]) for entry, above in found.items()}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """For the dictionary and each entry, the IRIs of their children, in order."""
        found: dict[str, list[str]] = {iri: [] for iri in (self.iri, *self.by_iri)}
        for entry, above in self.parents.items():
            for one in above:
                found[one].append(entry)
        return {one: tuple(below) for one, below in found.items()}

    def targets(self, iri: str, name: str) -> list[Entry]:
        """The entries that an entry or the dictionary has a relation to."""
        return [
            self.by_iri[one]
            for one in self._objects_by_relation.get((iri, name), ())
            if one in self.by_iri
        ]

    @cached_property
    def _objects_by_relation(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for relation in self.relations:
            found.setdefault((relation.subject, relation.name), []).append(relation.object)
        return found

    def matches_of(self, iri: str) -> list[Match]:
        """The matches of an entry."""
        return self._matches_by_entry.get(iri, [])

    @cached_property
    def _matches_by_entry(self) -> Mapping[str, list[Match]]:
        found: dict[str, list[Match]] = {}
        for match in self.matches:
            found.setdefault(match.subject, []).append(match)
        return found


def outline(
    said: Graph,
    links: Iterable[MappingSet] = (),
    area: str = "",
    own: Graph | None = None,
    only_own: bool = False,
) -> Outline:
    """Prepare a dictionary for export.

    Args:
        said: the statements of its files and of its base.
        links: links to other frameworks, in addition to those in ``said``.
        area: the last part of an area's IRI, or its IRI, to export only that area with its key
            actions, knowledge, abilities and outputs.
        own: the part of ``said`` from its own files; None if it has no base.
        only_own: whether to leave out the entries of the base.

    Raises:
        UnreadableInputError: there is no dictionary.
        UnknownNameError: there is no such area.
    """
    own, sets = said if own is None else own, tuple(links)
    iri = _dictionary_iri(said, own, only_own)
    entries = {entry.iri: entry for entry in sorted(_entries(said), key=lambda e: e.order)}
    if only_own:
        kept = {str(s) for kind in KINDS.values() for s in own.subjects(RDF.type, kind)}
        entries = {one: entry for one, entry in entries.items() if one in kept}
    relations = list(_relations(said, {str(iri), *entries}))
    if area:
        kept = _area_members(_find_area(entries, area), relations)
        entries = {one: entry for one, entry in entries.items() if one in kept}
        above = kept | {str(iri)}
        relations = [r for r in relations if r.subject in above and r.object in kept]
    place = {one: number for number, one in enumerate((str(iri), *entries))}
    names = list(RELATIONS)
    return Outline(
        str(iri),
        texts(said, iri, DCTERMS.title) or texts(said, iri, SKOS.prefLabel),
        texts(said, iri, DCTERMS.description),
        dict(_facts(said, iri)),
        tuple(entries.values()),
        tuple(
            sorted(
                relations, key=lambda r: (place[r.subject], names.index(r.name), place[r.object])
            )
        ),
        tuple(_matches(said, sets, entries)),
        sets,
        tuple(sorted(_without_class(own, said))),
        said,
        own,
    )


def _without_class(own: Graph, said: Graph) -> set[str]:
    """The resources that are in a scheme or have a code, but no class of entries."""
    placed = {*own.subjects(SKOS.inScheme), *own.subjects(SKOS.notation)}
    classed = {node for kind in KINDS.values() for node in said.subjects(RDF.type, kind)}
    return {str(node) for node in placed - classed if isinstance(node, URIRef)}


def _dictionary_iri(said: Graph, own: Graph, only_own: bool) -> URIRef:
    """The dictionary's IRI: its own, else that of its base, else its entries' scheme.

    If only its own entries are wanted, an extension that is not a dictionary counts as theirs.
    """
    candidates = [
        own.subjects(RDF.type, CG.CompetencyDictionary),
        own.subjects(RDF.type, OWL.Ontology) if only_own and own is not said else (),
        said.subjects(RDF.type, CG.CompetencyDictionary),
        own.objects(None, SKOS.inScheme),
        own.objects(None, CG.areaOf),
    ]
    for found in candidates:
        if iri := min((one for one in found if isinstance(one, URIRef)), default=None):
            return iri
    raise UnreadableInputError(
        "the files describe no dictionary, and no entry in them has skos:inScheme",
        "Add a line such as “<https://example.org/mine> a cg:CompetencyDictionary ; "
        'dcterms:title "Mine"@en .”, or also give the file that has it',
    )


def texts(graph: Graph, subject: URIRef, predicate: URIRef) -> dict[str, str]:
    """The values of a property by language, sorted by tag, English first."""
    found = [v for v in graph.objects(subject, predicate) if isinstance(v, Literal)]
    by_language = {value.language or "": str(value) for value in sorted(found, reverse=True)}
    return dict(sorted(by_language.items(), key=lambda pair: (pair[0][:2] != "en", pair[0])))


def plain(text: Texts) -> str:
    """A text in English, else in the first language; "" if it is empty."""
    return next(iter(text.values()), "")


def _entries(said: Graph) -> Iterator[Entry]:
    for kind, cls in KINDS.items():
        for node in set(said.subjects(RDF.type, cls)):
            if not isinstance(node, URIRef):
                continue
            page = said.value(node, CG.sourcePage)
            deprecated = said.value(node, OWL.deprecated)
            yield Entry(
                str(node),
                kind,
                texts(said, node, SKOS.prefLabel),
                texts(said, node, SKOS.definition),
                min((str(code) for code in said.objects(node, SKOS.notation)), default=""),
                _texts_with_language(said, node, SKOS.altLabel),
                _texts_with_language(said, node, SKOS.example),
                int(page) if isinstance(page, Literal) and str(page).isdecimal() else 0,
                isinstance(deprecated, Literal) and bool(deprecated.value),
            )


def _texts_with_language(
    said: Graph, node: URIRef, predicate: URIRef
) -> tuple[tuple[str, str], ...]:
    found = {
        (str(v), v.language or "") for v in said.objects(node, predicate) if isinstance(v, Literal)
    }
    return tuple(sorted(found))


def _relations(said: Graph, known: set[str]) -> Iterator[Relation]:
    found: dict[Relation, None] = {}
    for name, inverse in RELATIONS.items():
        pairs = list(said.subject_objects(CG[name]))
        if inverse:
            pairs += [(above, below) for below, above in said.subject_objects(CG[inverse])]
        for above, below in pairs:
            if str(above) in known and str(below) in known:
                found[Relation(str(above), name, str(below))] = None
    return iter(found)


def _matches(
    said: Graph, links: Iterable[MappingSet], entries: Mapping[str, Entry]
) -> Iterator[Match]:
    found: dict[tuple[str, str, str], Match] = {}
    for name in MATCHES:
        for subject, target in said.subject_objects(SKOS[name]):
            if str(subject) in entries and isinstance(target, URIRef):
                label = plain(texts(said, target, SKOS.prefLabel))
                found[str(subject), name, str(target)] = Match(
                    str(subject), name, str(target), label
                )
    for each in links:
        for mapping in each.mappings:
            match = _match(each, mapping)
            if match and match.subject in entries:
                found[match.subject, match.name, match.object] = match
    place = {iri: number for number, iri in enumerate(entries)}

    def order(match: Match) -> tuple[int, int, str]:
        return place[match.subject], MATCHES.index(match.name), match.object

    return iter(sorted(found.values(), key=order))


def _match(whole: MappingSet, mapping: SssomMapping) -> Match | None:
    """The match of a row of a link file; None if the row denies the link."""
    name = mapping.predicate_id.partition(":")[2]
    if mapping.negated or mapping.object_id == NO_TERM or name not in MATCHES:
        return None
    subject, target = (whole.expand(one) for one in (mapping.subject_id, mapping.object_id))
    facts = {
        fact.predicate.value: fact.object.value
        for fact in frameworks.facts(target, mapping.object_label, mapping.object_category)
        if not isinstance(fact.object, ox.Triple)
    }
    code, page = facts.get(str(SKOS.notation), ""), facts.get(str(FOAF.page), "")
    return Match(subject, name, target, mapping.object_label, code, page)


_FACTS: Final = (
    DCTERMS.created, DCTERMS.creator, DCTERMS.language, DCTERMS.license, DCTERMS.modified,
    DCTERMS.publisher, DCTERMS.source, OWL.versionInfo,
)  # fmt: skip


def _facts(said: Graph, iri: URIRef) -> Iterator[tuple[str, str]]:
    for predicate in _FACTS:
        value = min(map(str, said.objects(iri, predicate)), default="")
        if value:
            yield local_name(predicate), value


def _find_area(entries: Mapping[str, Entry], area: str) -> str:
    areas = [entry.iri for entry in entries.values() if entry.kind == "area"]
    for iri in areas:
        if area in (iri, iri.rpartition("/")[2]):
            return iri
    names = ", ".join(iri.rpartition("/")[2] for iri in areas)
    raise UnknownNameError(f"there is no area “{area}”", f"Use one of {names}")


def _area_members(area: str, relations: list[Relation]) -> set[str]:
    return {area, *(r.object for r in relations if r.subject == area and r.name in AREA_RELATIONS)}
