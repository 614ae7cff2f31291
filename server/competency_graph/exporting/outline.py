"""A dictionary as other systems see it: entries, how they hang together, and what they match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
"""A text by language tag; "" is the tag of one without."""

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
"""What leads from an entry to those below or beside it, each with its inverse if it has one."""
KINDS_NAMED: Final = {
    "role": "Role", "title": "Job title", "area": "Area of expertise",
    "cluster": "Competency cluster", "competency": "Competency", "action": "Key action",
    "knowledge": "Knowledge", "ability": "Ability", "output": "Output",
}  # fmt: skip
"""What each kind of entry is called."""
MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The mapping properties of SKOS (section 10)."""
_BESIDE: Final = ("coversArea", "foundationalCompetency")
"""The relations to what is not below an entry."""
OF_AN_AREA: Final = ("hasKeyAction", "requiresKnowledge", "requiresAbility", "producesOutput")
"""The relations from an area to what belongs to it."""


@dataclass(frozen=True)
class Entry:
    """One entry.

    Args:
        iri: its IRI.
        kind: its kind, one of `vocabulary.KINDS`.
        label: its label.
        definition: its definition, where it has one.
        notation: its code, or "".
        also: its other labels, each with its language.
        examples: its examples, each with its language.
        page: its page in the source; 0 for none.
        deprecated: whether it is in force no more.
    """

    iri: str
    kind: str
    label: Texts
    definition: Texts
    notation: str = ""
    also: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    page: int = 0
    deprecated: bool = False

    @property
    def name(self) -> str:
        """Its label in English, else in the first language."""
        return plain(self.label)

    @property
    def order(self) -> tuple[int, list[tuple[int, str]], str]:
        """What entries are sorted by: kind, then code as a person counts, then IRI."""
        parts = re.findall(r"\d+|\D+", self.notation)
        code = [(int(part), "") if part.isdigit() else (0, part) for part in parts]
        return list(KINDS).index(self.kind), code, self.iri


@dataclass(frozen=True)
class Relation:
    """That one entry leads to another.

    Args:
        subject: the IRI of the one above, which may be the dictionary.
        name: one of `RELATIONS`.
        object: the IRI of the other.
    """

    subject: str
    name: str
    object: str


@dataclass(frozen=True)
class Match:
    """That an entry corresponds to a concept of another framework.

    Args:
        subject: the entry's IRI.
        name: one of `MATCHES`.
        object: the IRI of the concept.
        label: what the concept is called, or "".
        notation: its code there, or "".
        page: a page about it, or "".
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
        facts: what else is said of it, by the local name of the property: created, creator,
            language, license, modified, publisher, source, versionInfo.
        entries: its entries, in order.
        relations: how they hang together.
        matches: what they correspond to elsewhere.
        links: the files of links that they come from, where they come from files.
        left_out: the IRIs of what its own files put in a dictionary, and of no class of entries.
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

    @cached_property
    def by_iri(self) -> Mapping[str, Entry]:
        """Its entries by IRI."""
        return {entry.iri: entry for entry in self.entries}

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """Of each entry, the IRIs of those that it is below; the dictionary's for one of the top.

        A role covers areas, which are not below it.
        """
        found: dict[str, list[str]] = {entry.iri: [] for entry in self.entries}
        for relation in self.relations:
            if relation.object in found and relation.name not in _BESIDE:
                found[relation.object].append(relation.subject)
        return {entry: tuple(above or [self.iri]) for entry, above in found.items()}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Of the dictionary and each entry, the IRIs of those that are below it, in order."""
        found: dict[str, list[str]] = {iri: [] for iri in (self.iri, *self.by_iri)}
        for entry, above in self.parents.items():
            for one in above:
                found[one].append(entry)
        return {one: tuple(below) for one, below in found.items()}

    def led_to(self, iri: str, name: str) -> list[Entry]:
        """The entries that a relation leads to from an entry or the dictionary."""
        return [self.by_iri[one] for one in self._led.get((iri, name), ()) if one in self.by_iri]

    @cached_property
    def _led(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for relation in self.relations:
            found.setdefault((relation.subject, relation.name), []).append(relation.object)
        return found

    def matches_of(self, iri: str) -> list[Match]:
        """What one entry corresponds to."""
        return self._matched.get(iri, [])

    @cached_property
    def _matched(self) -> Mapping[str, list[Match]]:
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
    """The outline of a dictionary.

    Args:
        said: what its files say, and those of the dictionary that it extends.
        links: links to other frameworks, beside those that the files say.
        area: the last part of the IRI of one area, or its IRI, to have that alone: the area, and
            the key actions, knowledge, abilities and outputs that belong to it.
        own: the part that its own files say; none where it extends nothing.
        only_own: whether the entries that it extends are left out.

    Raises:
        UnreadableInputError: there is no dictionary.
        UnknownNameError: there is no such area.
    """
    own, sets = said if own is None else own, tuple(links)
    iri = _dictionary(said, own, only_own)
    entries = {entry.iri: entry for entry in sorted(_entries(said), key=lambda e: e.order)}
    if only_own:
        kept = {str(s) for kind in KINDS.values() for s in own.subjects(RDF.type, kind)}
        entries = {one: entry for one, entry in entries.items() if one in kept}
    relations = list(_relations(said, {str(iri), *entries}))
    if area:
        kept = _within(_area(entries, area), relations)
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
        tuple(sorted(_unclassed(own, said))),
    )


