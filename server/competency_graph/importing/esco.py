"""ESCO, from the CSV files of its download, in any of its languages.

The result has ESCO's own IRIs and model (https://ec.europa.eu/esco/lod/static/model.html), with two
differences that make it plainer to ask. A description is a text with its language, where ESCO's RDF
puts a node ``esco:NodeLiteral`` between. Labels are SKOS's only, without the SKOS-XL labels that
repeat them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import File
from competency_graph.importing.summary import Tally
from competency_graph.importing.tables import rows
from competency_graph.importing.terms import TYPE, saying, term, told_of
from competency_graph.rdf.language_tags import fault
from competency_graph.rdf.vocabulary import GRAPH_ESCO

BASE: Final = "http://data.europa.eu/esco/"
_NAME = re.compile(r"([A-Za-z]+)(?:_([^ ().]*))?(?: ?\(\d+\))?\.csv", re.IGNORECASE)
"""``skills_en.csv``, also as a browser names a second one: ``skills_en (1).csv``."""
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_ISCO = re.compile(r"[0-9]{1,4}")
_SEPARATORS = re.compile(r"[\s,|]+")
_DATE_TIME = term("xsd:dateTime")

_BROADER, _NARROWER = term("skos:broader"), term("skos:narrower")
_IN_SCHEME = term("skos:inScheme")
_PREFERRED, _OTHER, _HIDDEN = (term(f"skos:{n}Label") for n in ("pref", "alt", "hidden"))
_TEXTS = {
    "description": term("dcterms:description"),
    "scopeNote": term("skos:scopeNote"),
    "definition": term("skos:definition"),
}
_NEEDED = ("conceptUri", "preferredLabel")
_WANTED = (
    "altLabels", "hiddenLabels", *_TEXTS, "status", "modifiedDate", "inScheme", "code",
    "skillType", "reuseLevel", "iscoGroup", "regulatedProfessionNote", "naceCode",
)  # fmt: skip


class _Kind(NamedTuple):
    """What a table is about: its plural, the classes of its things, what else it must have."""

    plural: str
    classes: tuple[ox.NamedNode, ...]
    needed: tuple[str, ...] = ()


_CONCEPT = term("skos:Concept")
_MEMBER = term("esco:MemberConcept")
_CONCEPTS = {
    "occupations": _Kind(
        "occupations", (term("esco:Occupation"), _MEMBER, _CONCEPT), ("iscoGroup",)
    ),
    "iscogroups": _Kind("ISCO groups", (_CONCEPT,), ("code",)),
    "skills": _Kind("skills", (term("esco:Skill"), _MEMBER, _CONCEPT), ("skillType", "reuseLevel")),
    "skillgroups": _Kind("skill groups", (_CONCEPT,)),
}
_SKILL_TYPES = {"skill/competence": "skill", "knowledge": "knowledge"}
_REUSE_LEVELS = {"transversal", "cross-sector", "sector-specific", "occupation-specific"}
_COLLECTIONS = {
    "digcompskillscollection": "digcomp",
    "digitalskillscollection": "6c930acd-c104-4ece-acf7-f44fd7333036",
    "greenskillscollection": "green",
    "languageskillscollection": "skill-language-groups",
    "researchoccupationscollection": "8ae4b9f3-507e-4057-a145-2f96f0132613",
    "researchskillscollection": "research",
    "transversalskillscollection": "skill-transversal-groups",
}
"""The concept scheme that each of ESCO's collections is."""
_RELATIONS = {
    "occupationskillrelations": ("occupationUri", "skillUri", "occupations and their {} skills"),
    "skillskillrelations": ("originalSkillUri", "relatedSkillUri", "skills and skills {} to them"),
}
_BROADER_RELATIONS = ("broaderrelationsoccpillar", "broaderrelationsskillpillar")
_PREDICATES = {
    "essential": (term("esco:relatedEssentialSkill"), term("esco:isEssentialSkillFor")),
    "optional": (term("esco:relatedOptionalSkill"), term("esco:isOptionalSkillFor")),
}
_HIERARCHY = "skillshierarchy"
_NOTHING_OF_OURS = ("dictionary", "greenshareocc")
"""Tables that say nothing that ESCO's model has a place for."""
_ORDER: Final = (
    *_CONCEPTS, "conceptschemes", *_COLLECTIONS, *_BROADER_RELATIONS, _HIERARCHY, *_RELATIONS,
)  # fmt: skip
"""The tables, those that describe things before those that relate them."""


