"""CTDL-ASN: competency frameworks of the Credential Registry as statements of SKOS.

The same is read from a file with a ``@graph``, from a single competency, and from the envelopes of
the registry, in any of which the graph is ``decoded_resource``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.frameworks import skos_terms as terms
from competency_graph.importing.frameworks.json_files import Object
from competency_graph.rdf.vocabulary import PREFIXES

_MAX_ENVELOPES: Final = 6
"""The maximum number of objects and lists around a graph."""
_SPACE = re.compile(r"https?://purl\.org/(?:ctdlasn|ctdl)/terms/(\w+)")
_DC: Final = terms.KEPT_NAMESPACE
_CLASSES: Final = {
    "CompetencyFramework": terms.SCHEME,
    "Collection": terms.SCHEME,
    **dict.fromkeys(("Competency", "WorkRole", "Occupation", "Job", "Task"), terms.CONCEPT),
}
_PROPERTIES: Final = {
    "competencyLabel": terms.PREFERRED,
    "competencyText": terms.STATEMENT,
    "name": terms.PREFERRED,
    "alternateName": terms.OTHER,
    "description": _DC + "description",
    "comment": terms.SKOS + "note",
    "codedNotation": terms.SKOS + "notation",
    "altCodedNotation": terms.SKOS + "notation",
    "competencyCategory": _DC + "type",
    "ctid": _DC + "identifier",
    "isChildOf": terms.BROADER,
    "hasChild": terms.NARROWER,
    "isTopChildOf": terms.TOP_OF,
    "hasTopChild": terms.HAS_TOP,
    "isPartOf": terms.IN_SCHEME,
    "hasMember": terms.HAS_TOP,
    **dict.fromkeys(("knowledgeEmbodied", "abilityEmbodied", "skillEmbodied"), terms.RELATED),
    "exactAlignment": terms.SKOS + "exactMatch",
    "majorAlignment": terms.SKOS + "closeMatch",
    "minorAlignment": terms.SKOS + "relatedMatch",
    "broadAlignment": terms.SKOS + "broadMatch",
    "narrowAlignment": terms.SKOS + "narrowMatch",
    "dateCreated": _DC + "created",
    "dateModified": _DC + "modified",
    "inLanguage": _DC + "language",
    "publisherName": _DC + "publisher",
    **{name: _DC + name for name in ("creator", "publisher", "license", "source", "rights")},
    "isReplacedBy": terms.REPLACED_BY,
    "supersededBy": terms.REPLACED_BY,
    "versionIdentifier": terms.VERSION,
    "publicationStatusType": PREFIXES["owl"] + "status",
    "lifeCycleStatusType": PREFIXES["owl"] + "status",
}  # fmt: skip


def documents(value: Any, where: str) -> list[Object]:  # noqa: ANN401  (any JSON)
    """The JSON-LD documents in a file: itself, or those in envelopes around them.

    Raises:
        UnreadableInputError: there is none.
    """
    found: list[Object] = []
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if isinstance(each, dict):
            if "@graph" in each or "@type" in each or "type" in each:
                found.append(each)
            elif depth < _MAX_ENVELOPES:
                waiting += [(inner, depth + 1) for inner in reversed(each.values())]
        elif isinstance(each, list) and depth < _MAX_ENVELOPES:
            waiting += [(inner, depth + 1) for inner in reversed(each)]
    if not found:
        raise UnreadableInputError(
            "there is no JSON-LD in this file: no object has “@graph” or “@type”",
            "Check that it is the file you mean",
            where,
        )
    return _joined(found)


def _joined(found: list[Object]) -> list[Object]:
    """Documents with the same context as one, since thousands of small ones take long."""
    groups: dict[str, Object] = {}
    for each in found:
        key = repr(each.get("@context"))
        group = groups.setdefault(key, {"@graph": []})
        if "@context" in each:
            group["@context"] = each["@context"]
        nodes = each.get("@graph")
        if isinstance(nodes, list):
            group["@graph"] += nodes
        else:
            group["@graph"].append({k: v for k, v in each.items() if k != "@context"})
    return list(groups.values())


def as_skos(quads: Callable[[], Iterable[ox.Quad]]) -> Callable[[], Iterator[ox.Quad]]:
    """Statements of CTDL as those of SKOS; what SKOS has already stays as it is."""

    def read() -> Iterator[ox.Quad]:
        for quad in quads():
            subject, predicate, value = quad.subject, quad.predicate, quad.object
            if predicate.value == terms.TYPE:
                yield quad
                meant = _term(value.value, _CLASSES) if isinstance(value, ox.NamedNode) else ""
                if meant:
                    yield ox.Quad(subject, predicate, ox.NamedNode(meant))
            elif name := _term(predicate.value, _PROPERTIES):
                yield ox.Quad(subject, ox.NamedNode(name), value)
            else:
                yield quad

    return read


def _term(iri: str, table: dict[str, str]) -> str:
    found = _SPACE.fullmatch(iri)
    return table.get(found[1], "") if found else ""
