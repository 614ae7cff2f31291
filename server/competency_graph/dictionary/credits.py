"""Under which licence the data may be used, and whom it credits."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term, shorten
from competency_graph.rdf.vocabulary import PREFIXES

_DICTIONARIES: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX owl: <{PREFIXES["owl"]}>
SELECT ?dictionary ?title ?licence WHERE {{
  {{ ?dictionary a cg:CompetencyDictionary }}
  UNION
  {{ ?dictionary owl:imports ?extended . ?extended a cg:CompetencyDictionary }}
  OPTIONAL {{ ?dictionary dcterms:title ?title }}
  OPTIONAL {{ ?dictionary dcterms:license ?licence }}
}} ORDER BY ?dictionary ?title ?licence"""
_LINKED: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?target ?space WHERE {{
  ?entry skos:exactMatch|skos:closeMatch|skos:broadMatch|skos:narrowMatch|skos:relatedMatch ?target
  FILTER(STRSTARTS(STR(?target), ?space))
}} LIMIT 1"""
_CREATIVE_COMMONS: Final = re.compile(
    r"https?://creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/([\d.]+)/?"
)


class Licence(NamedTuple):
    """A licence.

    Args:
        name: what people call it.
        address: its IRI, "" where there is none.
        titles: the dictionaries that are under it.
    """

    name: str
    address: str
    titles: tuple[str, ...]


class Credits(NamedTuple):
    """What a page says of the data.

    Args:
        licences: those that dictionaries name.
        shared: whether all dictionaries are under the one licence that there is.
        frameworks: the names of those that the data links to.
    """

    licences: tuple[Licence, ...] = ()
    shared: bool = False
    frameworks: frozenset[str] = frozenset()


def credits_of(rows: Rows) -> Credits:
    """What the data says of its licences and links.

    Args:
        rows: asks the data.
    """
    titles: dict[Term, str] = {}
    licences: dict[Term, dict[Term, None]] = {}
    for dictionary, title, licence in rows(_DICTIONARIES, {}):
        if dictionary is None:
            continue
        titles.setdefault(dictionary, shorten(title) or shorten(dictionary))
        if licence is not None:
            licences.setdefault(licence, {})[dictionary] = None
    found = tuple(
        Licence(
            _name(licence),
            licence.value if isinstance(licence, ox.NamedNode) else "",
            tuple(titles[dictionary] for dictionary in its),
        )
        for licence, its in licences.items()
    )
    shared = len(found) == 1 and len(found[0].titles) == len(titles)
    spaces = {name: ox.Literal(framework.namespace) for name, framework in FRAMEWORKS.items()}
    linked = {
        name
        for name, space in spaces.items()
        if any(True for _ in rows(_LINKED, {ox.Variable("space"): space}))
    }
    return Credits(found, shared, frozenset(linked))


def _name(licence: Term) -> str:
    match = _CREATIVE_COMMONS.fullmatch(shorten(licence))
    if match is None:
        return shorten(licence)
    return f"CC0 {match[3]}" if match[2] else f"CC {match[1].upper()} {match[3]}"
