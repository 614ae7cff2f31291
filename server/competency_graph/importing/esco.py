"""Imports ESCO from the CSV files of its download, in any of its languages.

The result uses ESCO's own IRIs and model (https://ec.europa.eu/esco/lod/static/model.html), with
two simplifications for querying. Descriptions are literals with language, without the intermediate
``esco:NodeLiteral`` nodes of ESCO's RDF. Labels are plain SKOS, without the SKOS-XL labels that
duplicate them.
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
from competency_graph.importing.terms import TYPE, framework_description, statement_builder, term
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.vocabulary import GRAPH_ESCO

BASE: Final = "http://data.europa.eu/esco/"
_FILE_NAME = re.compile(r"([A-Za-z]+)(?:_([^ ().]*))?(?: ?\(\d+\))?\.csv", re.IGNORECASE)
"""``skills_en.csv``, also as browsers name a second copy: ``skills_en (1).csv``."""
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
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
_REQUIRED_COLUMNS = ("conceptUri", "preferredLabel")
_OPTIONAL_COLUMNS = (
    "altLabels", "hiddenLabels", *_TEXTS, "status", "modifiedDate", "inScheme", "code",
    "skillType", "reuseLevel", "iscoGroup", "regulatedProfessionNote", "naceCode",
)  # fmt: skip


class _Kind(NamedTuple):
    """The content of a table: its plural name, the classes of its concepts, required columns."""

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
_NACE = re.compile(r"(https?://data\.europa\.eu/ux2/(nace2(?:\.\d)?))/(\w{1,4})")
"""The IRI of an economic activity: its scheme, the name of that, and the code."""
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
"""The concept schemes of ESCO's collections."""
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
_IGNORED_TABLES = ("dictionary", "greenshareocc")
"""Tables whose content has no place in ESCO's model."""
_ORDER: Final = (
    *_CONCEPTS, "conceptschemes", *_COLLECTIONS, *_BROADER_RELATIONS, _HIERARCHY, *_RELATIONS,
)  # fmt: skip
"""The tables in reading order: descriptions come before relations."""


class _Table(NamedTuple):
    name: str
    language: str
    file: File


def from_tables(
    files: Sequence[File], languages: Collection[str], tally: Tally
) -> Iterator[ox.Quad]:
    """Import ESCO's CSV files; those of several languages and parts are combined.

    Args:
        files: the files.
        languages: the languages of the texts to import; none means all.
        tally: receives the statistics.

    Raises:
        UnreadableInputError: a file is damaged, is not what its name says, or has no language in
            its name; or none is ESCO's.
    """
    tables = sorted(_recognised_tables(files, languages, tally), key=lambda t: _ORDER.index(t.name))
    if not any(table.name in _CONCEPTS for table in tables):
        raise UnreadableInputError(
            "there is no file that describes occupations or skills of ESCO",
            "Name the folder or the zip archives of ESCO's download, which hold files such as "
            "occupations_en.csv",
            ", ".join(dict.fromkeys(str(file.path) for file in files)),
        )
    reader = _TableReader(tally)
    for table in tables:
        tally.doing = table.file.name
        yield from reader.quads(table)


def _recognised_tables(
    files: Sequence[File], languages: Collection[str], tally: Tally
) -> Iterator[_Table]:
    for file in files:
        match = _FILE_NAME.fullmatch(file.name)
        name = match[1].lower() if match else ""
        if match is None or name not in _ORDER:
            known = name in _IGNORED_TABLES
            reason = "files without data to import" if known else "files that are not ESCO's"
            tally.leave_out(reason, file.name)
            continue
        language = (match[2] or "").lower()
        if name in _CONCEPTS or name == "conceptschemes":
            wrong = (
                tag_error(language)
                if language
                else "its name does not contain one, as skills_de.csv does"
            )
            if wrong:
                raise UnreadableInputError(
                    f"the language of this file's texts is not known: {wrong}",
                    "Give it back the name that it had when you downloaded it",
                    file.where,
                )
            if languages and language not in languages:
                tally.leave_out("files in other languages", file.name)
                continue
        yield _Table(name, language, file)


