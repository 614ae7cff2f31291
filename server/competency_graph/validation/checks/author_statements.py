"""What the author's files and the base say, as far as the checks beyond SHACL need to know.

It is gathered statement by statement, and keeps little of each, so that millions fit.
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
from competency_graph.validation.checks.mojibake import maybe_garbled

_OURS: Final = str(CG)
TYPE: Final = str(RDF.type)
LABEL: Final = str(SKOS.prefLabel)
DEFINITION: Final = str(SKOS.definition)
REPLACED: Final = str(DCTERMS.isReplacedBy)
_DEPRECATED: Final = str(OWL.deprecated)
_NOTATION: Final = str(SKOS.notation)
_VERSION: Final = str(OWL.versionInfo)
_TEXTS: Final = frozenset((str(XSD.string), str(RDF.langString)))
"""The datatypes of texts."""
_IDENTITY: Final = frozenset((LABEL, DEFINITION, _NOTATION))
"""What makes an entry the entry that it is."""
_LINKS: Final = frozenset(
    (REPLACED, *(str(SKOS[name]) for name in ("broader", "narrower", "related", "member")))
)
_MAPPINGS: Final = frozenset(
    str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")
)
_MAPPED: Final = str(OWL.annotatedSource)
CALLED: Final = PREFIXES["sssom"] + "subject_label"
"""What a mapping calls its entry."""
_BELOW: Final = str(RDFS.subClassOf)
_BUILT_ON: Final = frozenset((str(OWL.imports), str(SKOS.inScheme), str(CG.areaOf)))
"""Properties that lead to a dictionary."""
_SCHEMA: Final = (str(OWL), str(RDFS), str(RDF))
_FILLING: Final = ("lorem ipsum", "todo")
"""How texts begin that are no more than filling, however long they are."""
_SHORT: Final = 150
"""Characters of a definition that may be no more than its label said again."""


_ENTRIES: Final = frozenset((*map(str, KINDS.values()), str(CG.CompetencyDictionary)))
_NO_KINDS: Final[frozenset[str]] = frozenset()


class Link(NamedTuple):
    """A statement whose object is an IRI. Subject, predicate and object are IRIs."""

    subject: str
    predicate: str
    object: str


class Text(NamedTuple):
    """A label, definition or code of an entry."""

    entry: str
    predicate: str
    value: ox.Literal


class BaseStatements:
    """What the base says: the statements that the author's files extend."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.subjects: set[str] = set()
        self.texts: list[Text] = []
        self.schema: set[Link] = set()
        """What it says of the ontology's terms."""
        self.facts = _Facts()
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode):
                self._add(quad.subject.value, quad.predicate.value, quad.object)

    def _add(self, subject: str, predicate: str, value: object) -> None:
        self.subjects.add(subject)
        if isinstance(value, ox.Literal):
            self.facts.literal(subject, predicate, value)
            if _tells(predicate, value):
                self.texts.append(Text(subject, sys.intern(predicate), value))
        elif isinstance(value, ox.NamedNode):
            if subject.startswith(_OURS):
                self.schema.add(Link(subject, predicate, value.value))
            self.facts.link(subject, predicate, value.value)


class FileStatements:
    """What one of the author's files says, beside the base.

    Args:
        ground: the base.
    """

    def __init__(self, ground: BaseStatements) -> None:
        self._ground = ground
        self._ids: dict[str, int] = {}
        self._links = array("Q")
        self._names: dict[str, str] = {}
        self.facts = _Facts()
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
        """How many statements have each property."""
        self.mapped: set[str] = set()
        self.mapping: dict[str, str] = {}
        self.called: list[Text] = []
        self.codes: dict[tuple[str, str], int] = {}

    def add(self, quad: ox.Quad) -> None:
        """Take in a statement."""
        self.statements += 1
        node, predicate, value = quad.subject, quad.predicate.value, quad.object
        self.used[predicate] += 1
        if isinstance(node, ox.NamedNode):
            subject = self._same(node.value)
            if not self.own.get(subject):
                ours = predicate in _LINKS or predicate in _IDENTITY or predicate.startswith(_OURS)
                self.own[subject] = ours
        else:
            subject = str(node)
        if isinstance(value, ox.Literal):
            if predicate not in self.terms:
                self.terms[predicate] = Link(subject, predicate, str(value))
            self._literal(subject, predicate, value)
            if value.language and value.language not in _COMMON:
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
        if subject.startswith(_OURS) and subject in ground.subjects and _new(link, ground.schema):
            self.schema.append(link)
        if predicate == _BELOW:
            self.below.append((subject, value))
        if predicate in _BUILT_ON:
            self.built_on.setdefault(value, link)
        if predicate in _MAPPINGS:
            self.mapped.add(value)
        elif predicate == _MAPPED:
            self.mapping[subject] = value
        if predicate == TYPE:
            self.terms.setdefault(value, link)
            if subject in ground.subjects and value not in ground.facts.types.get(subject, ()):
                self.classes[link] = None
        elif predicate in _LINKS or predicate.startswith(_OURS):
            self._links.extend((self._id(subject), self._id(predicate), self._id(value)))
        self.facts.link(subject, predicate, value)

    def _literal(self, subject: str, predicate: str, value: ox.Literal) -> None:
        self.facts.literal(subject, predicate, value)
        if maybe_garbled(value.value):
            self.suspect_texts.append(Text(subject, predicate, value))
        if predicate == _VERSION and value.datatype.value not in _TEXTS:
            self.numbered.append(Text(subject, predicate, value))
        if predicate == CALLED:
            self.called.append(Text(subject, CALLED, value))
        if not _tells(predicate, value):
            return
        if predicate == _NOTATION:
            self._code(value.value)
            if subject not in self._ground.subjects:
                return
        self.texts.append(Text(subject, sys.intern(predicate), value))

    def _code(self, code: str) -> None:
        match = _CODE.fullmatch(code)
        if match:
            key = match["prefix"] or "", match["letter"]
            self.codes[key] = max(self.codes.get(key, 0), int(match["number"]))

    def links(self) -> Iterator[Link]:
        """The links between entries, in the order of the file."""
        names = list(self._ids)
        for place in range(0, len(self._links), 3):
            yield Link(*(names[number] for number in self._links[place : place + 3]))

    def _same(self, name: str) -> str:
        """The same text, kept once."""
        return self._names.setdefault(name, name)

    def _id(self, name: str) -> int:
        return self._ids.setdefault(name, len(self._ids))


