"""The frameworks that dictionaries link to, and what their IRIs reveal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.vocabulary import GRAPH_ESCO, GRAPH_ONET, PREFIXES

_TYPE, _LABEL, _OTHER_LABEL, _NOTATION = (
    ox.NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (
        ("rdf", "type"),
        ("skos", "prefLabel"),
        ("rdfs", "label"),
        ("skos", "notation"),
    )
)
_PAGE = ox.NamedNode(PREFIXES["foaf"] + "page")
_SKILL_TYPE = ox.NamedNode(PREFIXES["esco"] + "skillType")
_SKILL_TYPES: Final = {
    "skill/competence": ox.NamedNode("http://data.europa.eu/esco/skill-type/skill"),
    "knowledge": ox.NamedNode("http://data.europa.eu/esco/skill-type/knowledge"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of concept in a framework.

    Args:
        name: its name in the ``object_category`` of mappings.
        prefix: the prefix of its IRIs.
        local: a pattern for the part after the prefix.
        type: its class, as a prefixed name.
        page: the address of a concept's page, with ``{}`` for its code; "" if its IRI is the page.
        code: a pattern whose first group is the code in the IRI; "" if the IRI contains none.
        named: whether its concepts have names of their own. A task of O*NET is a sentence about one
            occupation, so links name it by its number, and none is proposed.
    """

    name: str
    prefix: str
    local: str
    type: str
    page: str = ""
    code: str = "(.+)"
    named: bool = True

    def holds(self, iri: str) -> bool:
        """Whether an IRI can be of this kind, going by the IRI alone."""
        local = iri.removeprefix(PREFIXES[self.prefix])
        return local != iri and re.fullmatch(self.local, local) is not None


@dataclass(frozen=True)
class Framework:
    """A framework.

    Args:
        name: the name users type, such as ``esco``, also for ``competency import``.
        title: its name on pages.
        graph: the named graph of its import, which mappings name as ``object_source``.
        namespace: the start of the IRIs of all its terms and concepts.
        kinds: its kinds of concepts; several kinds may share IRIs.
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


def _onet_element_kind(name: str, part: str, kind: str) -> Kind:
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
        _onet_element_kind("skill", r"2\.[AB]", "onet:Skill"),
        _onet_element_kind("knowledge", r"2\.C", "onet:Knowledge"),
        _onet_element_kind("ability", r"1\.A", "onet:Ability"),
        _onet_element_kind("work style", r"1\.[CD]", "onet:WorkStyle"),
        _onet_element_kind("work activity", r"4\.A", "onet:WorkActivity"),
        Kind(
            "intermediate work activity", "onet-activity", r"4\.A(?:\.[0-9a-z]+)*\.I\d\d",
            "onet:IntermediateWorkActivity",
        ),
        Kind(
            "detailed work activity", "onet-activity", r"4\.A(?:\.[0-9a-z]+)*\.I\d\d\.D\d\d",
            "onet:DetailedWorkActivity",
        ),
        Kind("task", "onet-task", r"\d{1,9}", "onet:Task", named=False),
    ),
)  # fmt: skip
FRAMEWORKS: Final = {framework.name: framework for framework in (ESCO, ONET)}
"""The frameworks by name."""


def kinds_of(iri: str) -> list[Kind]:
    """The kinds that a concept's IRI permits; none if no framework has the IRI."""
    return [
        kind for framework in FRAMEWORKS.values() for kind in framework.kinds if kind.holds(iri)
    ]


def framework_of(iri: str) -> Framework | None:
    """The framework that has a concept, going by its IRI."""
    for framework in FRAMEWORKS.values():
        if any(kind.holds(iri) for kind in framework.kinds):
            return framework
    return None


def facts(iri: str, label: str, category: str) -> Iterator[ox.Triple]:
    """Statements about a concept that need no import of its framework: all that a page shows.

    They use the same terms as an import, so the two do not conflict.

    Args:
        iri: the concept.
        label: its English label; "" if unknown.
        category: the name of its kind; "" if unknown.
    """
    thing = ox.NamedNode(iri)
    kind = next((kind for kind in kinds_of(iri) if kind.name == category), None)
    if label:
        property_ = _LABEL if kind is None or kind.named else _OTHER_LABEL
        yield ox.Triple(thing, property_, ox.Literal(label, language="en"))
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
