"""The content of the author's files and the base, as needed by the checks beyond SHACL.

It is collected statement by statement and stores little of each, so that millions fit in memory.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from competency_graph.rdf.vocabulary import CG, KINDS, PREFIXES, PUBLISHED
from competency_graph.validation.checks.match_statements import (
    MATCHES,
    ConceptFacts,
    MatchStatements,
)
from competency_graph.validation.checks.mojibake import maybe_garbled

_ONTOLOGY_NAMESPACE: Final = str(CG)
TYPE: Final = str(RDF.type)
LABEL: Final = str(SKOS.prefLabel)
DEFINITION: Final = str(SKOS.definition)
REPLACED: Final = str(DCTERMS.isReplacedBy)
_DEPRECATED: Final = str(OWL.deprecated)
_NOTATION: Final = str(SKOS.notation)
_VERSION: Final = str(OWL.versionInfo)
_TEXT_DATATYPES: Final = frozenset((str(XSD.string), str(RDF.langString)))
"""The datatypes of texts."""
_IDENTIFYING_PROPERTIES: Final = frozenset((LABEL, DEFINITION, _NOTATION))
"""The properties that identify an entry."""
_LINK_PROPERTIES: Final = frozenset(
    (REPLACED, *(str(SKOS[name]) for name in ("broader", "narrower", "related", "member")))
)
_ANNOTATED_SOURCE: Final = str(OWL.annotatedSource)
CALLED: Final = PREFIXES["sssom"] + "subject_label"
"""The property for a mapping's label of its entry."""
_SUBCLASS_OF: Final = str(RDFS.subClassOf)
_DICTIONARY_PROPERTIES: Final = frozenset((str(OWL.imports), str(SKOS.inScheme), str(CG.areaOf)))
"""Properties whose objects are dictionaries."""
_SCHEMA_NAMESPACES: Final = (str(OWL), str(RDFS), str(RDF))
_FILLER_STARTS: Final = ("lorem ipsum", "todo")
"""The beginnings of definitions that are placeholders, however long."""
_SHORT_DEFINITION: Final = 150
"""The maximum length of definitions compared with their label, in characters."""


_ENTRY_CLASSES: Final = frozenset((*map(str, KINDS.values()), str(CG.CompetencyDictionary)))
_NO_KINDS: Final[frozenset[str]] = frozenset()


class Link(NamedTuple):
    """A statement whose subject, predicate and object are IRIs."""

    subject: str
    predicate: str
    object: str


class Text(NamedTuple):
    """A label, definition or code of an entry."""

    entry: str
    predicate: str
    value: ox.Literal


class BaseStatements:
    """The statements of the base."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.subjects: set[str] = set()
        self.texts: list[Text] = []
        self.schema: set[Link] = set()
        """Its statements about the ontology's terms."""
        self.facts = _Facts()
        self.matches = MatchStatements()
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode):
                self._add(quad.subject.value, quad.predicate.value, quad.object)

    def _add(self, subject: str, predicate: str, value: object) -> None:
        self.subjects.add(subject)
        if isinstance(value, ox.Literal):
            self.facts.literal(subject, predicate, value)
            self.matches.literal(subject, predicate, value.value)
            if _is_relevant_text(predicate, value):
                self.texts.append(Text(subject, sys.intern(predicate), value))
        elif isinstance(value, ox.NamedNode):
            if subject.startswith(_ONTOLOGY_NAMESPACE):
                self.schema.add(Link(subject, predicate, value.value))
            self.facts.link(subject, predicate, value.value)
            self.matches.link(subject, predicate, value.value)


