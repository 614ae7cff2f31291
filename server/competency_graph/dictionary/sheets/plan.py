"""The sheets of a dictionary and their columns, derived from the ontology and the shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, SH, SKOS, XSD

from competency_graph import resources
from competency_graph.dictionary.ontology_terms import (
    DATATYPE_PROPERTY,
    Ontology,
    OntologyTerm,
    read_ontology,
)
from competency_graph.dictionary.sheets.columns import (
    Column,
    MemberColumn,
    ReferenceColumn,
    TextColumn,
    ValueColumn,
)
from competency_graph.dictionary.sheets.contents import DICTIONARY, Contents
from competency_graph.dictionary.sheets.text_properties import (
    DICTIONARY_TEXTS,
    DICTIONARY_VALUES,
    ENTRY_TEXTS,
    TextProperty,
)
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.vocabulary import CG, KINDS

IRI_HEADING: Final = "IRI"
"""The heading of the first column, whose IRIs identify the rows."""
CODE_HEADING: Final = "Code"
KIND_HEADING: Final = "Kind"
"""The heading of the column in CSV that says in which sheet a row would be."""
MATCHES_HEADING: Final = "Matches"
"""The heading of the column in CSV with links to other frameworks, which is only for reading."""
EXPORTED: Final = "Exported"
"""The title of the hidden sheet that records what was exported."""
MATRIX: Final = "Matrix"
"""The title of the sheet in which ticks link the entries of two kinds."""
_MATRIX_PROPERTY: Final = str(CG.coversArea)
_CODE, _LABEL = str(SKOS.notation), str(SKOS.prefLabel)
_STRING = str(XSD.string)
_CLASSES: Final = {
    DICTIONARY: str(CG.CompetencyDictionary),
    **{k: str(c) for k, c in KINDS.items()},
}
_LANGUAGE_HEADING: Final = re.compile(r"(.+?) \(([A-Za-z]+(?:-[A-Za-z0-9]+)*)\)")
_REPEATED_HEADING: Final = re.compile(r"(.+) \(\d+\)")


@dataclass(frozen=True)
class SheetPlan:
    """A sheet with a row for each entry of a kind.

    Args:
        kind: the kind.
        title: the title of the sheet, which is the label of the class.
        note: what the entries are.
        columns: its columns after the first, which has the IRI.
    """

    kind: str
    title: str
    note: str
    columns: tuple[Column, ...]

    @property
    def cls(self) -> str:
        """The IRI of the class of its entries."""
        return _CLASSES[self.kind]

    def column(self, heading: str) -> Column | None:
        """The column with a heading, which may be a repetition, or a text in another language."""
        for name in (heading, _repeated(heading)):
            for column in self.columns:
                if column.heading.casefold() == name.casefold():
                    return column
        text = _LANGUAGE_HEADING.fullmatch(heading)
        texts = DICTIONARY_TEXTS if self.kind == DICTIONARY else ENTRY_TEXTS
        for each in texts:
            name, tag = (text[1], text[2].lower()) if text else (heading, "")
            if each.name.casefold() == name.casefold():
                return _text_column(each, tag, frozenset())
        return None


@dataclass(frozen=True)
class Matrix:
    """A sheet with a row for each entry of one kind and a column for each entry of another.

    Args:
        rows: the kind of the rows.
        heads: the kind of the columns.
        column: the links that its ticks stand for, as those of an entry in a row.
    """

    rows: str
    heads: str
    column: ReferenceColumn


@dataclass(frozen=True)
class Plan:
    """The sheets of a dictionary.

    Args:
        sheets: a sheet for each kind.
        matrix: the sheet of ticks.
    """

    sheets: tuple[SheetPlan, ...]
    matrix: Matrix

    @cached_property
    def by_kind(self) -> Mapping[str, SheetPlan]:
        """The sheets by kind."""
        return {sheet.kind: sheet for sheet in self.sheets}


def plan(contents: Contents, own: Iterable[ox.Triple] = ()) -> Plan:
    """Derive the sheets of a dictionary.

    Args:
        contents: the dictionary.
        own: its statements, in which it may declare properties of its own with domain and range.
    """
    declared = [t for t in own if isinstance(t.subject, ox.BlankNode) or _declares(t)]
    terms = {t.subject for t in declared}
    ontology = _ontology(tuple(t for t in own if t.subject in terms)) if terms else _ontology(())
    sheets = []
    for kind, cls in _CLASSES.items():
        term = ontology.terms[cls]
        columns = list(_columns(ontology, contents, kind))
        sheets.append(SheetPlan(kind, term.label, term.definition, tuple(columns)))
    covering = ontology.terms[_MATRIX_PROPERTY]
    heads, rows = _kinds(covering.domain)[0], _kinds(covering.range)[0]
    ticks = _reference(ontology, covering, outward=False, kind=heads)
    return Plan(tuple(sheets), Matrix(rows, heads, ticks))


_PROPERTY_TYPES: Final = frozenset(str(OWL[n]) for n in ("DatatypeProperty", "ObjectProperty"))


def _declares(triple: ox.Triple) -> bool:
    value = triple.object
    return isinstance(value, ox.NamedNode) and value.value in _PROPERTY_TYPES


@cache
def _ontology(own: tuple[ox.Triple, ...]) -> Ontology:
    """The terms of the published ontology and of a dictionary's own."""
    store = ox.Store()
    for path in resources.turtle_files(resources.ONTOLOGY):
        store.extend(parse(path))
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in own)
    return read_ontology(lambda query, bindings: store.query(query, substitutions=bindings))  # type: ignore[arg-type, return-value]


