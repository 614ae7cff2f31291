"""Entries that others cannot find or recognise any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, SKOS

from competency_graph.rdf.short_names import Term, prefixes_of, shorten
from competency_graph.rdf.vocabulary import KINDS, PREFIXES
from competency_graph.versions import model
from competency_graph.versions.canonical_forms import nodes
from competency_graph.versions.checks.rules import GONE, RECLASSED, RECODED, REUSED, Breaking
from competency_graph.versions.descriptions import key
from competency_graph.versions.details import deprecates
from competency_graph.versions.formats.wording import name
from competency_graph.versions.model import Changes
from competency_graph.versions.usual_names import with_article

_TYPE, _NOTATION = str(RDF.type), str(SKOS.notation)
_SCHEME: Final = ox.NamedNode(SKOS.inScheme)
_CODE: Final = ox.NamedNode(SKOS.notation)
_DEPRECATED: Final = ox.NamedNode(OWL.deprecated)
_TRUE: Final = ox.Literal(True)
_CLASSES: Final = frozenset(
    [
        *map(str, KINDS.values()), PREFIXES["cg"] + "CompetencyDictionary",
        *(str(OWL[each]) for each in ("Class", "ObjectProperty", "DatatypeProperty",
                                      "AnnotationProperty")),
    ]
)  # fmt: skip
"""The classes that decide how an entry or a term can be used."""


def gone(changes: Changes) -> Iterator[Breaking]:
    """Entries that the new version no longer describes, and that were not deprecated before."""
    for change in changes.of(model.GONE):
        entry = change.entry
        if entry.iri.startswith("_:") or entry.class_.startswith(PREFIXES["sssom"]):
            continue
        if any(map(deprecates, change.removed)):
            continue
        yield Breaking(
            GONE,
            entry.iri,
            f"“{name(entry)}” is gone, so references to it lead nowhere.",
            "Restore it with owl:deprecated true and, if another entry takes its place, "
            "dcterms:isReplacedBy; it can be removed in a later version.",
            patch=_deprecated(entry.iri, change.removed),
        )


def reclassed(changes: Changes) -> Iterator[Breaking]:
    """Entries that are of another class than before, and terms used in another way."""
    for change in changes.of(model.RECLASSED):
        lost, now = (_classes(quads) for quads in (change.removed, change.added))
        if lost:
            was, is_ = (" and ".join(map(with_article, each)) for each in (lost, now))
            after = f"is now {is_}" if now else "no longer is"
            yield Breaking(
                RECLASSED,
                change.entry.iri,
                f"“{name(change.entry)}” was {was} and {after}. Data that use it as {was} are no "
                "longer valid.",
                "Restore the class, and give the new meaning to a new entry.",
                _TYPE,
                f"<{now[0]}>" if now else "",
            )


def recoded(changes: Changes) -> Iterator[Breaking]:
    """Entries with another code than before."""
    for change in changes.of(model.RECODED):
        lost, now = (_codes(quads) for quads in (change.removed, change.added))
        for code in lost:
            after = f" and is now {now[0].value}" if now else ""
            yield Breaking(
                RECODED,
                change.entry.iri,
                f"The code of “{name(change.entry)}” was {code.value}{after}. "
                "Systems that store the code no longer find it.",
                f"Restore the code {code.value}.",
                _NOTATION,
                str(now[0]) if now else "",
            )


def reused_codes(changes: Changes) -> Iterator[Breaking]:
    """Entries with a code that another entry of the same dictionary had before."""
    given = [quad for quad in changes.difference.added if quad.predicate == _CODE]
    if not given:
        return
    codes = {quad.object for quad in given}
    holders: dict[Term, list[Term]] = defaultdict(list)
    for quad in changes.old.statements:
        if quad.predicate == _CODE and quad.object in codes:
            holders[quad.object].append(quad.subject)
    subjects = {term for each in holders.values() for term in each}
    before = _dictionaries(changes.old.statements, subjects)
    after = _dictionaries(changes.new.statements, {quad.subject for quad in given})
    for quad in sorted(given, key=str):
        for holder in sorted(holders[quad.object], key=str):
            own, other = after[quad.subject], before[holder]
            if holder == quad.subject or (own and other and not own & other):
                continue
            entry = changes.descriptions.entry(key(quad.subject))
            code = shorten(quad.object)
            yield Breaking(
                REUSED,
                entry.iri,
                f"“{name(entry)}” has the code {code}, which was that of "
                f"“{changes.descriptions.name(holder)}”. Systems that store codes confuse the "
                "two.",
                "Give it a code that no entry has had.",
                _NOTATION,
                str(quad.object),
            )


def _classes(quads: Iterable[ox.Quad]) -> list[str]:
    """The classes that some statements name, of those that decide about the use of an entry."""
    return sorted(
        quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.NamedNode) and quad.object.value in _CLASSES
    )


def _codes(quads: Iterable[ox.Quad]) -> list[ox.Literal]:
    return [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]


def _dictionaries(quads: Iterable[ox.Quad], entries: Collection[Term]) -> dict[Term, set[Term]]:
    """The dictionaries that entries state to be in."""
    found: dict[Term, set[Term]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == _SCHEME and quad.subject in entries:
            found[quad.subject].add(quad.object)
    return found


def _deprecated(entry: str, quads: Iterable[ox.Quad]) -> str:
    """The description of an entry with a mark that it is deprecated, in Turtle without prefixes."""
    node = ox.NamedNode(entry)
    triples = [quad.triple for quad in quads if quad.subject == node and not any(nodes(quad))]
    triples.append(ox.Triple(node, _DEPRECATED, _TRUE))
    text = ox.serialize(
        sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=prefixes_of(triples)
    )
    return "\n".join(
        line for line in (text or b"").decode().splitlines() if not line.startswith("@prefix")
    )