class FileStatements:
    """The statements of one of the author's files.

    Args:
        ground: the statements of the base.
    """

    def __init__(self, ground: BaseStatements) -> None:
        self._ground = ground
        self._ids: dict[str, int] = {}
        self._links = array("Q")
        self._names: dict[str, str] = {}
        self.facts = _Facts()
        self.matches = MatchStatements()
        self.own: dict[str, bool] = {}
        self.classes: dict[Link, None] = {}
        self.schema: list[Link] = []
        self.built_on: dict[str, Link] = {}
        self.below: list[tuple[str, str]] = []
        self.texts: list[Text] = []
        self.foreign_tags: list[Text] = []
        self.suspect_texts: list[Text] = []
        self.numbered: list[Text] = []
        self.terms: dict[str, Link] = {}
        self.statements = 0
        self.used: Counter[str] = Counter()
        """The number of statements by property."""
        self.mapped: set[str] = set()
        self.mapping: dict[str, str] = {}
        self.mapping_labels: list[Text] = []
        self.codes: dict[tuple[str, str], int] = {}

    def add(self, quad: ox.Quad) -> None:
        """Add a statement."""
        self.statements += 1
        node, predicate, value = quad.subject, quad.predicate.value, quad.object
        self.used[predicate] += 1
        if isinstance(node, ox.NamedNode):
            subject = self._interned(node.value)
            if not self.own.get(subject):
                ours = (
                    predicate in _LINK_PROPERTIES
                    or predicate in _IDENTIFYING_PROPERTIES
                    or predicate.startswith(_ONTOLOGY_NAMESPACE)
                )
                self.own[subject] = ours
        else:
            subject = str(node)
        if isinstance(value, ox.Literal):
            if predicate not in self.terms:
                self.terms[predicate] = Link(subject, predicate, str(value))
            self._literal(subject, predicate, value)
            if value.language and value.language not in _COMMON_LANGUAGES:
                self.foreign_tags.append(Text(subject, predicate, value))
        elif isinstance(value, ox.NamedNode):
            self._link(Link(subject, predicate, value.value))
        elif predicate not in self.terms:
            self.terms[predicate] = Link(subject, predicate, str(value))

    def _link(self, link: Link) -> None:
        subject, predicate, value = link
        ground = self._ground
        if predicate not in self.terms:
            self.terms[predicate] = link
        if (
            subject.startswith(_ONTOLOGY_NAMESPACE)
            and subject in ground.subjects
            and _is_new_schema(link, ground.schema)
        ):
            self.schema.append(link)
        if predicate == _SUBCLASS_OF:
            self.below.append((subject, value))
        if predicate in _DICTIONARY_PROPERTIES:
            self.built_on.setdefault(value, link)
        if predicate in MATCHES:
            self.mapped.add(value)
        elif predicate == _ANNOTATED_SOURCE:
            self.mapping[subject] = value
        if predicate == TYPE:
            self.terms.setdefault(value, link)
            if subject in ground.subjects and value not in ground.facts.types.get(subject, ()):
                self.classes[link] = None
        elif predicate in _LINK_PROPERTIES or predicate.startswith(_ONTOLOGY_NAMESPACE):
            self._links.extend(
                (self._number_of(subject), self._number_of(predicate), self._number_of(value))
            )
        self.facts.link(subject, predicate, value)
        self.matches.link(subject, predicate, value)

    def _literal(self, subject: str, predicate: str, value: ox.Literal) -> None:
        self.facts.literal(subject, predicate, value)
        self.matches.literal(subject, predicate, value.value)
        if maybe_garbled(value.value):
            self.suspect_texts.append(Text(subject, predicate, value))
        if predicate == _VERSION and value.datatype.value not in _TEXT_DATATYPES:
            self.numbered.append(Text(subject, predicate, value))
        if predicate == CALLED:
            self.mapping_labels.append(Text(subject, CALLED, value))
        if not _is_relevant_text(predicate, value):
            return
        if predicate == _NOTATION:
            self._note_code(value.value)
            if subject not in self._ground.subjects:
                return
        self.texts.append(Text(subject, sys.intern(predicate), value))

    def _note_code(self, code: str) -> None:
        match = _CODE.fullmatch(code)
        if match:
            key = match["prefix"] or "", match["letter"]
            self.codes[key] = max(self.codes.get(key, 0), int(match["number"]))

    def links(self) -> Iterator[Link]:
        """Yield the links between entries, in the order of the file."""
        names = list(self._ids)
        for place in range(0, len(self._links), 3):
            yield Link(*(names[number] for number in self._links[place : place + 3]))

    def _interned(self, name: str) -> str:
        """The same string, stored once."""
        return self._names.setdefault(name, name)

    def _number_of(self, name: str) -> int:
        return self._ids.setdefault(name, len(self._ids))


