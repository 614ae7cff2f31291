"""What a term is, in a few lines of Markdown, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph.authoring.live_store import LiveStore
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.vocabulary import PREFIXES

_LABELS: Final = (str(SKOS.prefLabel), str(DCTERMS.title), str(RDFS.label))
_DEFINITIONS: Final = (str(SKOS.definition), str(DCTERMS.description), str(RDFS.comment))
_MATCHES: Final = tuple(
    (str(SKOS[f"{kind}Match"]), f"{kind} match")
    for kind in ("exact", "close", "broad", "narrow", "related")
)
_BROADER: Final = (str(SKOS.broader), "broader")
_MAX_LINKS: Final = 20
_GENERAL_KINDS: Final = frozenset((str(SKOS.Concept), PREFIXES["esco"] + "MemberConcept"))
"""The classes of all concepts of a framework."""
_TARGET: Final = ox.NamedNode(OWL.annotatedTarget)
_TARGET_LABEL: Final = ox.NamedNode(PREFIXES["sssom"] + "object_label")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|])")


def label_of(store: LiveStore, iri: str, language: str) -> str:
    """The label of a term, in a language if it has one in it; its local name if it has none."""
    known = store.known.get(iri)
    if known and known.labels:
        return preferred(known.labels, language)
    for name in _LABELS:
        if found := _text(store, iri, name, language):
            return found
    return _label_in_mappings(store, iri) or local_name(iri)


def _label_in_mappings(store: LiveStore, iri: str) -> str:
    """The label that a mapping gives to the concept that it leads to."""
    for mapping in store.store.quads_for_pattern(None, _TARGET, ox.NamedNode(iri)):
        for label in store.store.quads_for_pattern(mapping.subject, _TARGET_LABEL, None):
            if isinstance(label.object, ox.Literal):
                return label.object.value
    return ""


def preferred(labels: dict[str, str], language: str) -> str:
    """The label in a language, else in English, else without language, else any."""
    for wanted in (language, language.partition("-")[0], "en", ""):
        if wanted in labels:
            return labels[wanted]
    return next(iter(labels.values()), "")


def describe(store: LiveStore, iri: str, language: str) -> str:
    """Describe a term; "" if nothing is known about it.

    Args:
        store: the statements.
        iri: the term.
        language: a tag of BCP 47.
    """
    links = [*_links(store, iri, language), *_links_to(store, iri, language)]
    if not links and not store.is_described(iri):
        return ""
    label = _escaped(label_of(store, iri, language))
    kinds = kinds_of(store, iri, language)
    codes = [value.value for value in store.values(iri, str(SKOS.notation))]
    lines = [" · ".join([f"**{label}**", *map(_escaped, (*kinds, *codes))])]
    if any(value.value in ("true", "1") for value in store.values(iri, str(OWL.deprecated))):
        by = [shorten(value) for value in store.values(iri, str(DCTERMS.isReplacedBy))]
        lines.append("Deprecated" + (f", replaced by {', '.join(by)}" if by else ""))
    for name in _DEFINITIONS:
        if found := _text(store, iri, name, language):
            lines.append(_escaped(found))
            break
    if links:
        more = len(links) - _MAX_LINKS
        lines.append(
            "\n".join([*links[:_MAX_LINKS], *([f"- and {more} more"] if more > 0 else [])])
        )
    lines.append(f"`{iri}`")
    return "\n\n".join(lines)


def kinds_of(store: LiveStore, iri: str, language: str) -> list[str]:
    """The labels of a term's classes, without those that say only that it is a concept."""
    classes = [
        kind.value
        for kind in store.values(iri, str(RDF.type))
        if isinstance(kind, ox.NamedNode) and not kind.value.startswith(str(OWL))
    ]
    specific = [kind for kind in classes if kind not in _GENERAL_KINDS] or classes
    return [label_of(store, kind, language) for kind in specific]


def _links(store: LiveStore, iri: str, language: str) -> Iterator[str]:
    """The links of a term."""
    for name, words in (*_MATCHES, _BROADER):
        for other in store.values(iri, name):
            if isinstance(other, ox.NamedNode):
                yield _link(store, words, other.value, language)


def _links_to(store: LiveStore, iri: str, language: str) -> Iterator[str]:
    """The links of entries that lead to a concept of a framework."""
    for name, words in _MATCHES:
        for other in sorted(store.subjects(name, iri)):
            yield _link(store, f"{words} of", other, language)


def _link(store: LiveStore, words: str, iri: str, language: str) -> str:
    return f"- {words}: {_escaped(label_of(store, iri, language))} <{iri}>"


def _text(store: LiveStore, iri: str, name: str, language: str) -> str:
    texts = {
        value.language or "": value.value
        for value in store.values(iri, name)
        if isinstance(value, ox.Literal)
    }
    return preferred(texts, language)


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
