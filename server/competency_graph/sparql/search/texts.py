"""The texts by which entries are found, read from the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.vocabulary import CLASS_OF_KIND, PREFIXES

LABEL: Final = PREFIXES["skos"] + "prefLabel"
CODE: Final = PREFIXES["skos"] + "notation"
ALTERNATIVE: Final = PREFIXES["skos"] + "altLabel"
EXAMPLE: Final = PREFIXES["skos"] + "example"
DEFINITION: Final = PREFIXES["skos"] + "definition"
OWN_PROPERTIES: Final = (LABEL, CODE, ALTERNATIVE, EXAMPLE, DEFINITION)
"""The properties whose texts are an entry's own; every other one leads to a linked concept."""
_MATCHES: Final = tuple(
    PREFIXES["skos"] + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch")
)
PROPERTIES: Final = (*OWN_PROPERTIES, *_MATCHES)
"""The properties of texts, by which the index numbers them."""
CONTAINER_KINDS: Final = ("area", "cluster")
"""The kinds of the entries that others belong to."""
_CLASS: Final = "<of the kind>"
"""Stands for the class in queries. As a parameter, it would be a further column, and to leave that
out of millions of rows takes a gigabyte."""
_TEXTS_QUERY: Final = f"""\
SELECT ?entry ?property ?value ?concept WHERE {{
  ?entry a {_CLASS} .
  {{
    VALUES ?property {{ {" ".join(f"<{name}>" for name in OWN_PROPERTIES)} }}
    ?entry ?property ?value .
  }}
  UNION
  {{
    VALUES ?property {{ {" ".join(f"<{name}>" for name in _MATCHES)} }}
    ?entry ?property ?concept .
    ?concept <{LABEL}> ?value .
  }}
}}"""
_CONTAINERS_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
SELECT ?container ?entry WHERE {{
  ?container a {_CLASS} .
  {{
    VALUES ?property {{
      cg:hasKeyAction cg:requiresKnowledge cg:requiresAbility cg:producesOutput cg:hasCompetency
    }}
    ?container ?property ?entry
  }}
  UNION {{ ?container cg:hasCompetency ?competency . ?competency cg:hasKeyAction ?entry }}
}}"""


class Text(NamedTuple):
    """A text of an entry.

    Args:
        property: the IRI of its property, or of the one that links to the concept it labels.
        value: the text.
        language: its language tag, or "".
        concept: the IRI of the linked concept that it labels, or "".
    """

    property: str
    value: str
    language: str = ""
    concept: str = ""


@dataclass(slots=True)
class Entry:
    """An entry with its texts.

    Args:
        iri: its IRI.
        kind: its kind, one of `vocabulary.CLASS_OF_KIND`.
        texts: its texts.
        containers: the IRIs of the areas and clusters that it belongs to.
    """

    iri: str
    kind: str
    texts: list[Text] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """A label, or ""."""
        return next((text.value for text in self.texts if text.property == LABEL), "")


def read_entries(rows: Rows) -> Iterator[Entry]:
    """All entries that have a text, kind by kind, of each kind the shortest labels first.

    Each kind is a query of its own, so that no query is too long for its limits.

    Args:
        rows: queries the dictionary.
    """
    containers = _read_containers(rows)
    seen: set[str] = set()
    for kind, class_ in CLASS_OF_KIND.items():
        found: dict[str, Entry] = {}
        for entry, prop, value, concept in rows(_of(_TEXTS_QUERY, class_), {}):
            iri = _iri(entry)
            if isinstance(value, ox.Literal) and iri and iri not in seen:
                text = Text(
                    intern(_iri(prop)), value.value, intern(value.language or ""), _iri(concept)
                )
                known = found.get(iri)
                if known is None:
                    known = found[iri] = Entry(iri, kind)
                if text not in known.texts:
                    known.texts.append(text)
        seen |= found.keys()
        entries = sorted(found.values(), key=lambda e: (len(e.label), e.label, e.iri))
        found.clear()
        entries.reverse()
        while entries:  # each is released when it has been used
            known = entries.pop()
            known.containers = containers.pop(known.iri, [])
            if kind in CONTAINER_KINDS:
                known.containers = [known.iri, *known.containers]
            yield known


def _read_containers(rows: Rows) -> dict[str, list[str]]:
    """The areas and clusters of each entry."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind in CONTAINER_KINDS:
        for container, entry in rows(_of(_CONTAINERS_QUERY, CLASS_OF_KIND[kind]), {}):
            known, name = found[_iri(entry)], intern(_iri(container))
            if name not in known:
                known.append(name)
    return found


def _of(query: str, class_: str) -> str:
    return query.replace(_CLASS, f"<{class_}>")


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