def _unclassed(own: Graph, said: Graph) -> set[str]:
    """What is put in a dictionary or has a code, and is of no class of entries."""
    placed = {*own.subjects(SKOS.inScheme), *own.subjects(SKOS.notation)}
    classed = {node for kind in KINDS.values() for node in said.subjects(RDF.type, kind)}
    return {str(node) for node in placed - classed if isinstance(node, URIRef)}


def _dictionary(said: Graph, own: Graph, only_own: bool) -> URIRef:
    """The dictionary's IRI: its own, else that of what it extends, else its entries' scheme.

    An extension that is no dictionary stands for its own entries where only they are wanted.
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
        "the files describe no dictionary, and no entry in them tells its skos:inScheme",
        "Add a line such as “<https://example.org/mine> a cg:CompetencyDictionary ; "
        'dcterms:title "Mine"@en .”, or give the file that has it as well',
    )


def texts(graph: Graph, subject: URIRef, predicate: URIRef) -> dict[str, str]:
    """The values of a property by language, in the order of the tags, English first."""
    found = [v for v in graph.objects(subject, predicate) if isinstance(v, Literal)]
    by_language = {value.language or "": str(value) for value in sorted(found, reverse=True)}
    return dict(sorted(by_language.items(), key=lambda pair: (pair[0][:2] != "en", pair[0])))


def plain(text: Texts) -> str:
    """A text in English, else in the first language that there is; "" for none."""
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
                _tagged(said, node, SKOS.altLabel),
                _tagged(said, node, SKOS.example),
                int(page) if isinstance(page, Literal) and str(page).isdecimal() else 0,
                isinstance(deprecated, Literal) and bool(deprecated.value),
            )


def _tagged(said: Graph, node: URIRef, predicate: URIRef) -> tuple[tuple[str, str], ...]:
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
    """A row of a file of links, unless it says that there is no such link."""
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


def _area(entries: Mapping[str, Entry], area: str) -> str:
    areas = [entry.iri for entry in entries.values() if entry.kind == "area"]
    for iri in areas:
        if area in (iri, iri.rpartition("/")[2]):
            return iri
    names = ", ".join(iri.rpartition("/")[2] for iri in areas)
    raise UnknownNameError(f"there is no area “{area}”", f"Use one of {names}")


def _within(area: str, relations: list[Relation]) -> set[str]:
    return {area, *(r.object for r in relations if r.subject == area and r.name in OF_AN_AREA)}