class _TableReader:
    """Reads the tables of an import one after another."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._make_quad = statement_builder(GRAPH_ESCO)
        self._known = {
            quad.subject.value
            for quad in framework_description("esco", GRAPH_ESCO)
            if isinstance(quad.subject, ox.NamedNode)
        }
        self._seen_texts: set[tuple[str, str]] = set()
        self._schemes: set[tuple[str, str]] = set()
        self._seen_relations: set[tuple[str, str, str]] = set()

    def quads(self, table: _Table) -> Iterator[ox.Quad]:
        """Convert a table to statements."""
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
        needed = (*_REQUIRED_COLUMNS, *kind.needed)
        wanted = [name for name in _OPTIONAL_COLUMNS if name not in needed]
        for cells in rows(table.file, needed, wanted):
            row = dict(zip((*needed, *wanted), cells, strict=True))
            iri = row["conceptUri"]
            if not self._is_esco_iri(iri) or not self._is_new(iri, table.language):
                continue
            concept = ox.NamedNode(iri)
            if iri not in self._known:
                self._known.add(iri)
                self._tally.counts[kind.plural] += 1
                for each in kind.classes:
                    yield self._make_quad(concept, TYPE, each)
                yield from self._facts(concept, row)
            yield from self._labels(concept, row, table.language)
            yield from self._descriptions(concept, row, table.language)

    def _is_esco_iri(self, iri: str) -> bool:
        own = iri.startswith(BASE) and bool(_IRI.fullmatch(iri))
        if not own:
            self._tally.leave_out("rows without an IRI of ESCO", iri)
        return own

    def _is_new(self, iri: str, language: str) -> bool:
        new = (iri, language) not in self._seen_texts
        self._seen_texts.add((iri, language))
        if not new:
            self._tally.leave_out("rows about things already described", iri)
        return new

    def _facts(self, concept: ox.NamedNode, row: dict[str, str]) -> Iterator[ox.Quad]:
        """The statements on a concept that do not depend on a language."""
        make_quad, tally = self._make_quad, self._tally
        for scheme in filter(None, _SEPARATORS.split(row["inScheme"])):
            if _IRI.fullmatch(scheme):
                self._schemes.add((concept.value, scheme))
                yield make_quad(concept, _IN_SCHEME, ox.NamedNode(scheme))
        if code := row["code"]:
            yield make_quad(concept, term("skos:notation"), ox.Literal(code))
        if group := row["iscoGroup"]:
            if _ISCO.fullmatch(group):
                yield make_quad(
                    concept, term("esco:memberOfISCOGroup"), term(f"esco-isco:C{group}")
                )
            else:
                tally.leave_out("invalid codes of ISCO groups", group)
        if kind := row["skillType"]:
            if kind in _SKILL_TYPES:
                value = ox.NamedNode(f"{BASE}skill-type/{_SKILL_TYPES[kind]}")
                yield make_quad(concept, term("esco:skillType"), value)
            else:
                tally.leave_out("unknown types of skills", kind)
        if level := row["reuseLevel"]:
            if level in _REUSE_LEVELS:
                value = ox.NamedNode(f"{BASE}skill-reuse-level/{level}")
                yield make_quad(concept, term("esco:skillReuseLevel"), value)
            else:
                tally.leave_out("unknown levels of reuse", level)
        for column, predicate in (
            ("regulatedProfessionNote", "esco:regulatedProfessionNote"),
            ("naceCode", "esco:hasNACECode"),
        ):
            for value in filter(None, _SEPARATORS.split(row[column])):
                if _IRI.fullmatch(value):
                    yield make_quad(concept, term(predicate), ox.NamedNode(value))
                    yield from self._activity(value)
                else:
                    tally.leave_out(f"values of {column} that are not IRIs", value)
        if status := row["status"]:
            yield make_quad(concept, term("iso-thes:status"), ox.Literal(status))
        if moment := row["modifiedDate"]:
            if _TIMESTAMP.fullmatch(moment):
                dated = ox.Literal(moment, datatype=_DATE_TIME)
                yield make_quad(concept, term("dcterms:modified"), dated)
            else:
                tally.leave_out("invalid dates", moment)

    def _activity(self, iri: str) -> Iterator[ox.Quad]:
        """An economic activity of NACE, which ESCO gives only by its IRI: its code and scheme."""
        found = _NACE.fullmatch(iri)
        if found is None or iri in self._known:
            return
        self._known.add(iri)
        self._tally.counts["codes of NACE"] += 1
        digits = found[3]
        code = f"{digits[:2]}.{digits[2:]}" if len(digits) > len("01") else digits
        activity = ox.NamedNode(iri)
        yield self._make_quad(activity, TYPE, _CONCEPT)
        yield self._make_quad(activity, term("skos:notation"), ox.Literal(code))
        yield self._make_quad(activity, _IN_SCHEME, ox.NamedNode(f"{found[1]}/{found[2]}"))

    def _labels(
        self, concept: ox.NamedNode, row: dict[str, str], language: str
    ) -> Iterator[ox.Quad]:
        """The labels, without duplicates (SKOS Reference, S13)."""
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
            yield self._text_quad(concept, predicate, label, language, "labels")

    def _descriptions(
        self, concept: ox.NamedNode, row: dict[str, str], language: str
    ) -> Iterator[ox.Quad]:
        for column, predicate in _TEXTS.items():
            if text := row[column]:
                yield self._text_quad(concept, predicate, text, language, "descriptions and notes")

    def _text_quad(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, text: str, language: str, what: str
    ) -> ox.Quad:
        self._tally.languages.add(language)
        self._tally.counts[what] += 1
        return self._make_quad(subject, predicate, ox.Literal(text, language=language))

    def _concept_schemes(self, table: _Table) -> Iterator[ox.Quad]:
        needed = ("conceptSchemeUri", "preferredLabel", "hasTopConcept")
        make_quad = self._make_quad
        for iri, label, tops, title, description, status in rows(
            table.file, needed, ("title", "description", "status")
        ):
            if not self._is_esco_iri(iri) or not self._is_new(iri, table.language):
                continue
            scheme = ox.NamedNode(iri)
            if iri not in self._known:
                self._known.add(iri)
                self._tally.counts["concept schemes"] += 1
                yield make_quad(scheme, TYPE, term("skos:ConceptScheme"))
                yield make_quad(scheme, TYPE, term("esco:ConceptScheme"))
                if status:
                    yield make_quad(scheme, term("iso-thes:status"), ox.Literal(status))
                for top in filter(None, _SEPARATORS.split(tops)):
                    if self._are_known("top concepts", iri, top):
                        concept = ox.NamedNode(top)
                        yield make_quad(scheme, term("skos:hasTopConcept"), concept)
                        yield make_quad(concept, term("skos:topConceptOf"), scheme)
            for predicate, text, what in (
                (_PREFERRED, label, "labels"),
                (term("dcterms:title"), title, "labels"),
                (_TEXTS["description"], description, "descriptions and notes"),
            ):
                if text:
                    yield self._text_quad(scheme, predicate, text, table.language, what)

    def _members(self, table: _Table) -> Iterator[ox.Quad]:
        """The members of a collection, unless their own rows state it already."""
        scheme = f"{BASE}concept-scheme/{_COLLECTIONS[table.name]}"
        for (iri,) in rows(table.file, ("conceptUri",)):
            known = self._are_known("members of collections", iri, iri)
            if known and (iri, scheme) not in self._schemes:
                self._schemes.add((iri, scheme))
                yield self._make_quad(ox.NamedNode(iri), _IN_SCHEME, ox.NamedNode(scheme))

    def _broader_relations(self, table: _Table) -> Iterator[ox.Quad]:
        for narrower, broader in rows(table.file, ("conceptUri", "broaderUri")):
            yield from self._broader(narrower, broader)

    def _hierarchy(self, table: _Table) -> Iterator[ox.Quad]:
        """The broader relations of skill groups, for a download without the relation tables."""
        levels = [f"Level {number} URI" for number in range(4)]
        for cells in rows(table.file, levels, ragged=True):
            path = list(filter(None, cells))
            if len(path) > 1:
                yield from self._broader(path[-1], path[-2])

    def _broader(self, narrower: str, broader: str) -> Iterator[ox.Quad]:
        if self._is_new_relation("", narrower, broader):
            self._tally.counts["links to what is broader"] += 1
            yield self._make_quad(ox.NamedNode(narrower), _BROADER, ox.NamedNode(broader))
            yield self._make_quad(ox.NamedNode(broader), _NARROWER, ox.NamedNode(narrower))

    def _skill_relations(self, table: _Table) -> Iterator[ox.Quad]:
        start, end, counted = _RELATIONS[table.name]
        for kind, subject, skill in rows(table.file, ("relationType", start, end)):
            if kind not in _PREDICATES:
                self._tally.leave_out("relations of an unknown kind", kind)
            elif self._is_new_relation(kind, subject, skill):
                self._tally.counts[f"links between {counted.format(kind)}"] += 1
                forward, back = _PREDICATES[kind]
                yield self._make_quad(ox.NamedNode(subject), forward, ox.NamedNode(skill))
                yield self._make_quad(ox.NamedNode(skill), back, ox.NamedNode(subject))

    def _is_new_relation(self, kind: str, subject: str, value: str) -> bool:
        """Whether to import a relation; each language's download contains the same ones."""
        if (kind, subject, value) in self._seen_relations:
            return False
        self._seen_relations.add((kind, subject, value))
        return self._are_known("relations", subject, value)

    def _are_known(self, what: str, subject: str, value: str) -> bool:
        for iri in (subject, value):
            if iri not in self._known:
                self._tally.leave_out(f"{what} of things that the files do not describe", iri)
                return False
        return True
