"""Changes in words, shared by the formats for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from competency_graph.rdf.short_names import Term, local_name, shorten
from competency_graph.versions.model import KINDS, Change, Changes, Detail, Entry

_WORDS: Final = {
    str(property_): words
    for property_, words in (
        (RDF.type, "class"), (SKOS.notation, "code"), (OWL.deprecated, "deprecated"),
        (DCTERMS.isReplacedBy, "replaced by"), (SKOS.prefLabel, "label"), (RDFS.label, "label"),
        (DCTERMS.title, "title"), (SKOS.definition, "definition"), (SKOS.altLabel, "variant name"),
        (SKOS.example, "example"), (SKOS.scopeNote, "scope note"), (RDFS.comment, "comment"),
        (DCTERMS.description, "description"), (SKOS.exactMatch, "exact match"),
        (SKOS.closeMatch, "close match"), (SKOS.broadMatch, "broader match"),
        (SKOS.narrowMatch, "narrower match"), (SKOS.relatedMatch, "related match"),
        (RDFS.domain, "domain"), (RDFS.range, "range"), (OWL.versionInfo, "version"),
    )
}  # fmt: skip
_STRING: Final = str(XSD.string)


class Line(NamedTuple):
    """One respect in which an entry changed, in words.

    Args:
        what: the property, and the language if all values have the same one.
        removed: the old values.
        added: the new values.
    """

    what: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def name(entry: Entry) -> str:
    """What an entry is called: its label, or its short name."""
    return entry.label or short(entry.iri)


def short(iri: str) -> str:
    """An IRI as a prefixed name if there is one; blank nodes are left as they are."""
    return iri if not iri or iri.startswith("_:") else shorten(ox.NamedNode(iri))


def facts(entry: Entry) -> str:
    """The class, the code and the short name of an entry, as far as it has them."""
    class_ = _spaced(local_name(entry.class_)) if entry.class_ else ""
    own = " ".join(filter(None, (class_, entry.code)))
    return ", ".join(filter(None, (own, short(entry.iri) if entry.label else "")))


def lines(change: Change, changes: Changes) -> Iterator[Line]:
    """The details of a change."""
    for detail in change.details:
        yield _line(detail, changes)


def heading(kind: str, number: int) -> str:
    """The heading of the changes of one kind."""
    return f"{KINDS[kind]} ({number:,})"


def summary(changes: Changes) -> str:
    """The number of changes in one sentence."""
    if not changes:
        return f"No changes from {changes.old.name} to {changes.new.name}."
    parts = [f"{number:,} {KINDS[kind][0].lower()}{KINDS[kind][1:]}"
             for kind, number in changes.counts.items()]  # fmt: skip
    number = len(changes.changes)
    return (
        f"{number:,} change{'' if number == 1 else 's'} from {changes.old.name} to "
        f"{changes.new.name}: {', '.join(parts)}."
    )


def _line(detail: Detail, changes: Changes) -> Line:
    values = (*detail.removed, *detail.added)
    languages = {each.language for each in values if isinstance(each, ox.Literal)}
    common = next(iter(languages)) if len(languages) == 1 else None
    what = _property(detail.what, changes) + (f" ({common})" if common else "")
    return Line(
        f"{detail.about}: {what}" if detail.about else what,
        *(
            tuple(_value(each, changes, common) for each in side)
            for side in (detail.removed, detail.added)
        ),
    )


def _property(what: str, changes: Changes) -> str:
    if ":" not in what:
        return what  # the name of a relation
    return _WORDS.get(what) or changes.labels.get(what) or short(what)


def _value(term: Term, changes: Changes, language: str | None) -> str:
    if isinstance(term, ox.NamedNode):
        label = changes.labels.get(term.value)
        return f"{label} ({short(term.value)})" if label else short(term.value)
    if isinstance(term, ox.Literal):
        if term.language and term.language != language:
            return f"{term.value} ({term.language})"
        return term.value
    return "[…]"


def _spaced(name: str) -> str:
    """A class name as words: ``JobTitle`` becomes ``job title``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