class _Facts:
    """Classes of entries, and which are in force no more."""

    def __init__(self) -> None:
        self._kinds: dict[frozenset[str], frozenset[str]] = {}
        self.types: dict[str, frozenset[str]] = {}
        self.deprecated: set[str] = set()
        self.replaced: dict[str, str] = {}

    def link(self, subject: str, predicate: str, value: str) -> None:
        """Take in a statement whose object is an IRI."""
        if predicate == TYPE:
            self._typed(subject, frozenset((value,)))
        elif predicate == REPLACED:
            self.replaced[subject] = value

    def literal(self, subject: str, predicate: str, value: ox.Literal) -> None:
        """Take in a statement whose object is a literal."""
        if predicate == _DEPRECATED and value.value in ("true", "1"):
            self.deprecated.add(subject)

    def update(self, others: _Facts) -> None:
        """Take in other facts, later ones."""
        for subject, kinds in others.types.items():
            self._typed(subject, kinds)
        self.deprecated |= others.deprecated
        self.replaced |= others.replaced

    def _typed(self, subject: str, kinds: frozenset[str]) -> None:
        all_kinds = self.types.get(subject, _NO_KINDS) | kinds
        self.types[subject] = self._kinds.setdefault(all_kinds, all_kinds)


class AuthorStatements:
    """The statements of the author's files, beside those of the base.

    Args:
        ground: what the base says.
        files: what each file says, in order.
        shaped: the terms that shapes of an organisation name.
    """

    def __init__(
        self,
        ground: BaseStatements,
        files: Sequence[FileStatements] = (),
        shaped: Collection[str] = (),
    ) -> None:
        self.named = {*shaped, *(term for said in files for pair in said.below for term in pair)}
        """Terms that shapes of an organisation name, and classes that are below or above others."""
        self.files = files
        """What each of the author's files says."""
        self.base = ground.subjects
        """Subjects of the base."""
        facts = _Facts()
        for each in (ground.facts, *(said.facts for said in files)):
            facts.update(each)
        self.types, self.deprecated, self.replaced = facts.types, facts.deprecated, facts.replaced
        self.own: dict[str, bool] = {}
        """Subjects of the author's files, and whether any statement there is of a dictionary."""
        self.own_terms: dict[str, Link] = {}
        """Each predicate and class that the author's files use, and one statement that does."""
        self._codes: dict[tuple[str, str], int] = {}
        """The highest number of the author's codes, by their prefix and letters."""
        self._mapped: set[str] = set()
        for said in files:
            for entry, ours in said.own.items():
                self.own[entry] = self.own.get(entry, False) or ours
            for code, number in said.codes.items():
                self._codes[code] = max(self._codes.get(code, 0), number)
            for term, link in said.terms.items():
                self.own_terms.setdefault(term, link)
            self._mapped |= said.mapped
        self.own_classes = list(dict.fromkeys(chain(*(said.classes for said in files))))
        """What the author's files say of the classes of the base's entries."""
        self.own_schema = list(chain(*(said.schema for said in files)))
        """What the author's files say of the ontology's terms, in its language, and it does not."""
        self.built_on = [link for said in files for link in said.built_on.values()]
        """One statement of each of the author's files for each dictionary that it leads to."""
        self.own_texts = list(chain(*(said.texts for said in files)))
        self.base_texts = ground.texts
        self.mapping = {key: said.mapping[key] for said in files for key in said.mapping}
        """The entry of each mapping in the author's files."""
        self.called = list(chain(*(said.called for said in files)))
        """What those mappings call their entries."""
        self.foreign_tags = list(chain(*(said.foreign_tags for said in files)))
        """Texts of the author's files with a language tag other than a common one."""
        self.suspect_texts = list(chain(*(said.suspect_texts for said in files)))
        """Texts of the author's files that may have been read in another encoding."""
        self.numbered = list(chain(*(said.numbered for said in files)))
        """Versions in the author's files that are no texts."""
        self.statements = sum(said.statements for said in files)
        self._given: Counter[str] = Counter()

    @property
    def entries(self) -> int:
        """How many entries the author's files speak of: their own and the base's."""
        return sum(entry in self.base or self.classed(entry) for entry in self.own)

    def links(self) -> Iterator[Link]:
        """The author's links between entries, in the order of the files."""
        return chain.from_iterable(said.links() for said in self.files)

    @property
    def dictionaries(self) -> list[str]:
        """The dictionaries that there are: the author's own if there are some, else the base's."""
        kind = str(CG.CompetencyDictionary)
        found = [e for e, kinds in self.types.items() if kind in kinds and e[:2] != "_:"]
        return [entry for entry in found if entry in self.own and entry not in self.base] or found

    @property
    def usual_language(self) -> str:
        """The language of most of the author's labels; English where there are none."""
        tags = Counter(text.value.language for text in self.own_texts if text.value.language)
        return str(tags.most_common(1)[0][0]) if tags else "en"

    def next_notation(self, entry: str) -> str:
        """The next free code for an entry, by its class and the author's other codes; "" for none.

        A code is given once, so asking again gives the one after it.
        """
        letters = [_LETTERS[kind] for kind in self.types.get(entry, ()) if kind in _LETTERS]
        if len(letters) != 1 or not self._codes:
            return ""
        prefix = Counter(prefix for prefix, _ in self._codes).most_common(1)[0][0]
        letter, width = letters[0]
        number = max(self._codes.get((prefix, letter), 0), self._given[letter]) + 1
        self._given[letter] = number
        return f"{prefix}{letter}{number:0{width}}"

    def classed(self, entry: str) -> bool:
        """Whether an entry has a class of a dictionary."""
        return not self._entry_classes.isdisjoint(self.types.get(entry, ()))

    @cached_property
    def _entry_classes(self) -> frozenset[str]:
        """The classes of entries, and those of the author's that are below them."""
        kinds, found = set(_ENTRIES), 0
        while found != len(kinds):
            found = len(kinds)
            kinds |= {below for said in self.files for below, above in said.below if above in kinds}
        return frozenset(kinds)

    def untyped(self, entry: str) -> bool:
        """Whether the author's files speak of an entry that has no class and should."""
        spoken_of = self.own.get(entry, False) and entry not in self.types
        return spoken_of and not self.described_elsewhere(entry)

    def beside_published(self, entry: str) -> bool:
        """Whether an entry is in the namespace of the published base, which does not have it."""
        published = PUBLISHED in self.base and entry.startswith(f"{PUBLISHED}/")
        return published and entry not in self.base

    def described(self, entry: str) -> bool:
        """Whether anything is said of an entry."""
        return entry in self.own or entry in self.base

    def described_elsewhere(self, entry: str) -> bool:
        """Whether an entry is the base's, or a mapping's target that has no class of ours."""
        ours = any(kind.startswith(_OURS) for kind in self.types.get(entry, ()))
        return entry in self.base or (entry in self._mapped and not ours)