@cache
def required() -> frozenset[tuple[str, str]]:
    """The pairs of a class and a property of which the shapes demand a value.

    A property that may be stated in either direction is a pair for each direction.
    """
    store = ox.Store()
    for path in resources.turtle_files(resources.SHAPES):
        store.extend(parse(path))
    query = f"""PREFIX sh: <{SH}>
SELECT ?class ?property WHERE {{
  ?shape sh:targetClass ?class ; sh:property ?constraint .
  ?constraint sh:minCount ?least ; sh:path ?path .
  ?path (sh:alternativePath/<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>*/<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>)?/sh:inversePath? ?property
  FILTER(isIRI(?property) && ?least > 0)
}}"""  # noqa: E501
    rows = store.query(query)
    return frozenset((row[0].value, row[1].value) for row in rows)  # type: ignore[union-attr]


def _columns(ontology: Ontology, contents: Contents, kind: str) -> Iterator[Column]:
    demanded = frozenset(prop for cls, prop in required() if cls == _CLASSES[kind])
    demanded |= frozenset() if kind == DICTIONARY else {_LABEL}
    if kind == DICTIONARY:
        for text in DICTIONARY_TEXTS:
            yield from _text_columns(text, contents, kind, demanded)
        for column in DICTIONARY_VALUES:
            yield replace(column, required=column.predicate in demanded)
        return
    code = "The code of the entry. Leave it empty in a new row to get the next free one."
    yield ValueColumn(CODE_HEADING, code, _CODE, datatype=_STRING)
    for text in ENTRY_TEXTS:
        yield from _text_columns(text, contents, kind, demanded)
    for term in ontology.properties:
        if term.kind == DATATYPE_PROPERTY:
            yield from _value_columns(term, kind, demanded)
        elif not term.states_inverse and not _is_inferred(term, contents):
            yield from _reference_columns(ontology, term, kind, demanded)
    deprecated = "Whether the entry is obsolete. It is kept, as others may refer to it."
    yield ValueColumn("Deprecated", deprecated, str(OWL.deprecated), datatype=str(XSD.boolean))
    replaced = "The entry that replaces this one, if it is obsolete."
    yield ReferenceColumn(
        "Replaced by", replaced, str(DCTERMS.isReplacedBy), kind=kind, repeated=False
    )