class _Facts:
    """The classes of entries, and which entries are deprecated or replaced."""

    def __init__(self) -> None:
        self._kinds: dict[frozenset[str], frozenset[str]] = {}
        self.types: dict[str, frozenset[str]] = {}
        self.deprecated: set[str] = set()
        self.replaced: dict[str, str] = {}

    def link(self, subject: str, predicate: str, value: str) -> None:
        """Add a statement whose object is an IRI."""
        if predicate == TYPE:
            self._add_types(subject, frozenset((value,)))
        elif predicate == REPLACED:
            self.replaced[subject] = value

    def literal(self, subject: str, predicate: str, value: ox.Literal) -> None:
        """Add a statement whose object is a literal."""
        if predicate == _DEPRECATED and value.value in ("true", "1"):
            self.deprecated.add(subject)

    def update(self, others: _Facts) -> None:
        """Add the facts of a later file."""
        for subject, kinds in others.types.items():
            self._add_types(subject, kinds)
        self.deprecated |= others.deprecated
        self.replaced |= others.replaced

    def _add_types(self, subject: str, kinds: frozenset[str]) -> None:
        all_kinds = self.types.get(subject, _NO_KINDS) | kinds
        self.types[subject] = self._kinds.setdefault(all_kinds, all_kinds)


class AuthorStatements:
    """The statements of the author's files, combined with those of the base.

    Args:
        ground: the statements of the base.
        files: the statements of each file, in order.
        shaped: the terms that an organisation's shapes mention.
        concepts: what is known of the frameworks that the files link to.
    """

    def __init__(
        self,
        ground: BaseStatements,
        files: Sequence[FileStatements] = (),
        shaped: Collection[str] = (),
        concepts: ConceptFacts | None = None,
    ) -> None:
        self.named = {*shaped, *(term for said in files for pair in said.below for term in pair)}
        """Terms that an organisation's shapes mention, and classes in subclass statements."""
        self.files = files
        """The statements of each of the author's files."""
        self.base = ground.subjects
        """The subjects of the base."""
        facts = _Facts()
        for each in (ground.facts, *(said.facts for said in files)):
            facts.update(each)
        self.types, self.deprecated, self.replaced = facts.types, facts.deprecated, facts.replaced
        self.own: dict[str, bool] = {}
        """The subjects of the author's files, and whether any of them belongs to a dictionary."""
        self.own_terms: dict[str, Link] = {}
        """The predicates and classes that the author's files use, with an example of each."""
        self._codes: dict[tuple[str, str], int] = {}
        """The highest number of the author's codes, by prefix and letters."""
        self._mapped: set[str] = set()
        for said in files:
            for entry, ours in said.own.items():
                self.own[entry] = self.own.get(entry, False) or ours
            for code, number in said.codes.items():
                self._codes[code] = max(self._codes.get(code, 0), number)
            for term, link in said.terms.items():
                self.own_terms.setdefault(term, link)
            self._mapped |= said.mapped
        self.own_matches = MatchStatements()
        """The links and hierarchical statements of the author's files."""
        for said in files:
            self.own_matches.update(said.matches)
        self.matches = MatchStatements(concepts)
        """Those of the author's files, of the base and of frameworks."""
        for matches in (self.own_matches, ground.matches):
            self.matches.update(matches)
        self.own_classes = list(dict.fromkeys(chain(*(said.classes for said in files))))
        """Classes that the author's files assign to entries of the base."""
        self.own_schema = list(chain(*(said.schema for said in files)))
        """Schema statements about the ontology's terms that the ontology does not contain."""
        self.built_on = [link for said in files for link in said.built_on.values()]
        """A statement for each file and each dictionary that it refers to."""
        self.own_texts = list(chain(*(said.texts for said in files)))
        self.base_texts = ground.texts
        self.mapping = {key: said.mapping[key] for said in files for key in said.mapping}
        """The entry of each mapping in the author's files."""
        self.mapping_labels = list(chain(*(said.mapping_labels for said in files)))
        """The labels that those mappings give to their entries."""
        self.foreign_tags = list(chain(*(said.foreign_tags for said in files)))
        """Texts of the author's files with an uncommon language tag."""
        self.suspect_texts = list(chain(*(said.suspect_texts for said in files)))
        """Texts of the author's files that may have been decoded wrongly."""
        self.numbered = list(chain(*(said.numbered for said in files)))
        """Versions in the author's files that are not texts."""
        self.statements = sum(said.statements for said in files)
        self._given: Counter[str] = Counter()

    @property
    def entries(self) -> int:
        """The number of entries in the author's files, both their own and the base's."""
        return sum(entry in self.base or self.has_class(entry) for entry in self.own)

    def links(self) -> Iterator[Link]:
        """Yield the author's links between entries, in the order of the files."""
        return chain.from_iterable(said.links() for said in self.files)

    @property
    def dictionaries(self) -> list[str]:
        """The author's own dictionaries if there are any, else those of the base."""
        kind = str(CG.CompetencyDictionary)
        found = [e for e, kinds in self.types.items() if kind in kinds and e[:2] != "_:"]
        return [entry for entry in found if entry in self.own and entry not in self.base] or found

    @property
    def usual_language(self) -> str:
        """The most frequent language of the author's labels; English if there is none."""
        tags = Counter(text.value.language for text in self.own_texts if text.value.language)
        return str(tags.most_common(1)[0][0]) if tags else "en"

    def next_notation(self, entry: str) -> str:
        """The next free code for an entry, by its class and the author's other codes; "" for none.

        A code is returned only once, so the next call returns the following one.
        """
        letters = [CODE_LETTERS[kind] for kind in self.types.get(entry, ()) if kind in CODE_LETTERS]
        if len(letters) != 1 or not self._codes:
            return ""
        prefix = Counter(prefix for prefix, _ in self._codes).most_common(1)[0][0]
        letter, width = letters[0]
        number = max(self._codes.get((prefix, letter), 0), self._given[letter]) + 1
        self._given[letter] = number
        return f"{prefix}{letter}{number:0{width}}"

    def has_class(self, entry: str) -> bool:
        """Whether an entry has one of the classes of entries."""
        return not self._entry_classes.isdisjoint(self.types.get(entry, ()))

    @cached_property
    def _entry_classes(self) -> frozenset[str]:
        """The classes of entries, and the author's subclasses of them."""
        kinds, found = set(_ENTRY_CLASSES), 0
        while found != len(kinds):
            found = len(kinds)
            kinds |= {below for said in self.files for below, above in said.below if above in kinds}
        return frozenset(kinds)

    def lacks_class(self, entry: str) -> bool:
        """Whether the author's files mention an entry that should have a class but has none."""
        spoken_of = self.own.get(entry, False) and entry not in self.types
        return spoken_of and not self.described_elsewhere(entry)

    def in_published_namespace(self, entry: str) -> bool:
        """Whether an entry is in the namespace of the published dictionary, but not part of it."""
        published = PUBLISHED in self.base and entry.startswith(f"{PUBLISHED}/")
        return published and entry not in self.base

    def described(self, entry: str) -> bool:
        """Whether there is any statement about an entry."""
        return entry in self.own or entry in self.base

    def described_elsewhere(self, entry: str) -> bool:
        """Whether an entry is in the base, or a mapping target without an ontology class."""
        ours = any(kind.startswith(_ONTOLOGY_NAMESPACE) for kind in self.types.get(entry, ()))
        return entry in self.base or (entry in self._mapped and not ours)