def _tells(predicate: str, value: ox.Literal) -> bool:
    """Whether a text tells which entry it is of, and is not too long for what is asked of it."""
    if predicate == DEFINITION:
        return len(value.value) <= _SHORT or value.value[:20].lstrip().lower().startswith(_FILLING)
    return predicate in _IDENTITY


def class_of_folder(entry: str) -> str:
    """The class that the folder in an entry's IRI tells, by IRI; "" for none."""
    folder = entry.rstrip("/").rpartition("/")[0].rpartition("/")[2]
    return str(KINDS.get(folder, ""))


def _new(link: Link, schema: set[Link]) -> bool:
    return link.predicate.startswith(_SCHEMA) and link not in schema


_LETTERS: Final = {
    str(CG[name]): letter
    for name, letter in {
        "Role": ("R", 1), "JobTitle": ("T", 2), "CompetencyCluster": ("CL", 1),
        "Competency": ("C", 2), "AreaOfExpertise": ("A", 2), "Knowledge": ("K", 3),
        "Ability": ("B", 3), "Output": ("O", 3),
    }.items()
}  # fmt: skip
"""The letters of each class's codes, and how many digits follow them."""
_CODE: Final = re.compile(r"(?P<prefix>[A-Z]+-)?(?P<letter>[A-Z]+)(?P<number>\d+)")
_COMMON: Final = frozenset(("en", "en-gb", "en-us", "de", "fr", "es", "it", "nl", "pt", "pl"))
"""Language tags that need no look into the registry."""
