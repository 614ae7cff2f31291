"""The frameworks that a dictionary is linked to, and what their IRIs tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, SKOS

from competency_graph.rdf.vocabulary import GRAPH_ESCO, GRAPH_ONET, PREFIXES

_TYPE, _LABEL, _NOTATION = (
    ox.NamedNode(term) for term in (RDF.type, SKOS.prefLabel, SKOS.notation)
)
_PAGE = ox.NamedNode(PREFIXES["foaf"] + "page")
_SKILL_TYPE = ox.NamedNode(PREFIXES["esco"] + "skillType")
_SKILL_TYPES: Final = {
    "skill/competence": ox.NamedNode("http://data.europa.eu/esco/skill-type/skill"),
    "knowledge": ox.NamedNode("http://data.europa.eu/esco/skill-type/knowledge"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of thing of a framework.

    Args:
        name: what mappings call it in ``object_category``.
        prefix: the prefix of its IRIs.
        local: a pattern of what follows the prefix.
        type: the class of its things, as prefixed name.
        page: the address of a thing's page, with ``{}`` for its code; "" where its IRI leads there.
        code: a pattern whose first group is a thing's code in its IRI; "" where that has none.
    """

    name: str
    prefix: str
    local: str
    type: str
    page: str = ""
    code: str = "(.+)"

    def holds(self, iri: str) -> bool:
        """Whether an IRI is of this kind, as far as the IRI tells."""
        local = iri.removeprefix(PREFIXES[self.prefix])
        return local != iri and re.fullmatch(self.local, local) is not None


@dataclass(frozen=True)
class Framework:
    """A framework.

    Args:
        name: what a person types, as ``esco``, also of ``competency import``.
        title: what a page calls it.
        graph: the named graph that holds it where it is imported; mappings name it as
            ``object_source``.
        namespace: what the IRIs of all its terms and things begin with.
        kinds: its kinds; of those that share IRIs, all.
    """

    name: str
    title: str
    graph: str
    namespace: str
    kinds: tuple[Kind, ...]


_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CONCEPT = "skos:Concept"
_SUMMARY = "https://www.onetonline.org/link/summary/{}"
_DESCRIPTOR = "https://www.onetonline.org/find/descriptor/result/{}"


def _element(name: str, part: str, kind: str) -> Kind:
    local = rf"{part}(?:\.[0-9a-z]+)*"
    return Kind(name, "onet-element", local, kind, _DESCRIPTOR)


ESCO: Final = Framework(
    "esco",
    "ESCO",
    str(GRAPH_ESCO),
    "http://data.europa.eu/esco/",
    (
        Kind("occupation", "esco-occupation", _UUID, "esco:Occupation", code=""),
        Kind("ISCO group", "esco-isco", r"C\d{1,4}", _CONCEPT, code="C(.+)"),
        Kind("skill/competence", "esco-skill", _UUID, "esco:Skill", code=""),
        Kind("knowledge", "esco-skill", _UUID, "esco:Skill", code=""),
        Kind("skill group", "esco-skill", _UUID, _CONCEPT, code=""),
        Kind("skill group", "esco-skill", r"[A-Z]\d*(?:\.\d+)*", _CONCEPT),
        Kind("skill group", "esco-isced", r"\d{2,4}", _CONCEPT),
    ),
)
ONET: Final = Framework(
    "onet",
    "O*NET",
    str(GRAPH_ONET),
    PREFIXES["onet"],
    (
        Kind(
            "occupation", "onet-occupation", r"\d\d-\d{4}\.\d\d",
            "onet:Occupation", _SUMMARY,
        ),
        _element("skill", r"2\.[AB]", "onet:Skill"),
        _element("knowledge", r"2\.C", "onet:Knowledge"),
        _element("ability", r"1\.A", "onet:Ability"),
        _element("work style", r"1\.[CD]", "onet:WorkStyle"),
        _element("work activity", r"4\.A", "onet:WorkActivity"),
        Kind(
            "intermediate work activity", "onet-activity", r"4\.A(?:\.[0-9a-z]+)*\.I\d\d",
            "onet:IntermediateWorkActivity",
        ),
        Kind(
            "detailed work activity", "onet-activity", r"4\.A(?:\.[0-9a-z]+)*\.I\d\d\.D\d\d",
            "onet:DetailedWorkActivity",
        ),
    ),
)  # fmt: skip
FRAMEWORKS: Final = {framework.name: framework for framework in (ESCO, ONET)}
"""The frameworks, by their names."""


def kinds_of(iri: str) -> list[Kind]:
    """The kinds that a thing can be of, by its IRI; none for what is in no framework."""
    return [
        kind for framework in FRAMEWORKS.values() for kind in framework.kinds if kind.holds(iri)
    ]


def framework_of(iri: str) -> Framework | None:
    """The framework that a thing is of, by its IRI."""
    for framework in FRAMEWORKS.values():
        if any(kind.holds(iri) for kind in framework.kinds):
            return framework
    return None


def facts(iri: str, label: str, category: str) -> Iterator[ox.Triple]:
    """What is known of a thing of a framework without the framework: all that a page shows.

    It is told in the terms in which an import tells it, so that it is the same thing there.

    Args:
        iri: the thing.
        label: its label, in English; "" where it is not known.
        category: its kind's name; "" where it is not known.
    """
    thing = ox.NamedNode(iri)
    if label:
        yield ox.Triple(thing, _LABEL, ox.Literal(label, language="en"))
    kind = next((kind for kind in kinds_of(iri) if kind.name == category), None)
    if kind is None:
        return
    prefix, _, local = kind.type.partition(":")
    yield ox.Triple(thing, _TYPE, ox.NamedNode(PREFIXES[prefix] + local))
    if kind.prefix == "esco-skill" and category in _SKILL_TYPES:
        yield ox.Triple(thing, _SKILL_TYPE, _SKILL_TYPES[category])
    code = kind.code and re.fullmatch(kind.code, iri.removeprefix(PREFIXES[kind.prefix]))
    if code:
        yield ox.Triple(thing, _NOTATION, ox.Literal(code[1]))
        if kind.page:
            yield ox.Triple(thing, _PAGE, ox.NamedNode(kind.page.format(code[1])))
