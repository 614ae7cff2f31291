"""The licences of the data, and the frameworks it credits."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term, shorten
from competency_graph.rdf.vocabulary import PREFIXES

_DICTIONARIES_QUERY: Final = f"""\
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
_LINKED_QUERY: Final = f"""\
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
        name: its usual name.
        address: its IRI, or "".
        titles: the dictionaries published under it.
    """

    name: str
    address: str
    titles: tuple[str, ...]


class Credits(NamedTuple):
    """The licences and credits shown on a page.

    Args:
        licences: the licences that dictionaries name.
        shared: whether there is only one licence, and it covers all dictionaries.
        frameworks: the names of the frameworks that the data links to.
    """

    licences: tuple[Licence, ...] = ()
    shared: bool = False
    frameworks: frozenset[str] = frozenset()


def credits_of(rows: Rows) -> Credits:
    """Collect the licences and linked frameworks of the data.

    Args:
        rows: queries the data.
    """
    titles: dict[Term, str] = {}
    licences: dict[Term, dict[Term, None]] = {}
    for dictionary, title, licence in rows(_DICTIONARIES_QUERY, {}):
        if dictionary is None:
            continue
        titles.setdefault(dictionary, shorten(title) or shorten(dictionary))
        if licence is not None:
            licences.setdefault(licence, {})[dictionary] = None
    found = tuple(
        Licence(
            licence_name(licence),
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
        if any(True for _ in rows(_LINKED_QUERY, {ox.Variable("space"): space}))
    }
    return Credits(found, shared, frozenset(linked))


def licence_name(licence: Term) -> str:
    """The usual name of a licence."""
    match = _CREATIVE_COMMONS.fullmatch(shorten(licence))
    if match is None:
        return shorten(licence)
    return f"CC0 {match[3]}" if match[2] else f"CC {match[1].upper()} {match[3]}"