def _is_relevant_text(predicate: str, value: ox.Literal) -> bool:
    """Whether a text identifies an entry, and is short enough for the checks that use it."""
    if predicate == DEFINITION:
        start = value.value[:20].lstrip().lower()
        return len(value.value) <= _SHORT_DEFINITION or start.startswith(_FILLER_STARTS)
    return predicate in _IDENTIFYING_PROPERTIES


def class_of_folder(entry: str) -> str:
    """The IRI of the class that the folder in an entry's IRI indicates; "" for none."""
    folder = entry.rstrip("/").rpartition("/")[0].rpartition("/")[2]
    return str(KINDS.get(folder, ""))


def _is_new_schema(link: Link, schema: set[Link]) -> bool:
    return link.predicate.startswith(_SCHEMA_NAMESPACES) and link not in schema


CODE_LETTERS: Final = {
    str(CG[name]): letter
    for name, letter in {
        "Role": ("R", 1), "JobTitle": ("T", 2), "CompetencyCluster": ("CL", 1),
        "Competency": ("C", 2), "AreaOfExpertise": ("A", 2), "Knowledge": ("K", 3),
        "Ability": ("B", 3), "Output": ("O", 3),
    }.items()
}  # fmt: skip
"""The letters in the codes of each class, and the number of digits after them."""
_CODE: Final = re.compile(r"(?P<prefix>[A-Z]+-)?(?P<letter>[A-Z]+)(?P<number>\d+)")
_COMMON_LANGUAGES: Final = frozenset(
    ("en", "en-gb", "en-us", "de", "fr", "es", "it", "nl", "pt", "pl")
)
"""Language tags that are valid without a look-up in the registry."""