class _Table(NamedTuple):
    name: str
    language: str
    file: File


def from_tables(
    files: Sequence[File], languages: Collection[str], tally: Tally
) -> Iterator[ox.Quad]:
    """The statements of ESCO's CSV files; those of several languages and parts come together.

    Args:
        files: the files.
        languages: the languages of the texts that are wanted; none means all there are.
        tally: the account of it.

    Raises:
        UnreadableInputError: a file is damaged, is not what its name says, or tells no language;
            or none is ESCO's.
    """
    tables = sorted(_recognised(files, languages, tally), key=lambda t: _ORDER.index(t.name))
    if not any(table.name in _CONCEPTS for table in tables):
        raise UnreadableInputError(
            "there is no file here that describes occupations or skills of ESCO",
            "Name the folder or the zip archives of ESCO's download, which hold files such as "
            "occupations_en.csv",
            ", ".join(dict.fromkeys(str(file.path) for file in files)),
        )
    reading = _Reading(tally)
    for table in tables:
        tally.doing = table.file.name
        yield from reading.quads(table)


def _recognised(
    files: Sequence[File], languages: Collection[str], tally: Tally
) -> Iterator[_Table]:
    for file in files:
        match = _NAME.fullmatch(file.name)
        name = match[1].lower() if match else ""
        if match is None or name not in _ORDER:
            known = name in _NOTHING_OF_OURS
            reason = "files with nothing for the graph" if known else "files that are not ESCO's"
            tally.leave_out(reason, file.name)
            continue
        language = (match[2] or "").lower()
        if name in _CONCEPTS or name == "conceptschemes":
            wrong = fault(language) if language else "its name tells none, as skills_de.csv does"
            if wrong:
                raise UnreadableInputError(
                    f"the language of this file's texts is not known: {wrong}",
                    "Give it the name that it had when it was downloaded",
                    file.where,
                )
            if languages and language not in languages:
                tally.leave_out("files in other languages", file.name)
                continue
        yield _Table(name, language, file)


