"""schema.org: occupations and defined terms in JSON-LD as statements of SKOS.

They are often parts of other things (a person's ``hasOccupation``), without IRIs of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.importing.frameworks import skos_terms as terms
from competency_graph.importing.frameworks.json_files import Object, text, texts, within
from competency_graph.importing.frameworks.minting import Names, is_iri
from competency_graph.rdf.vocabulary import PREFIXES

_SPACE = re.compile(r"https?://schema\.org/(\w+)")
_DC: Final = terms.KEPT_NAMESPACE
_CONCEPTS: Final = frozenset(("Occupation", "DefinedTerm", "CategoryCode"))
_SCHEMES: Final = frozenset(("DefinedTermSet", "CategoryCodeSet"))
_PROPERTIES: Final = {
    "name": terms.PREFERRED,
    "alternateName": terms.OTHER,
    "description": terms.DEFINITION,
    "termCode": terms.SKOS + "notation",
    "codeValue": terms.SKOS + "notation",
    "inDefinedTermSet": terms.IN_SCHEME,
    "inCodeSet": terms.IN_SCHEME,
    "hasDefinedTerm": terms.HAS_TOP,
    "hasCategoryCode": terms.HAS_TOP,
    "sameAs": PREFIXES["rdfs"] + "seeAlso",
    "url": PREFIXES["rdfs"] + "seeAlso",
    "identifier": _DC + "identifier",
    "license": _DC + "license",
    "inLanguage": _DC + "language",
    "version": terms.VERSION,
    "dateModified": _DC + "modified",
    "dateCreated": _DC + "created",
    **dict.fromkeys(("skills", "qualifications"), terms.RELATED),
    **dict.fromkeys(("responsibilities", "educationRequirements"), terms.SKOS + "note"),
    "experienceRequirements": terms.SKOS + "note",
    "creativeWorkStatus": PREFIXES["schema"] + "creativeWorkStatus",
}
_CATEGORY: Final = "occupationalCategory"
_SOC: Final = re.compile(r"(?:.*[^\d])?(\d\d-\d{4})(\.\d\d)?\b.*", re.DOTALL)
_ONET: Final = PREFIXES["onet-occupation"]


def name_things(document: Any, names: Names) -> None:  # noqa: ANN401  (any JSON)
    """Give occupations and terms without an IRI one in the document, so that they can be named."""
    for each in within(document):
        kinds = {kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in _types(each)}
        if not kinds & (_CONCEPTS | _SCHEMES):
            continue
        key = "id" if "id" in each and "@id" not in each else "@id"
        own = text(each.get(key))
        if not is_iri(own) or own.startswith("_:"):
            label = _first_text(each.get("name")) or _first_text(each.get("termCode"))
            each[key] = names(label)


def _types(each: Object) -> list[str]:
    return texts(each.get("@type")) or texts(each.get("type"))


def _first_text(value: object) -> str:
    if isinstance(value, dict):
        value = next(iter(value.values()), "") if "@value" not in value else value["@value"]
    return next(iter(texts(value)), "")


def as_skos(quads: Callable[[], Iterable[ox.Quad]]) -> Callable[[], Iterator[ox.Quad]]:
    """Statements of schema.org as those of SKOS.

    An occupational category is the broader occupation of O*NET, if it has a code of its taxonomy,
    as schema.org assumes of texts.
    """

    def read() -> Iterator[ox.Quad]:
        for quad in quads():
            subject, predicate, value = quad.subject, quad.predicate, quad.object
            name = _local(predicate.value)
            if predicate.value == terms.TYPE:
                yield quad
                kind = _local(value.value) if isinstance(value, ox.NamedNode) else ""
                meant = (kind in _CONCEPTS and terms.CONCEPT) or (kind in _SCHEMES and terms.SCHEME)
                if meant:
                    yield ox.Quad(subject, predicate, ox.NamedNode(meant))
            elif name == _CATEGORY and isinstance(value, ox.Literal):
                yield from _category(quad, value.value)
            elif name == _CATEGORY and isinstance(value, ox.NamedNode):
                yield ox.Quad(subject, ox.NamedNode(terms.BROADER), value)
            elif name in _PROPERTIES:
                meant = _PROPERTIES[name]
                if meant == terms.RELATED and isinstance(value, ox.Literal):
                    meant = terms.SKOS + "note"  # skills in words
                yield ox.Quad(subject, ox.NamedNode(meant), value)
            else:
                yield quad

    return read


def _category(quad: ox.Quad, category: str) -> Iterator[ox.Quad]:
    code = _SOC.fullmatch(category)
    if code is None:
        yield ox.Quad(quad.subject, ox.NamedNode(_DC + "type"), quad.object)
        return
    occupation = ox.NamedNode(_ONET + code[1] + (code[2] or ".00"))
    yield ox.Quad(quad.subject, ox.NamedNode(terms.SKOS + "broadMatch"), occupation)


def _local(iri: str) -> str:
    found = _SPACE.fullmatch(iri)
    return found[1] if found else ""