def _text_columns(
    text: TextProperty, contents: Contents, kind: str, demanded: frozenset[str]
) -> Iterator[Column]:
    used = {
        (value.language or "").lower()
        for iri, its in contents.kinds.items()
        if its == kind
        for value in contents.values(iri, text.predicate)
        if isinstance(value, ox.Literal) and (value.language or value.datatype.value == _STRING)
    }
    if text.always:
        used.add(contents.language)
    for tag in sorted(used, key=lambda tag: (tag != contents.language, tag)):
        yield _text_column(text, tag, demanded if tag == contents.language else frozenset())


def _text_column(text: TextProperty, tag: str, demanded: frozenset[str]) -> TextColumn:
    heading = f"{text.name} ({tag})" if tag else text.name
    return TextColumn(
        heading, text.note, text.predicate, text.many, text.predicate in demanded, tag
    )


def _value_columns(term: OntologyTerm, kind: str, demanded: frozenset[str]) -> Iterator[Column]:
    ranges = [one for one in term.range if one.startswith(str(XSD))] or [_STRING]
    if str(SKOS.Concept) in term.domain or _CLASSES[kind] in term.domain:
        yield ValueColumn(
            _sentence_case(term.label),
            term.definition,
            term.iri,
            many="owl:FunctionalProperty" not in term.characteristics,
            required=term.iri in demanded,
            datatype=ranges[0],
        )


def _reference_columns(
    ontology: Ontology, term: OntologyTerm, kind: str, demanded: frozenset[str]
) -> Iterator[Column]:
    """The columns for a property; parts name what they belong to.

    A property that an organization adds has its column where its domain is.
    """
    starts, ends = _kinds(term.domain), _kinds(term.range)
    outward = not _is_published(term) or DICTIONARY in ends
    here, there = (starts, ends) if outward else (ends, starts)
    if kind not in here or term.iri == _MATRIX_PROPERTY:
        return
    for other in there:
        column = _reference(ontology, term, outward, other)
        if len(there) > 1:
            column = replace(column, heading=f"{column.heading}: {_label(ontology, other)}")
        must = term.iri in demanded or column.inverse in demanded
        column = replace(column, required=must and len(there) == 1)
        if other == DICTIONARY:
            note = f"{column.note} Write yes or no; an empty cell in a new row means yes."
            heading = f"{column.heading}: {_label(ontology, other)}" if outward else column.heading
            member = MemberColumn(heading, note, column.predicate, required=must,
                                  inverse=column.inverse, outward=outward, kind=other,
                                  repeated=False)  # fmt: skip
            yield member
        else:
            yield column


def _reference(ontology: Ontology, term: OntologyTerm, outward: bool, kind: str) -> ReferenceColumn:
    inverse = next(iter(term.inverses), "")
    said = term if outward or not inverse else ontology.terms[inverse]
    heading, note = said.label, said.definition
    if not outward and not inverse:
        heading = f"{_label(ontology, kind)} that {term.label}"
        if kind == DICTIONARY:
            heading = term.label
    single = outward and "owl:FunctionalProperty" in term.characteristics
    if inverse and not outward:
        single = "owl:FunctionalProperty" in ontology.terms[inverse].characteristics
    return ReferenceColumn(
        _sentence_case(heading), note, term.iri, inverse=inverse, outward=outward, kind=kind,
        repeated=not single,
    )  # fmt: skip


def _is_inferred(term: OntologyTerm, contents: Contents) -> bool:
    """Whether a property follows from others by a rule, and no file states it."""
    return bool(term.chains) and not contents.uses(term.iri)


def _is_published(term: OntologyTerm) -> bool:
    return term.iri.startswith(str(CG))


def _kinds(classes: Iterable[str]) -> list[str]:
    return [kind for kind, cls in _CLASSES.items() if cls in classes]


def _label(ontology: Ontology, kind: str) -> str:
    return ontology.terms[_CLASSES[kind]].label


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _repeated(heading: str) -> str:
    """The heading of a column without the number of its repetition."""
    found = _REPEATED_HEADING.fullmatch(heading)
    return found[1] if found else heading