class _Reading:
    """The tables of one import, read one after another."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._say = saying(GRAPH_ESCO)
        self._known = {
            quad.subject.value
            for quad in told_of("esco", GRAPH_ESCO)
            if isinstance(quad.subject, ox.NamedNode)
        }
        self._texts: set[tuple[str, str]] = set()
        self._schemes: set[tuple[str, str]] = set()
        self._related: set[tuple[str, str, str]] = set()

    def quads(self, table: _Table) -> Iterator[ox.Quad]:
        """What a table says."""
        if table.name in _CONCEPTS:
            return self._concepts(table)
        if table.name == "conceptschemes":
            return self._concept_schemes(table)
        if table.name in _COLLECTIONS:
            return self._members(table)
        if table.name in _RELATIONS:
            return self._skill_relations(table)
        if table.name == _HIERARCHY:
            return self._hierarchy(table)
        return self._broader_relations(table)

    def _concepts(self, table: _Table) -> Iterator[ox.Quad]:
        kind = _CONCEPTS[table.name]
        needed = (*_NEEDED, *kind.needed)
        wanted = [name for name in _WANTED if name not in needed]
        for cells in rows(table.file, needed, wanted):
            row = dict(zip((*needed, *wanted), cells, strict=True))
            iri = row["conceptUri"]
            if not self._is_own(iri) or not self._is_new(iri, table.language):
                continue
            concept = ox.NamedNode(iri)
            if iri not in self._known:
                self._known.add(iri)
                self._tally.counts[kind.plural] += 1
                for each in kind.classes:
                    yield self._say(concept, TYPE, each)
                yield from self._facts(concept, row)
            yield from self._labels(concept, row, table.language)
            yield from self._described(concept, row, table.language)

    def _is_own(self, iri: str) -> bool:
        own = iri.startswith(BASE) and bool(_IRI.fullmatch(iri))
        if not own:
            self._tally.leave_out("rows without an IRI of ESCO", iri)
        return own

    def _is_new(self, iri: str, language: str) -> bool:
        new = (iri, language) not in self._texts
        self._texts.add((iri, language))
        if not new:
            self._tally.leave_out("rows about what was described before", iri)
        return new

    def _facts(self, concept: ox.NamedNode, row: dict[str, str]) -> Iterator[ox.Quad]:
        """What is said of a thing in no language."""
        say, tally = self._say, self._tally
        for scheme in filter(None, _SEPARATORS.split(row["inScheme"])):
            if _IRI.fullmatch(scheme):
                self._schemes.add((concept.value, scheme))
                yield say(concept, _IN_SCHEME, ox.NamedNode(scheme))
        if code := row["code"]:
            yield say(concept, term("skos:notation"), ox.Literal(code))
        if group := row["iscoGroup"]:
            if _ISCO.fullmatch(group):
                yield say(concept, term("esco:memberOfISCOGroup"), term(f"esco-isco:C{group}"))
            else:
                tally.leave_out("codes of ISCO groups that are none", group)
        if kind := row["skillType"]:
            if kind in _SKILL_TYPES:
                value = ox.NamedNode(f"{BASE}skill-type/{_SKILL_TYPES[kind]}")
                yield say(concept, term("esco:skillType"), value)
            else:
                tally.leave_out("types of skills that are not known", kind)
        if level := row["reuseLevel"]:
            if level in _REUSE_LEVELS:
                value = ox.NamedNode(f"{BASE}skill-reuse-level/{level}")
                yield say(concept, term("esco:skillReuseLevel"), value)
            else:
                tally.leave_out("levels of reuse that are not known", level)
        for column, predicate in (
            ("regulatedProfessionNote", "esco:regulatedProfessionNote"),
            ("naceCode", "esco:hasNACECode"),
        ):
            for value in filter(None, _SEPARATORS.split(row[column])):
                if _IRI.fullmatch(value):
                    yield say(concept, term(predicate), ox.NamedNode(value))
                else:
                    tally.leave_out(f"values of {column} that are no IRIs", value)
        if status := row["status"]:
            yield say(concept, term("iso-thes:status"), ox.Literal(status))
        if moment := row["modifiedDate"]:
            if _MOMENT.fullmatch(moment):
                dated = ox.Literal(moment, datatype=_DATE_TIME)
                yield say(concept, term("dcterms:modified"), dated)
            else:
                tally.leave_out("dates that are none", moment)

    def _labels(
        self, concept: ox.NamedNode, row: dict[str, str], language: str
    ) -> Iterator[ox.Quad]:
        """The labels; no two of them are the same (SKOS Reference, S13)."""
        preferred = row["preferredLabel"]
        if not preferred:
            self._tally.leave_out("preferred labels that are empty", concept.value)
        seen = {"", preferred}
        found = [(_PREFERRED, preferred)] if preferred else []
        for predicate, column in ((_OTHER, "altLabels"), (_HIDDEN, "hiddenLabels")):
            for label in map(str.strip, row[column].splitlines()):
                if label not in seen:
                    seen.add(label)
                    found.append((predicate, label))
                elif label:
                    self._tally.leave_out("labels that a thing has twice", label)
        for predicate, label in found:
            yield self._said(concept, predicate, label, language, "labels")

    def _described(
        self, concept: ox.NamedNode, row: dict[str, str], language: str
    ) -> Iterator[ox.Quad]:
        for column, predicate in _TEXTS.items():
            if text := row[column]:
                yield self._said(concept, predicate, text, language, "descriptions and notes")

    def _said(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, text: str, language: str, what: str
    ) -> ox.Quad:
        self._tally.languages.add(language)
        self._tally.counts[what] += 1
        return self._say(subject, predicate, ox.Literal(text, language=language))

    def _concept_schemes(self, table: _Table) -> Iterator[ox.Quad]:
        needed = ("conceptSchemeUri", "preferredLabel", "hasTopConcept")
        say = self._say
        for iri, label, tops, title, description, status in rows(
            table.file, needed, ("title", "description", "status")
        ):
            if not self._is_own(iri) or not self._is_new(iri, table.language):
                continue
            scheme = ox.NamedNode(iri)
            if iri not in self._known:
                self._known.add(iri)
                self._tally.counts["concept schemes"] += 1
                yield say(scheme, TYPE, term("skos:ConceptScheme"))
                yield say(scheme, TYPE, term("esco:ConceptScheme"))
                if status:
                    yield say(scheme, term("iso-thes:status"), ox.Literal(status))
                for top in filter(None, _SEPARATORS.split(tops)):
                    if self._both_known("top concepts", iri, top):
                        concept = ox.NamedNode(top)
                        yield say(scheme, term("skos:hasTopConcept"), concept)
                        yield say(concept, term("skos:topConceptOf"), scheme)
            for predicate, text, what in (
                (_PREFERRED, label, "labels"),
                (term("dcterms:title"), title, "labels"),
                (_TEXTS["description"], description, "descriptions and notes"),
            ):
                if text:
                    yield self._said(scheme, predicate, text, table.language, what)

    def _members(self, table: _Table) -> Iterator[ox.Quad]:
        """The members of a collection, where their own rows do not say it already."""
        scheme = f"{BASE}concept-scheme/{_COLLECTIONS[table.name]}"
        for (iri,) in rows(table.file, ("conceptUri",)):
            known = self._both_known("members of collections", iri, iri)
            if known and (iri, scheme) not in self._schemes:
                self._schemes.add((iri, scheme))
                yield self._say(ox.NamedNode(iri), _IN_SCHEME, ox.NamedNode(scheme))

    def _broader_relations(self, table: _Table) -> Iterator[ox.Quad]:
        for narrower, broader in rows(table.file, ("conceptUri", "broaderUri")):
            yield from self._broader(narrower, broader)

    def _hierarchy(self, table: _Table) -> Iterator[ox.Quad]:
        """The same of skill groups, as the download without relations has it."""
        levels = [f"Level {number} URI" for number in range(4)]
        for cells in rows(table.file, levels, ragged=True):
            path = list(filter(None, cells))
            if len(path) > 1:
                yield from self._broader(path[-1], path[-2])

    def _broader(self, narrower: str, broader: str) -> Iterator[ox.Quad]:
        if self._is_new_relation("", narrower, broader):
            self._tally.counts["links to what is broader"] += 1
            yield self._say(ox.NamedNode(narrower), _BROADER, ox.NamedNode(broader))
            yield self._say(ox.NamedNode(broader), _NARROWER, ox.NamedNode(narrower))

    def _skill_relations(self, table: _Table) -> Iterator[ox.Quad]:
        start, end, counted = _RELATIONS[table.name]
        for kind, subject, skill in rows(table.file, ("relationType", start, end)):
            if kind not in _PREDICATES:
                self._tally.leave_out("relations of a kind that is not known", kind)
            elif self._is_new_relation(kind, subject, skill):
                self._tally.counts[f"links between {counted.format(kind)}"] += 1
                there, back = _PREDICATES[kind]
                yield self._say(ox.NamedNode(subject), there, ox.NamedNode(skill))
                yield self._say(ox.NamedNode(skill), back, ox.NamedNode(subject))

    def _is_new_relation(self, kind: str, subject: str, value: str) -> bool:
        """Whether to take a relation over; those in each language's download are the same."""
        if (kind, subject, value) in self._related:
            return False
        self._related.add((kind, subject, value))
        return self._both_known("relations", subject, value)

    def _both_known(self, what: str, subject: str, value: str) -> bool:
        for iri in (subject, value):
            if iri not in self._known:
                self._tally.leave_out(f"{what} of things that are in none of the files", iri)
                return False
        return True
