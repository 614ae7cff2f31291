"""The kind of a change and its details, from the statements that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph.rdf.short_names import Term
from competency_graph.versions import model
from competency_graph.versions.descriptions import LABELS, Descriptions, key
from competency_graph.versions.model import Detail

MATCHES: Final = tuple(
    str(SKOS[name])
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
"""The mapping properties (SKOS, section 10), the one with the strongest claim first."""
_DEPRECATED: Final = str(OWL.deprecated)
_KIND_OF_PROPERTY: Final = {
    str(RDF.type): model.RECLASSED,
    str(SKOS.notation): model.RECODED,
    _DEPRECATED: model.DEPRECATED,
    str(DCTERMS.isReplacedBy): model.DEPRECATED,
    **dict.fromkeys(LABELS, model.RENAMED),
    **dict.fromkeys(MATCHES, model.RELINKED),
    **dict.fromkeys(
        map(
            str,
            (
                SKOS.definition, SKOS.altLabel, SKOS.hiddenLabel, SKOS.example, SKOS.note,
                SKOS.scopeNote, SKOS.editorialNote, SKOS.historyNote, SKOS.changeNote,
                RDFS.comment, DCTERMS.description, DCTERMS.abstract,
            ),
        ),
        model.REWORDED,
    ),
}  # fmt: skip
_FIRST, _REST = str(RDF.first), str(RDF.rest)
_ANNOTATED: Final = tuple(
    str(OWL[name]) for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")
)


def by_kind(
    removed: Iterable[ox.Quad], added: Iterable[ox.Quad], descriptions: Descriptions
) -> dict[str, tuple[list[ox.Quad], list[ox.Quad]]]:
    """The statements about one entry, by the kind of change that they make."""
    found: dict[str, tuple[list[ox.Quad], list[ox.Quad]]] = defaultdict(lambda: ([], []))
    for side, quads in enumerate((removed, added)):
        for quad in quads:
            found[_kind(quad, descriptions, side)][side].append(quad)
    if sides := found.get(model.DEPRECATED):
        lost, gained = (any(map(deprecates, side)) for side in sides)
        if lost and not gained:
            found[model.REINSTATED] = found.pop(model.DEPRECATED)
    for kind in (model.RENAMED, model.REWORDED):
        if sides := found.get(kind):
            translations = _translations(sides[1], descriptions)
            for quad in translations:
                sides[1].remove(quad)
                found[model.TRANSLATED][1].append(quad)
            if not any(sides):
                del found[kind]
    return dict(found)


def details(
    owner: str, removed: list[ox.Quad], added: list[ox.Quad], descriptions: Descriptions
) -> list[Detail]:
    """The values that differ, by property and by what has them.

    A mapping that is in one version only is a single value; its confidence, author and the like
    are listed only if they change.
    """
    found: dict[tuple[str, str], tuple[set[Term], set[Term]]] = defaultdict(lambda: (set(), set()))
    for side, quads in enumerate((removed, added)):
        for quad in quads:
            about, what, value = "", quad.predicate.value, quad.object
            annotation = _annotation(quad.subject, descriptions, side)
            if what == _REST or _annotation(value, descriptions, side):
                continue  # the links of a list; the set's statement that it contains this mapping
            if annotation and not descriptions.described(key(quad.subject), 1 - side):
                what, value = annotation
            elif not isinstance(quad.subject, ox.NamedNode) or quad.subject.value != owner:
                about = descriptions.path(quad, side)
            found[about, what][side].add(value)
    ordered = [
        Detail(what, tuple(sorted(lost, key=str)), tuple(sorted(gained, key=str)), about)
        for (about, what), (lost, gained) in sorted(found.items(), key=itemgetter(0))
    ]
    kept = [each for each in ordered if each.what != _FIRST or each.removed != each.added]
    return kept or [Detail("order of members")]


def _kind(quad: ox.Quad, descriptions: Descriptions, side: int) -> str:
    for term in (quad.subject, quad.object):
        if annotation := _annotation(term, descriptions, side):
            return model.RELINKED if annotation[0] in MATCHES else model.OTHER
    if isinstance(quad.subject, ox.BlankNode):
        return model.REFERENCES
    if kind := _KIND_OF_PROPERTY.get(quad.predicate.value):
        return kind
    if isinstance(quad.object, ox.Literal):
        return model.REWORDED if quad.object.language else model.OTHER
    return model.REFERENCES


def _annotation(term: Term, descriptions: Descriptions, side: int) -> tuple[str, Term] | None:
    """Property and value of the statement that a term annotates (OWL 2 Mapping, section 3.2.2)."""
    if isinstance(term, ox.Literal):
        return None
    _, property_, target = (descriptions.value(term, each, side) for each in _ANNOTATED)
    if not isinstance(property_, ox.NamedNode) or target is None:
        return None
    return property_.value, target


def deprecates(quad: ox.Quad) -> bool:
    """Whether a statement says that its subject is deprecated."""
    value = quad.object
    return (
        quad.predicate.value == _DEPRECATED
        and isinstance(value, ox.Literal)
        and value.value in ("true", "1")
    )


def _translations(added: list[ox.Quad], descriptions: Descriptions) -> list[ox.Quad]:
    """The texts in a language in which the old version does not have this text, but in another."""
    found = []
    for quad in added:
        before = descriptions.values(key(quad.subject), quad.predicate.value, 0)
        languages = {each.language for each in before if isinstance(each, ox.Literal)}
        value = quad.object
        if languages and isinstance(value, ox.Literal) and value.language not in languages:
            found.append(quad)
    return found
